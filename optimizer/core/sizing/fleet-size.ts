import { quantile } from "./quantile.ts";
import { heldFor, mapped, pointAt, type Series } from "./series.ts";

const hoursPerDay = 24;
const hoursPerWeek = 168;

/** How large a group of instances, or a service of tasks, was in each hour of the baseline, how large it is in such hours now, and what one lost zone leaves of it. */
export interface FleetSize {
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
 * A gap in the group's own metrics counts as the largest size seen: it must not hide a busy hour. Neither must an hour that says no instance
 * was in service, or the mean of an hour that had one for minutes only: whatever carried its load was at least one.
 */
export function sizeThen({ desired, byHour }: FleetSize, series: Series): Float64Array {
  if (byHour === undefined) return mapped(series.values, () => desired);
  const largest = Math.max(1, quantile(byHour.values, 1) || desired);
  return mapped(heldFor(byHour.values, byHour.periodSeconds, series), (instances) =>
    Number.isNaN(instances) || instances === 0 ? largest : Math.max(1, instances),
  );
}

/**
 * Instances that can be counted on in each period: of the group's size then and its size in such an hour today, the smaller, so neither
 * past nor present instances are counted on that might not be there.
 */
export function sizeNow(size: FleetSize, series: Series): Float64Array {
  const then = sizeThen(size, series);
  const today = size.byHour === undefined ? undefined : heldFor(todaysSizes(size.byHour, size.desired), size.byHour.periodSeconds, series);
  return mapped(then, (instances, period) => Math.max(1, Math.floor(Math.min(instances, today === undefined ? size.desired : pointAt(today, period)))));
}

/**
 * The size of each hour's like in the last week: a group that is small at night is not judged by the hour at which someone plans. One that
 * was shrunk since counts as small as it has become: by its last day where that stayed below the whole week before, and by the desired
 * number where no hour of the last day was as small.
 */
function todaysSizes({ values }: Series, desired: number): Float64Array {
  const week = values.slice(-hoursPerWeek);
  const smallest = quantile(week, 0);
  const lastDay = week.slice(-hoursPerDay);
  const shrunk = quantile(lastDay, 1) < quantile(week.slice(0, -hoursPerDay), 0);
  const least = quantile(lastDay, 0);
  const bound = desired < least ? desired : Number.POSITIVE_INFINITY;
  const recent = shrunk ? lastDay : week;
  return mapped(values, (_, hour) => {
    const like = recent[(((hour - values.length) % recent.length) + recent.length) % recent.length] ?? Number.NaN;
    return Math.min(Number.isNaN(like) ? smallest : like, bound);
  });
}
