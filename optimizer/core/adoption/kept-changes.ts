import type { Action, SizingChange } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { RunState } from "../model/run-state.ts";

export interface KeptAction {
  readonly action: Action;
  readonly writeBack: readonly SizingChange[];
}

/** Actions that were applied and whose region passed its window; only they are the stacks' business. Of one phase, or of all. */
export function keptActions(plan: Plan, state: RunState, phase?: PhaseNumber): readonly KeptAction[] {
  const byId = new Map(plan.phases.flatMap((planned) => planned.turns.flatMap((turn) => turn.actions.map((action) => [action.id, action] as const))));
  return state.phases
    .filter((each) => phase === undefined || each.number === phase)
    .flatMap((each) => each.turns)
    .filter((turn) => turn.status === "passed")
    .flatMap((turn) => turn.actions)
    .filter((each) => each.status === "applied" || each.status === "finished")
    .flatMap((each) => {
      const action = byId.get(each.actionId);
      return action === undefined ? [] : [{ action, writeBack: action.writeBack }];
    });
}
