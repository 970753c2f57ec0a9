import type { CostLine, EffectiveRate, MonthlyUsd, Savings } from "../model/money.ts";
import type { Proposal, Rule } from "../model/rule.ts";
import { type Claim, claimsOf } from "./claim.ts";
import { atRate, effectiveRates, rateOf } from "./effective-rate.ts";
import { knownUsd, sumMonthly } from "./monthly.ts";
import { daysAsToday, isCommitted, monthlyPaid, type SeenCosts } from "./seen-costs.ts";

type Capped = Pick<Savings, "commitmentCapped" | "commitmentRange" | "effectiveRates">;

/**
 * The estimate at the account's effective rates, capped per region, service and instance type by what is paid on demand for it today: hours
 * under a reservation or Savings Plan are paid whether used or not. What is bound to no type, such as requests and storage, is capped by
 * what is paid for the whole service there. Where Cost Explorer does not tell what is paid, nothing is claimed. Where a commitment covers what
 * changes, the cap is one figure of a range:
 *
 * - in between, a commitment goes on covering what the type becomes, as regional reservations and Savings Plans do within a family;
 * - low, a reservation covers its own size alone, as one of a zone or of a licensed platform does, so that all of the new size is paid on demand;
 * - high, what is freed covers other usage: of the family under a reservation, of any type or service that the plan covers under a Savings Plan.
 *   What is paid on demand is covered once, whoever frees what for it.
 *
 * Which of them an account's are, Cost Explorer does not tell. Reservations by size: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithReservedDBInstances.html.
 */
export function commitmentCapped(proposals: readonly Proposal[], costs: SeenCosts | null, rules: readonly Rule[]): Capped {
  const groups = new Map<string, ClaimGroup>();
  const claims = proposals.flatMap((proposal) => claimsOf(proposal, rules));
  for (const claim of claims) {
    const { region, service, commitment, type } = claim;
    const key = [region, service, commitment, commitment === "instance-type" ? type : ""].join("|");
    const { savings = [], elsewhereUsd = 0 } = groups.get(key) ?? {};
    groups.set(key, { ...claim, savings: [...savings, claim.savings], elsewhereUsd: elsewhereUsd + claim.elsewhereUsd });
  }
  const rates = costs === null ? [] : effectiveRates(costs.lines);
  const claimed: Claimed = new Map();
  // Of what is bound to no type, that comes first of which no reserved capacity may be.
  const inOrder = [...groups.values()].toSorted((a, b) => Number(a.commitment === "capacity") - Number(b.commitment === "capacity"));
  const capped = withinPools(inOrder.map((group) => cappedGroup(group, costs, rates, claimed)));
  const services = new Set(claims.map(({ region, service }) => `${region}|${service}`));
  const applied = rates.filter(({ region, service }) => services.has(`${region}|${service}`));
  return {
    commitmentCapped: sumMonthly(capped.map(({ usual }) => usual)),
    ...(capped.every(({ low, high }) => knownUsd(low) === knownUsd(high))
      ? {}
      : { commitmentRange: { low: sumMonthly(capped.map(({ low }) => low)), high: sumMonthly(capped.map(({ high }) => high)) } }),
    ...(applied.length === 0 ? {} : { effectiveRates: applied }),
  };
}

/** All that is claimed of one line of the bill. */
interface ClaimGroup extends Omit<Claim, "savings"> {
  readonly savings: readonly MonthlyUsd[];
}

/** What is claimed already of all that is paid for a service of a region and bound to no type, US dollars a month. */
type Claimed = Map<string, number>;

/** The same amount three times where no commitment makes a difference. */
interface CappedGroup {
  readonly low: MonthlyUsd;
  readonly usual: MonthlyUsd;
  readonly high: MonthlyUsd;
  /** What is paid on demand around it: of its family and of all that a Savings Plan of its kind covers. */
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

function cappedGroup(group: ClaimGroup, costs: SeenCosts | null, rates: readonly EffectiveRate[], claimed: Claimed): CappedGroup {
  const listed = sumMonthly(group.savings);
  // What saves nothing needs no bill to say so.
  if (listed.kind === "unknown" || (listed.kind === "known" && listed.usd === 0)) return alike(listed);
  const { region, service, commitment, type } = group;
  const isBound = commitment === "instance-type";
  const paid = { kind: "unknown", what: `what is paid for ${isBound ? type : service} in ${region}` } as const;
  if (costs === null) return alike({ ...paid, reason: "Cost Explorer could not be read" });
  const billed = costs.lines.filter((line) => line.region === region && line.service === service);
  const lines = billed.filter(isBound ? (line) => line.instanceType === type : isOfNoSize);
  if (lines.length === 0 || costs.days <= 0) return alike({ ...paid, reason: "Cost Explorer shows no cost of it" });
  const rate = rateOf(rates, region, service);
  const known = { lines, costs, rate, estimate: atRate(listed, rate), claimed };
  return isBound ? cappedType(group, known) : cappedUse(group, known);
}

interface Known {
  /** Of what changes. */
  readonly lines: readonly CostLine[];
  readonly costs: SeenCosts;
  readonly rate: number;
  readonly estimate: Exclude<MonthlyUsd, { readonly kind: "unknown" }>;
  readonly claimed: Claimed;
}

function cappedType({ region, service, type, elsewhereUsd }: ClaimGroup, { lines, costs, rate, estimate }: Known): CappedGroup {
  const newest = daysAsToday(lines, costs.days, "absent");
  const onDemandOf = (all: readonly CostLine[]): number => monthlyPaid(all.filter(isOnDemand), costs.days, newest);
  const onDemand = onDemandOf(lines);
  const usual: MonthlyUsd = { ...estimate, usd: Math.min(estimate.usd, onDemand) };
  const inFamily = costs.lines.filter((line) => line.region === region && line.service === service && familyOf(line.instanceType) === familyOf(type));
  const family: Pool = { name: [service, region, familyOf(type)].join("|"), onDemandUsd: onDemandOf(inFamily) };
  const plan = planPool(service, costs, onDemandOf);
  const within = [family, plan];
  const isPaidBy = paidBy(lines, costs.days, newest);
  const [isReserved, isPlanned] = [isPaidBy("reserved"), isPaidBy("savings-plan")];
  if (!isReserved && !isPlanned) return { ...alike(usual), within };
  return {
    usual,
    low: isReserved ? { ...estimate, usd: Math.min(usual.usd, onDemand - rate * elsewhereUsd) } : usual,
    high: estimate,
    within,
    reach: isPlanned ? [plan] : within,
  };
}

/**
 * What is billed by use and bound to no type: no more, all together, than what is paid for it in the region beside commitments. Free tiers are the account's: what
 * stays below them costs nothing, and nothing of it can be saved (https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-free-tier.html).
 *
 * Reserved capacity is the region's, whatever the table, and pays for no request: what a table is provisioned for may all be reserved, and then
 * its requests are paid besides. So nothing of it is claimed where there is any, and the range says from that to all of it. It cannot be had of
 * tables of the class Standard-IA, which their proposals say
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/reserved-capacity.html).
 */
function cappedUse({ region, service, commitment, elsewhereUsd }: ClaimGroup, { lines, costs, rate, estimate, claimed }: Known): CappedGroup {
  const newest = daysAsToday(lines, costs.days, "free");
  const openOf = (all: readonly CostLine[]): number =>
    monthlyPaid(
      all.filter((line) => !isCommitted(line)),
      costs.days,
      newest,
    );
  const key = [region, service].join("|");
  const taken = claimed.get(key) ?? 0;
  const open: MonthlyUsd = { ...estimate, usd: Math.min(estimate.usd, Math.max(0, openOf(lines) - taken)) };
  claimed.set(key, taken + Math.max(0, open.usd));
  const isPaidBy = paidBy(lines, costs.days, newest);
  const isReserved = commitment === "capacity" && isPaidBy("reserved");
  const plan = planPool(service, costs, openOf);
  const usual: MonthlyUsd = isReserved ? { ...estimate, usd: Math.min(open.usd, 0) } : open;
  const low: MonthlyUsd = isReserved ? { ...estimate, usd: -rate * elsewhereUsd } : open;
  if (!isPaidBy("savings-plan")) return { low, usual, high: open, within: [plan] };
  return { low, usual, high: estimate, within: [plan], reach: [plan] };
}

/** Services that one kind of Savings Plan covers, whichever of them it was bought for: https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html */
const plannedTogether: readonly (readonly string[])[] = [
  ["Amazon Elastic Compute Cloud - Compute", "Amazon Elastic Container Service", "AWS Lambda"],
  ["Amazon Relational Database Service", "Amazon ElastiCache", "Amazon DynamoDB"],
];

/** What of it is paid on demand in all regions seen: of a service that has instances, these alone. */
function planPool(service: string, { lines }: SeenCosts, onDemandOf: (lines: readonly CostLine[]) => number): Pool {
  const covered = plannedTogether.find((services) => services.includes(service)) ?? [service];
  const withInstances = new Set(lines.flatMap((line) => (line.instanceType === undefined ? [] : [line.service])));
  const coverable = lines.filter((line) => covered.includes(line.service) && (line.instanceType !== undefined || !withInstances.has(line.service)));
  return { name: covered.join("|"), onDemandUsd: onDemandOf(coverable) };
}

function alike(amount: MonthlyUsd): CappedGroup {
  return { low: amount, usual: amount, high: amount };
}

function isOnDemand({ purchaseType }: CostLine): boolean {
  return purchaseType === "on-demand";
}

/** Whether so much as one of the newest days was paid that way. */
function paidBy(lines: readonly CostLine[], days: number, newest: number): (type: "reserved" | "savings-plan") => boolean {
  return (type) =>
    monthlyPaid(
      lines.filter(({ purchaseType }) => purchaseType === type),
      days,
      newest,
    ) > 0;
}

/** Requests, storage and capacity units: not hours of instances that have a size. */
function isOfNoSize({ instanceType }: CostLine): boolean {
  return instanceType === undefined || /serverless/i.test(instanceType);
}

/** `m5` of `m5.4xlarge`, `db.r6g` of `db.r6g.4xlarge`. */
function familyOf(type: string | undefined): string | undefined {
  return type?.slice(0, type.lastIndexOf("."));
}
