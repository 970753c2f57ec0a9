import { expect, it } from "vitest";
import { changeKindsOf } from "../../../../optimizer/core/levers/change-kinds-of.ts";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { ChangeStep } from "../../../../optimizer/core/model/action.ts";
import { aProposal } from "../../../support/small-rules.ts";
import { aTable, primary } from "../../../support/world.ts";

const step = (change: Change): ChangeStep => ({ kind: "change", id: change.kind, change, description: "" });
const table = { region: primary, table: "orders" };
const stream = step({ kind: "dynamodb.stream", ...table, before: { viewType: "KEYS_ONLY" }, after: { viewType: null } });
const reserved = step({ kind: "lambda.concurrency", region: primary, functionName: "f", before: { reserved: null }, after: { reserved: 20 } });
const sized = step({
  kind: "lambda.configuration",
  region: primary,
  functionName: "f",
  before: { memoryMb: 2, timeoutSeconds: 2 },
  after: { memoryMb: 1, timeoutSeconds: 1 },
});
const retention = step({ kind: "rds.backup-retention", region: primary, cluster: "c", before: { days: 30 }, after: { days: 7 } });

it("an action may make the changes of its steps, of what lifts a brownout, of its way back and of what comes after it passed, each kind once", () => {
  const { action } = aProposal(
    { id: "x.rule", phase: 1 },
    aTable().ref,
    {},
    {
      steps: [stream, { kind: "brownout", id: "b", minutes: 60, probes: [], description: "", lift: [reserved] }, stream],
      rollback: [sized, stream],
      afterPass: [retention],
    },
  );
  expect(changeKindsOf(action)).toEqual(["dynamodb.stream", "lambda.concurrency", "lambda.configuration", "rds.backup-retention"]);
});
