import type { SeriesKey } from "../model/observation.ts";
import type { ResourceOf } from "../levers/resource-kinds.ts";
import { metrics, seriesKey } from "./catalogue.ts";

/**
 * What a slot of a load balancer is scored by. Asked at the slot's own period: a p99 of 15 minutes cannot be made from p99s of five
 *. Healthy hosts are known by target group only.
 */
export interface BalancerSlotKeys {
  readonly requests: SeriesKey;
  readonly target5xx: SeriesKey;
  readonly elb5xx: SeriesKey;
  readonly p99: SeriesKey;
  readonly healthyHosts: readonly SeriesKey[];
}

export function balancerSlotKeys({ ref, fullName, targetGroups }: ResourceOf<"load-balancer">, slotSeconds: number): BalancerSlotKeys {
  const own = { LoadBalancer: fullName };
  return {
    requests: seriesKey(metrics.balancerRequests, ref.region, own, "Sum", slotSeconds),
    target5xx: seriesKey(metrics.balancerTarget5xx, ref.region, own, "Sum", slotSeconds),
    elb5xx: seriesKey(metrics.balancerElb5xx, ref.region, own, "Sum", slotSeconds),
    p99: seriesKey(metrics.balancerResponseTime, ref.region, own, "p99", slotSeconds),
    healthyHosts: targetGroups.map((group) => seriesKey(metrics.balancerHealthyHosts, ref.region, { ...own, TargetGroup: group }, "Minimum", slotSeconds)),
  };
}

/** Reported every minute whatever the traffic: how many samples a slot has tells whether CloudWatch has all of its points. */
export function sampleCountKey({ ref, fullName, targetGroups: [group] }: ResourceOf<"load-balancer">, slotSeconds: number): SeriesKey | undefined {
  if (group === undefined) return undefined;
  return seriesKey(metrics.balancerHealthyHosts, ref.region, { LoadBalancer: fullName, TargetGroup: group }, "SampleCount", slotSeconds);
}

/** All of `balancerSlotKeys` as one list. */
export function allSlotKeys(keys: BalancerSlotKeys): readonly SeriesKey[] {
  return [keys.requests, keys.target5xx, keys.elb5xx, keys.p99, ...keys.healthyHosts];
}
