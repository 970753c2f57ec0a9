import { NotSimulated } from "../../account/not-simulated.ts";
import type { CallContext, ListPrices } from "../../account/service.ts";
import type { Commitment, Scenario } from "../../scenario/scenario.ts";
import { usageTypeOf, type UsageLine } from "./usage-line.ts";

/** Instances of one type that ran through a moment. */
interface Running {
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

/** What one hour of the region's instances costs, split by how the hour was bought. */
export function hourOfInstances(context: Fleets, region: string, atMs: number): readonly UsageLine[] {
  return runningIn(context, region, atMs).flatMap((running) => split(context.scenario, region, running));
}

function runningIn({ state, services, prices }: Fleets, region: string, atMs: number): readonly Running[] {
  return services.flatMap(({ usage }) => {
    const { instances, billedAs = "" } = usage ?? {};
    return (instances?.running(state, region, atMs) ?? []).map(({ type, count, ...own }): Running => {
      const { commitment = "", usage: usageName = "" } = { ...instances, ...own };
      const hourlyUsd = prices.hourlyUsd(commitment, region, type);
      if (hourlyUsd === null) throw new NotSimulated(`the cost of ${type} in ${region}: its list price is not known`);
      return { billedAs, commitment, usage: usageName, type, count, hourlyUsd };
    });
  });
}

/**
 * Commitments cover a share of the type's hours. Amortized cost spreads the fee over the covered hours; unblended cost shows
 * covered hours at the list price under a Savings Plan and at nothing under a reservation paid up front.
 */
function split(scenario: Scenario, region: string, running: Running): readonly UsageLine[] {
  const commitment = scenario.commitments.find((one) => one.region === region && one.service === running.commitment && one.instanceType === running.type);
  const covered = running.count * (commitment?.coveredShare ?? 0);
  const onDemand = running.count - covered;
  const line = (hours: number): Omit<UsageLine, "purchaseType" | "recordType" | "amortizedUsd" | "unblendedUsd"> => ({
    region,
    service: running.billedAs,
    instanceType: running.type,
    usageType: usageTypeOf(region, `${running.usage}:${running.type}`),
    quantity: hours,
  });
  const list = running.hourlyUsd;
  const plain: UsageLine = {
    ...line(onDemand),
    purchaseType: "On Demand Instances",
    recordType: "Usage",
    amortizedUsd: onDemand * list,
    unblendedUsd: onDemand * list,
  };
  return [
    ...(onDemand > 0 ? [plain] : []),
    ...(commitment !== undefined && covered > 0 ? [{ ...line(covered), ...coveredBy(commitment, covered * list) }] : []),
  ];
}

function coveredBy(commitment: Commitment, listUsd: number): Pick<UsageLine, "purchaseType" | "recordType" | "amortizedUsd" | "unblendedUsd"> {
  const amortizedUsd = listUsd * (1 - commitment.discountShare);
  switch (commitment.kind) {
    case "savings-plan":
      return { purchaseType: "Savings Plans", recordType: "SavingsPlanCoveredUsage", amortizedUsd, unblendedUsd: listUsd };
    case "reserved":
      return { purchaseType: "Standard Reserved Instances", recordType: "DiscountedUsage", amortizedUsd, unblendedUsd: 0 };
    default:
      return commitment.kind satisfies never;
  }
}
