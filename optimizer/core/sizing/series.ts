import { resolvedValues } from "../metrics/absence.ts";
import { type Baseline, type SeriesKey, seriesId } from "../model/observation.ts";

/** Values made from one or several observations of equal period, absence resolved; NaN where AWS had nothing to say. */
export interface Series {
  readonly name: string;
  readonly keys: readonly SeriesKey[];
  readonly periodSeconds: number;
  readonly values: Float64Array;
  /** False when AWS did not answer a part completely, or it was never collected. */
  readonly whole: boolean;
}

export function readSeries(baseline: Baseline, key: SeriesKey): Series {
  const values = resolvedValues(baseline, key);
  const status = baseline.observations.get(seriesId(key))?.status;
  return {
    name: `${key.metric} ${key.statistic}`,
    keys: [key],
    periodSeconds: key.periodSeconds,
    values: values ?? missing(baseline, key),
    whole: status === "complete",
  };
}

function missing(baseline: Baseline, key: SeriesKey): Float64Array {
  const periods = Math.floor((baseline.span.endMs - baseline.span.startMs) / (key.periodSeconds * 1000));
  return new Float64Array(periods).fill(Number.NaN);
}

/** NaN outside of the series. */
export function pointAt(values: Float64Array, period: number): number {
  return values[period] ?? Number.NaN;
}

/** Point by point; a gap in either is a gap. */
export function combine(name: string, a: Series, b: Series, join: (a: number, b: number) => number): Series {
  return {
    name,
    keys: [...a.keys, ...b.keys],
    periodSeconds: a.periodSeconds,
    values: a.values.map((value, period) => join(value, pointAt(b.values, period))),
    whole: a.whole && b.whole,
  };
}

export function scale(series: Series, factor: number): Series {
  return { ...series, values: series.values.map((value) => value * factor) };
}

/** Hourly values held for each finer period of `finer`. */
export function heldFor(hourly: Float64Array, periodSeconds: number, finer: Series): Float64Array {
  return finer.values.map((_, period) => pointAt(hourly, Math.floor((period * finer.periodSeconds) / periodSeconds)));
}
