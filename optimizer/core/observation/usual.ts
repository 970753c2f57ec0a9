import { oncePer } from "../model/once.ts";
import type { BalancerReference } from "../model/plan.ts";
import { hoursPerWeek } from "./hour-of-week.ts";

/** What slots are compared with: a load balancer's reference without the back-test, which is made by comparing. */
export type Usual = Omit<
  BalancerReference,
  "falseRollbackShare" | "smallestVisibleP99Increase" | "smallestVisiblePeakP99Increase" | "smallestVisibleErrorRate"
>;

/**
 * The busiest quarter of the week's hours, by usual requests: a size that is too small hurts there first, and elsewhere not at all.
 * Null where load hardly differs, so that no quarter is busier than the rest.
 */
export function busyHours({ requestsPerSlotByHour }: Pick<Usual, "requestsPerSlotByHour">): readonly boolean[] | null {
  return busyOf(requestsPerSlotByHour);
}

const busyOf = oncePer((requestsPerSlotByHour: Usual["requestsPerSlotByHour"]): readonly boolean[] | null => {
  const loads = Float64Array.from(requestsPerSlotByHour, (load) => load ?? 0).sort();
  const least = loads.at(-hoursPerWeek / 4) ?? 0;
  const busy = requestsPerSlotByHour.map((load) => load !== null && load > 0 && load >= least);
  const hours = busy.filter(Boolean).length;
  return hours === 0 || hours > hoursPerWeek / 2 ? null : busy;
});
