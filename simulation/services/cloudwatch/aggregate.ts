import { normalQuantile, normalShare } from "../../load/noise.ts";
import { tickMs } from "../../load/tick.ts";
import type { MetricSeries, TickSamples } from "../../load/metric-series.ts";

export type SimulatedStatistic =
  | { readonly kind: "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount" }
  | { readonly kind: "percentile"; /** 0 to 1. */ readonly rank: number };

/** Aligned periods: the first starts at `fromMs`, and there are `points` of them. */
export interface Periods {
  readonly fromMs: number;
  readonly periodMs: number;
  readonly points: number;
}

/**
 * A series' statistic by period, NaN where no sample was published. Percentiles are those of the mixture of the ticks'
 * distributions, as AWS computes them from all raw samples of the period and not from finer percentiles.
 */
export function aggregate(series: MetricSeries, statistic: SimulatedStatistic, periods: Periods, isShown: (tick: number) => boolean): Float64Array {
  const ticks = periods.periodMs / tickMs;
  const firstTick = periods.fromMs / tickMs;
  const mixture = mixtureOf(ticks);
  const samples: TickSamples = { count: 0, location: 0, scale: 0 };
  const values = new Float64Array(periods.points);
  for (let point = 0; point < periods.points; point++) {
    mixture.size = 0;
    mixture.total = 0;
    for (let within = 0; within < ticks; within++) {
      const tick = firstTick + point * ticks + within;
      if (!isShown(tick)) continue;
      series.fill(tick, samples);
      if (samples.count > 0) add(mixture, samples);
    }
    values[point] = mixture.size === 0 ? Number.NaN : statisticOf(mixture, series, statistic);
  }
  return values;
}

/** Samples of several ticks together. Reused from point to point: a query has hundreds of thousands. */
interface Mixture {
  readonly counts: Float64Array;
  readonly locations: Float64Array;
  readonly scales: Float64Array;
  size: number;
  total: number;
}

const mixtures = new Map<number, Mixture>();

/** One for each length of periods: a look at the newest slot asks for a single point of many series. */
function mixtureOf(ticks: number): Mixture {
  const known = mixtures.get(ticks);
  if (known !== undefined) return known;
  const mixture = { counts: new Float64Array(ticks), locations: new Float64Array(ticks), scales: new Float64Array(ticks), size: 0, total: 0 };
  mixtures.set(ticks, mixture);
  return mixture;
}

function add(mixture: Mixture, samples: TickSamples): void {
  mixture.counts[mixture.size] = samples.count;
  mixture.locations[mixture.size] = samples.location;
  mixture.scales[mixture.size] = samples.scale;
  mixture.size += 1;
  mixture.total += samples.count;
}

function statisticOf(mixture: Mixture, series: MetricSeries, statistic: SimulatedStatistic): number {
  const logNormal = series.shape === "log-normal";
  switch (statistic.kind) {
    case "SampleCount":
      return mixture.total;
    case "Sum":
      return sum(mixture, logNormal);
    case "Average":
      return Math.min(series.ceiling, sum(mixture, logNormal) / mixture.total);
    case "Maximum":
      return sampleValue(series, extreme(mixture, 1));
    case "Minimum":
      return sampleValue(series, -extreme(mixture, -1));
    case "percentile":
      // No percentile of a finite number of samples lies outside them.
      return sampleValue(series, Math.min(extreme(mixture, 1), Math.max(-extreme(mixture, -1), quantile(mixture, statistic.rank))));
    default:
      return statistic satisfies never;
  }
}

/** From the scale on which the distribution is normal to the metric's own. */
function sampleValue(series: MetricSeries, value: number): number {
  return Math.min(series.ceiling, Math.max(0, series.shape === "log-normal" ? Math.exp(value) : value));
}

function sum({ counts, locations, scales, size }: Mixture, logNormal: boolean): number {
  let total = 0;
  for (let at = 0; at < size; at++) {
    const location = locations[at] ?? 0;
    total += (counts[at] ?? 0) * (logNormal ? Math.exp(location + (scales[at] ?? 0) ** 2 / 2) : location);
  }
  return total;
}

/** The largest sample (`sign` 1), or the smallest with its sign turned (−1). */
function extreme({ counts, locations, scales, size }: Mixture, sign: 1 | -1): number {
  let most = -Infinity;
  for (let at = 0; at < size; at++) {
    const value = sign * (locations[at] ?? 0) + extremeOf(counts[at] ?? 0) * (scales[at] ?? 0);
    if (value > most) most = value;
  }
  return most;
}

/** Between the least and the largest of the ticks' own quantiles, by bisection. */
function quantile(mixture: Mixture, rank: number): number {
  const z = normalQuantile(rank);
  let low = Infinity;
  let high = -Infinity;
  for (let at = 0; at < mixture.size; at++) {
    const own = (mixture.locations[at] ?? 0) + z * (mixture.scales[at] ?? 0);
    if (own < low) low = own;
    if (own > high) high = own;
  }
  const precision = 1e-5 * Math.max(1e-3, Math.abs(high));
  while (high - low > precision) {
    const middle = (low + high) / 2;
    if (shareBelow(mixture, middle) < rank) low = middle;
    else high = middle;
  }
  return high;
}

function shareBelow({ counts, locations, scales, size, total }: Mixture, value: number): number {
  let below = 0;
  for (let at = 0; at < size; at++) {
    const scale = scales[at] ?? 0;
    const location = locations[at] ?? 0;
    if (scale > 0) below += (counts[at] ?? 0) * normalShare((value - location) / scale);
    else if (value >= location) below += counts[at] ?? 0;
  }
  return below / total;
}

const extremes = new Map<number, number>();

/** The median of the largest of `count` standard normal draws: what a maximum of so many samples looks like. */
function extremeOf(count: number): number {
  if (count <= 1) return 0;
  if (count > 10_000) return normalQuantile(0.5 ** (1 / count));
  const known = extremes.get(count);
  if (known !== undefined) return known;
  const value = normalQuantile(0.5 ** (1 / count));
  extremes.set(count, value);
  return value;
}
