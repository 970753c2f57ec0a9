import type { Action, ChangeStep } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { CapacityScaling, DynamoTable, TableCapacity } from "./table.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** Scaling is suspended first and resumed last, so that it never meets a table that has no capacity. */
export function switchAction(subject: Subject, table: DynamoTable, capacity: TableCapacity, scaling: readonly CapacityScaling[]): Action {
  const id = actionId(subject);
  const { region, id: name } = table.ref;
  const change: ChangeOf<"dynamodb.billing-mode"> = {
    kind: "dynamodb.billing-mode",
    region,
    table: name,
    before: { mode: "PROVISIONED", capacity, isScaled: scaling.length > 0 },
    after: { mode: "PAY_PER_REQUEST" },
  };
  const suspended = { scaleIn: true, scaleOut: true, scheduled: true };
  const pauses = scaling.map(({ resourceId, dimension, suspended: before }): ChangeOf<"dynamodb.scaling-suspension"> => ({
    kind: "dynamodb.scaling-suspension",
    region,
    table: name,
    resourceId,
    dimension,
    before,
    after: suspended,
  }));
  const step = (way: string, made: ChangeStep["change"], description: string): ChangeStep => ({
    kind: "change",
    id: `${id}#${way}`,
    change: made,
    description,
  });
  return {
    id,
    rule: subject.rule,
    phase: 1,
    region,
    resource: table.ref,
    summary: `${name}: pay by request instead of for provisioned capacity`,
    steps: [
      ...pauses.map((pause) =>
        step(`forward:pause-${pause.resourceId}-${pause.dimension}`, pause, `suspend scaling of ${pause.dimension} of ${pause.resourceId}`),
      ),
      step("forward:switch", change, `switch ${name} to on-demand`),
    ],
    rollback: [
      step("rollback:switch", inverse(change), `switch ${name} back to the capacity it had`),
      ...pauses.map((pause) =>
        step(`rollback:resume-${pause.resourceId}-${pause.dimension}`, inverse(pause), `let ${pause.dimension} of ${pause.resourceId} scale as before`),
      ),
    ],
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.billingSwitch),
    disruptions: [],
    writeBack: [{ type: "aws_dynamodb_table", id: name, property: "billingMode", operation: "set", value: "PAY_PER_REQUEST" }],
  };
}
