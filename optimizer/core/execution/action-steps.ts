import type { Action, ChangeStep } from "../model/action.ts";
import type { Purpose } from "../model/journal-record.ts";
import type { ActionState, StepState } from "../model/run-state.ts";

export function stepKey(purpose: Purpose, stepId: string): string {
  return `${purpose}:${stepId}`;
}

export function stepState(state: ActionState, purpose: Purpose, stepId: string): StepState | undefined {
  return state.steps[stepKey(purpose, stepId)];
}

export interface Undo {
  readonly purpose: "rollback" | "lift";
  readonly steps: readonly ChangeStep[];
}

/** The way back from where the action is: a brownout that was read is lifted, everything else is rolled back. */
export function undoOf(action: Action, state: ActionState): Undo {
  for (const step of action.steps) {
    if (step.kind === "brownout" && stepState(state, "forward", step.id)?.status === "rejected") return { purpose: "lift", steps: step.lift };
  }
  return { purpose: "rollback", steps: action.rollback };
}

export function allVerified(state: ActionState, purpose: Purpose, steps: readonly { readonly id: string }[]): boolean {
  return steps.every(({ id }) => isThrough(stepState(state, purpose, id)));
}

/** Whether nothing is left to be done of a step: it was read back, or left out for good. */
export function isThrough(step: StepState | undefined): boolean {
  return step?.status === "verified" || step?.status === "left";
}

/**
 * The next step of a way back: the first that is not through, without those that were given up, or that somebody else had changed, and those
 * that rest on one of them. A step that stands alone rests on none before it, and those after it rest on it.
 */
export function nextUndoStep(state: ActionState, { purpose, steps }: Undo): ChangeStep | undefined {
  let isBarred = false;
  for (const step of steps) {
    if (step.alone === true) isBarred = false;
    const seen = stepState(state, purpose, step.id);
    if (seen?.status === "given-up" || seen?.status === "drifted") isBarred = true;
    else if (!isBarred && !isThrough(seen)) return step;
  }
  return undefined;
}

/** Whether something of the way back is left that rests on nothing of this step. */
export function goesOnWithout(state: ActionState, { purpose, steps }: Undo, stepId: string): boolean {
  const after = steps.slice(steps.findIndex(({ id }) => id === stepId) + 1);
  return after.some(({ id, alone }) => alone === true && !isThrough(stepState(state, purpose, id)));
}

/** Whether AWS may hold something that this action changed: a step of which every attempt was rejected changed nothing. */
export function isLive(action: Action, state: ActionState): boolean {
  const undone = undoOf(action, state);
  if (undone.steps.length > 0 && allVerified(state, undone.purpose, undone.steps)) return false;
  return isBegun(action, state);
}

/** Whether AWS may have carried out something of it, whatever became of that since. */
export function isBegun(action: Action, state: ActionState): boolean {
  return action.steps.some((step) => {
    const seen = step.kind === "change" ? stepState(state, "forward", step.id) : undefined;
    if (seen === undefined) return false;
    return seen.mayHaveActed === true || seen.status === "applied" || seen.status === "verified" || (seen.status === "intended" && seen.attempts > 0);
  });
}

/** Applied, and with no way back at all: it stays in place when its region goes back. */
export function staysInPlace({ reversibility, rollback }: Action, { status }: ActionState): boolean {
  return status === "applied" && reversibility === "irreversible" && rollback.length === 0;
}

/** When each change of the action was made or, as far as it is, read back; none before it begins. */
export function changedAtMs(action: Action, state: ActionState): readonly number[] {
  return action.steps.flatMap((step) => (step.kind === "change" ? (stepState(state, "forward", step.id)?.at ?? []) : []));
}
