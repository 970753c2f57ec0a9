import { describe, expect, it } from "vitest";
import { liveChecks } from "../../../../optimizer/core/execution/live-checks.ts";
import type { Action, OwnCheck } from "../../../../optimizer/core/model/action.ts";
import type { ActionState, StageState } from "../../../../optimizer/core/model/run-state.ts";
import { east, groupAction } from "../../../support/plan-builder.ts";

const minuteMs = 60_000;
const base: Omit<OwnCheck, "name" | "kind"> = { series: [], limit: 90, unit: "Percent", why: "" };
const checks: readonly OwnCheck[] = [
  { ...base, name: "cpu", kind: "at-most" },
  { ...base, name: "hits", kind: "at-least", graceMinutes: 60 },
  { ...base, name: "evictions", kind: "never" },
];
const action: Action = { ...groupAction(east), checks };

/** The action with every step of `purposes` read back at this moment. */
function stateOf({ id, steps, rollback }: Action, status: ActionState["status"], atMs: number, undone = false): ActionState {
  const done = (purpose: "forward" | "rollback", all: readonly { readonly id: string }[]) =>
    all.map((step) => [`${purpose}:${step.id}`, { stepId: step.id, purpose, status: "verified", attempts: 1, at: atMs }] as const);
  return { actionId: id, status, steps: Object.fromEntries([...done("forward", steps), ...(undone ? done("rollback", rollback) : [])]) };
}

function named(actions: readonly Action[], states: readonly ActionState[], startMs: number): readonly string[] {
  const stage: StageState = { region: east, round: 1, status: "observing", actions: states, confirmation: [], soaked: false };
  return liveChecks({ region: east, role: "follower", actions }, stage, { startMs, endMs: startMs + 15 * minuteMs }).map(({ name }) => name);
}

describe("what changes promise in a slot", () => {
  it("is all of it once the change is there, and what has to fill first an hour later", () => {
    const applied = [stateOf(action, "applied", 15 * minuteMs)];
    expect(named([action], applied, 0)).toEqual(["evictions"]);
    expect(named([action], applied, 15 * minuteMs)).toEqual(["cpu", "evictions"]);
    expect(named([action], applied, 74 * minuteMs)).toEqual(["cpu", "evictions"]);
    expect(named([action], applied, 75 * minuteMs)).toEqual(["cpu", "hits", "evictions"]);
    expect(named([action], [stateOf(action, "finished", 0)], 0)).toEqual(["cpu", "evictions"]);
  });

  it("is events alone while it is still being made, or somebody else has changed it", () => {
    expect(named([action], [stateOf(action, "acting", 0)], 60 * minuteMs)).toEqual(["evictions"]);
    expect(named([action], [stateOf(action, "drifted", 0)], 60 * minuteMs)).toEqual(["evictions"]);
  });

  it("is nothing before it begins, once it was undone, and in plans that promise nothing", () => {
    expect(named([action], [{ actionId: action.id, status: "pending", steps: {} }], 60 * minuteMs)).toEqual([]);
    expect(named([action], [], 60 * minuteMs)).toEqual([]);
    expect(named([action], [stateOf(action, "rolled-back", 0, true)], 60 * minuteMs)).toEqual([]);
    const { checks: _, ...older } = action;
    expect(named([older], [stateOf(older, "applied", 0)], 60 * minuteMs)).toEqual([]);
  });

  it("is looked at once where two actions promise the same", () => {
    const other = { ...action, id: "other" };
    expect(named([action, other], [stateOf(action, "applied", 0), stateOf(other, "applied", 0)], 0)).toEqual(["cpu", "evictions"]);
  });
});
