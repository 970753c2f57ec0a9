import { pointAt } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import type { BalancerReference } from "../model/plan.ts";
import { hoursPerWeek } from "./hour-of-week.ts";

/** What slots are compared with: a load balancer's reference without the back-test, which is made by comparing. */
export type Usual = Omit<
  BalancerReference,
  "falseRollbackShare" | "smallestVisibleP99Increase" | "smallestVisiblePeakP99Increase" | "smallestVisibleErrorRate"
>;

/** As this release learns it: stored plans of older ones lack some of it. */
export type WholeUsual = Required<Usual>;

/**
 * The same with another p99 in each hour. Every member is named, so that all that slots are compared with in a back-test looks alike to the engine,
 * which otherwise compiles what judges them anew for each way of copying.
 */
export function withP99(usual: WholeUsual, p99SecondsByHour: Usual["p99SecondsByHour"]): WholeUsual {
  return {
    region: usual.region,
    loadBalancer: usual.loadBalancer,
    p99SecondsByHour,
    requestsPerSlotByHour: usual.requestsPerSlotByHour,
    errorDispersion: usual.errorDispersion,
    errorRate: usual.errorRate,
    logP99Sigma: usual.logP99Sigma,
    logP99Autocorrelation: usual.logP99Autocorrelation,
    rareP99Ratio: usual.rareP99Ratio,
    windowNoise: usual.windowNoise,
    incidents: usual.incidents,
    conclusiveShare: usual.conclusiveShare,
    requestsPerSecond: usual.requestsPerSecond,
  };
}

/**
 * The busiest quarter of the week's hours, by usual requests: a size that is too small hurts there first, and elsewhere not at all.
 * Null where load hardly differs, so that no quarter is busier than the rest.
 */
export function busyHours({ requestsPerSlotByHour }: Pick<Usual, "requestsPerSlotByHour">): readonly boolean[] | null {
  return busyOf(requestsPerSlotByHour);
}

const busyOf = oncePer((requestsPerSlotByHour: Usual["requestsPerSlotByHour"]): readonly boolean[] | null => {
  const loads = Float64Array.from(requestsPerSlotByHour, (load) => load ?? 0).sort();
  const least = pointAt(loads, loads.length - hoursPerWeek / 4);
  const busy = requestsPerSlotByHour.map((load) => load !== null && load > 0 && load >= least);
  const hours = busy.filter(Boolean).length;
  return hours === 0 || hours > hoursPerWeek / 2 ? null : busy;
});
