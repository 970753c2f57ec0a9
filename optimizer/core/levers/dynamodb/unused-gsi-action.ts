import type { Action, ChangeStep } from "../../model/action.ts";
import { type Change, inverse } from "../change-kinds.ts";
import type { DynamoTable, IndexDefinition } from "./table.ts";
import { probeKeys } from "./load.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";

/** The least DynamoDB takes as a cap, one read request unit a second: it limits damage, it does not prove silence. */
const cappedReadRequestUnits = 1;

/** Cap the reads → brown-out over every replica → delete. The way back creates the index as it was, or only lifts the cap. */
export function unusedGsiAction(subject: Subject, table: DynamoTable, definition: IndexDefinition, brownOutMinutes: number): Action {
  const id = actionId(subject);
  const where = { region: table.ref.region, table: table.ref.id, index: definition.name };
  // Deleted and recreated as it is in between, capped, so that each step finds what the one before it left.
  const capped = { ...definition, maxReadRequestUnits: cappedReadRequestUnits };
  const cap: Change = {
    kind: "dynamodb.index-read-cap",
    ...where,
    before: { maxReadRequestUnits: definition.maxReadRequestUnits },
    after: { maxReadRequestUnits: cappedReadRequestUnits },
  };
  const removal: Change = { kind: "dynamodb.index", ...where, before: capped, after: null };
  const name = `${definition.name} of ${table.ref.id}`;
  const lift: ChangeStep = { kind: "change", id: `${id}#rollback:lift`, change: inverse(cap), description: `lift the cap on reads of ${name}` };
  const regions = table.replicaRegions;
  return {
    id,
    rule: subject.rule,
    phase: 1,
    region: table.ref.region,
    resource: table.ref,
    summary: `${table.ref.id}: remove the unused index ${definition.name}${regions.length > 1 ? ` in ${regions.join(", ")}` : ""}`,
    steps: [
      { kind: "change", id: `${id}#forward:cap`, change: cap, description: `cap reads of ${name} at ${cappedReadRequestUnits} unit a second` },
      {
        kind: "brown-out",
        id: `${id}#forward:brown-out`,
        minutes: brownOutMinutes,
        probes: regions.flatMap((region) => probeKeys({ region, table: table.ref.id, index: definition.name })),
        lift: [{ ...lift, id: `${id}#lift:lift` }],
        description: `wait whether anything reads ${name}`,
      },
      { kind: "change", id: `${id}#forward:delete`, change: removal, description: `delete ${name}` },
    ],
    rollback: [
      { kind: "change", id: `${id}#rollback:create`, change: inverse(removal), description: `create ${name} again and wait until it is filled` },
      lift,
    ],
    reversibility: "slow",
    disruptions: [],
    writeBack: [{ type: "aws_dynamodb_table", id: table.ref.id, property: "absentIndexes", operation: "append", value: definition.name }],
  };
}
