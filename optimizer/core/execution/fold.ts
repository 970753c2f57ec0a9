import type { JournalRecord, RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, PhaseState, RunState, StageState } from "../model/run-state.ts";
import { outOfOrder } from "./edit-state.ts";
import { foldDecision } from "./fold-decision.ts";
import { foldHold, foldNeedsHuman } from "./fold-hold.ts";
import { foldAttempt, foldBrownout, foldDrift, foldIntent, foldOutcome, foldVerified } from "./fold-step.ts";
import { foldSlots, foldWindow } from "./fold-window.ts";

/** A run before its first record. */
export function startState(plan: Plan, runId: string): RunState {
  const pending = (actionId: string): ActionState => ({ actionId, status: "pending", steps: {} });
  return {
    runId,
    planHash: "",
    startedAtMs: plan.createdAtMs,
    lastSeq: 0,
    phases: plan.phases.map(({ number, stages }): PhaseState => ({
      number,
      status: "pending",
      stages: stages.map(({ region, round = 1, actions }): StageState => ({
        region,
        round,
        status: "pending",
        actions: actions.map(({ id }) => pending(id)),
        confirmation: [],
        soaked: false,
      })),
    })),
    records: [],
  };
}

/** The run after one more record. Total over all record types; a record that cannot follow is a Fault. */
export function foldRecord(plan: Plan, state: RunState, record: JournalRecord): RunState {
  return { ...foldOne(plan, state, record), records: [...state.records, record] };
}

/** Without keeping the record itself. */
function foldOne(plan: Plan, state: RunState, record: JournalRecord): RunState {
  refuseUnexpected(state, record);
  return { ...foldBody(plan, state, record), lastSeq: record.seq };
}

function refuseUnexpected(state: Pick<RunState, "lastSeq" | "runId" | "outcome">, record: JournalRecord): void {
  if (record.seq !== state.lastSeq + 1) throw outOfOrder(record, `expected number ${state.lastSeq + 1}`);
  if (record.run !== state.runId) throw outOfOrder(record, `it belongs to run ${record.run}`);
  if ((record.type === "PLAN") !== (state.lastSeq === 0)) throw outOfOrder(record, "a journal begins with its one PLAN");
  if (state.outcome !== undefined && record.type !== "LEASE" && record.type !== "PAGED") throw outOfOrder(record, "the run is closed");
}

/** The run after all records of its journal. */
export function foldAll(plan: Plan, runId: string, records: readonly JournalRecord[]): RunState {
  let state = startState(plan, runId);
  for (let at = 0; at < records.length;) {
    const slots = slotsFrom(records, at);
    const own: readonly JournalRecord[] = slots.length > 0 ? slots : records.slice(at, at + 1);
    state = slots.length > 1 ? foldSlotsInARow(state, slots) : own.reduce((before, record) => foldOne(plan, before, record), state);
    at += own.length;
  }
  return { ...state, records: [...records] };
}

function slotsFrom(records: readonly JournalRecord[], from: number): readonly RecordOf<"SLOT">[] {
  const slots: RecordOf<"SLOT">[] = [];
  for (let at = from; at < records.length; at += 1) {
    const record = records[at];
    if (record?.type !== "SLOT") break;
    slots.push(record);
  }
  return slots;
}

/** Nearly all of a journal. One by one, the state and each window would be copied as often as there are slots, which takes the square of them. */
function foldSlotsInARow(state: RunState, slots: readonly RecordOf<"SLOT">[]): RunState {
  let { lastSeq } = state;
  for (const record of slots) {
    refuseUnexpected({ ...state, lastSeq }, record);
    lastSeq = record.seq;
  }
  return { ...foldSlots(state, slots), lastSeq };
}

function foldBody(plan: Plan, state: RunState, record: JournalRecord): RunState {
  switch (record.type) {
    case "PLAN":
      return { ...state, planHash: record.body.planHash, startedAtMs: record.at };
    case "LEASE":
    case "CRED_LOST":
    case "PAGED":
      return state;
    case "INTENT":
    case "RB_INTENT":
      return foldIntent(plan, state, record);
    case "ATTEMPT":
      return foldAttempt(plan, state, record);
    case "OUTCOME":
    case "RB_OUTCOME":
      return foldOutcome(plan, state, record);
    case "VERIFIED":
    case "RB_VERIFIED":
      return foldVerified(plan, state, record);
    case "DRIFT":
      return foldDrift(plan, state, record);
    case "BROWN_OUT":
      return foldBrownout(plan, state, record);
    case "WINDOW":
      return foldWindow(plan, state, record);
    case "SLOT":
      return foldSlots(state, [record]);
    case "DECISION":
      return foldDecision(plan, state, record);
    case "HOLD":
      return foldHold(plan, state, record);
    case "NEEDS_HUMAN":
      return foldNeedsHuman(state, record);
    case "CLOSED":
      return { ...state, outcome: record.body.outcome };
  }
}
