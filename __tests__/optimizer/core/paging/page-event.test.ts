import { describe, expect, it } from "vitest";
import { startState } from "../../../../optimizer/core/execution/fold.ts";
import type { JournalRecord, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { ActionState, RunState, StageState } from "../../../../optimizer/core/model/run-state.ts";
import { pageEvents } from "../../../../optimizer/core/paging/page-event.ts";
import { east, groupAction, startMs, west } from "../../../support/plan-builder.ts";
import { groupsOnly } from "../../../support/run-records.ts";

const minuteMs = 60_000;
const plan = groupsOnly();
const action = groupAction(west);
const [back] = action.rollback;
if (back === undefined) throw new Error("the action has a way back");
const place = { at: startMs, region: west, phase: 2, op: null } as const;
const goingBack: ActionState = { actionId: action.id, status: "rolling-back", steps: {} };

/** The run's records in their order, with one stage on its way back. */
function running(drafts: readonly RecordDraft[], stage: Partial<StageState> = {}): RunState {
  const state = startState(plan, "run-1");
  const records = drafts.map((draft, at): JournalRecord => ({ ...draft, v: 1, seq: at + 1, prev: "", epoch: 1, run: "run-1", account: "123456789012" }));
  const edited = (each: StageState): StageState => (each.region === west ? { ...each, status: "rolling-back", actions: [goingBack], ...stage } : each);
  return { ...state, records, phases: state.phases.map((phase) => ({ ...phase, stages: phase.stages.map(edited) })) };
}

function ids(state: RunState): readonly string[] {
  return pageEvents(plan, state, startMs + 1_000 * minuteMs).map(({ id }) => id);
}

const decided = <B extends Extract<RecordDraft, { readonly type: "DECISION" }>["body"]>(body: B) => ({ ...place, type: "DECISION", body }) as const;
const skipped = (actionId: string) => decided({ kind: "action-skipped", action: actionId, code: "c", detail: "d" });
const requested = decided({ kind: "rollback-requested", by: "ops" });
const undoing = (actionId: string): RecordDraft => ({
  ...place,
  type: "RB_INTENT",
  op: back.id,
  body: { action: actionId, purpose: "rollback", change: back.change, token: "t" },
});
const released: RecordDraft = { ...place, type: "HOLD", body: { reason: "continued", releasedBy: "ops" } };

describe("a way back that takes too long", () => {
  it.each<readonly [string, readonly RecordDraft[], readonly string[]]>([
    ["is told from the request for this phase on", [decided({ kind: "soaked" }), { ...requested, region: null }], [`rollback-late:2:2:${west}:1`]],
    ["is told from the request for all phases on", [{ ...requested, region: null, phase: null }], [`rollback-late:1:2:${west}:1`]],
    ["is not told by a request for another phase", [{ ...requested, region: null, phase: 3 }], []],
    ["is told from its first undoing change on", [undoing("another"), undoing(action.id)], [`rollback-late:2:2:${west}:1`]],
    ["is told from the action that was given up on", [skipped("another"), skipped(action.id)], [`rollback-late:2:2:${west}:1`]],
    ["is told by nothing of another region", [{ ...skipped(action.id), region: east }], []],
    ["is told by nothing of another round", [{ ...skipped(action.id), round: 2 }], []],
    ["is told by nothing else", [{ ...place, type: "CRED_LOST", body: { detail: "expired" } }, decided({ kind: "soaked" })], []],
    ["begins anew with a release", [undoing(action.id), released], []],
  ])("%s", (_, drafts, expected) => {
    expect(ids(running(drafts))).toEqual(expected);
  });

  it("counts an action that is back already, and none that was left alone", () => {
    const actions = (status: ActionState["status"]) => ({ actions: [{ ...goingBack, status }] });
    expect(ids(running([undoing(action.id)], actions("rolled-back")))).toEqual([`rollback-late:1:2:${west}:1`]);
    expect(ids(running([undoing(action.id)], actions("skipped")))).toEqual([]);
  });

  it("is told as delayed only where a person was told of that since it began", () => {
    const delayed = { delays: [{ op: null, reason: "no capacity", commands: ["aws x"] }] };
    const told: RecordDraft = { ...place, type: "NEEDS_HUMAN", body: { reason: "no capacity", commands: ["aws x"], goesOn: true } };
    expect(ids(running([told, undoing(action.id)], delayed))).toEqual([`rollback-late:2:2:${west}:1`]);
    expect(ids(running([undoing(action.id), told], delayed))).toEqual(["rollback-delayed:2", `rollback-late:1:2:${west}:1`]);
  });
});

describe("the end of a run", () => {
  const closed = (outcome: NonNullable<RunState["outcome"]>) => {
    const state = running([{ ...place, region: null, phase: null, type: "CLOSED", body: { outcome } }], { status: "rolled-back", actions: [] });
    return ids({ ...state, outcome });
  };

  it("is told where it is not a good one", () => {
    expect((["adoptable", "nothing-to-do", "rolled-back", "aborted"] as const).map(closed)).toEqual([[], [], ["ended:1"], ["ended:1"]]);
  });
});
