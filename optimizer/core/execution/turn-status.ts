import type { PhaseState, TurnState } from "../model/run-state.ts";

/** Whether the phase has to wait for this turn before it may close. */
export function isUnfinished({ status }: TurnState): boolean {
  switch (status) {
    case "pending":
    case "acting":
    case "observing":
    case "rolling-back":
    case "confirming":
    case "rollback-incomplete":
      return true;
    case "passed":
    case "rolled-back":
    case "cancelled":
    case "empty":
      return false;
    default:
      return status satisfies never;
  }
}

/** Whether the turn's changes were found harmful, so that regions which have not begun shall not begin. */
export function isTurningBack({ status }: TurnState): boolean {
  return status === "rolling-back" || status === "confirming" || status === "rolled-back" || status === "rollback-incomplete";
}

/** Whether a region of the phase has changes that are neither passed nor undone. */
export function hasLiveTurn({ turns }: PhaseState): boolean {
  return turns.some(({ status }) => status === "acting" || status === "observing" || status === "rolling-back" || status === "confirming");
}
