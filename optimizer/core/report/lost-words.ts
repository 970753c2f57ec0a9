import type { StageKey } from "../execution/effect.ts";
import { isBegun } from "../execution/action-steps.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run-state.ts";
import { plannedActions } from "./planned-actions.ts";

/** What a rollback does not bring back of the changes that were made, in words; of one stage, or of the whole run. */
export function lostWords(
  plan: Plan,
  state: RunState,
  of?: Pick<Partial<StageKey>, "round"> & { readonly phase: number | null; readonly region: string | null },
): readonly string[] {
  const actions = new Map(plannedActions(plan).map((action) => [action.id, action]));
  return state.phases
    .filter(({ number }) => of === undefined || number === of.phase)
    .flatMap(({ stages }) => stages)
    .filter(({ region, round }) => of === undefined || (region === of.region && round === (of.round ?? 1)))
    .flatMap((stage) => stage.actions)
    .flatMap((own) => {
      const action = actions.get(own.actionId);
      if (action === undefined || action.reversibility !== "irreversible" || !isBegun(action, own)) return [];
      return [`does not come back: ${action.cannotComeBack ?? action.summary}`];
    });
}
