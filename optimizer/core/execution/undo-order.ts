import { changeFacts } from "../levers/change-kinds.ts";
import type { Inventory } from "../levers/resource-kinds.ts";
import { type Action, changesAmong } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { Policy } from "../model/policy.ts";
import { refKey } from "../model/resource-ref.ts";
import type { ActionState, PhaseState, StageState } from "../model/run-state.ts";
import { nextUndoStep, stepKey, stepState, undoOf } from "./action-steps.ts";
import { plannedAction, plannedStage } from "./edit-state.ts";

/** An action of a region that is on its way back. */
interface GoingBack {
  readonly action: Action;
  readonly state: ActionState;
}

/**
 * Whether an action's way back has to wait for a newer one's, of its own round or a later one: for one that followed its pass, whatever that
 * takes, since its own way back rests on it; for another one about the same resource as long as that one gets on.
 */
export function mustWait(plan: Plan, phase: PhaseState, stage: StageState, nowMs: number): (action: Action) => boolean {
  const all = phase.stages.filter(({ region, held }) => region === stage.region && held === undefined).toSorted((a, b) => a.round - b.round);
  const back = all.flatMap((each) => goingBackIn(plan, phase.number, each));
  return (action) => {
    const at = back.findIndex((each) => each.action.id === action.id);
    return back.slice(at + 1).some((newer) => {
      if (newer.action.after === action.id) return true;
      return isRelated(action, newer.action, plan.inventory) && getsOn(newer, nowMs, plan.policy.settle);
    });
  };
}

/** Whether anything of a phase's way back goes on as it should, its confirmation included. */
export function wayBackGetsOn(plan: Plan, phase: PhaseState, nowMs: number): boolean {
  return phase.stages.some((stage) => {
    if (stage.held !== undefined) return false;
    if (stage.status === "confirming") return stage.failing?.metrics === undefined;
    return goingBackIn(plan, phase.number, stage).some((each) => getsOn(each, nowMs, plan.policy.settle));
  });
}

function goingBackIn(plan: Plan, phase: PhaseNumber, { region, round, status, actions }: StageState): readonly GoingBack[] {
  if (status !== "rolling-back") return [];
  const planned = plannedStage(plan, phase, region, round);
  return actions.filter((each) => each.status === "rolling-back").map((state) => ({ state, action: plannedAction(planned, state.actionId) }));
}

/** Both are about one resource, or reach one; what comes last of a region is needed by what is of its kind there. */
function isRelated(older: Action, newer: Action, inventory: Inventory): boolean {
  if (newer.isLast === true && newer.resource.kind === older.resource.kind) return true;
  const reached = reachedBy(older, inventory);
  return reachedBy(newer, inventory).some((key) => reached.includes(key));
}

function reachedBy({ resource, steps }: Action, inventory: Inventory): readonly string[] {
  const touched = changesAmong(steps).flatMap((change) => changeFacts(change).touches(change, inventory));
  return [resource, ...touched].map(refKey);
}

/**
 * Whether a way back goes on as it should: its polls are answered, AWS refuses nothing, and neither it nor what it waits for on the resource, which
 * may be its own change of before a crash, takes longer than anything may.
 */
function getsOn({ action, state }: GoingBack, nowMs: number, { maxMinutes }: Policy["settle"]): boolean {
  if (state.failing !== undefined) return false;
  const undo = undoOf(action, state);
  const step = nextUndoStep(state, undo);
  if (step === undefined) return true;
  const seen = stepState(state, undo.purpose, step.id);
  if (seen?.status === "rejected") return false;
  const sinceMs = state.waits?.[stepKey(undo.purpose, step.id)] ?? seen?.acceptedMs ?? seen?.at ?? nowMs;
  return nowMs < sinceMs + maxMinutes * 60_000;
}
