import { metricId, type SeriesKey, type Span } from "../model/observation.ts";

/** GetMetricData takes 500 queries and returns 100,800 points a call (CloudWatch API reference, GetMetricData). */
export const maxSeriesPerCall = 500;
export const maxPointsPerCall = 100_800;
/** CloudWatch bills up to five statistics of one metric in a request as one metric (CloudWatch pricing page). */
const statisticsPerBilledMetric = 5;

/**
 * Splits series into the fewest calls that stay within both limits. Equal keys are asked once. A series longer than a whole call gets a call of its
 * own, and pages. Never a page more to fill a call: each page bills every metric of its call again. Five 5-minute series of sixty days fit one, of
 * 5.8; ten hourly ones fill what is left. A call has one span for all of its queries: a series cut in time would be billed once for each piece.
 */
export function metricBatches(keys: readonly SeriesKey[], span: Span): readonly (readonly SeriesKey[])[] {
  return callsFor(metricsOf(keys, span)).map(({ keys: asked }) => asked);
}

/**
 * Of series that need not be read yet, those that fit into what is left of the calls for `keys`: read along with these they cost no call, and the
 * others are left to fill later ones.
 */
export function fillersOf(keys: readonly SeriesKey[], others: readonly SeriesKey[], span: Span): readonly SeriesKey[] {
  const calls = callsFor(metricsOf(keys, span));
  const before = calls.map(({ keys: asked }) => asked.length);
  for (const metric of metricsOf(others, span)) fill(metric, calls);
  return calls.flatMap(({ keys: asked }, at) => asked.slice(before[at]));
}

/** What is asked in one call. */
interface Call {
  readonly keys: SeriesKey[];
  points: number;
  /** Metrics that AWS bills for each of its pages. */
  billed: number;
}

/** All statistics of one metric that are asked for: in one call they are billed as one. */
interface MetricStatistics {
  readonly keys: readonly SeriesKey[];
  readonly pointsEach: number;
}

/** The longest first, since shorter ones fit into what they leave; of equal ones those of most statistics; else by name. */
function metricsOf(keys: readonly SeriesKey[], span: Span): readonly MetricStatistics[] {
  const byMetric = new Map<string, Map<string, SeriesKey>>();
  for (const key of keys) {
    const metric = metricId(key);
    const statistics = byMetric.get(metric) ?? new Map<string, SeriesKey>();
    byMetric.set(metric, statistics.set(key.statistic, key));
  }
  return [...byMetric]
    .map(([metric, statistics]) => ({
      metric,
      keys: [...statistics.values()],
      pointsEach: Math.max(0, ...[...statistics.values()].map((key) => pointsOf(key, span))),
    }))
    .sort((a, b) => b.pointsEach - a.pointsEach || b.keys.length - a.keys.length || (a.metric < b.metric ? -1 : 1));
}

/**
 * Each metric whole in the first call that has room for it, or in a new one; once there are as many as are needed at least, one that fits nowhere
 * whole is divided among what is left of them, which bills it once for each part and saves a call.
 */
function callsFor(metrics: readonly MetricStatistics[]): readonly Call[] {
  const fewest = fewestCalls(metrics);
  const calls: Call[] = [];
  let [open, pointsEach] = [calls, 0];
  for (const metric of metrics) {
    // A call without room for one of this length has none for the others of it either, until shorter ones come.
    if (metric.pointsEach !== pointsEach) open = calls.filter((call) => roomIn(call, metric.pointsEach) > 0);
    ({ pointsEach } = metric);
    let left = calls.length < fewest && !open.some((call) => roomIn(call, pointsEach) >= metric.keys.length) ? metric.keys : fill(metric, open);
    while (left.length > 0) {
      const call: Call = { keys: [], points: 0, billed: 0 };
      left = put(left, pointsEach, call);
      calls.push(call);
      open = [...open, call];
    }
    open = open.filter((call) => roomIn(call, pointsEach) > 0);
  }
  return calls;
}

/** Puts the metric into the first call that has room for all of it, else part by part into those that have any. Returns what has no room. */
function fill({ keys, pointsEach }: MetricStatistics, calls: readonly Call[]): readonly SeriesKey[] {
  const whole = calls.find((call) => roomIn(call, pointsEach) >= keys.length);
  return (whole === undefined ? calls : [whole]).reduce((left, call) => (roomIn(call, pointsEach) > 0 ? put(left, pointsEach, call) : left), keys);
}

/** One at least: a series that is longer than any call has one of its own. Returns what has no room. */
function put(keys: readonly SeriesKey[], pointsEach: number, call: Call): readonly SeriesKey[] {
  const taken = keys.slice(0, Math.max(1, roomIn(call, pointsEach)));
  call.keys.push(...taken);
  call.points += taken.length * pointsEach;
  call.billed += billedAsMetrics(taken.length);
  return keys.slice(taken.length);
}

function roomIn({ keys, points }: Call, pointsEach: number): number {
  return Math.min(maxSeriesPerCall - keys.length, Math.floor((maxPointsPerCall - points) / pointsEach));
}

/**
 * Fewer calls cannot hold these series whole: of each length and those above it, a call holds only so many. Where lengths divide one another, as
 * those of 5 and 15 minutes, an hour and a day do, no more are needed.
 */
function fewestCalls(metrics: readonly MetricStatistics[]): number {
  const counts = new Map<number, number>();
  for (const { keys, pointsEach } of metrics) counts.set(pointsEach, (counts.get(pointsEach) ?? 0) + keys.length);
  const ofLength = (unit: number): number => {
    const needed = [...counts].reduce((sum, [length, count]) => sum + count * Math.floor(length / unit), 0);
    return Math.ceil(needed / Math.max(1, Math.floor(maxPointsPerCall / unit)));
  };
  const series = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return Math.max(Math.ceil(series / maxSeriesPerCall), ...[...counts.keys()].map(ofLength));
}

/** Periods of the key in the span. */
export function pointsOf(key: SeriesKey, span: Span): number {
  return Math.round((span.endMs - span.startMs) / (key.periodSeconds * 1000));
}

/** Metrics that AWS bills for one request of these series. */
export function billedMetrics(keys: readonly SeriesKey[]): number {
  const statistics = new Map<string, number>();
  for (const key of keys) {
    const metric = metricId(key);
    statistics.set(metric, (statistics.get(metric) ?? 0) + 1);
  }
  return [...statistics.values()].reduce((sum, count) => sum + billedAsMetrics(count), 0);
}

function billedAsMetrics(statistics: number): number {
  return Math.ceil(statistics / statisticsPerBilledMetric);
}

/**
 * Metrics that AWS will bill for reading these series over the span, all regions together. What AWS leaves partial is asked again, which this
 * cannot know: it is a floor, in practice what the reader then counts.
 */
export function billedForecast(keys: readonly SeriesKey[], span: Span): number {
  const regions = [...new Set(keys.map(({ region }) => region))];
  const calls = regions.flatMap((region) =>
    callsFor(
      metricsOf(
        keys.filter((key) => key.region === region),
        span,
      ),
    ),
  );
  return calls.reduce((sum, { billed, points }) => sum + billed * Math.ceil(points / maxPointsPerCall), 0);
}
