import type { PlannedTurn } from "../model/plan.ts";
import type { ActionState, TurnState } from "../model/run-state.ts";
import { allVerified, isLive, staysInPlace, stepState, undoOf } from "./action-steps.ts";
import { plannedAction } from "./edit-state.ts";

/** An action's status as its verified steps say. */
export function settleAction(turn: PlannedTurn, state: ActionState): ActionState {
  const action = plannedAction(turn, state.actionId);
  switch (state.status) {
    case "pending":
    case "acting":
    case "brown-out":
      return allVerified(state, "forward", action.steps) ? { ...state, status: "applied" } : state;
    case "applied":
      return action.afterPass !== undefined && action.afterPass.length > 0 && allVerified(state, "after-pass", action.afterPass)
        ? { ...state, status: "finished" }
        : state;
    case "rolling-back": {
      const undo = undoOf(action, state);
      // An action without a way back is never undone by there being nothing to do.
      return undo.steps.length > 0 && allVerified(state, undo.purpose, undo.steps)
        ? { ...state, status: state.skip === undefined ? "rolled-back" : skippedStatus(turn, state) }
        : state;
    }
    case "finished":
    case "skipped":
    case "rolled-back":
    case "drifted":
    case "rollback-incomplete":
      return state;
    default:
      return state.status satisfies never;
  }
}

/** Left alone: `drifted` when somebody else's change is the reason. */
export function skippedStatus(turn: PlannedTurn, state: ActionState): "skipped" | "drifted" {
  const steps = plannedAction(turn, state.actionId).steps;
  return steps.some((step) => stepState(state, "forward", step.id)?.status === "drifted") ? "drifted" : "skipped";
}

/** What becomes of an action that shall not go on: undone where it may have changed something, else left alone. */
export function giveUp(turn: PlannedTurn, state: ActionState, skip: { readonly code: string; readonly detail: string }): ActionState {
  const given = { ...state, skip };
  return isLive(plannedAction(turn, state.actionId), state) ? { ...given, status: "rolling-back" } : { ...given, status: skippedStatus(turn, given) };
}

/** Turns the region's changes back: what is live is rolled back, what has not begun never will. */
export function turnBack(turn: PlannedTurn, state: TurnState, atMs: number): TurnState {
  const cancelled = { code: "cancelled", detail: "the region is being rolled back" };
  const actions = state.actions.map((each): ActionState => {
    const action = plannedAction(turn, each.actionId);
    if (staysInPlace(action, each)) return { ...each, skip: { code: "cannot-come-back", detail: action.cannotComeBack ?? "it cannot be undone" } };
    if (each.status === "skipped" || each.status === "drifted" || each.status === "rolled-back" || each.status === "rollback-incomplete") return each;
    if (!isLive(action, each)) return { ...each, skip: cancelled, status: "skipped" };
    return { ...each, status: "rolling-back" };
  });
  return settleTurn(turn, { ...state, status: "rolling-back", actions }, atMs);
}

/** A turn's status as its actions say. `atMs` is when the newest of them changed. */
export function settleTurn(planned: PlannedTurn, before: TurnState, atMs: number): TurnState {
  const turn = { ...before, actions: before.actions.map((action) => settleAction(planned, action)) };
  const all = (...statuses: readonly ActionState["status"][]): boolean => turn.actions.every(({ status }) => statuses.includes(status));
  const any = (...statuses: readonly ActionState["status"][]): boolean => turn.actions.some(({ status }) => statuses.includes(status));
  switch (turn.status) {
    case "pending":
    case "acting":
      // An action that could not be undone is harm enough: the whole region goes back.
      if (any("rollback-incomplete")) return turnBack(planned, turn, atMs);
      if (!all("applied", "skipped", "drifted", "rolled-back")) return { ...turn, status: all("pending") ? "pending" : "acting" };
      if (!any("applied")) return { ...turn, status: "empty" };
      return { ...turn, status: turn.actions.some((each) => each.status === "applied" && isVisible(planned, each)) ? "observing" : "passed" };
    case "rolling-back":
      return turn.actions.every((each) => isBack(planned, each)) ? { ...turn, status: "confirming", confirmation: [], confirmFromMs: atMs } : turn;
    case "observing":
    case "passed":
    case "confirming":
    case "rolled-back":
    case "rollback-incomplete":
    case "cancelled":
    case "empty":
      return turn;
    default:
      return turn.status satisfies never;
  }
}

/** Whether a window could show what the action does. */
function isVisible(planned: PlannedTurn, { actionId }: ActionState): boolean {
  return plannedAction(planned, actionId).judgedBy === undefined;
}

/** Whether nothing is left to be undone of it. */
function isBack(planned: PlannedTurn, state: ActionState): boolean {
  return (
    state.status === "rolled-back" || state.status === "skipped" || state.status === "drifted" || staysInPlace(plannedAction(planned, state.actionId), state)
  );
}
