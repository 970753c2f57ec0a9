import { NotSimulated } from "../../account/not-simulated.ts";
import type { CallContext, ListPrices } from "../../account/service.ts";
import type { Commitment, Scenario } from "../../scenario/scenario.ts";
import { usageTypeOf, type UsageLine } from "./usage-line.ts";

/** Instances of one type that ran through a moment. */
export interface Running {
  readonly billedAs: string;
  readonly commitment: string;
  readonly usage: string;
  readonly type: string;
  readonly count: number;
  readonly hourlyUsd: number;
}

interface Fleets extends Pick<CallContext, "scenario" | "state" | "services"> {
  readonly prices: ListPrices;
}

/** AWS lists what nothing used of a Savings Plan under a service of its own, not under what it was bought for. */
const savingsPlanService = "Savings Plans for AWS Compute usage";
/** Less than a thousandth of a cent an hour is what rounding leaves. */
const leastUsd = 1e-8;

export function runningIn({ state, services, prices }: Fleets, region: string, atMs: number): readonly Running[] {
  return services.flatMap(({ usage }) => {
    const { instances, billedAs = "" } = usage ?? {};
    return (instances?.running(state, region, atMs) ?? []).map(({ type, count, pricedAs, ...own }): Running => {
      const { commitment = "", usage: usageName = "" } = { ...instances, ...own };
      const hourlyUsd = prices.hourlyUsd(pricedAs ?? commitment, region, type);
      if (hourlyUsd === null) throw new NotSimulated(`the cost of ${type} in ${region}: its list price is not known`);
      return { billedAs, commitment, usage: usageName, type, count, hourlyUsd };
    });
  });
}

/**
 * What one hour of the region's instances costs, split by how the hour was bought. A commitment is worth the hours that it covered of its type
 * as `deployed`, whatever runs later: it covers its own type first, then other sizes of the family, and what is left of it is paid for nothing.
 */
export function hourOfInstances(scenario: Scenario, region: string, running: readonly Running[], deployed: readonly Running[]): readonly UsageLine[] {
  const uncovered = running.map(({ count, hourlyUsd }) => count * hourlyUsd);
  const covered: UsageLine[] = [];
  const unused: UsageLine[] = [];
  for (const commitment of scenario.commitments.filter((one) => one.region === region)) {
    const ofType = deployed.filter((each) => each.commitment === commitment.service && each.type === commitment.instanceType);
    let leftUsd = ofType.reduce((sum, { count, hourlyUsd }) => sum + count * hourlyUsd * commitment.coveredShare, 0);
    for (const at of coverable(running, commitment)) {
      const [own, open] = [running[at], uncovered[at] ?? 0];
      const takenUsd = Math.min(leftUsd, open);
      if (own === undefined || takenUsd < leastUsd) continue;
      leftUsd -= takenUsd;
      uncovered[at] = open - takenUsd;
      covered.push({ ...lineOf(region, own, takenUsd / own.hourlyUsd), ...coveredBy(commitment, takenUsd) });
    }
    const [bought] = ofType;
    if (bought !== undefined && leftUsd >= leastUsd) unused.push(unusedOf(region, commitment, bought, leftUsd));
  }
  const onDemand = running.flatMap((own, at): readonly UsageLine[] => {
    const listUsd = uncovered[at] ?? 0;
    if (listUsd < leastUsd) return [];
    const cost = { amortizedUsd: listUsd, unblendedUsd: listUsd, listUsd };
    return [{ ...lineOf(region, own, listUsd / own.hourlyUsd), purchaseType: "On Demand Instances", recordType: "Usage", ...cost }];
  });
  return [...onDemand, ...covered, ...unused];
}

/** What the commitment may cover, in this order: its own type, then other sizes of its family by name. */
function coverable(running: readonly Running[], { service, instanceType }: Commitment): readonly number[] {
  const order = (type: string): string => (type === instanceType ? "" : type);
  return running
    .flatMap(({ commitment, type }, at) => (commitment === service && familyOf(type) === familyOf(instanceType) ? [{ at, type }] : []))
    .sort((a, b) => (order(a.type) < order(b.type) ? -1 : 1))
    .map(({ at }) => at);
}

function familyOf(type: string): string {
  return type.slice(0, type.lastIndexOf("."));
}

type Identity = Pick<UsageLine, "region" | "service" | "instanceType" | "usageType" | "quantity">;
type Cost = Pick<UsageLine, "purchaseType" | "recordType" | "amortizedUsd" | "unblendedUsd" | "listUsd">;

function lineOf(region: string, { billedAs, type, usage }: Running, hours: number): Identity {
  return { region, service: billedAs, instanceType: type, usageType: usageTypeOf(region, `${usage}:${type}`), quantity: hours };
}

/**
 * Amortized cost spreads the fee over the covered hours; unblended cost shows covered hours at the list price under a Savings Plan and at
 * nothing under a reservation paid up front.
 */
function coveredBy({ kind, discountShare }: Commitment, listUsd: number): Cost {
  const amortizedUsd = listUsd * (1 - discountShare);
  switch (kind) {
    case "savings-plan":
      return { purchaseType: "Savings Plans", recordType: "SavingsPlanCoveredUsage", amortizedUsd, unblendedUsd: listUsd, listUsd };
    case "reserved":
      return { purchaseType: "Standard Reserved Instances", recordType: "DiscountedUsage", amortizedUsd, unblendedUsd: 0, listUsd };
    default:
      return kind satisfies never;
  }
}

/** The share of the fee that covered nothing. A reservation's stands under its own service, a Savings Plan's does not. */
function unusedOf(region: string, { kind, discountShare }: Commitment, bought: Running, leftUsd: number): UsageLine {
  const amortizedUsd = leftUsd * (1 - discountShare);
  const own = lineOf(region, bought, leftUsd / bought.hourlyUsd);
  switch (kind) {
    case "savings-plan":
      return {
        ...own,
        service: savingsPlanService,
        instanceType: "NoInstanceType",
        usageType: usageTypeOf(region, "ComputeSP:1yrNoUpfront"),
        purchaseType: "Savings Plans",
        recordType: "SavingsPlanRecurringFee",
        amortizedUsd,
        unblendedUsd: amortizedUsd,
        listUsd: 0,
      };
    case "reserved":
      return { ...own, purchaseType: "Standard Reserved Instances", recordType: "RIFee", amortizedUsd, unblendedUsd: 0, listUsd: 0 };
    default:
      return kind satisfies never;
  }
}
