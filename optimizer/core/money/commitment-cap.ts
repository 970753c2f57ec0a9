import type { CostLine, EffectiveRate, MonthlyUsd, Savings } from "../model/money.ts";
import { ruleOf } from "../levers/rules.ts";
import type { Proposal, Rule } from "../model/rule.ts";
import { atRate, effectiveRates, rateOf } from "./effective-rate.ts";
import { hoursPerMonth, knownUsd, sumMonthly } from "./monthly.ts";

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

type Capped = Pick<Savings, "commitmentCapped" | "commitmentRange" | "effectiveRates">;

/**
 * The estimate at the account's effective rates, capped per region, service and instance type by what is paid on demand for it today: hours
 * under a reservation or Savings Plan are paid whether used or not. What is bound to no type, such as requests and storage, is capped by
 * what is paid for the whole service there. Where a commitment covers a type that changes, the cap is one figure of a range:
 *
 * - in between, a commitment goes on covering what the type becomes, as regional reservations and Savings Plans do within a family;
 * - low, a reservation covers its own size alone, as one of a zone or of a licensed platform does, so that all of the new size is paid on demand;
 * - high, what is freed covers other usage: of the family under a reservation, of any type seen under a Savings Plan. What is paid on demand is
 *   covered once, whoever frees what for it.
 *
 * Which of them an account's are, Cost Explorer does not tell. Reservations by size: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithReservedDBInstances.html.
 */
export function commitmentCapped(proposals: readonly Proposal[], costs: SeenCosts | null, rules: readonly Rule[]): Capped {
  const groups = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const { service, commitment } = ruleOf(proposal.rule, rules).cost;
    const group = [proposal.resource.region, service, commitment === "none" ? "" : paidType(proposal)].join("|");
    groups.set(group, [...(groups.get(group) ?? []), proposal]);
  }
  const rates = costs === null ? [] : effectiveRates(costs.lines);
  const capped = withinPools([...groups.values()].map((group) => cappedGroup(group, costs, rates, rules)));
  const claimed = new Set(proposals.map(({ rule, resource }) => `${resource.region}|${ruleOf(rule, rules).cost.service}`));
  const applied = rates.filter(({ region, service }) => claimed.has(`${region}|${service}`));
  return {
    commitmentCapped: sumMonthly(capped.map(({ usual }) => usual)),
    ...(capped.every(({ low, high }) => knownUsd(low) === knownUsd(high))
      ? {}
      : { commitmentRange: { low: sumMonthly(capped.map(({ low }) => low)), high: sumMonthly(capped.map(({ high }) => high)) } }),
    ...(applied.length === 0 ? {} : { effectiveRates: applied }),
  };
}

/** The same amount three times where no commitment makes a difference. */
interface CappedGroup {
  readonly low: MonthlyUsd;
  readonly usual: MonthlyUsd;
  readonly high: MonthlyUsd;
  /** What is paid on demand around it: of its family and of its service. */
  readonly within?: readonly Pool[];
  /** Those of them that what it frees may cover. */
  readonly reach?: readonly Pool[];
}

interface Pool {
  readonly name: string;
  readonly onDemandUsd: number;
}

/** Each group's highest, so that those of one pool claim no more of it together than is paid on demand in it. */
function withinPools(groups: readonly CappedGroup[]): readonly CappedGroup[] {
  const taken = new Map<string, number>();
  const takenOf = ({ name }: Pool): number => taken.get(name) ?? 0;
  const take = (pools: readonly Pool[], usd: number): void => {
    for (const pool of pools) taken.set(pool.name, takenOf(pool) + usd);
  };
  for (const { within = [], usual } of groups) take(within, knownUsd(usual));
  return groups.map((group) => {
    const { within = [], reach = [], usual, high } = group;
    if (reach.length === 0 || usual.kind === "unknown") return group;
    const more = Math.max(0, Math.min(knownUsd(high) - usual.usd, ...reach.map((pool) => pool.onDemandUsd - takenOf(pool))));
    take(within, more);
    return { ...group, high: { ...usual, usd: usual.usd + more } };
  });
}

function cappedGroup(group: readonly Proposal[], costs: SeenCosts | null, rates: readonly EffectiveRate[], rules: readonly Rule[]): CappedGroup {
  const listed = sumMonthly(group.map(({ savings }) => savings));
  const [first] = group;
  if (first === undefined || listed.kind === "unknown") return alike(listed);
  const { service, commitment } = ruleOf(first.rule, rules).cost;
  const { region } = first.resource;
  const rate = rateOf(rates, region, service);
  const estimate = atRate(listed, rate);
  if (commitment === "none") return cappedUse(estimate, costs, { region, service });
  const type = paidType(first);
  const paid = { kind: "unknown", what: `what is paid for ${type} in ${region}` } as const;
  if (costs === null) return alike({ ...paid, reason: "Cost Explorer could not be read" });
  const ofService = costs.lines.filter((line) => line.service === service && line.instanceType !== undefined);
  const ofType = ofService.filter((line) => line.region === region && line.instanceType === type);
  if (ofType.length === 0 || costs.days <= 0) return alike({ ...paid, reason: "Cost Explorer shows no cost of it" });

  const onDemand = onDemandUsd(ofType, costs.days);
  const usual: MonthlyUsd = { ...estimate, usd: Math.min(estimate.usd, onDemand) };
  const isReserved = ofType.some(({ purchaseType, amortizedUsd }) => purchaseType === "reserved" && amortizedUsd > 0);
  const isPlanned = ofType.some(({ purchaseType, amortizedUsd }) => purchaseType === "savings-plan" && amortizedUsd > 0);
  const inFamily = ofService.filter((line) => line.region === region && familyOf(line.instanceType) === familyOf(type));
  const family: Pool = { name: [service, region, familyOf(type)].join("|"), onDemandUsd: onDemandUsd(inFamily, costs.days) };
  const whole: Pool = { name: service, onDemandUsd: onDemandUsd(ofService, costs.days) };
  const within = [family, whole];
  if (!isReserved && !isPlanned) return { ...alike(usual), within };
  return {
    usual,
    low: isReserved ? { ...estimate, usd: Math.min(usual.usd, onDemand - rate * costOfOtherTypes(group)) } : usual,
    high: estimate,
    within,
    reach: isPlanned ? [whole] : within,
  };
}

/**
 * What is billed by use and bound to no type: no more than what is paid for the service in the region beside commitments, where Cost Explorer shows
 * it at all. Free tiers are the account's: what stays below them costs nothing, and nothing of it can be saved
 * (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-free-tier.html). What a Savings Plan of Lambda or Fargate is freed from may
 * cover other usage.
 */
function cappedUse(
  estimate: Exclude<MonthlyUsd, { readonly kind: "unknown" }>,
  costs: SeenCosts | null,
  of: { readonly region: string; readonly service: string },
): CappedGroup {
  const ofService = (costs?.lines ?? []).filter(({ region, service }) => region === of.region && service === of.service);
  if (costs === null || ofService.length === 0 || costs.days <= 0) return alike(estimate);
  const isCommitted = ({ purchaseType }: CostLine): boolean => purchaseType === "reserved" || purchaseType === "savings-plan";
  const paid = monthlyUsd(
    ofService.filter((line) => !isCommitted(line)),
    costs.days,
  );
  const usual: MonthlyUsd = { ...estimate, usd: Math.min(estimate.usd, Math.max(0, paid)) };
  const isPlanned = ofService.some(({ purchaseType, amortizedUsd }) => purchaseType === "savings-plan" && amortizedUsd > 0);
  return isPlanned ? { ...alike(usual), high: estimate } : alike(usual);
}

function alike(amount: MonthlyUsd): CappedGroup {
  return { low: amount, usual: amount, high: amount };
}

/** What a reservation is bound to. */
function paidType({ paidAs, from }: Proposal): string {
  return paidAs ?? from;
}

/** List price of what runs on another type after the change. Fewer of the same type stay under their reservation. */
function costOfOtherTypes(group: readonly Proposal[]): number {
  return group.reduce((sum, proposal) => {
    const named = proposal.to.match(/\b[a-z][\w-]*(?:\.[\w-]+)+/g) ?? [];
    const isOther = named.some((type) => type !== paidType(proposal));
    return sum + (isOther && proposal.monthlyCost !== undefined ? knownUsd(proposal.monthlyCost.after) : 0);
  }, 0);
}

/** `m5` of `m5.4xlarge`, `db.r6g` of `db.r6g.4xlarge`. */
function familyOf(type: string | undefined): string | undefined {
  return type?.slice(0, type.lastIndexOf("."));
}

/** US dollars a month (730 h), after the account's discounts where they are told. */
function onDemandUsd(lines: readonly CostLine[], days: number): number {
  return monthlyUsd(
    lines.filter(({ purchaseType }) => purchaseType === "on-demand"),
    days,
  );
}

function monthlyUsd(lines: readonly CostLine[], days: number): number {
  const usd = lines.reduce((sum, { amortizedUsd, netAmortizedUsd }) => sum + (netAmortizedUsd ?? amortizedUsd), 0);
  return (usd / (days * 24)) * hoursPerMonth;
}
