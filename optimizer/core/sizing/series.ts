import { resolvedOf } from "../metrics/absence.ts";
import { standingStill } from "./standing-still.ts";
import { type Baseline, isNoPoints, noPoints, pointAt, seriesId, type SeriesKey } from "../model/observation.ts";

/** Values made from one or several observations of equal period, absence resolved; NaN where AWS had nothing to say. */
export interface Series {
  readonly name: string;
  readonly keys: readonly SeriesKey[];
  readonly periodSeconds: number;
  readonly values: Float64Array;
  /** False when AWS did not answer a part completely, or it was never collected. */
  readonly whole: boolean;
  /** Why it measures nothing though it has its points (`standing-still.ts`); absent where it does. Such a series is not whole. */
  readonly still?: string;
}

export function readSeries(baseline: Baseline, key: SeriesKey): Series {
  const observation = baseline.observations.get(seriesId(key));
  const still = observation === undefined ? undefined : standingStill(baseline, observation);
  return {
    name: `${key.metric} ${key.statistic}`,
    keys: [key],
    periodSeconds: key.periodSeconds,
    values: observation === undefined ? missing(baseline, key) : resolvedOf(baseline, observation),
    whole: observation?.status === "complete" && still === undefined,
    ...(still === undefined ? {} : { still }),
  };
}

function missing(baseline: Baseline, key: SeriesKey): Float64Array {
  const periods = Math.floor((baseline.span.endMs - baseline.span.startMs) / (key.periodSeconds * 1000));
  return noPoints(periods);
}

/** Place of the first point, or −1. */
export function firstPoint(values: Float64Array): number {
  if (isNoPoints(values)) return -1;
  let period = 0;
  while (period < values.length && Number.isNaN(pointAt(values, period))) period++;
  return period < values.length ? period : -1;
}

/** Place of the last point, or −1. */
export function lastPoint(values: Float64Array): number {
  if (isNoPoints(values)) return -1;
  let period = values.length - 1;
  while (period >= 0 && Number.isNaN(pointAt(values, period))) period--;
  return period;
}

/**
 * A new series of values, one for each. The array's own `map` does the same, and takes several times as long: it was most of what a plan of a
 * thousand resources took.
 */
export function mapped(values: Float64Array, make: (value: number, period: number) => number): Float64Array {
  const made = new Float64Array(values.length);
  for (let period = 0; period < values.length; period++) made[period] = make(pointAt(values, period), period);
  return made;
}

export type Join = (a: number, b: number) => number;

export const added: Join = (a, b) => a + b;

/** The usual ways to join two series, each a loop of its own: a call for each point took several times as long as the arithmetic. */
const loops: ReadonlyMap<Join, (a: Float64Array, b: Float64Array) => Float64Array> = new Map([
  [
    added,
    (a, b) => {
      const made = new Float64Array(a.length);
      for (let period = 0; period < made.length; period++) made[period] = pointAt(a, period) + pointAt(b, period);
      return made;
    },
  ],
  [
    Math.max,
    (a, b) => {
      const made = new Float64Array(a.length);
      for (let period = 0; period < made.length; period++) made[period] = Math.max(pointAt(a, period), pointAt(b, period));
      return made;
    },
  ],
  [
    Math.min,
    (a, b) => {
      const made = new Float64Array(a.length);
      for (let period = 0; period < made.length; period++) made[period] = Math.min(pointAt(a, period), pointAt(b, period));
      return made;
    },
  ],
]);

function joined(a: Float64Array, b: Float64Array, join: Join): Float64Array {
  return loops.get(join)?.(a, b) ?? mapped(a, (value, period) => join(value, pointAt(b, period)));
}

/** Point by point; a gap in either is a gap. */
export function combine(name: string, a: Series, b: Series, join: Join): Series {
  return {
    name,
    keys: [...a.keys, ...b.keys],
    periodSeconds: a.periodSeconds,
    values: isNoPoints(a.values) || isNoPoints(b.values) ? noPoints(a.values.length) : joined(a.values, b.values, join),
    whole: a.whole && b.whole,
    ...stillOf([a, b]),
  };
}

/** What is made of several measures nothing where one of them does. */
export function stillOf(series: readonly Series[]): Pick<Series, "still"> {
  const still = series.find((one) => one.still !== undefined)?.still;
  return still === undefined ? {} : { still };
}

export function scale(series: Series, factor: number): Series {
  if (isNoPoints(series.values)) return series;
  return { ...series, values: times(new Float64Array(series.values.length), series.values, factor) };
}

/** The same, in place, of a series that was put together for it and that nobody else has: a series of 5 minutes is more than a hundred KiB. */
export function scaleOwn(series: Series, factor: number): Series {
  if (!isNoPoints(series.values)) times(series.values, series.values, factor);
  return series;
}

function times(made: Float64Array, values: Float64Array, factor: number): Float64Array {
  for (let period = 0; period < made.length; period++) made[period] = pointAt(values, period) * factor;
  return made;
}

/** Hourly values held for each finer period of `finer`, NaN beyond them; the same array where that is hourly itself. */
export function heldFor(hourly: Float64Array, periodSeconds: number, finer: Series): Float64Array {
  if (finer.periodSeconds === periodSeconds && finer.values.length === hourly.length) return hourly;
  const held = new Float64Array(finer.values.length);
  const perHour = periodSeconds / finer.periodSeconds;
  let period = 0;
  // Hour by hour: a division for each of the finer periods takes longer than everything else here.
  for (let hour = 0; hour < hourly.length; hour++) {
    const value = pointAt(hourly, hour);
    const end = Math.min(held.length, Math.ceil((hour + 1) * perHour));
    while (period < end) held[period++] = value;
  }
  return held.fill(Number.NaN, period);
}
