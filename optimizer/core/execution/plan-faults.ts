import { sameJson } from "../../../contract/canonical-json.ts";
import { changeFacts } from "../levers/change-kinds.ts";
import { ruleOf } from "../levers/rules.ts";
import type { Action, ChangeStep } from "../model/action.ts";
import type { Plan } from "../model/plan.ts";
import { actionsOf } from "../model/rule.ts";
import { isAboutTheSame, lastingSteps } from "./in-place.ts";

/**
 * What of a plan's actions no planner would have written, in words: a plan that was edited by hand and hashed anew. What is refused here would be
 * carried out without its way back, without its window, or on a resource whose tags nobody reads.
 */
export function planFaults(plan: Plan): readonly string[] {
  const stages = plan.phases.flatMap((phase) => phase.stages);
  const actions = stages.flatMap((stage) => stage.actions.map((action) => ({ action, region: stage.region })));
  const decided = new Map(plan.decisions.flatMap((decision) => (decision.kind === "proposal" ? actionsOf(decision).map((one) => [one.id, one] as const) : [])));
  const ids = actions.flatMap(({ action }) => [action.id, ...action.steps.map(({ id }) => id), ...action.rollback.map(({ id }) => id)]);
  return [
    ...repeated(ids).map((id) => `${id}: two of this name`),
    ...actions.flatMap(({ action, region }) =>
      [
        ...placeFaults(action, region),
        ...wayBackFaults(action),
        ...watchFaults(action),
        ...(decided.size > 0 && plan.version !== 1 ? decisionFaults(action, decided.get(action.id)) : []),
      ].map((fault) => `${action.id}: ${fault}`),
    ),
  ];
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
}

/** The resource of the action is the one whose tags are read before each write; AWS copies some changes to other regions. */
function placeFaults(action: Action, region: string): readonly string[] {
  const { resource, steps, rollback } = action;
  const others = [...steps.filter((step) => step.kind === "change"), ...rollback].filter(({ change }) => {
    const { kind, id } = changeFacts(change).resourceOf(change);
    return kind !== resource.kind || id !== resource.id;
  });
  return [
    ...(action.region === region && resource.region === region ? [] : [`it stands among the actions of ${region}`]),
    ...others.map(({ id }) => `${id} is about another resource`),
  ];
}

/** Whatever lasts is brought back to what was there before its first step. */
function wayBackFaults(action: Action): readonly string[] {
  if (action.reversibility === "irreversible") return action.cannotComeBack === undefined ? ["it cannot be undone, and does not say of what"] : [];
  return lastingSteps(action).flatMap((step) => (isUndone(action, step) ? [] : [`its way back does not bring what was there before ${step.id}`]));
}

function isUndone({ steps, rollback }: Action, step: ChangeStep): boolean {
  const { change } = step;
  const [first = step] = steps.filter((each) => each.kind === "change").filter((each) => isAboutTheSame(each.change, change));
  return rollback.some((back) => isAboutTheSame(back.change, change) && changeFacts(change).same(back.change.after, first.change.before));
}

function watchFaults({ rule, judgedBy }: Action): readonly string[] {
  return judgedBy !== undefined && ruleOf(rule).judgedBy === "load-balancers" ? [`no window would watch it, as ${rule} says one has to`] : [];
}

function decisionFaults(action: Action, decided: Action | undefined): readonly string[] {
  if (decided === undefined) return ["no decision of the plan proposes it"];
  return sameJson(decided, action) ? [] : ["it is not as the plan's decision proposes it"];
}
