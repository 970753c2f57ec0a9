import { describe, expect, it } from "vitest";
import { handIn, isOfTheSame, lastingSteps, marksBefore } from "../../../../optimizer/core/execution/in-place.ts";
import type { Change, ChangeState, Marks } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { JournalRecord } from "../../../../optimizer/core/model/journal-record.ts";
import { east, groupAction, indexAction, writerAction } from "../../../support/plan-builder.ts";

const steps = groupAction(east).steps.filter((step) => step.kind === "change");
const [template, group] = [steps[0]!, steps[1]!];

function settled(value: Change["after"], marks?: Marks): ChangeState {
  return { kind: "settled", value, ...(marks === undefined ? {} : { marks }) };
}

function verified(op: string, marks?: Marks): JournalRecord {
  const body = { action: "a", purpose: "forward" as const, state: settled({ instanceType: "m5.2xlarge" }, marks) };
  return { v: 1, seq: 1, prev: "", at: 0, epoch: 1, run: "r", account: "123456789012", region: east, phase: 2, op, type: "VERIFIED", body };
}

describe("a step's resource", () => {
  const left = [verified(template.id, { version: 2 })];

  it.each<readonly [string, ChangeState, boolean]>([
    ["is as it was left", settled({ instanceType: "m5.2xlarge" }, { version: 2 }), false],
    ["has its old size again", settled({ instanceType: "m5.4xlarge" }, { version: 3 }), true],
    ["has a third size", settled({ instanceType: "m5.large" }, { version: 3 }), true],
    ["has the same size under another mark", settled({ instanceType: "m5.2xlarge" }, { version: 3 }), true],
    ["is gone", { kind: "missing", detail: "no group" }, true],
    ["is under somebody else's operation", { kind: "mixed", detail: "a refresh to elsewhere", foreign: true }, true],
    ["is between two states for reasons of its own", { kind: "mixed", detail: "storage is full" }, false],
    ["is on its way", { kind: "in-progress", detail: "backing up" }, false],
  ])("that %s was met by somebody else: %j", (_, found, isHand) => {
    expect(handIn(template, found, left) !== undefined).toBe(isHand);
  });

  it("has marks of its own run whatever action left them: groups share templates", () => {
    expect(handIn(template, settled({ instanceType: "m5.2xlarge" }, { version: 3 }), [...left, verified("another", { version: 3 })])).toBeUndefined();
  });

  it.each([
    [6, false],
    [undefined, true],
  ])("has another number of tasks by its own policies, where they move it (full at %j): nobody's hand", (full, isHand) => {
    const count = { desiredCount: 6, ...(full === undefined ? {} : { full }) };
    const change: Change = { kind: "ecs.desired-count", region: east, cluster: "main", service: "app", before: { desiredCount: 8 }, after: count };
    expect(handIn({ ...template, change }, settled({ desiredCount: 7 }), left) !== undefined).toBe(isHand);
  });

  it("is told by its value alone in runs of older releases, which left no marks", () => {
    expect(handIn(template, settled({ instanceType: "m5.2xlarge" }, { version: 9 }), [verified(template.id)])).toBeUndefined();
  });
});

describe("a change of the same resource", () => {
  const [first] = indexAction().rollback;
  if (first?.change.kind !== "dynamodb.index") throw new Error("the way back of an index makes it again");
  const index = first.change;

  it("is about the whole of it, or about the same part", () => {
    expect(isOfTheSame(index, index)).toBe(true);
    expect(isOfTheSame(index, { ...index, index: "by-phone" })).toBe(false);
    expect(isOfTheSame(index, { ...index, table: "others" })).toBe(false);
    expect(isOfTheSame(template.change, group.change)).toBe(true);
  });
});

describe("what stays of an action's steps", () => {
  it("is all of them where each is about something of its own", () => {
    expect(lastingSteps(groupAction(east))).toEqual(steps);
    expect(lastingSteps(writerAction(east))).toHaveLength(2);
  });

  it("is not the cap of an index that is removed", () => {
    expect(lastingSteps(indexAction()).map(({ change }) => change.kind)).toEqual(["dynamodb.index"]);
  });
});

it("a step is told what the steps before it left, and nothing of those after it", () => {
  const all = [verified(template.id, { version: 2 }), verified(group.id, { version: 5 })];
  expect(marksBefore(steps, template.id, all)).toEqual({});
  expect(marksBefore(steps, group.id, all)).toEqual({ version: 2 });
});
