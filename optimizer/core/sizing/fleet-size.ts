import { pointAt } from "../model/observation.ts";
import { oncePerInStudy } from "../model/study-memory.ts";
import { quantile } from "./quantile.ts";
import { heldFor, mapped, type Series } from "./series.ts";

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

/** Instances by hour, or one number for all time: then a period has no end. */
export interface Fleet {
  readonly values: Float64Array;
  readonly periodSeconds: number;
}

/** So many instances at all hours. */
export function always(instances: number): Fleet {
  return { values: Float64Array.of(instances), periodSeconds: Number.POSITIVE_INFINITY };
}

/** Another number for each hour's. */
export function eachHour({ values, periodSeconds }: Fleet, make: (instances: number) => number): Fleet {
  return { values: mapped(values, make), periodSeconds };
}

/** The same for each period of a series, which may be finer. */
export function during({ values, periodSeconds }: Fleet, series: Series): Float64Array {
  return heldFor(values, periodSeconds, series);
}

/**
 * A gap in the group's own metrics counts as the largest size seen: it must not hide a busy hour. Neither must an hour that says no instance
 * was in service, or the mean of an hour that had one for minutes only: whatever carried its load was at least one.
 */
export const fleetThen = oncePerInStudy(({ desired, byHour }: FleetSize): Fleet => {
  if (byHour === undefined) return always(desired);
  const largest = Math.max(1, quantile(byHour.values, 1) || desired);
  return eachHour(byHour, (instances) => (Number.isNaN(instances) || instances === 0 ? largest : Math.max(1, instances)));
});

/** `fleetThen` for each period of a series. */
export function sizeThen(size: FleetSize, series: Series): Float64Array {
  return during(fleetThen(size), series);
}

/**
 * Instances that can be counted on in each hour: of the group's size then and its size in such an hour today, the smaller, so neither
 * past nor present instances are counted on that might not be there.
 */
export const fleetNow = oncePerInStudy((size: FleetSize): Fleet => {
  const then = fleetThen(size);
  const today = size.byHour === undefined ? then.values : todaysSizes(size.byHour, size.desired);
  return { ...then, values: mapped(then.values, (instances, hour) => Math.max(1, Math.floor(Math.min(instances, pointAt(today, hour))))) };
});

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
    const like = pointAt(recent, (((hour - values.length) % recent.length) + recent.length) % recent.length);
    return Math.min(Number.isNaN(like) ? smallest : like, bound);
  });
}
