import type { CapacityView } from "../../capacity-view.ts";
import { NotSimulated } from "../../not-simulated.ts";
import type { Commitment, Scenario } from "../../scenario.ts";
import { serviceName, usageTypeOf, type ListPrices, type UsageLine } from "./usage-line.ts";

/** Instances of one type that ran through a moment. */
interface Running {
  readonly service: "ec2" | "aurora" | "elasticache";
  readonly type: string;
  readonly count: number;
  readonly hourlyUsd: number;
}

/** What one hour of the region's instances costs, split by how the hour was bought. */
export function hourOfInstances(scenario: Scenario, view: CapacityView, prices: ListPrices, region: string, atMs: number): readonly UsageLine[] {
  return runningIn(view, prices, region, atMs).flatMap((running) => split(scenario, region, running));
}

function runningIn(view: CapacityView, prices: ListPrices, region: string, atMs: number): readonly Running[] {
  const names = view.namesIn(region);
  const groups = names.autoScalingGroups.flatMap((name) => Object.entries(view.groupAt(region, name, atMs)?.instances ?? {}));
  const members = names.clusters.flatMap((name) => view.clusterAt(region, name, atMs) ?? []);
  const caches = names.replicationGroups.flatMap((name) => view.redisAt(region, name, atMs) ?? []);
  return [
    ...groups.map(([type, count]): Running => ({ service: "ec2", type, count, hourlyUsd: known(prices.ec2Hourly(region, type), type, region) })),
    ...members.map(({ instanceClass: type }): Running => ({
      service: "aurora",
      type,
      count: 1,
      hourlyUsd: known(prices.auroraHourly(region, "aurora-mysql", type), type, region),
    })),
    ...caches.map(({ nodeType: type, shards, replicasPerShard }): Running => ({
      service: "elasticache",
      type,
      count: shards * (1 + replicasPerShard),
      hourlyUsd: known(prices.redisHourly(region, type), type, region),
    })),
  ];
}

function known(price: number | null, type: string, region: string): number {
  if (price === null) throw new NotSimulated(`the cost of ${type} in ${region}: its list price is not known`);
  return price;
}

/**
 * Commitments cover a share of the type's hours. Amortized cost spreads the fee over the covered hours; unblended cost shows
 * covered hours at the list price under a Savings Plan and at nothing under a reservation paid up front.
 */
function split(scenario: Scenario, region: string, running: Running): readonly UsageLine[] {
  const commitment = scenario.commitments.find((one) => one.region === region && one.service === running.service && one.instanceType === running.type);
  const covered = running.count * (commitment?.coveredShare ?? 0);
  const onDemand = running.count - covered;
  const line = (hours: number): Omit<UsageLine, "purchaseType" | "recordType" | "amortizedUsd" | "unblendedUsd"> => ({
    region,
    service: serviceName[running.service],
    instanceType: running.type,
    usageType: usageTypeOf(region, `${usageOf(running.service)}:${running.type}`),
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

function usageOf(service: Running["service"]): string {
  switch (service) {
    case "ec2":
      return "BoxUsage";
    case "aurora":
      return "InstanceUsage";
    case "elasticache":
      return "NodeUsage";
    default:
      return service satisfies never;
  }
}
