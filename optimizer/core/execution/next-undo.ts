import type { Marks } from "../levers/change-kinds.ts";
import type { Action, ChangeStep } from "../model/action.ts";
import type { PlannedStage } from "../model/plan.ts";
import type { ActionState, RunState, StageState } from "../model/run-state.ts";
import { isThrough, nextUndoStep, stepState, undoOf } from "./action-steps.ts";
import { recordEffect } from "./draft.ts";
import { plannedAction } from "./edit-state.ts";
import type { Effect, StageKey } from "./effect.ts";
import { isOfTheSame } from "./in-place.ts";
import type { Polls } from "./polls.ts";
import { commandsAfter, optimizerCommands } from "./manual-commands.ts";
import { changeEffect } from "./next-change.ts";
import { rollbackFailed } from "./settle-stage.ts";

interface Undoing {
  readonly planned: PlannedStage;
  readonly stage: StageState;
  readonly place: StageKey & { readonly atMs: number };
  readonly polls: Polls;
  readonly nowMs: number;
}

/**
 * The region's way back: actions in reverse order, each step compared before it is written; what cannot be done does not stop the rest. None
 * waits for another one's answer, refusal or settling, but for those that are about the same (`mustWait`).
 */
export function undoStage(undoing: Undoing, mustWait: (action: Action) => boolean): readonly Effect[] {
  const { planned, stage, place } = undoing;
  const back = stage.actions.filter(({ status }) => status === "rolling-back");
  if (back.length === 0) return [recordEffect(place, "DECISION", { kind: "rollback-incomplete", remaining: remainingCommands(planned, stage) })];
  // First of all what still does harm is stopped, in every action; then they go back in reverse order.
  const urgent = back.filter((state) => hasUrgentStep(plannedAction(planned, state.actionId), state));
  const others = back.toReversed().filter((state) => !urgent.includes(state) && !mustWait(plannedAction(planned, state.actionId)));
  return [...urgent, ...others].map((state) => undoAction(undoing, state));
}

/** An urgent step that AWS was not yet asked for. */
function hasUrgentStep(action: Action, state: ActionState): boolean {
  const { purpose, steps } = undoOf(action, state);
  return steps.some(({ id, urgent }) => {
    const seen = stepState(state, purpose, id);
    return urgent === true && seen?.status !== "applied" && !isThrough(seen);
  });
}

/** One action's way back: the next step that is not yet verified; once only those are left that cannot be taken, that is said. */
export function undoAction({ planned, place, polls, nowMs }: Omit<Undoing, "stage">, state: ActionState): Effect {
  const action = plannedAction(planned, state.actionId);
  const undo = undoOf(action, state);
  const step = nextUndoStep(state, undo);
  if (step === undefined) {
    const detail = undo.steps.length === 0 ? "the action names no way back" : (state.skip?.detail ?? "its way back could not be finished");
    return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "rollback-failed", detail });
  }
  return changeEffect({ phase: place.phase, region: place.region, round: place.round, action, step, purpose: undo.purpose }, state, polls, nowMs);
}

/** AWS CLI commands for every step of the way back that was not verified. */
export function remainingCommands(planned: PlannedStage, stage: StageState, options: { readonly queuedToo?: boolean } = {}): readonly string[] {
  // In the order of the way back: the newest action first.
  const unfinished = stage.actions.toReversed().filter(({ status }) => status === "rollback-incomplete" || status === "rolling-back");
  const commands = commandsAfter(
    unfinished.flatMap((state) => stepsLeft(plannedAction(planned, state.actionId), state)),
    options,
  );
  if (commands.length > 0) return commands;
  const gone = unfinished
    .map(({ actionId, steps }) => {
      const missing = Object.values(steps).filter(({ isGone }) => isGone === true);
      return { id: plannedAction(planned, actionId).resource.id, found: new Set(missing.map((step) => step.found ?? "missing")) };
    })
    .filter(({ found }) => found.size > 0)
    .map(({ id, found }) => `${id} (${[...found].join("; ")})`);
  if (gone.length === 0) return ["every change is undone, but the region's slots do not become healthy"];
  return [`no command can undo more where something is not there any more, or is another one of its name: ${gone.join(", ")}`];
}

/** Steps of a way back that a person may still take, with what those before them left: none about what is gone, since that would be somebody else's. */
function stepsLeft(action: Action, state: ActionState): readonly (Pick<ChangeStep, "change"> & { readonly marks: Marks })[] {
  const { purpose, steps } = undoOf(action, state);
  const gone = steps.filter(({ id }) => stepState(state, purpose, id)?.isGone === true);
  const isLeft = ({ id, urgent, change }: ChangeStep): boolean =>
    urgent !== true && !isThrough(stepState(state, purpose, id)) && !gone.some((step) => isOfTheSame(step.change, change));
  let marks: Marks = {};
  return steps.flatMap((step) => {
    if (isLeft(step)) return [{ change: step.change, marks }];
    marks = { ...marks, ...stepState(state, purpose, step.id)?.marks };
    return [];
  });
}

/** What kept an action from going back, in words: without it the commands that are left would be pasted only to meet the same. */
function whyIncomplete({ resource }: Action, { status, skip, steps }: ActionState): readonly string[] {
  if (status !== "rollback-incomplete") return [];
  const found = Object.values(steps).flatMap((step) => (step.status === "drifted" && step.found !== undefined ? [step.found] : []));
  const said = skip?.code === rollbackFailed ? [skip.detail, ...found.filter((each) => !skip.detail.includes(each))] : found;
  return [new Set(said)].filter(({ size }) => size > 0).map((each) => `${resource.id}: ${[...each].join(", ")}`);
}

/** Asks a human, once, about a region whose way back is not finished or that is held. */
export function askHuman(state: RunState, stage: StageState, planned: PlannedStage, place: Undoing["place"]): Effect | undefined {
  if (stage.humanAsked === true) return undefined;
  if (stage.status === "rollback-incomplete") {
    const commands = [...remainingCommands(planned, stage), ...optimizerCommands(state.runId, place.phase)];
    const why = stage.actions.flatMap((each) => whyIncomplete(plannedAction(planned, each.actionId), each));
    return recordEffect(place, "NEEDS_HUMAN", { reason: [`${place.region}: rollback incomplete`, ...why].join("; "), commands });
  }
  if (stage.held === undefined) return undefined;
  const left = stage.status === "rolling-back" ? remainingCommands(planned, stage) : [];
  const commands = [...left, ...optimizerCommands(state.runId, place.phase)];
  return recordEffect(place, "NEEDS_HUMAN", { reason: `${place.region}: ${stage.held.reason}`, commands });
}
