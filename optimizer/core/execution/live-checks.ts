import type { Action, OwnCheck } from "../model/action.ts";
import type { PlannedStage } from "../model/plan.ts";
import type { ActionState, StageState } from "../model/run-state.ts";
import type { Span } from "../model/observation.ts";
import { changedAtMs, isLive } from "./action-steps.ts";

/**
 * What the stage's changes promise of themselves in this slot. A utilization is promised of the size at which an action ends, so that it is looked
 * at once all of its steps were read back; an event may not happen on the way there either, nor in the slot in which the action began. What was undone promises nothing. Two rules on one
 * resource may promise the same, which is looked at once.
 */
export function liveChecks(planned: PlannedStage, stage: StageState, { startMs }: Span): readonly OwnCheck[] {
  const live = planned.actions.flatMap((action) => {
    const own = stage.actions.find(({ actionId }) => actionId === action.id);
    return own === undefined || action.checks === undefined || !isLive(action, own) ? [] : dueChecks(action.checks, action, own, startMs);
  });
  return live.filter(({ name }, at) => live.findIndex((other) => other.name === name) === at);
}

function dueChecks(checks: readonly OwnCheck[], action: Action, own: ActionState, startMs: number): readonly OwnCheck[] {
  const newest = Math.max(...changedAtMs(action, own));
  const isThere = own.status === "applied" || own.status === "finished";
  return checks.filter(({ kind, graceMinutes = 0 }) => kind === "never" || (isThere && newest + graceMinutes * 60_000 <= startMs));
}
