import type { Action } from "../model/action.ts";
import type { PlannedStage } from "../model/plan.ts";
import type { ActionState, StageState } from "../model/run-state.ts";
import { allVerified, isLive, staysInPlace, stepState, undoOf } from "./action-steps.ts";
import { plannedAction } from "./edit-state.ts";

/** An action's status as its verified steps say. */
export function settleAction(stage: PlannedStage, state: ActionState): ActionState {
  const action = plannedAction(stage, state.actionId);
  switch (state.status) {
    case "pending":
    case "acting":
    case "brownout":
      return allVerified(state, "forward", action.steps) ? { ...state, status: "applied" } : state;
    case "applied":
      return action.afterPass !== undefined && action.afterPass.length > 0 && allVerified(state, "after-pass", action.afterPass)
        ? { ...state, status: "finished" }
        : state;
    case "rolling-back": {
      const undo = undoOf(action, state);
      // An action without a way back is never undone by there being nothing to do.
      return undo.steps.length > 0 && allVerified(state, undo.purpose, undo.steps)
        ? { ...state, status: state.skip === undefined ? "rolled-back" : skippedStatus(stage, state) }
        : state;
    }
    case "finished":
    case "skipped":
    case "rolled-back":
    case "drifted":
    case "rollback-incomplete":
      return state;
  }
}

/** Left alone: `drifted` when somebody else's change is the reason. */
export function skippedStatus(stage: PlannedStage, state: ActionState): "skipped" | "drifted" {
  const steps = plannedAction(stage, state.actionId).steps;
  return steps.some((step) => stepState(state, "forward", step.id)?.status === "drifted") ? "drifted" : "skipped";
}

export const rollbackFailed = "rollback-failed";

/** Why a way back could not be finished, with what of it had failed before. */
export function joined({ skip, status }: ActionState, detail: string): string {
  return status === "rolling-back" && skip?.code === rollbackFailed && skip.detail !== detail ? `${skip.detail}; ${detail}` : detail;
}

const changedSince = "changed-since";

/** Whether somebody else changed what the action had in place. */
export function isChangedByOthers(state: ActionState): state is ActionState & Required<Pick<ActionState, "skip">> {
  return state.skip?.code === changedSince;
}

/** Somebody else changed what had been in place: it is left alone, there and back. One that was still on its way is given up by `next`. */
export function driftedInPlace(state: ActionState, found: string): ActionState {
  if (state.status !== "applied" && state.status !== "finished") return state;
  return { ...state, status: "drifted", skip: { code: changedSince, detail: `changed by somebody else: ${found}` } };
}

/** What becomes of an action that shall not go on: undone where it may have changed something, else left alone. */
export function giveUp(stage: PlannedStage, state: ActionState, skip: { readonly code: string; readonly detail: string }): ActionState {
  const given = { ...unasked(state), skip };
  return isLive(plannedAction(stage, state.actionId), state) ? { ...given, status: "rolling-back" } : { ...given, status: skippedStatus(stage, given) };
}

/** Takes the region's changes back: what is live is rolled back, what has not begun never will. */
export function takeBack(stage: PlannedStage, state: StageState, atMs: number): StageState {
  const cancelled = { code: "cancelled", detail: "the region is being rolled back" };
  const actions = state.actions.map((each): ActionState => {
    const action = plannedAction(stage, each.actionId);
    if (staysInPlace(action, each)) return { ...each, skip: { code: "cannot-come-back", detail: action.cannotComeBack ?? "it cannot be undone" } };
    if (each.status === "skipped" || each.status === "drifted" || each.status === "rolled-back" || each.status === "rollback-incomplete") return each;
    if (!isLive(action, each)) return { ...each, skip: cancelled, status: "skipped" };
    return { ...unasked(each), status: "rolling-back" };
  });
  const { failing: { resource: _ended, ...failing } = {}, ...others } = state;
  return settleStage(stage, { ...others, ...(Object.keys(failing).length === 0 ? {} : { failing }), status: "rolling-back", actions }, atMs);
}

/** A way back asks anew: how long nothing was to be read before it began is no part of its own time. */
function unasked({ failing: _ended, ...state }: ActionState): ActionState {
  return state;
}

/** A stage's status as its actions say. `atMs` is when the newest of them changed. */
export function settleStage(planned: PlannedStage, before: StageState, atMs: number): StageState {
  const stage = { ...before, actions: before.actions.map((action) => settleAction(planned, action)) };
  const all = (...statuses: readonly ActionState["status"][]): boolean => stage.actions.every(({ status }) => statuses.includes(status));
  const any = (...statuses: readonly ActionState["status"][]): boolean => stage.actions.some(({ status }) => statuses.includes(status));
  switch (stage.status) {
    case "pending":
    case "acting":
      // An action that could not be undone is harm enough: the whole region goes back.
      if (any("rollback-incomplete")) return takeBack(planned, stage, atMs);
      if (!all("applied", "skipped", "drifted", "rolled-back")) return { ...stage, status: "acting" };
      if (!any("applied")) return { ...stage, status: "empty" };
      return { ...stage, status: stage.actions.some((each) => each.status === "applied" && isVisible(planned, each)) ? "observing" : "passed" };
    case "rolling-back":
      return stage.actions.every((each) => isBack(planned, each)) ? { ...stage, status: "confirming", confirmation: [], confirmFromMs: atMs } : stage;
    case "observing":
      // Without anything of ours in place there is nothing to watch; whoever changed it knows, and a human was told.
      return any("applied") ? stage : { ...stage, status: "empty", reason: "somebody else changed everything that was to be watched" };
    case "passed":
    case "confirming":
    case "rolled-back":
    case "rollback-incomplete":
    case "cancelled":
    case "empty":
      return stage;
  }
}

/** The way back gets on again: of one action, or (`null`) of the region as a whole. */
export function withoutDelay(planned: PlannedStage, stage: StageState, actionId: string | null): StageState {
  const { delays = [], ...others } = stage;
  const own = actionId === null ? [] : wayBackSteps(plannedAction(planned, actionId));
  const left = delays.filter(({ op }) => op !== null && !own.includes(op));
  return left.length === 0 ? others : { ...others, delays: left };
}

function wayBackSteps({ steps, rollback }: Action): readonly string[] {
  return [...rollback, ...steps.flatMap((step) => (step.kind === "brownout" ? step.lift : []))].map(({ id }) => id);
}

/** Whether a window could show what the action does. */
function isVisible(planned: PlannedStage, { actionId }: ActionState): boolean {
  return plannedAction(planned, actionId).judgedBy === undefined;
}

/** Whether nothing is left to be undone of it. */
function isBack(planned: PlannedStage, state: ActionState): boolean {
  return (
    state.status === "rolled-back" || state.status === "skipped" || state.status === "drifted" || staysInPlace(plannedAction(planned, state.actionId), state)
  );
}
