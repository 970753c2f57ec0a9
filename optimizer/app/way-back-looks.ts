import { onTopOfOthers, unrestoredFields } from "../core/execution/classify-state.ts";
import type { StepEffect } from "../core/execution/effect.ts";
import { isAboutTheSame } from "../core/execution/in-place.ts";
import { staleDescribeMs } from "../core/execution/retry-limits.ts";
import type { ChangeState, Leftover } from "../core/levers/change-kinds.ts";
import type { JournalRecord } from "../core/model/journal-record.ts";
import type { RunContext } from "./run-context.ts";
import { isWayBack } from "./step-in-run.ts";

/** A way back keeps what others have set beside our change, where its call would otherwise replace it. */
export function besideOthers(effect: StepEffect, state: ChangeState): StepEffect {
  return isWayBack(effect) ? { ...effect, step: { ...effect.step, change: onTopOfOthers(effect.step.change, state) } } : effect;
}

export function leftoversIn(effect: StepEffect, state: ChangeState): readonly Leftover[] {
  return isWayBack(effect) && state.kind === "settled" ? (state.leftovers ?? []) : [];
}

/** The fields that a way back has not restored. */
export function unrestored(effect: StepEffect, state: ChangeState): readonly string[] {
  return isWayBack(effect) ? unrestoredFields(effect.step.change, state) : [];
}

/** From when on a describe of what a way back is about cannot be of the time before the change that it undoes. */
export function describedFromMs({ action, step }: StepEffect, run: RunContext): number {
  const forward = action.steps.flatMap((each) => (each.kind === "change" && isAboutTheSame(each.change, step.change) ? [each.id] : []));
  const asked = run
    .state()
    .records.findLast(
      ({ type, op, body }) => type === "ATTEMPT" && op !== null && forward.includes(op) && body.action === action.id && body.purpose === "forward",
    );
  return (asked?.at ?? Number.NEGATIVE_INFINITY) + staleDescribeMs;
}

/** Whether what a describe shows as undone may be how it was before it was done. */
export function isOfBefore(effect: StepEffect, run: RunContext): boolean {
  return isWayBack(effect) && run.ports.clock.nowMs() < describedFromMs(effect, run);
}

/**
 * Whether the step forward that a step back undoes was never sent to AWS. Then there is nothing to undo, even if somebody else has changed the resource.
 */
export function isNeverSent({ action, step }: StepEffect, run: RunContext): boolean {
  const forward = action.steps.flatMap((each) => (each.kind === "change" && isAboutTheSame(each.change, step.change) ? [each.id] : []));
  const isSent = ({ type, op, body }: JournalRecord): boolean => type === "ATTEMPT" && op !== null && forward.includes(op) && body.action === action.id;
  return forward.length > 0 && !run.state().records.some(isSent);
}
