import type { Action } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";

/** Every action of a plan, in the order they act. */
export function plannedActions(plan: Plan): readonly Action[] {
  return plan.phases.flatMap((phase) => phase.stages.flatMap((stage) => stage.actions));
}
