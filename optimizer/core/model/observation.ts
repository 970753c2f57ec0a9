/** CloudWatch statistics the optimizer asks for; percentiles only where AWS offers them. */
export const statistics = ["Average", "Maximum", "Minimum", "Sum", "SampleCount", "p95", "p99", "p99.5"] as const;
export type Statistic = (typeof statistics)[number];

/** One metric series: what is asked of CloudWatch. */
export interface SeriesKey {
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
}

/**
 * Canonical identity of a series, equal for equal keys whatever the order of the dimensions. A joined list is one piece of text; put together
 * part by part it stays a tree of all its parts, of which a large plan would keep hundreds of thousands.
 */
export function seriesId(key: SeriesKey): string {
  return [key.region, key.namespace, key.metric, dimensionsOf(key), key.statistic, key.periodSeconds].join("|");
}

/** An id of a metric at one period. It is the same for all statistics of the metric. */
export function metricId(key: SeriesKey): string {
  return [key.region, key.namespace, key.metric, dimensionsOf(key), key.periodSeconds].join("|");
}

function dimensionsOf({ dimensions }: SeriesKey): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let named = "";
  for (const name of names) named += `${named === "" ? "" : ","}${name}=${String(dimensions[name])}`;
  return named;
}

/** Units as CloudWatch names them. */
export const units = ["Percent", "Bytes", "Megabytes", "Count", "Seconds", "Milliseconds", "Bytes/Second", "Count/Second", "None"] as const;
export type Unit = (typeof units)[number];

/**
 * A series as AWS answered it. `values[i]` belongs to the period that starts at `startMs + i × periodSeconds × 1000`;
 * NaN means that AWS had no point there. Never read as zero without a witness (core/metrics/absence.ts).
 */
export interface Observation {
  readonly key: SeriesKey;
  readonly unit: Unit;
  readonly startMs: number;
  readonly values: Float64Array;
  /** `partial`: AWS did not complete the series even after retries. */
  readonly status: "complete" | "partial" | "failed";
}

const withoutPoints = new Map<number, Float64Array>();

/**
 * So many periods without a point: one array for all that need it, never to be written to. Much of what an account is asked for does not exist,
 * such as reads of an unused index, and is neither kept nor gone through for each of them.
 */
export function noPoints(periods: number): Float64Array {
  const known = withoutPoints.get(periods) ?? new Float64Array(periods).fill(Number.NaN);
  withoutPoints.set(periods, known);
  return known;
}

/** Whether these are `noPoints`; other arrays of gaps alone are not found out. */
export function isNoPoints(values: Float64Array): boolean {
  return values === withoutPoints.get(values.length);
}

/** NaN outside of the series. Past its end nothing is read: one such read makes V8 read every other point slower from then on, a plan by a quarter. */
export function pointAt(values: Float64Array, period: number): number {
  return period < values.length ? (values[period] ?? Number.NaN) : Number.NaN;
}

/** What AWS answered to one series, absence not resolved; nothing at all of one that was not asked for. */
export function pointsOf({ observations }: Baseline, key: SeriesKey): Float64Array {
  return observations.get(seriesId(key))?.values ?? noPoints(0);
}

/** A span of time, start inclusive, end exclusive, in epoch milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** All observations up to T0 (`span.endMs`). */
export interface Baseline {
  readonly span: Span;
  /** By `seriesId`. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** GetMetricData requests (one per series and page) that the collection made. */
  readonly metricRequests: number;
  /** The same observations, before finer ones were read besides. */
  readonly coarser?: Baseline;
}

/** Frozen: stored once under `hash`, never queried again. */
export interface FrozenBaseline extends Baseline {
  /** SHA-256 of the stored form. */
  readonly hash: string;
}
