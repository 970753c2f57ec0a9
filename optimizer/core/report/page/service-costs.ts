import { ruleOf } from "../../levers/rules.ts";
import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/rule.ts";
import { knownUsd } from "../../money/monthly.ts";

/** One service of all regions, in US dollars a month (730 h): as Cost Explorer shows it now, and with the changes at list prices. */
export interface ServiceCost {
  readonly service: string;
  readonly beforeUsd: number;
  readonly afterUsd: number;
}

/** The whole bill of the regions by service, the largest first, what nothing touches included; null where Cost Explorer was not read. */
export function serviceCosts(plan: Plan, changed: readonly Proposal[]): readonly ServiceCost[] | null {
  if (plan.costs === undefined) return null;
  const before = new Map<string, number>();
  for (const { service, monthlyUsd } of plan.costs.services) before.set(service, (before.get(service) ?? 0) + monthlyUsd);
  const saved = new Map<string, number>();
  for (const proposal of changed) {
    const service = ruleOf(proposal.rule).cost.service;
    saved.set(service, (saved.get(service) ?? 0) + knownUsd(proposal.savings));
  }
  return [...before]
    .map(([service, beforeUsd]) => ({ service, beforeUsd, afterUsd: Math.max(0, beforeUsd - (saved.get(service) ?? 0)) }))
    .sort((a, b) => b.beforeUsd - a.beforeUsd || (a.service < b.service ? -1 : 1));
}

/** The sum of the whole bill; null where Cost Explorer was not read. */
export function wholeBillUsd(plan: Plan): number | null {
  return plan.costs === undefined ? null : plan.costs.services.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
}
