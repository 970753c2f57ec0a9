import type { Demand } from "../../sizing/projection.ts";
import type { Estimate } from "../../sizing/estimate.ts";
import { quantile } from "../../sizing/quantile.ts";
import { heldFor, pointAt, type Series } from "../../sizing/series.ts";

/** How large a group was in each hour of the baseline, and what one lost zone leaves of it. */
export interface GroupSize {
  readonly desired: number;
  readonly zones: number;
  /** Instances in service by hour; undefined where the group's own metrics are off: then `desired` counts. */
  readonly byHour: Series | undefined;
}

/** `n − ⌈n ÷ zones⌉`. One zone, or fewer instances than would leave any, has no survivors to count on: then all n carry. */
export function survivors(instances: number, zones: number): number {
  const left = instances - Math.ceil(instances / zones);
  return left > 0 ? left : instances;
}

/**
 * The moment that binds: the estimate's quantile of load × n_old(t) ÷ n_new(t). n_new is what one lost zone leaves of the smaller
 * of the group then and the group now, so neither past nor present instances are counted on that might not be there. The series is in
 * percent of today's type.
 */
export function bindingMoment(estimate: Estimate, size: GroupSize): Pick<Demand, "current" | "instancesBefore" | "instancesAfter" | "note"> {
  const { series } = estimate;
  const before = sizeThen(size, series);
  const after = before.map((instances) => survivors(Math.max(1, Math.floor(Math.min(instances, size.desired))), size.zones));
  const concentrated = series.values.map((value, period) => (value * pointAt(before, period)) / pointAt(after, period));
  const moment = concentrated.indexOf(quantile(concentrated, estimate.quantile));
  return {
    current: pointAt(series.values, moment) / 100,
    instancesBefore: pointAt(before, moment),
    instancesAfter: pointAt(after, moment),
    note: noteOf(size),
  };
}

/** A gap in the group's own metrics counts as the largest size seen: it must not hide a busy hour. */
function sizeThen({ desired, byHour }: GroupSize, series: Series): Float64Array {
  if (byHour === undefined) return series.values.map(() => desired);
  const largest = quantile(byHour.values, 1);
  return heldFor(byHour.values, byHour.periodSeconds, series).map((instances) => (Number.isNaN(instances) ? largest : instances));
}

function noteOf({ zones, byHour, desired }: GroupSize): string {
  const lost = survivors(desired, zones) < desired ? `one zone of ${zones} lost` : "no zone to lose";
  return byHour === undefined ? `${lost}, the desired ${desired} taken as the group's size since its own metrics are off` : `${lost}, at the group's size then`;
}
