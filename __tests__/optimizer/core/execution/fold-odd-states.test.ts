import { describe, expect, it } from "vitest";
import { foldRecord, startState } from "../../../../optimizer/core/execution/fold.ts";
import { goesOnWithout } from "../../../../optimizer/core/execution/action-steps.ts";
import { humanAsked } from "../../../../optimizer/core/execution/human-asked.ts";
import { liveChanges } from "../../../../optimizer/core/execution/live-changes.ts";
import { phaseResult, runOutcome } from "../../../../optimizer/core/execution/run-outcome.ts";
import { settleStage, takeBack } from "../../../../optimizer/core/execution/settle-stage.ts";
import type { Action, ChangeStep } from "../../../../optimizer/core/model/action.ts";
import type { JournalRecord, Purpose, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { Plan, PlannedStage } from "../../../../optimizer/core/model/plan.ts";
import type { ActionState, FailingPolls, RunState, StageState, StepState } from "../../../../optimizer/core/model/run-state.ts";
import type { WindowVerdict } from "../../../../optimizer/core/model/window.ts";
import { buildTestPlan, east, groupAction, indexAction, oldWriterAction, startMs, west, writerAction } from "../../../support/plan-builder.ts";

const plan = buildTestPlan();
const action = groupAction(west);
const place = { at: startMs, region: west, phase: 2, op: null } as const;

type Edits = Readonly<Record<string, Partial<StageState>>>;

/** A run in which stages, by `<phase> <region>`, stand as told. */
function standing(edits: Edits = {}, of: Plan = plan): RunState {
  const state = startState(of, "run-1");
  const edited = (number: number, stage: StageState) => ({ ...stage, ...(stage.round === 1 ? edits[`${number} ${stage.region}`] : {}) });
  const phases = state.phases.map((phase) => ({ ...phase, status: "open" as const, stages: phase.stages.map((stage) => edited(phase.number, stage)) }));
  return { ...state, phases, lastSeq: 1, planHash: "0" };
}

function folded(draft: RecordDraft, edits: Edits = {}, of: Plan = plan): RunState {
  const record = { ...draft, v: 1, seq: 2, prev: "", epoch: 1, run: "run-1", account: "123456789012" } as JournalRecord;
  return foldRecord(of, standing(edits, of), record);
}

function stageOf(state: RunState, phase: number, region: string, round = 1): StageState | undefined {
  return state.phases.find(({ number }) => number === phase)?.stages.find((stage) => stage.region === region && stage.round === round);
}

function verified({ id }: { readonly id: string }, purpose: Purpose): readonly [string, StepState] {
  return [`${purpose}:${id}`, { stepId: id, purpose, status: "verified", attempts: 1, at: startMs }];
}

function done(of: Action, status: ActionState["status"], more: readonly (readonly [string, StepState])[] = []): ActionState {
  return { actionId: of.id, status, steps: Object.fromEntries([...of.steps.map((step) => verified(step, "forward")), ...more]) };
}

const applied = done(action, "applied");
const failing: FailingPolls = { polls: 3, sinceMs: startMs, retryAtMs: startMs };

describe("polls that are answered again", () => {
  const answered = { ...place, type: "DECISION", body: { kind: "poll-succeeded", of: "metrics" } } as const;

  it.each<readonly [string, StageState["failing"], StageState["failing"]]>([
    ["nothing had failed", undefined, undefined],
    ["they alone had failed", { metrics: failing }, undefined],
    ["those of the other kind still fail", { metrics: failing, resource: failing }, { resource: failing }],
  ])("leave what still fails, where %s", (_, before, after) => {
    expect(stageOf(folded(answered, { [`2 ${west}`]: before === undefined ? {} : { failing: before } }), 2, west)?.failing).toEqual(after);
  });
});

describe("an action that is applied", () => {
  it("is kept where what an older release did after its pass had failed", () => {
    const skipped = { ...place, type: "DECISION", body: { kind: "action-skipped", action: action.id, code: "after-pass-failed", detail: "d" } } as const;
    const stage = stageOf(folded(skipped, { [`2 ${west}`]: { status: "passed", actions: [applied] } }), 2, west);
    expect(stage).toMatchObject({ status: "passed", actions: [{ status: "applied", skip: { code: "after-pass-failed", detail: "d" } }] });
  });
});

describe("a rollback that is asked for", () => {
  const request = { ...place, region: null, type: "DECISION", body: { kind: "rollback-requested", by: "ops" } } as const;
  const passed: Edits = {
    [`2 ${west}`]: { status: "passed", actions: [applied] },
    [`3 ${west}`]: { status: "passed", actions: [done(writerAction(west), "applied")] },
  };
  const statuses = (state: RunState) => [stageOf(state, 2, west)?.status, stageOf(state, 3, west)?.status];

  it("takes back its own phase, or all of them, and leaves what has not begun to be cancelled", () => {
    expect(statuses(folded(request, passed))).toEqual(["rolling-back", "passed"]);
    expect(statuses(folded({ ...request, phase: null }, passed))).toEqual(["rolling-back", "rolling-back"]);
    expect(stageOf(folded({ ...request, phase: null }, passed), 2, east)?.status).toBe("pending");
  });
});

describe("a phase that an older release closed", () => {
  it("has nothing left to do in the rounds that it did not know", () => {
    const closing = { ...place, phase: 3, region: null, type: "DECISION", body: { kind: "phase-closed", result: "passed" } } as const;
    const edits: Edits = { [`3 ${west}`]: { status: "passed" }, [`3 ${east}`]: { status: "passed" } };
    const older = folded(closing, edits, { ...plan, version: 1 });
    expect([1, 2].map((round) => stageOf(older, 3, west, round)?.status)).toEqual(["passed", "empty"]);
    expect(() => folded(closing, edits)).toThrow(`${west} is still pending`);
  });
});

describe("a release", () => {
  const held: StageState["held"] = { reason: "r", cause: "coverage", sinceMs: startMs };
  const release = (region: string | null): RecordDraft => ({ ...place, region, phase: null, type: "HOLD", body: { reason: "continued", releasedBy: "ops" } });

  it("of one region leaves the others held", () => {
    const edits: Edits = { [`2 ${west}`]: { status: "observing", held }, [`2 ${east}`]: { status: "observing", held } };
    const one = folded(release(west), edits);
    expect([stageOf(one, 2, west)?.held, stageOf(one, 2, east)?.held]).toEqual([undefined, held]);
    const all = folded(release(null), edits);
    expect([stageOf(all, 2, west)?.held, stageOf(all, 2, east)?.held]).toEqual([undefined, undefined]);
  });

  it("of a region that is confirmed counts its healthy slots anew", () => {
    const stage = stageOf(folded(release(west), { [`2 ${west}`]: { status: "confirming", held, confirmFromMs: 0 } }), 2, west);
    expect(stage).toMatchObject({ status: "confirming", confirmation: [], confirmFromMs: startMs });
  });

  it("tries what could not be undone once more, and leaves what was undone as it is", () => {
    const [first, ...others] = action.rollback;
    if (first === undefined) throw new Error("the action has a way back");
    const refused = others.map(({ id }): readonly [string, StepState] => [
      `rollback:${id}`,
      { stepId: id, purpose: "rollback", status: "rejected", attempts: 3, at: startMs },
    ]);
    const undone: ActionState = { ...done(groupAction(west, "api"), "rolled-back") };
    const stages = [{ region: west, role: "canary" as const, actions: [action, groupAction(west, "api")] }];
    const of = buildTestPlan({ phases: [{ number: 2, stages }] });
    const actions = [done(action, "rollback-incomplete", [verified(first, "rollback"), ...refused]), undone];
    const stage = stageOf(folded(release(null), { [`2 ${west}`]: { status: "rollback-incomplete", actions } }, of), 2, west);
    expect(stage?.status).toBe("rolling-back");
    expect(stage?.actions.map(({ status }) => status)).toEqual(["rolling-back", "rolled-back"]);
    expect(Object.keys(stage?.actions[0]?.steps ?? {}).filter((key) => key.startsWith("rollback:"))).toEqual([`rollback:${first.id}`]);
  });
});

describe("what ends without a pass", () => {
  it("is a brownout that nobody could read: its index is kept for want of figures", () => {
    const own = indexAction();
    const [first, brownout] = own.steps;
    if (first === undefined || brownout?.kind !== "brownout") throw new Error("an index is hidden before it is removed");
    const steps = Object.fromEntries([
      verified(first, "forward"),
      [`forward:${brownout.id}`, { stepId: brownout.id, purpose: "forward", status: "intended", attempts: 0, at: startMs }] as const,
    ]);
    const unclear = folded(
      {
        ...place,
        region: east,
        phase: 1,
        op: brownout.id,
        type: "BROWN_OUT",
        body: { action: own.id, event: "unclear", startMs, endMs: startMs, detail: "no points" },
      },
      { [`1 ${east}`]: { status: "acting", actions: [{ actionId: own.id, status: "brownout", steps }] } },
    );
    expect(stageOf(unclear, 1, east)?.actions).toMatchObject([{ status: "rolling-back", skip: { code: "insufficient-data", detail: "no points" } }]);
  });

  it("is a window that closes with another verdict: its region has not passed", () => {
    const verdict: WindowVerdict = { kind: "hold", rule: "coverage", detail: "d", errorRate: null, medianP99Ratio: null, conclusiveShare: 0, slots: 0 };
    const closed = folded(
      { ...place, type: "WINDOW", body: { event: "closed", verdict } },
      { [`2 ${west}`]: { status: "observing", actions: [applied], window: { startMs, deadlineMs: startMs, slots: [] } } },
    );
    expect(stageOf(closed, 2, west)).toMatchObject({ status: "observing", window: { closed: verdict } });
  });
});

describe("a region that settles", () => {
  const afterPass = oldWriterAction(west).steps.filter((step): step is ChangeStep => step.kind === "change");
  const [after] = afterPass;
  if (after === undefined) throw new Error("the old writer is changed");
  const older: Action = { ...action, afterPass };
  const settled = (of: Action, own: ActionState, status: StageState["status"]) => {
    const planned: PlannedStage = { region: west, role: "canary", actions: [of] };
    return settleStage(planned, { region: west, round: 1, status, actions: [own], confirmation: [], soaked: false }, startMs);
  };
  const both = (of: Action, own: ActionState, status: StageState["status"]) => {
    const stage = settled(of, own, status);
    return [stage.status, stage.actions[0]?.status];
  };

  it("has finished what an older release did after its pass once that was read back, and only then", () => {
    expect(both(older, done(older, "applied"), "passed")).toEqual(["passed", "applied"]);
    expect(both(older, done(older, "applied", [verified(after, "after-pass")]), "passed")).toEqual(["passed", "finished"]);
    expect(both({ ...action, afterPass: [] }, applied, "passed")).toEqual(["passed", "applied"]);
  });

  it.each(["passed", "confirming", "rolled-back", "rollback-incomplete", "cancelled", "empty"] as const)("stays %s", (status) => {
    expect(both(action, done(action, "finished"), status)).toEqual([status, "finished"]);
  });

  it("goes on being watched as long as anything of it is in place", () => {
    expect(both(action, applied, "observing")).toEqual(["observing", "applied"]);
    expect(both(action, { ...applied, status: "drifted" }, "observing")).toEqual(["empty", "drifted"]);
  });

  it("takes back what has acted, and leaves what has not begun", () => {
    const waiting = groupAction(west, "api");
    const planned: PlannedStage = { region: west, role: "canary", actions: [action, waiting] };
    const pending: ActionState = { actionId: waiting.id, status: "pending", steps: {} };
    const stage: StageState = { region: west, round: 1, status: "acting", actions: [applied, pending], confirmation: [], soaked: false };
    expect(takeBack(planned, stage, startMs)).toMatchObject({
      status: "rolling-back",
      actions: [{ status: "rolling-back" }, { status: "skipped", skip: { code: "cancelled", detail: "the region is being rolled back" } }],
    });
  });

  it.each([
    [{}, "it cannot be undone"],
    [{ cannotComeBack: "the older backups" }, "the older backups"],
  ])("leaves in place what has no way back, and says of %j why", (rest, detail) => {
    const lasting: Action = { ...action, reversibility: "irreversible", rollback: [], ...rest };
    const planned: PlannedStage = { region: west, role: "canary", actions: [lasting] };
    const stage: StageState = { region: west, round: 1, status: "observing", actions: [applied], confirmation: [], soaked: false };
    expect(takeBack(planned, stage, startMs)).toMatchObject({
      status: "confirming",
      actions: [{ status: "applied", skip: { code: "cannot-come-back", detail } }],
    });
  });
});

describe("an action on its way back", () => {
  const [first, ...others] = action.rollback;
  if (first === undefined) throw new Error("the action has a way back");
  const back: ActionState = { ...applied, status: "rolling-back" };
  const stageWith = (own: ActionState, status: StageState["status"] = "rolling-back"): Edits => ({ [`2 ${west}`]: { status, actions: [own] } });
  const own = { action: action.id, purpose: "rollback" } as const;
  const isFirst = { ...place, op: first.id } as const;
  const givenUp = { ...isFirst, type: "DECISION", body: { kind: "step-given-up", ...own, detail: "refused for good" } } as const;
  const drifted = (rest: { readonly isGone?: true; readonly goesOn?: true } = {}): RecordDraft => ({
    ...isFirst,
    type: "DRIFT",
    body: { ...own, found: "m5.large", expected: "m5.2xlarge", ...rest },
  });
  const stepOf = (state: RunState) => stageOf(state, 2, west)?.actions[0]?.steps[`rollback:${first.id}`];

  it.each<readonly [string, ActionState["steps"], number]>([
    ["before AWS was asked for it", {}, 0],
    ["once AWS had refused it", { [`rollback:${first.id}`]: { stepId: first.id, purpose: "rollback", status: "rejected", attempts: 3, at: startMs } }, 3],
  ])("has a step given up %s, and goes on with the others", (_, steps, attempts) => {
    const state = folded(givenUp, stageWith({ ...back, steps: { ...back.steps, ...steps } }));
    expect(stepOf(state)).toMatchObject({ status: "given-up", attempts });
    expect(stageOf(state, 2, west)).toMatchObject({ status: "rolling-back", actions: [{ skip: { code: "rollback-failed", detail: "refused for good" } }] });
  });

  it("tells each step that failed, and what failed for one reason once", () => {
    const before = (detail: string): ActionState => ({ ...back, skip: { code: "rollback-failed", detail } });
    const detailAfter = (own: ActionState) => stageOf(folded(givenUp, stageWith(own)), 2, west)?.actions[0]?.skip?.detail;
    expect(detailAfter(before("changed by somebody else: 3 tasks"))).toBe("changed by somebody else: 3 tasks; refused for good");
    expect(detailAfter(before("refused for good"))).toBe("refused for good");
    expect(detailAfter({ ...back, skip: { code: "not-settled", detail: "after 30 minutes" } })).toBe("refused for good");
  });

  it("goes on where somebody else changed a step that others do not rest on, is incomplete otherwise, and knows what is gone", () => {
    const going = folded(drifted({ goesOn: true }), stageWith(back));
    expect(stageOf(going, 2, west)?.actions).toMatchObject([
      { status: "rolling-back", skip: { code: "rollback-failed", detail: "changed by somebody else: m5.large" } },
    ]);
    expect(stepOf(going)?.isGone).toBeUndefined();
    const gone = folded(drifted({ isGone: true }), stageWith(back));
    expect(stageOf(gone, 2, west)?.actions).toMatchObject([{ status: "rollback-incomplete" }]);
    expect(stepOf(gone)?.isGone).toBe(true);
  });

  it("goes on only with steps that stand alone and are not through", () => {
    const undo = (alone: boolean) => ({ purpose: "rollback" as const, steps: [first, ...others.map((step) => (alone ? { ...step, alone } : step))] });
    const through = { ...back, steps: Object.fromEntries(others.map((step) => verified(step, "rollback"))) };
    expect([goesOnWithout(back, undo(true), first.id), goesOnWithout(back, undo(false), first.id), goesOnWithout(through, undo(true), first.id)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("takes the whole region back where it cannot be finished while others still act", () => {
    const other = groupAction(west, "api");
    const of = buildTestPlan({ phases: [{ number: 2, stages: [{ region: west, role: "canary", actions: [action, other] }] }] });
    const acting: Edits = { [`2 ${west}`]: { status: "acting", actions: [back, done(other, "applied")] } };
    const stage = stageOf(folded(drifted(), acting, of), 2, west);
    expect([stage?.status, ...(stage?.actions.map(({ status }) => status) ?? [])]).toEqual(["rolling-back", "rollback-incomplete", "rolling-back"]);
  });

  it("asks a person nothing as long as it gets on, and then for all that does not", () => {
    const delays = [first, ...others].map(({ id }) => ({ op: id, reason: `${id} waits`, commands: [`aws ${id}`] }));
    const state = standing({ [`2 ${west}`]: { status: "rolling-back", actions: [back], delays } });
    expect(humanAsked(standing(stageWith(back)))).toBeUndefined();
    expect(humanAsked(state)).toEqual({
      reason: delays.map(({ reason }) => reason).join("; "),
      commands: delays.map(({ op }) => `aws ${op}`),
      goesOn: true,
    });
  });

  it.each<readonly [StageState["failing"], StageState["failing"]]>([
    [{ resource: failing }, undefined],
    [{ resource: failing, metrics: failing }, { metrics: failing }],
  ])("asks anew what of its resources could not be read, and forgets no metrics that are late: %#", (before, after) => {
    const stage: StageState = { region: west, round: 1, status: "observing", actions: [applied], confirmation: [], soaked: false };
    const took = takeBack({ region: west, role: "canary", actions: [action] }, { ...stage, ...(before === undefined ? {} : { failing: before }) }, startMs);
    expect([took.status, took.failing]).toEqual(["rolling-back", after]);
  });
});

describe("what a phase and a run came to", () => {
  const stage = (status: StageState["status"], own: ActionState["status"] = "applied"): StageState => ({
    region: west,
    round: 1,
    status,
    actions: [{ ...applied, status: own }],
    confirmation: [],
    soaked: false,
  });

  it.each<readonly [readonly StageState[], ReturnType<typeof phaseResult>, ReturnType<typeof runOutcome>]>([
    [[stage("passed")], "passed", "adoptable"],
    [[stage("passed", "finished"), stage("cancelled", "skipped")], "passed", "adoptable"],
    [[stage("passed", "drifted"), stage("empty", "skipped")], "skipped", "nothing-to-do"],
    [[stage("passed"), stage("rolled-back", "rolled-back")], "partly-rolled-back", "partly-rolled-back"],
    [[stage("rolled-back")], "partly-rolled-back", "partly-rolled-back"],
    [[stage("rolled-back", "rolled-back")], "rolled-back", "rolled-back"],
    [[stage("passed"), stage("rollback-incomplete", "rollback-incomplete")], "passed", "rollback-incomplete"],
  ])("%#: is told by its regions", (stages, result, outcome) => {
    const phase = { number: 2, status: "open", stages } as const;
    expect([phaseResult(phase), runOutcome({ ...standing(), phases: [phase] })]).toEqual([result, outcome]);
  });
});

describe("what a broken journal may have left in AWS", () => {
  const record = (seq: number, draft: RecordDraft): JournalRecord => ({ ...draft, v: 1, seq, prev: "", epoch: 1, run: "run-1", account: "123456789012" });
  const begins = record(1, { ...place, region: null, phase: null, type: "PLAN", body: { planHash: "0", regions: [], toolVersion: "0", principalArn: "" } });
  const [step] = action.steps;
  if (step?.kind !== "change") throw new Error("the group's first step is a change");
  const about = { ...place, op: step.id } as const;
  const own = { action: action.id, purpose: "forward" } as const;

  it("is told as far as its records follow each other, and by the plan alone after that", () => {
    const intended = record(2, { ...about, type: "INTENT", body: { ...own, change: step.change, token: "t" } });
    const attempted = record(3, { ...about, type: "ATTEMPT", body: { ...own, number: 1 } });
    const foreign = record(9, { ...about, type: "ATTEMPT", body: { ...own, number: 2 } });
    const { live, possible } = liveChanges(plan, "run-1", [begins, intended, attempted, foreign], false);
    expect(live).toEqual([`${west}: ${action.summary}`]);
    expect(possible).not.toContain(`${west}: ${action.summary}`);
    expect(possible).toHaveLength(plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions)).length - 1);
  });

  it("is nothing that the records do not say where none can be missing, or the run had ended", () => {
    const closed = record(2, { ...place, region: null, phase: null, type: "CLOSED", body: { outcome: "nothing-to-do" } });
    expect(liveChanges(plan, "run-1", [begins], true).possible).toEqual([]);
    expect(liveChanges(plan, "run-1", [begins, closed], false).possible).toEqual([]);
  });

  it("is no matter of the journal where the records are no records at all", () => {
    expect(() => liveChanges(plan, "run-1", [begins, { ...begins, seq: 2, type: "DECISION", body: null } as unknown as JournalRecord], false)).toThrow(
      TypeError,
    );
  });
});
