import type { RecordOf } from "../model/journal-record.ts";
import type { RunState, TurnState } from "../model/run-state.ts";
import type { SlotScore } from "../model/window.ts";
import { editTurn, outOfOrder } from "./edit-state.ts";

export function foldWindow(state: RunState, record: RecordOf<"WINDOW">): RunState {
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
