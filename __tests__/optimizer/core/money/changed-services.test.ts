import { expect, it } from "vitest";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { RunState } from "../../../../optimizer/core/model/run-state.ts";
import { changedServices } from "../../../../optimizer/core/money/changed-services.ts";
import { sampleAction, samplePlan, sampleRecord, sampleState } from "../../../support/sample-run.ts";
import { aTable, anIndex, aWorld } from "../../../support/world.ts";

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

it("a way back that was asked for counts although nobody has read it back yet", () => {
  expect(changedServices(plan, ran(...changed(west, 10, 20), ...changed(west, 50, 60, true).slice(0, 1)))).toEqual([
    { region: "us-west-2", services: [{ ...ec2, firstChangeMs: 10, lastChangeMs: 50 }] },
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

it("one service is told once, from its first change to its last, and a commitment may cover it where it covers anything of what was changed", () => {
  const backups = sampleAction({ id: "aurora.backup-retention:us-east-1:a", rule: "aurora.backup-retention", phase: 3 });
  const writer = sampleAction({ id: "aurora.writer-class:us-east-1:a", rule: "aurora.writer-class", phase: 3 });
  const both = samplePlan({ phases: [{ number: 3, stages: [{ region: "us-east-1", role: "follower", actions: [backups, writer] }] }] });
  const rds = { service: "Amazon Relational Database Service", comparedAt: "equal-weekdays" };
  const services = (...drafts: readonly RecordDraft[]) => changedServices(both, ran(...drafts)).flatMap((region) => region.services);
  for (const [first, second] of [
    [backups, writer],
    [writer, backups],
  ] as const)
    expect(services(...changed(first, 10, 20), ...changed(second, 30, 40))).toEqual([{ ...rds, isCommittable: true, firstChangeMs: 10, lastChangeMs: 40 }]);
  expect(services(...changed(backups, 10, 20))).toEqual([{ ...rds, isCommittable: false, firstChangeMs: 10, lastChangeMs: 20 }]);
  // A clock that was set back makes no last change earlier.
  expect(services(...changed(backups, 10, 40), ...changed(writer, 20, 30))).toEqual([{ ...rds, isCommittable: true, firstChangeMs: 10, lastChangeMs: 40 }]);
});

it("a change counts by its intent and its read-back alone, not by calls that are tried again between them or after", () => {
  const attempt: RecordDraft = {
    region: west.region,
    phase: west.phase,
    type: "ATTEMPT",
    op: null,
    at: 90,
    body: { action: west.id, purpose: "forward", number: 2 },
  };
  expect(changedServices(plan, ran(...changed(west, 10, 20), attempt))).toEqual([
    { region: "us-west-2", services: [{ ...ec2, firstChangeMs: 10, lastChangeMs: 20 }] },
  ]);
});

it("what is copied to other regions changes their bill, too", () => {
  const ref = { kind: "dynamodb-table", region: "us-east-1", id: "orders" } as const;
  const regions = ["us-east-1", "us-west-2"];
  const inventory = aWorld().with(...regions.map((region) => aTable({ name: "orders", region, replicaRegions: regions }))).inventory;
  const [step] = onUse.steps;
  if (step?.kind !== "change") throw new Error("the sample's first step is a change");
  const removal = sampleAction({
    ...onUse,
    resource: ref,
    steps: [{ ...step, change: { kind: "dynamodb.index", region: ref.region, table: ref.id, index: "by-email", before: anIndex().definition, after: null } }],
  });
  const global = samplePlan({ inventory, phases: [{ number: 1, stages: [{ region: ref.region, role: "follower", actions: [removal] }] }] });
  expect(
    changedServices(global, ran(...changed(removal, 10, 20))).map(({ region, services }) => [region, services.map(({ lastChangeMs }) => lastChangeMs)]),
  ).toEqual([
    ["us-east-1", [20]],
    ["us-west-2", [20]],
  ]);
});

it("what somebody else changed since is left out: nobody can say whose savings those days show", () => {
  const state = ran(...changed(west, 10, 20), ...changed(east, 30, 40));
  const drifted = (actionId: string): RunState => ({
    ...state,
    phases: state.phases.map((phase) => ({
      ...phase,
      stages: phase.stages.map((stage) => ({
        ...stage,
        actions: stage.actions.map((action) =>
          action.actionId === actionId ? { ...action, status: "drifted", skip: { code: "changed-since", detail: "" } } : action,
        ),
      })),
    })),
  });
  expect(state.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map(({ actionId }) => actionId)))).toContain(west.id);
  expect(changedServices(plan, drifted(west.id)).map(({ region }) => region)).toEqual(["us-east-1"]);
});
