import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, RunState, StageState } from "../model/run-state.ts";
import type { SlotScore } from "../model/window.ts";
import { editPhase, editStage, outOfOrder, plannedStage } from "./edit-state.ts";

/** A window opened, extended or closed; with a pass, what the region's actions followed is finished. */
export function foldWindow(plan: Plan, state: RunState, record: RecordOf<"WINDOW">): RunState {
  const folded = foldEvent(state, record);
  if (record.body.event !== "closed" || record.body.verdict.kind !== "pass" || record.phase === null || record.region === null) return folded;
  const followed = plannedStage(plan, record.phase, record.region, record.round).actions.flatMap(({ after }) => after ?? []);
  if (followed.length === 0) return folded;
  const finish = (action: ActionState): ActionState =>
    action.status === "applied" && followed.includes(action.actionId) ? { ...action, status: "finished" } : action;
  return editPhase(folded, record.phase, (phase) => ({
    ...phase,
    stages: phase.stages.map((stage) => (stage.region === record.region ? { ...stage, actions: stage.actions.map(finish) } : stage)),
  }));
}

function foldEvent(state: RunState, record: RecordOf<"WINDOW">): RunState {
  const { body } = record;
  return editStage(state, record, (stage) => {
    switch (body.event) {
      case "opened": {
        if (stage.status !== "acting" && stage.status !== "observing") throw outOfOrder(record, `the region is ${stage.status}`);
        const kept = (stage.window?.slots ?? []).filter(({ startMs }) => startMs >= body.startMs);
        return { ...stage, window: { startMs: body.startMs, deadlineMs: body.deadlineMs, slots: kept } };
      }
      case "extended":
        if (stage.window === undefined) throw outOfOrder(record, "no window is open");
        return { ...stage, window: { ...stage.window, deadlineMs: body.deadlineMs } };
      case "compared": {
        if (stage.window === undefined) throw outOfOrder(record, "no window is open");
        return { ...stage, window: { ...stage.window, compared: { throughMs: body.throughMs, common: body.common } } };
      }
      case "closed": {
        if (stage.window === undefined || stage.status !== "observing") throw outOfOrder(record, "no window is being watched");
        const closed: StageState = { ...stage, window: { ...stage.window, closed: body.verdict } };
        return body.verdict.kind === "pass" ? { ...closed, status: "passed" } : closed;
      }
    }
  });
}

/** Slots that follow one another in the journal, of whichever stages: those of one watch are appended together. */
export function foldSlots(state: RunState, records: readonly RecordOf<"SLOT">[]): RunState {
  const watches = new Map<string, [RecordOf<"SLOT">, ...RecordOf<"SLOT">[]]>();
  for (const record of records) {
    const key = `${record.phase}|${record.region}|${record.round ?? 1}|${record.body.watch}`;
    const own = watches.get(key);
    if (own === undefined) watches.set(key, [record]);
    else own.push(record);
  }
  return [...watches.values()].reduce(foldWatch, state);
}

function foldWatch(state: RunState, own: readonly [RecordOf<"SLOT">, ...RecordOf<"SLOT">[]]): RunState {
  const [first] = own;
  const { watch } = first.body;
  return editStage(state, first, (stage) => {
    switch (watch) {
      case "window":
        if (stage.window === undefined || stage.window.closed !== undefined) throw outOfOrder(first, "no window is open");
        return { ...stage, window: { ...stage.window, slots: appended(stage.window.slots, own) } };
      case "after-rollback":
        if (stage.status !== "confirming") throw outOfOrder(first, `the region is ${stage.status}`);
        return { ...stage, confirmation: appended(stage.confirmation, own) };
    }
  });
}

function appended(before: readonly SlotScore[], records: readonly RecordOf<"SLOT">[]): readonly SlotScore[] {
  let slots = [...before];
  for (const record of records) {
    const { score, revised = [] } = record.body;
    refuseOverlap(slots, score, record);
    if (revised.length > 0) slots = withRevised(slots, revised);
    slots.push(score);
  }
  return slots;
}

/** Slots whose figures had grown when they were read again, in the place of what they were. */
function withRevised(slots: readonly SlotScore[], revised: readonly SlotScore[]): SlotScore[] {
  return slots.map((slot) => revised.find(({ startMs }) => startMs === slot.startMs) ?? slot);
}

/** No slot is scored twice, and none is scored before an earlier one. */
function refuseOverlap(slots: readonly SlotScore[], score: SlotScore, record: RecordOf<"SLOT">): void {
  const last = slots.at(-1);
  if (last !== undefined && score.startMs < last.endMs) throw outOfOrder(record, "its slot was scored already");
}
