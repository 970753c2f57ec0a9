import type { CostLine, MonthlyUsd } from "../model/money.ts";
import { ruleOf } from "../levers/rules.ts";
import type { Proposal, Rule } from "../model/rule.ts";
import { hoursPerMonth, sumMonthly } from "./monthly.ts";

/** Cost lines of whole days; null where Cost Explorer could not be read. */
export interface SeenCosts {
  readonly lines: readonly CostLine[];
  readonly days: number;
}

/** What is paid for each service of each region, US dollars a month (730 h) at the pace of the days seen; amortized. */
export function monthlyByService({ lines, days }: SeenCosts): readonly { readonly region: string; readonly service: string; readonly monthlyUsd: number }[] {
  const sums = new Map<string, { readonly region: string; readonly service: string; readonly monthlyUsd: number }>();
  for (const { region, service, amortizedUsd } of lines) {
    const key = `${region}|${service}`;
    const monthlyUsd = (sums.get(key)?.monthlyUsd ?? 0) + (amortizedUsd / (days * 24)) * hoursPerMonth;
    sums.set(key, { region, service, monthlyUsd });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cost]) => cost);
}

/**
 * The estimate, capped per region, service and instance type by what is paid on demand for it today: hours under a reservation or
 * Savings Plan are paid whether used or not. What cannot be committed to, such as requests and storage, stays as estimated.
 */
export function commitmentCapped(proposals: readonly Proposal[], costs: SeenCosts | null, rules: readonly Rule[]): MonthlyUsd {
  if (proposals.length === 0) return { kind: "known", usd: 0 };
  const groups = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const { service, commitment } = ruleOf(proposal.rule, rules).cost;
    const group = [proposal.resource.region, service, commitment === "none" ? "" : paidType(proposal)].join("|");
    groups.set(group, [...(groups.get(group) ?? []), proposal]);
  }
  return sumMonthly([...groups.values()].map((group) => capped(group, costs, rules)));
}

function capped(group: readonly Proposal[], costs: SeenCosts | null, rules: readonly Rule[]): MonthlyUsd {
  const estimate = sumMonthly(group.map(({ savings }) => savings));
  const [first] = group;
  if (first === undefined || estimate.kind === "unknown") return estimate;
  const { service, commitment } = ruleOf(first.rule, rules).cost;
  if (commitment === "none") return estimate;
  const type = paidType(first);
  const paid = { kind: "unknown", what: `what is paid for ${type} in ${first.resource.region}` } as const;
  if (costs === null) return { ...paid, reason: "Cost Explorer could not be read" };
  const uncovered = uncoveredMonthlyUsd(first.resource.region, service, type, costs);
  if (uncovered === null) return { ...paid, reason: "Cost Explorer shows no cost of it" };
  return { ...estimate, usd: Math.min(estimate.usd, uncovered) };
}

/** What a reservation is bound to. */
function paidType({ paidAs, from }: Proposal): string {
  return paidAs ?? from;
}

function uncoveredMonthlyUsd(region: string, service: string, instanceType: string, { lines, days }: SeenCosts): number | null {
  const ofType = lines.filter((line) => line.region === region && line.service === service && line.instanceType === instanceType);
  if (ofType.length === 0 || days <= 0) return null;
  const onDemand = ofType.filter(({ purchaseType }) => purchaseType === "on-demand").reduce((sum, { amortizedUsd }) => sum + amortizedUsd, 0);
  return (onDemand / (days * 24)) * hoursPerMonth;
}
