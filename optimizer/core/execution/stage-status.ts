import type { PhaseState, StageState } from "../model/run-state.ts";

/** Whether the phase has to wait for this stage before it may close. */
export function isUnfinished({ status }: StageState): boolean {
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
  }
}

/** Whether the stage's changes were found harmful, so that regions which have not begun shall not begin. */
export function isGoingBack({ status }: StageState): boolean {
  return status === "rolling-back" || status === "confirming" || status === "rolled-back" || status === "rollback-incomplete";
}

/** Whether something of the region is being undone, or was undone and is looked at: what is live, or was, does harm. */
export function isOnWayBack({ status, actions }: StageState): boolean {
  return status === "rolling-back" || status === "confirming" || actions.some((action) => action.status === "rolling-back");
}

/** Whether a region of the phase has changes that are neither passed nor undone. */
export function hasLiveStage({ stages }: PhaseState): boolean {
  return stages.some(({ status }) => status === "acting" || status === "observing" || status === "rolling-back" || status === "confirming");
}
