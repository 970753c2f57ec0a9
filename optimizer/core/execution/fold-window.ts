import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, RunState, TurnState } from "../model/run-state.ts";
import type { SlotScore } from "../model/window.ts";
import { editPhase, editTurn, outOfOrder, plannedTurn } from "./edit-state.ts";

/** A window opened, extended or closed; with a pass, what the region's actions followed is finished. */
export function foldWindow(plan: Plan, state: RunState, record: RecordOf<"WINDOW">): RunState {
  const folded = foldEvent(state, record);
  if (record.body.event !== "closed" || record.body.verdict.kind !== "pass" || record.phase === null || record.region === null) return folded;
  const followed = plannedTurn(plan, record.phase, record.region, record.round).actions.flatMap(({ after }) => after ?? []);
  if (followed.length === 0) return folded;
  const finish = (action: ActionState): ActionState =>
    action.status === "applied" && followed.includes(action.actionId) ? { ...action, status: "finished" } : action;
  return editPhase(folded, record.phase, (phase) => ({
    ...phase,
    turns: phase.turns.map((turn) => (turn.region === record.region ? { ...turn, actions: turn.actions.map(finish) } : turn)),
  }));
}

function foldEvent(state: RunState, record: RecordOf<"WINDOW">): RunState {
  const { body } = record;
  return editTurn(state, record, (turn) => {
    switch (body.event) {
      case "opened": {
        if (turn.status !== "acting" && turn.status !== "observing") throw outOfOrder(record, `the region is ${turn.status}`);
        const kept = (turn.window?.slots ?? []).filter(({ startMs }) => startMs >= body.startMs);
        return { ...turn, window: { startMs: body.startMs, deadlineMs: body.deadlineMs, slots: kept } };
      }
      case "extended":
        if (turn.window === undefined) throw outOfOrder(record, "no window is open");
        return { ...turn, window: { ...turn.window, deadlineMs: body.deadlineMs } };
      case "compared": {
        if (turn.window === undefined) throw outOfOrder(record, "no window is open");
        return { ...turn, window: { ...turn.window, compared: { throughMs: body.throughMs, common: body.common } } };
      }
      case "closed": {
        if (turn.window === undefined || turn.status !== "observing") throw outOfOrder(record, "no window is being watched");
        const closed: TurnState = { ...turn, window: { ...turn.window, closed: body.verdict } };
        return body.verdict.kind === "pass" ? { ...closed, status: "passed" } : closed;
      }
      default:
        return body satisfies never;
    }
  });
}

export function foldSlot(state: RunState, record: RecordOf<"SLOT">): RunState {
  const { watch, score, revised = [] } = record.body;
  return editTurn(state, record, (turn) => {
    switch (watch) {
      case "window":
        if (turn.window === undefined || turn.window.closed !== undefined) throw outOfOrder(record, "no window is open");
        refuseOverlap(turn.window.slots, score, record);
        return { ...turn, window: { ...turn.window, slots: [...withRevised(turn.window.slots, revised), score] } };
      case "after-rollback":
        if (turn.status !== "confirming") throw outOfOrder(record, `the region is ${turn.status}`);
        refuseOverlap(turn.confirmation, score, record);
        return { ...turn, confirmation: [...withRevised(turn.confirmation, revised), score] };
      default:
        return watch satisfies never;
    }
  });
}

/** Slots whose figures had grown when they were read again, in the place of what they were. */
function withRevised(slots: readonly SlotScore[], revised: readonly SlotScore[]): readonly SlotScore[] {
  if (revised.length === 0) return slots;
  return slots.map((slot) => revised.find(({ startMs }) => startMs === slot.startMs) ?? slot);
}

/** No slot is scored twice, and none is scored before an earlier one. */
function refuseOverlap(slots: readonly SlotScore[], score: SlotScore, record: RecordOf<"SLOT">): void {
  const last = slots.at(-1);
  if (last !== undefined && score.startMs < last.endMs) throw outOfOrder(record, "its slot was scored already");
}
