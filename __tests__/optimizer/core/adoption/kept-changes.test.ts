import { describe, expect, it } from "vitest";
import { keptActions } from "../../../../optimizer/core/adoption/kept-changes.ts";
import { revertedChange } from "../../../../optimizer/core/adoption/reverted-change.ts";
import type { Action, ChangeStep, SizingChange } from "../../../../optimizer/core/model/action.ts";
import type { ActionState } from "../../../../optimizer/core/model/run-state.ts";
import { current } from "../../../../optimizer/core/model/older-plans.ts";
import { buildTestPlan, groupAction, oldWriterAction, west, writerAction } from "../../../support/plan-builder.ts";
import { samplePlan, sampleStage, sampleState } from "../../../support/sample-run.ts";

const resized = oldWriterAction(west);
const afterPass = [...resized.steps, ...groupAction(west).steps].filter((step): step is ChangeStep => step.kind === "change");
const classOf = (id: string): SizingChange => ({ type: "aws_rds_cluster_instance", id, property: "instanceClass", operation: "set", value: "db.r6g.xlarge" });
const [reader, writer] = [classOf(`${west}-2`), classOf(`${west}-1`)];
/** As a release before rounds planned it: what resizes the old writer comes after the pass. */
const older: Action = { ...writerAction(west), afterPass, writeBack: [reader, writer] };

function kept(status: ActionState["status"], plan = samplePlan({ phases: [{ number: 3, stages: [{ region: west, role: "canary", actions: [older] }] }] })) {
  const stage = { ...sampleStage(west), actions: [{ actionId: older.id, status, steps: {} }] };
  return keptActions(plan, sampleState({ phases: [{ number: 3, status: "passed", stages: [stage] }] })).map(({ writeBack }) => writeBack);
}

describe("what a run of an older release keeps", () => {
  it("is without what its steps after the pass were to resize, unless those were carried out", () => {
    expect(kept("applied")).toEqual([[reader]]);
    expect(kept("finished")).toEqual([[reader, writer]]);
  });

  it("is nothing of an action that the plan does not have", () => {
    expect(kept("applied", samplePlan({ phases: [] }))).toEqual([]);
  });

  it("goes on in a round of its own, which writes back what it resizes alone", () => {
    const plan = { ...buildTestPlan({ phases: [{ number: 3, stages: [{ region: west, role: "canary", actions: [older] }] }] }), version: 1 as const };
    const [, following] = current(plan).phases[0]?.stages ?? [];
    expect(following).toMatchObject({ round: 2, actions: [{ after: older.id, writeBack: [writer] }] });
    expect(following?.actions[0]?.steps).toHaveLength(afterPass.length);
  });
});

describe("what takes back a value in a sizing file", () => {
  it("is the class that the instance itself had, where the action resizes several", () => {
    const [step] = resized.steps;
    if (step?.kind !== "change" || step.change.kind !== "rds.instance-class") throw new Error("the old writer is resized");
    const other: ChangeStep = { ...step, id: "other", change: { ...step.change, instance: `${west}-2`, before: { instanceClass: "db.r6g.8xlarge" } } };
    const both: Action = { ...resized, steps: [step, other], writeBack: [writer, reader] };
    expect(revertedChange(both, writer)).toMatchObject({ value: "db.r6g.4xlarge" });
    expect(revertedChange(both, reader)).toMatchObject({ value: "db.r6g.8xlarge" });
  });
});
