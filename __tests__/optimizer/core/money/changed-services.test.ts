import { expect, it } from "vitest";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { RunState } from "../../../../optimizer/core/model/run-state.ts";
import { changedServices } from "../../../../optimizer/core/money/changed-services.ts";
import { sampleAction, samplePlan, sampleRecord, sampleState } from "../../../support/sample-run.ts";

const west = sampleAction({ region: "us-west-2" });
const east = sampleAction();
const onUse = sampleAction({ id: "dynamodb.unused-gsi:us-east-1:orders", rule: "dynamodb.unused-gsi", phase: 1 });
const plan = samplePlan({
  phases: [{ number: 2, stages: [west, east, onUse].map((action) => ({ region: action.region, role: "follower", actions: [action] })) }],
});
const ec2 = { service: "Amazon Elastic Compute Cloud - Compute", comparedAt: "equal-weekdays", isCommittable: true };

function ran(...drafts: readonly RecordDraft[]): RunState {
  return sampleState({ records: drafts.map((draft, at) => sampleRecord(draft, at + 1)) });
}

/** An action's intent and read-back, forward or on its way back, at these times. */
function changed(action: typeof west, intentMs: number, verifiedMs: number, back = false): readonly RecordDraft[] {
  const [step] = back ? action.rollback : action.steps;
  if (step?.kind !== "change") throw new Error("the sample's first step is a change");
  const purpose = back ? "rollback" : "forward";
  const place = { region: action.region, phase: action.phase, op: step.id };
  return [
    { ...place, type: back ? "RB_INTENT" : "INTENT", at: intentMs, body: { action: action.id, purpose, change: step.change, token: "t" } },
    {
      ...place,
      type: back ? "RB_VERIFIED" : "VERIFIED",
      at: verifiedMs,
      body: { action: action.id, purpose, state: { kind: "settled", value: step.change.after } },
    },
  ] as readonly RecordDraft[];
}

it("a service was changed from the first intent to the last read-back of its region, and a region says nothing of another", () => {
  const told = [
    { region: "us-east-1", services: [{ ...ec2, firstChangeMs: 30, lastChangeMs: 40 }] },
    { region: "us-west-2", services: [{ ...ec2, firstChangeMs: 10, lastChangeMs: 20 }] },
  ];
  expect(changedServices(plan, ran(...changed(west, 10, 20), ...changed(east, 30, 40)))).toEqual(told);
  expect(changedServices(plan, ran(...changed(east, 30, 40), ...changed(west, 10, 20)))).toEqual(told);
});

it("what is rolled back is a change until it is back: days in between show no saving", () => {
  expect(changedServices(plan, ran(...changed(west, 10, 20), ...changed(west, 50, 60, true)))).toEqual([
    { region: "us-west-2", services: [{ ...ec2, firstChangeMs: 10, lastChangeMs: 60 }] },
  ]);
});

it("a change that was asked for counts although nobody has read it back yet", () => {
  expect(changedServices(plan, ran(...changed(west, 10, 20).slice(0, 1)))).toEqual([
    { region: "us-west-2", services: [{ ...ec2, firstChangeMs: 10, lastChangeMs: 10 }] },
  ]);
});

it("what is paid by requests is compared at equal requests", () => {
  expect(changedServices(plan, ran(...changed(east, 10, 20), ...changed(onUse, 30, 40)))).toEqual([
    {
      region: "us-east-1",
      services: [
        { ...ec2, firstChangeMs: 10, lastChangeMs: 20 },
        { service: "Amazon DynamoDB", comparedAt: "equal-requests", isCommittable: true, firstChangeMs: 30, lastChangeMs: 40 },
      ],
    },
  ]);
});

it("a table that was paid by the hour and is paid by request is compared at whichever shows less, and so is its whole service", () => {
  const byHour = sampleAction({ id: "dynamodb.billing-mode:us-east-1:orders", rule: "dynamodb.billing-mode", phase: 1 });
  const both = samplePlan({ phases: [{ number: 1, stages: [{ region: "us-east-1", role: "follower", actions: [onUse, byHour] }] }] });
  const compared = (...drafts: readonly RecordDraft[]) =>
    changedServices(both, ran(...drafts)).flatMap(({ services }) => services.map(({ comparedAt }) => comparedAt));
  expect(compared(...changed(byHour, 10, 20))).toEqual(["whichever-is-less"]);
  expect(compared(...changed(onUse, 10, 20), ...changed(byHour, 30, 40))).toEqual(["whichever-is-less"]);
  expect(compared(...changed(byHour, 10, 20), ...changed(onUse, 30, 40))).toEqual(["whichever-is-less"]);
  expect(compared(...changed(onUse, 10, 20))).toEqual(["equal-requests"]);
});

it("nothing was changed where only actions of another plan are told of, or none at all", () => {
  expect(changedServices(plan, ran(...changed({ ...west, id: "asg.instance-type:us-west-2:other" }, 10, 20)))).toEqual([]);
  expect(changedServices(plan, ran())).toEqual([]);
});
