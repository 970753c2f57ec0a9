import { actionsOf, type Proposal } from "../model/rule.ts";
import { sumMonthly, withoutPart } from "./monthly.ts";

/**
 * What of a proposal was kept: nothing where its own action was not; otherwise the proposal with the savings and costs of what was. A
 * follow-up that was skipped or rolled back saves nothing.
 */
export function keptPart(proposal: Proposal, keptActions: ReadonlySet<string>): Proposal | undefined {
  const [own] = actionsOf(proposal);
  if (!keptActions.has(own.id)) return undefined;
  const left = (proposal.followUps ?? []).filter(({ action }) => !keptActions.has(action.id));
  if (left.length === 0) return proposal;
  const forgone = sumMonthly(left.map(({ savings }) => savings));
  const { monthlyCost } = proposal;
  return {
    ...proposal,
    savings: withoutPart(proposal.savings, forgone),
    ...(monthlyCost === undefined ? {} : { monthlyCost: { before: monthlyCost.before, after: sumMonthly([monthlyCost.after, forgone]) } }),
  };
}
