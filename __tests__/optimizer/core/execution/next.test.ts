import { describe, expect, it } from "vitest";
import { startState } from "../../../../optimizer/core/execution/fold.ts";
import { next } from "../../../../optimizer/core/execution/next.ts";
import { optimizerCommands } from "../../../../optimizer/core/execution/manual-commands.ts";
import { remainingCommands } from "../../../../optimizer/core/execution/next-undo.ts";
import { lookKey, noPolls, type Polls, watchKey } from "../../../../optimizer/core/execution/polls.ts";
import type { Action, ChangeStep } from "../../../../optimizer/core/model/action.ts";
import type { JournalRecord, Purpose } from "../../../../optimizer/core/model/journal-record.ts";
import type { Plan, PlannedStage } from "../../../../optimizer/core/model/plan.ts";
import type { ActionState, PhaseState, RunState, StageState, StepState } from "../../../../optimizer/core/model/run-state.ts";
import type { SlotScore } from "../../../../optimizer/core/model/window.ts";
import { Fault } from "../../../../optimizer/errors.ts";
import { balancerName, buildTestPlan, east, groupAction, oldWriterAction, startMs, west, writerAction } from "../../../support/plan-builder.ts";

const minuteMs = 60_000;
const action = groupAction(west);

function phaseOf(...stages: readonly PlannedStage[]): Plan["phases"] {
  return [{ number: 2, stages }];
}

const alone: PlannedStage = { region: west, role: "canary", actions: [action] };
const alonePlan = buildTestPlan({ phases: phaseOf(alone) });
const rollout: readonly PlannedStage[] = [alone, { region: east, role: "follower", actions: [groupAction(east)] }];
const plan = buildTestPlan({ phases: phaseOf(...rollout) });

function step({ id }: { readonly id: string }, purpose: Purpose, rest: Partial<StepState> = {}): readonly [string, StepState] {
  return [`${purpose}:${id}`, { stepId: id, purpose, status: "verified", attempts: 1, at: startMs, ...rest }];
}

function stateOfAction({ id, steps }: Action, status: ActionState["status"], more: readonly (readonly [string, StepState])[] = []): ActionState {
  return { actionId: id, status, steps: Object.fromEntries([...steps.map((each) => step(each, "forward")), ...more]) };
}

const applied = stateOfAction(action, "applied");

interface Shape {
  readonly errors?: number;
  readonly verdict?: SlotScore["verdict"];
}

/** One slot a minute from the start: `errors` of 1,000 requests. */
function slot(index: number, shape: Shape = {}): SlotScore {
  const { errors = 0, verdict = "pass" } = shape;
  const from = startMs + index * minuteMs;
  const counts = { loadBalancer: balancerName(west), requests: 1000, target5xx: errors, elb5xx: 0, p99Seconds: 0.1, healthyHosts: 8 };
  return { startMs: from, endMs: from + minuteMs, counts: [{ ...counts, status: "complete" }], verdict, reason: "as it is" };
}

function slots(amount: number, shape: Shape = {}): readonly SlotScore[] {
  return Array.from({ length: amount }, (_, index) => slot(index, shape));
}

/** A run in which the first stages stand as told. */
function standing(of: Plan, stages: readonly Partial<StageState>[], rest: Partial<RunState> = {}, phase: Partial<PhaseState> = { status: "open" }): RunState {
  const state = startState(of, "run-1");
  const phases = state.phases.map((each) => ({ ...each, ...phase, stages: each.stages.map((stage, at) => ({ ...stage, ...stages[at] })) }));
  return { ...state, phases, ...rest };
}

function told(of: Plan, state: RunState, minutes = 0, polls: Partial<Polls> = {}) {
  return next(of, state, startMs + minutes * minuteMs, { ...noPolls, ...polls });
}

const key = { phase: 2, region: west, round: 1 } as const;
const startStage: StageState = { region: west, round: 1, status: "rollback-incomplete", actions: [], confirmation: [], soaked: false };
const held: StageState["held"] = { reason: "held", cause: "coverage", sinceMs: startMs };
const gone = { skip: { code: "changed-since", detail: "changed by somebody else: m5.large" } } as const;
const record: JournalRecord = {
  v: 1,
  seq: 1,
  prev: "",
  epoch: 1,
  run: "run-1",
  account: "123456789012",
  at: startMs,
  phase: 2,
  region: west,
  op: null,
  type: "DECISION",
  body: { kind: "soaked" },
};

describe("a region that waits", () => {
  it("never begins where its canary was changed by somebody else before it had passed", () => {
    const state = standing(plan, [{ status: "empty", actions: [{ ...applied, status: "drifted", ...gone }] }]);
    expect(told(plan, state)).toMatchObject({
      kind: "record",
      draft: { region: east, body: { kind: "region-cancelled", reason: `${west} was changed by somebody else before it had passed` } },
    });
  });

  it("begins without a look at its health where no load balancer could show it", () => {
    const blind = { ...alonePlan, balancers: [] };
    expect(told(blind, standing(blind, []))).toMatchObject({ kind: "change", step: { id: action.steps[0]?.id } });
    expect(told(alonePlan, standing(alonePlan, []))).toMatchObject({ kind: "check-health" });
  });

  it("takes what it follows for kept where that had its own steps after the pass", () => {
    const follower = { ...groupAction(west, "api"), after: action.id };
    const of = buildTestPlan({ phases: phaseOf(alone, { region: west, round: 2, role: "canary", actions: [follower] }), balancers: [] });
    const begun = (status: ActionState["status"]) => told(of, standing(of, [{ status: "passed", actions: [{ ...applied, status }] }]));
    expect(begun("finished")).toMatchObject({ kind: "change", action: { id: follower.id } });
    expect(begun("rolled-back")).toMatchObject({ kind: "record", draft: { body: { kind: "action-skipped", code: "not-kept" } } });
  });

  it("leaves an action without any step alone", () => {
    const empty = { ...action, steps: [] };
    const of = buildTestPlan({ phases: phaseOf({ ...alone, actions: [empty] }), balancers: [] });
    expect(told(of, standing(of, []))).toMatchObject({ draft: { body: { kind: "action-skipped", code: "unsupported", detail: "the action has no steps" } } });
  });

  it("is a bug of ours where the state has no such region", () => {
    const [phase] = startState(plan, "run-1").phases;
    if (phase === undefined) throw new Error("the plan has a phase");
    expect(() => told(plan, { ...startState(plan, "run-1"), phases: [{ ...phase, stages: phase.stages.slice(1) }] })).toThrow(
      new Fault(`the state has no round 1 of ${west} in phase 2`),
    );
  });
});

describe("a region that passed", () => {
  it("is looked at once more before its phase closes, and waited for while something of it is on its way", () => {
    const state = standing(alonePlan, [{ status: "passed", actions: [applied] }], { records: [record] });
    expect(told(alonePlan, state, 60)).toMatchObject({ kind: "inspect", region: west });
    const untilMs = startMs + 61 * minuteMs;
    expect(told(alonePlan, state, 60, { pausedUntilMs: { [lookKey(key)]: untilMs } })).toEqual({
      kind: "wait",
      untilMs,
      reason: `something of ${west} is on its way`,
    });
  });

  it("keeps its phase open while it is held, though nothing of it is unfinished", () => {
    const state = standing(alonePlan, [{ status: "passed", actions: [applied], held, humanAsked: true }], { records: [record] });
    expect(told(alonePlan, state)).toEqual({ kind: "stop", because: "needs-human" });
  });
});

describe("a region that is watched", () => {
  const watching = (rest: Partial<StageState>, own: readonly SlotScore[], of = plan) => {
    const window = { startMs, deadlineMs: startMs + 6 * minuteMs, slots: own };
    return standing(of, [{ status: "observing", actions: [applied], window, ...rest }]);
  };

  it("has no window opened while it is held", () => {
    expect(told(alonePlan, standing(alonePlan, [{ status: "observing", actions: [applied], held, humanAsked: true }]))).toEqual({
      kind: "stop",
      because: "needs-human",
    });
  });

  it("has a window of the policy's length where a plan of an older release knows no factor for the busiest hours", () => {
    const { peakMaxFactor: _, ...window } = alonePlan.policy.window;
    const older = { ...alonePlan, policy: { ...alonePlan.policy, window: window as Plan["policy"]["window"] } };
    expect(told(older, standing(older, [{ status: "observing", actions: [applied] }]))).toMatchObject({
      draft: { type: "WINDOW", body: { event: "opened", startMs, deadlineMs: startMs + 6 * minuteMs } },
    });
  });

  it("is compared with untouched regions before a whole window rolls it back, once: nobody who could be read excuses nothing", () => {
    const few = slots(6, { errors: 8 });
    const compared = { throughMs: startMs + 6 * minuteMs, common: null };
    expect(told(plan, watching({}, few), 7, { inspectedToMs: { [watchKey(key)]: startMs + 9 * minuteMs } })).toMatchObject({
      kind: "compare",
      controls: [{ region: east }],
    });
    const window = { startMs, deadlineMs: startMs + 6 * minuteMs, slots: few, compared };
    expect(told(plan, watching({ window }, few), 7, { inspectedToMs: { [watchKey(key)]: startMs + 9 * minuteMs } })).toMatchObject({
      draft: { body: { kind: "breach", verdict: { rule: "end-gate" } } },
    });
  });

  it.each([
    ["two slots and the one after them, once that is due", { errors: 900 }, 2, 2, "severe", [0, 1]],
    ["two slots and the one after them, once that is due", { errors: 900 }, 2, 4, "severe", [0, 1, 2]],
    ["all slots of the tail, where chance decides", { errors: 19 }, 5, 7, "sequential-errors", [0, 1, 2, 3, 4]],
  ] as const)("is checked against untouched regions in %s", (_, shape, amount, minutes, rule, expected) => {
    const effect = told(plan, watching({}, slots(amount, shape)), minutes, { inspectedToMs: { [watchKey(key)]: startMs + 9 * minuteMs } });
    expect(effect).toMatchObject({ kind: "check-control", verdict: { rule }, controls: [east] });
    expect(effect.kind === "check-control" && effect.slots.map((each) => (each.startMs - startMs) / minuteMs)).toEqual(expected);
  });

  it("says how late its metrics are, a minute at least", () => {
    const paused = { pausedUntilMs: { [watchKey(key)]: startMs + 9 * minuteMs }, inspectedToMs: { [watchKey(key)]: startMs + 9 * minuteMs } };
    const state = watching({}, slots(1), alonePlan);
    expect(told(alonePlan, state, 5, paused)).toMatchObject({ kind: "wait", reason: `metrics of ${west} are 1 min late` });
    expect(told(alonePlan, state, 5, { ...paused, lateSinceMs: { [watchKey(key)]: startMs + 2 * minuteMs } })).toMatchObject({
      reason: `metrics of ${west} are 3 min late`,
    });
  });

  it.each([
    ["coverage", 1, "stop"],
    ["unreadable", 1, "wait"],
    ["unreadable", 6, "stop"],
    ["traffic-lost", 1, "wait"],
  ] as const)("while it is held for %s with %d of 6 slots goes on only where a breach could still be seen: %s", (cause, amount, kind) => {
    const state = watching({ held: { reason: "held", cause, sinceMs: startMs }, humanAsked: true }, slots(amount), alonePlan);
    expect(told(alonePlan, state, amount).kind).toBe(kind);
  });
});

describe("a region on its way back", () => {
  const back = (own: ActionState, of = alonePlan) => told(of, standing(of, [{ status: "rolling-back", actions: [own] }]));

  it("says so where an action names no way back, and where none of it can be taken", () => {
    const lasting = { ...action, rollback: [] };
    const of = buildTestPlan({ phases: phaseOf({ ...alone, actions: [lasting] }) });
    expect(back({ ...applied, status: "rolling-back" }, of)).toMatchObject({
      draft: { body: { code: "rollback-failed", detail: "the action names no way back" } },
    });
    const barred = {
      ...applied,
      status: "rolling-back",
      steps: Object.fromEntries(action.rollback.map((each) => step(each, "rollback", { status: "given-up" }))),
    } as const;
    expect(back(barred)).toMatchObject({ draft: { body: { code: "rollback-failed", detail: "its way back could not be finished" } } });
    expect(back({ ...barred, skip: { code: "c", detail: "refused for good" } })).toMatchObject({ draft: { body: { detail: "refused for good" } } });
  });

  it.each(["rolling-back", "acting"] as const)("asks a person once while it is held, and does nothing more: %s", (status) => {
    const asking = told(alonePlan, standing(alonePlan, [{ status, actions: [{ ...applied, status: "rolling-back" }], held }]));
    const left = remainingCommands(alone, { ...startStage, actions: [{ ...applied, status: "rolling-back" }] });
    expect(left.length).toBeGreaterThan(0);
    const commands = [...(status === "rolling-back" ? left : []), ...optimizerCommands("run-1", 2)];
    expect(asking).toMatchObject({ draft: { type: "NEEDS_HUMAN", body: { reason: `${west}: held`, commands } } });
    const asked = standing(alonePlan, [{ status, actions: [{ ...applied, status: "rolling-back" }], held, humanAsked: true }]);
    expect(told(alonePlan, asked)).toEqual({ kind: "stop", because: "needs-human" });
  });

  it("has no command left about what is gone, and names it", () => {
    const gone = { status: "drifted", isGone: true } as const;
    const steps = Object.fromEntries(action.rollback.map((each) => step(each, "rollback", gone)));
    const incomplete = { ...startStage, actions: [{ ...applied, status: "rollback-incomplete" as const, steps }] };
    expect(remainingCommands(alone, incomplete)).toEqual([
      `no command can undo more where something is not there any more, or is another one of its name: ${action.resource.id} (missing)`,
    ]);
  });

  it("is a bug of ours where the plan has no such action", () => {
    expect(() => back({ ...applied, actionId: "x", status: "rolling-back" })).toThrow(new Fault("the plan has no action x in us-west-2"));
  });

  const confirming = (of: Plan, rest: Partial<StageState>, minutes = 0, polls: Partial<Polls> = {}) =>
    told(of, standing(of, [{ status: "confirming", actions: [{ ...applied, status: "rolled-back" }], confirmFromMs: startMs, ...rest }]), minutes, polls);

  it("needs no healthy slots where none could show what it did", () => {
    const unseen = buildTestPlan({ phases: phaseOf({ ...alone, actions: [{ ...action, judgedBy: "nothing-visible" }] }) });
    expect(confirming(unseen, {})).toMatchObject({ draft: { body: { kind: "rolled-back-verified" } } });
  });

  it("is not looked at while it is held", () => {
    expect(confirming(alonePlan, { held, humanAsked: true })).toEqual({ kind: "stop", because: "needs-human" });
  });

  it("waits for slots from the end of its last change, or from now on where nothing says when that was", () => {
    expect(confirming(alonePlan, {}, 1)).toMatchObject({ kind: "wait", untilMs: startMs + 2 * minuteMs, reason: `confirming the rollback of ${west}` });
    const stage = { status: "confirming", actions: [{ ...applied, status: "rolled-back" }] } as const;
    expect(told(alonePlan, standing(alonePlan, [stage]), 3)).toMatchObject({ kind: "wait", untilMs: startMs + 5 * minuteMs });
  });

  it("waits for metrics that are late", () => {
    const paused = { pausedUntilMs: { [watchKey(key)]: startMs + 9 * minuteMs }, lateSinceMs: { [watchKey(key)]: startMs + 2 * minuteMs } };
    expect(confirming(alonePlan, {}, 5, paused)).toMatchObject({ kind: "wait", reason: `metrics of ${west} are 3 min late` });
  });

  it("is incomplete after four times as many slots as shall be healthy in a row", () => {
    const confirmation = slots(8, { verdict: "breach" });
    expect(confirming(alonePlan, { confirmation }, 9)).toMatchObject({
      draft: {
        body: { kind: "rollback-incomplete", remaining: ["every change is undone and read back, but 2 healthy slots in a row did not come: as it is"] },
      },
    });
    expect(confirming(alonePlan, { confirmation: confirmation.slice(0, 7) }, 9)).toMatchObject({ kind: "score", watch: "after-rollback" });
  });

  it("keeps the run open where it is incomplete in a phase that had been closed", () => {
    const state = standing(
      alonePlan,
      [{ status: "rollback-incomplete", actions: [{ ...applied, status: "rollback-incomplete" }], humanAsked: true }],
      { rollbackRequested: { phase: 2 } },
      { status: "passed" },
    );
    expect(told(alonePlan, state)).toEqual({ kind: "stop", because: "needs-human" });
  });
});

describe("a run of an older release", () => {
  const afterPass = oldWriterAction(west).steps.filter((each): each is ChangeStep => each.kind === "change");
  const writer: Action = { ...writerAction(west), afterPass };
  const [first] = afterPass;
  if (first === undefined) throw new Error("the old writer is changed");
  const older = { ...buildTestPlan({ phases: phaseOf({ ...alone, actions: [writer] }, { ...alone, round: 2, actions: [action] }) }), version: 1 as const };
  const passed = (status: StepState["status"], rest: Partial<StageState> = {}, own: Partial<ActionState> = {}) => {
    const actions = [{ ...stateOfAction(writer, "applied", [step(first, "after-pass", { status })]), ...own }];
    return told(older, standing(older, [{ status: "passed", actions, ...rest }]));
  };

  it("has what it began after a pass brought to its end before a later round begins, and nothing that it did not begin", () => {
    expect(passed("intended")).toMatchObject({ kind: "change", purpose: "after-pass", step: { id: first.id } });
    expect(passed("drifted")).toMatchObject({ draft: { body: { kind: "action-skipped", code: "after-pass-failed", detail: "somebody else changed it" } } });
    expect(passed("verified")).toMatchObject({ kind: "check-health" });
    expect(passed("intended", {}, { skip: { code: "c", detail: "d" } })).toMatchObject({ kind: "check-health" });
    expect(passed("intended", { held, humanAsked: true })).toEqual({ kind: "stop", because: "needs-human" });
  });
});
