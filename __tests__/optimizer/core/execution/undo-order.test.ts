import { describe, expect, it } from "vitest";
import { mustWait, wayBackGetsOn } from "../../../../optimizer/core/execution/undo-order.ts";
import type { Action } from "../../../../optimizer/core/model/action.ts";
import type { ActionState, PhaseState, StageState, StepState } from "../../../../optimizer/core/model/run-state.ts";
import { buildTestPlan, groupAction, indexAction, oldWriterAction, shortPolicy, startMs, west, writerAction } from "../../../support/plan-builder.ts";

const web = groupAction(west);
const api = groupAction(west, "api");
const writer = writerAction(west);
const sameCluster: Action = { ...writer, id: "aurora.reader-count:us-west-2:aurora-us-west-2" };
const oldWriter = oldWriterAction(west);
const maxMs = shortPolicy.settle.maxMinutes * 60_000;

function step({ rollback }: Action, status: StepState["status"], atMs = startMs): ActionState["steps"] {
  const id = rollback[0]?.id ?? "";
  return { [`rollback:${id}`]: { stepId: id, purpose: "rollback", status, attempts: 1, at: atMs, ...(status === "applied" ? { acceptedMs: atMs } : {}) } };
}

function back({ id }: Action, more: Partial<ActionState> = {}): ActionState {
  return { actionId: id, status: "rolling-back", steps: {}, ...more };
}

const stageBase = { region: west, status: "rolling-back", confirmation: [], soaked: false } as const;

/** Whether the first of two waits for the second, which stands after it in the plan. */
function waits(older: Action, newer: Action, state: ActionState, more: Partial<StageState> = {}): boolean {
  const round = newer.after === undefined ? 1 : 2;
  const stages: readonly StageState[] =
    round === 1
      ? [{ ...stageBase, round: 1, actions: [back(older), state], ...more }]
      : [
          { ...stageBase, round: 1, actions: [back(older)] },
          { ...stageBase, round: 2, actions: [state], ...more },
        ];
  const planned = stages.map(({ round: own }) => ({
    region: west,
    round: own,
    role: "follower" as const,
    actions: round === 1 ? [older, newer] : own === 1 ? [older] : [newer],
  }));
  const plan = buildTestPlan({ phases: [{ number: 2, stages: planned }] });
  const phase: PhaseState = { number: 2, status: "open", stages };
  return mustWait(plan, phase, stages[0]!, startMs + 60_000)(older);
}

describe("a way back", () => {
  const failing = { polls: 1, sinceMs: startMs, retryAtMs: startMs };
  const busySince = (sinceMs: number) => ({ waits: { [`rollback:${writer.rollback[0]?.id ?? ""}`]: sinceMs } });

  it.each<readonly [string, Action, Action, ActionState, boolean]>([
    ["of another resource does not wait", web, api, back(api), false],
    ["waits for a newer one of its resource", writer, sameCluster, back(sameCluster), true],
    ["waits for one of its resource that AWS carries out", writer, sameCluster, back(sameCluster, { steps: step(sameCluster, "applied") }), true],
    ["waits for none of its resource that cannot be described", writer, sameCluster, back(sameCluster, { failing }), false],
    ["waits for none of its resource that AWS refuses", writer, sameCluster, back(sameCluster, { steps: step(sameCluster, "rejected") }), false],
    [
      "waits for one of its resource that itself waits, maybe for its own change of before a crash",
      writer,
      sameCluster,
      back(sameCluster, busySince(startMs)),
      true,
    ],
    ["waits for none of its resource that itself waits too long", writer, sameCluster, back(sameCluster, busySince(startMs - maxMs)), false],
    [
      "waits for none of its resource that takes too long",
      writer,
      sameCluster,
      back(sameCluster, { steps: step(sameCluster, "applied", startMs - maxMs) }),
      false,
    ],
    ["waits for what comes last among its kind", web, { ...api, isLast: true }, back(api), true],
    ["does not wait for what comes last among another kind", writer, { ...api, isLast: true }, back(api), false],
    ["waits for what followed its pass", writer, oldWriter, back(oldWriter), true],
    ["waits for what followed its pass though that cannot be described: it rests on it", writer, oldWriter, back(oldWriter, { failing }), true],
    ["waits for nothing that is back", writer, oldWriter, back(oldWriter, { status: "rolled-back" }), false],
    ["of another resource does not wait for a later round", web, oldWriter, back(oldWriter), false],
  ])("%s", (_, older, newer, state, expected) => {
    expect(waits(older, newer, state)).toBe(expected);
  });

  it("waits for no round that a human holds", () => {
    expect(waits(writer, oldWriter, back(oldWriter), { held: { reason: "r", cause: "unreadable", sinceMs: startMs } })).toBe(false);
  });
});

describe("a phase's way back", () => {
  const action = indexAction();
  const failing = { polls: 1, sinceMs: startMs, retryAtMs: startMs };

  it.each<readonly [string, Partial<StageState>, boolean]>([
    ["gets on while an action does", { actions: [back(action)] }, true],
    ["does not while none does", { actions: [back(action, { failing })] }, false],
    ["does not while it is held", { actions: [back(action)], held: { reason: "r", cause: "unreadable", sinceMs: startMs } }, false],
    ["gets on while it is confirmed", { status: "confirming", actions: [back(action, { status: "rolled-back" })] }, true],
    [
      "does not while its confirmation cannot be read",
      { status: "confirming", actions: [back(action, { status: "rolled-back" })], failing: { metrics: failing } },
      false,
    ],
    ["does not once it is incomplete", { status: "rollback-incomplete", actions: [back(action, { status: "rollback-incomplete" })] }, false],
  ])("%s", (_, more, expected) => {
    const stage: StageState = { ...stageBase, round: 1, actions: [], ...more };
    const plan = buildTestPlan({ phases: [{ number: 1, stages: [{ region: west, role: "follower", actions: [action] }] }] });
    expect(wayBackGetsOn(plan, { number: 1, status: "open", stages: [stage] }, startMs)).toBe(expected);
  });
});
