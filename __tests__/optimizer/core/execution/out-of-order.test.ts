import { beforeAll, describe, expect, it } from "vitest";
import { plannedAction, plannedPhase, plannedStage } from "../../../../optimizer/core/execution/edit-state.ts";
import { foldAll, foldRecord } from "../../../../optimizer/core/execution/fold.ts";
import type { JournalRecord, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { ActionState, RunState } from "../../../../optimizer/core/model/run-state.ts";
import type { SlotScore } from "../../../../optimizer/core/model/window.ts";
import { Fault } from "../../../../optimizer/errors.ts";
import { drive, TestAccount } from "../../../support/in-memory-ports.ts";
import { buildTestPlan, west } from "../../../support/plan-builder.ts";

let plan: Plan;
let records: readonly JournalRecord[];
let runId: string;

beforeAll(async () => {
  const account = new TestAccount(buildTestPlan());
  await drive(account);
  ({ plan } = account.stored);
  ({ records, runId } = account);
});

/** Right after the first record of this kind. */
function after(isIt: (record: JournalRecord) => boolean): { readonly state: RunState; readonly last: JournalRecord } {
  const at = records.findIndex(isIt);
  const last = records[at];
  if (last === undefined) throw new Error("the run has no such record");
  return { state: foldAll(plan, runId, records.slice(0, at + 1)), last };
}

type Told = Pick<RecordDraft, "type" | "body"> & Partial<Pick<JournalRecord, "region" | "phase" | "op" | "round">>;

/** What follows, about the same step as the record before it unless it says otherwise. */
function folding({ state, last }: ReturnType<typeof after>, told: Told): () => RunState {
  const { region, phase, op, ...rest } = last;
  return () => foldRecord(plan, state, { ...rest, region, phase, op, ...told, seq: last.seq + 1 } as JournalRecord);
}

const planned = (): ReturnType<typeof after> => after(({ type }) => type === "PLAN");
const intended = (): ReturnType<typeof after> => after(({ type }) => type === "INTENT");
const attempted = (): ReturnType<typeof after> => after(({ type }) => type === "ATTEMPT");
const verified = (): ReturnType<typeof after> => after(({ type }) => type === "VERIFIED");
const opened = (): ReturnType<typeof after> => after(({ type, body }) => type === "WINDOW" && "event" in body && body.event === "opened");
const scored = (): ReturnType<typeof after> => after(({ type }) => type === "SLOT");
const brownedOut = (): ReturnType<typeof after> => after(({ type }) => type === "BROWN_OUT");

/** The body of the record before, with something else in it. */
const likeIt = (where: ReturnType<typeof after>, over: object = {}): Told["body"] => ({ ...where.last.body, ...over });
const verdict = { kind: "breach", rule: "literal", detail: "p99", slots: 1 } as unknown as Extract<Told["body"], { readonly verdict: unknown }>["verdict"];
const aSlot = (where: ReturnType<typeof after>): SlotScore => {
  if (where.last.type !== "SLOT") throw new Error("no slot");
  return where.last.body.score;
};

describe("a journal is refused, as one that nobody of us wrote, where", () => {
  it.each<[string, () => ReturnType<typeof after>, (where: ReturnType<typeof after>) => Told, string]>([
    ["a step names no step", intended, (where) => ({ type: "ATTEMPT", op: null, body: likeIt(where, { number: 1 }) }), "it names no step"],
    ["a step names no region", intended, (where) => ({ type: "ATTEMPT", region: null, body: likeIt(where, { number: 1 }) }), "it names no step"],
    ["a step names no phase", intended, (where) => ({ type: "ATTEMPT", phase: null, body: likeIt(where, { number: 1 }) }), "it names no step"],
    ["a step is none of its action", intended, (where) => ({ type: "ATTEMPT", op: "x", body: likeIt(where, { number: 1 }) }), "has no forward step x"],
    [
      "a way back begins that nobody asked for",
      verified,
      (where) => {
        const [back] = actionOf(where).rollback;
        return { type: "RB_INTENT", op: back?.id ?? "", body: { ...likeIt(where), purpose: "rollback" } };
      },
      "a rollback step of an action that is",
    ],
    ["a step is intended twice", intended, (where) => ({ type: "INTENT", body: likeIt(where) }), "the step is already intended"],
    ["an attempt is missing", intended, (where) => ({ type: "ATTEMPT", body: likeIt(where, { number: 2 }) }), "attempt 2 after 0"],
    [
      "an outcome comes before its intent",
      planned,
      () => ({ ...firstStep(), type: "OUTCOME", body: { action: firstStep().action, purpose: "forward", result: "ok" } }),
      "an outcome needs an intent before it",
    ],
    ["an outcome comes after its end", verified, (where) => ({ type: "OUTCOME", body: likeIt(where, { result: "ok" }) }), "the step is already verified"],
    ["what was not applied is verified", attempted, (where) => ({ type: "VERIFIED", body: likeIt(where) }), "only what was applied can be verified"],
    ["a brownout names no step", brownedOut, (where) => ({ type: "BROWN_OUT", op: null, body: likeIt(where) }), "it names no step"],
    ["a brownout is none", brownedOut, (where) => ({ type: "BROWN_OUT", op: "x", body: likeIt(where) }), "x is no brownout"],
    ["a brownout begins twice", brownedOut, (where) => ({ type: "BROWN_OUT", body: likeIt(where) }), "a brownout starts once, and ends after that"],
    [
      "a round is none of the plan's",
      intended,
      (where) => ({ type: "ATTEMPT", round: 3, body: likeIt(where, { number: 1 }) }),
      "of the plan has no round 3 of",
    ],
    [
      "what is decided names no region",
      planned,
      () => ({ type: "DECISION", body: { kind: "region-cancelled", reason: "" } }),
      "the plan has no round 1 of no region in phase none",
    ],
    [
      "what is decided is about a round that the plan has not",
      intended,
      () => ({ type: "DECISION", round: 3, body: { kind: "soaked" } }),
      "the plan has no round 3 of",
    ],
    ["an action is none of its region", intended, () => ({ type: "DECISION", body: { kind: "healthy", action: "x" } }), "has no action x"],
    [
      "a breach is found before anything acts",
      opened,
      (where) => ({ ...notBegun(where), type: "DECISION", body: { kind: "breach", verdict } }),
      "the region is pending",
    ],
    ["an action is approved of that has begun", intended, (where) => ({ type: "DECISION", body: approvedOf(where) }), "the action is already acting"],
    [
      "somebody waits for no step",
      intended,
      (where) => ({ type: "DECISION", op: null, body: { kind: "busy", action: actionOf(where).id, purpose: "forward", detail: "" } }),
      "it names no step",
    ],
    ["a region is cancelled that has begun", intended, () => ({ type: "DECISION", body: { kind: "region-cancelled", reason: "" } }), "the region is acting"],
    [
      "a phase is closed that is not named",
      intended,
      () => ({ type: "DECISION", phase: null, body: { kind: "phase-closed", result: "passed" } }),
      "it names no phase",
    ],
    ["a phase is closed whose regions act", intended, () => ({ type: "DECISION", body: { kind: "phase-closed", result: "passed" } }), "is still acting"],
    ["a way back is verified that nobody took", intended, () => ({ type: "DECISION", body: { kind: "rolled-back-verified" } }), "the region is acting"],
    [
      "an action is skipped that names no region",
      intended,
      (where) => ({ type: "DECISION", region: null, body: { kind: "action-skipped", action: actionOf(where).id, code: "c", detail: "" } }),
      "it names no region of a phase",
    ],
    [
      "a window opens before anything acts",
      opened,
      (where) => ({ ...notBegun(where), type: "WINDOW", body: { event: "opened", startMs: 0, deadlineMs: 1 } }),
      "the region is pending",
    ],
    ["a window is extended before it opens", intended, () => ({ type: "WINDOW", body: { event: "extended", deadlineMs: 1, reason: "" } }), "no window is open"],
    [
      "a window is compared before it opens",
      intended,
      () => ({ type: "WINDOW", body: { event: "compared", throughMs: 1, regions: [], common: null } }),
      "no window is open",
    ],
    ["a window closes before it opens", intended, () => ({ type: "WINDOW", body: { event: "closed", verdict } }), "no window is being watched"],
    ["a slot is scored twice", scored, (where) => ({ type: "SLOT", body: likeIt(where) }), "its slot was scored already"],
    [
      "a slot comes after a way back that nobody took",
      scored,
      (where) => ({ type: "SLOT", body: { watch: "after-rollback", score: aSlot(where) } }),
      "the region is acting",
    ],
  ])("%s", (_, where, told, problem) => {
    const place = where();
    const fold = folding(place, told(place));
    expect(fold).toThrow(Fault);
    expect(fold).toThrow(problem);
  });

  it.each(["finished", "skipped", "rolled-back", "drifted", "rollback-incomplete"] as const)("an action is skipped that is %s already", (status) => {
    const { state, last } = intended();
    const action = actionOf({ state, last });
    const set = (each: ActionState): ActionState => (each.actionId === action.id ? { ...each, status } : each);
    const ended: RunState = {
      ...state,
      phases: state.phases.map((phase) => ({ ...phase, stages: phase.stages.map((stage) => ({ ...stage, actions: stage.actions.map(set) })) })),
    };
    const skipping = folding({ state: ended, last }, { type: "DECISION", body: { kind: "action-skipped", action: action.id, code: "c", detail: "" } });
    expect(skipping).toThrow(`the action is already ${status}`);
  });

  it("a plan is asked for what it does not have", () => {
    expect(() => plannedPhase({ ...plan, phases: [] }, 1)).toThrow("the plan has no phase 1");
    expect(() => plannedStage(plan, 1, "eu-west-1")).toThrow("phase 1 of the plan has no round 1 of eu-west-1");
    expect(() => plannedAction({ region: west, role: "follower", actions: [] }, "x")).toThrow(`the plan has no action x in ${west}`);
  });
});

function actionOf({ last }: ReturnType<typeof after>) {
  const id = "action" in last.body ? last.body.action : "";
  const action = plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions)).find((each) => each.id === id);
  if (action === undefined) throw new Error(`no action ${id}`);
  return action;
}

function approvedOf(where: ReturnType<typeof after>): Told["body"] {
  return { kind: "approved", action: actionOf(where).id, by: "tester" };
}

/** The first step of the plan's first action, with its place. */
function firstStep() {
  for (const { number, stages } of plan.phases)
    for (const { region, actions } of stages) for (const action of actions) return { phase: number, region, op: action.steps[0]?.id ?? "", action: action.id };
  throw new Error("the plan has no action");
}

/** A region in which nothing has begun. */
function notBegun({ state }: ReturnType<typeof after>): Pick<JournalRecord, "phase" | "region" | "round"> {
  for (const { number, stages } of state.phases)
    for (const { region, round, status } of stages) if (status === "pending") return { phase: number, region, round };
  throw new Error("all regions have begun");
}
