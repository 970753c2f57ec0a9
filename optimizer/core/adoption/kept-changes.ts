import { isBegun } from "../execution/action-steps.ts";
import type { Action, SizingChange } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { ActionState, RunState } from "../model/run-state.ts";

export interface KeptAction {
  readonly action: Action;
  readonly writeBack: readonly SizingChange[];
}

/**
 * Actions that are in place for good, and so are the stacks' business: applied, and their region passed or they cannot be undone. Of one
 * phase, or of all.
 */
export function keptActions(plan: Plan, state: RunState, phase?: PhaseNumber): readonly KeptAction[] {
  const byId = new Map(plan.phases.flatMap((planned) => planned.stages.flatMap((stage) => stage.actions.map((action) => [action.id, action] as const))));
  return state.phases
    .filter((each) => phase === undefined || each.number === phase)
    .flatMap((each) => each.stages)
    .filter(({ status }) => status === "passed" || status === "rolled-back")
    .flatMap((stage) => stage.actions)
    .filter((each) => each.status === "applied" || each.status === "finished")
    .flatMap((each) => {
      const action = byId.get(each.actionId);
      return action === undefined ? [] : [{ action, writeBack: writeBackOf(action, each) }];
    });
}

/** Without what a step after the pass of a version 1 plan was to resize, unless that step was carried out. */
function writeBackOf({ writeBack, afterPass = [] }: Action, { status }: ActionState): readonly SizingChange[] {
  if (status === "finished") return writeBack;
  const left = afterPass.flatMap(({ change }) => ("instance" in change ? [change.instance] : []));
  return writeBack.filter(({ id }) => !left.includes(id));
}

/** Actions that a run had begun and that are not in place any more, as far as the run knows: rolled back, skipped, or changed by somebody else. */
export function undoneActions(plan: Plan, state: RunState, phase?: PhaseNumber): readonly Action[] {
  const byId = new Map(plan.phases.flatMap((planned) => planned.stages.flatMap((stage) => stage.actions.map((action) => [action.id, action] as const))));
  return state.phases
    .filter((each) => phase === undefined || each.number === phase)
    .flatMap((each) => each.stages.flatMap((stage) => stage.actions))
    .flatMap((own) => {
      const action = byId.get(own.actionId);
      const isUndone = own.status === "rolled-back" || own.status === "skipped" || own.status === "drifted" || own.status === "rollback-incomplete";
      return action !== undefined && isUndone && isBegun(action, own) ? [action] : [];
    });
}
