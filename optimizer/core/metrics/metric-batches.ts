import { metricId, seriesId, type SeriesKey, type Span } from "../model/observation.ts";

/** GetMetricData takes 500 queries and returns 100,800 points a call (CloudWatch API reference, GetMetricData). */
export const maxSeriesPerCall = 500;
export const maxPointsPerCall = 100_800;
/** CloudWatch bills up to five statistics of one metric in a request as one metric (CloudWatch pricing page). */
const statisticsPerBilledMetric = 5;

/**
 * Splits series into calls that stay within both limits. Equal keys are asked once, and statistics of one metric stay side
 * by side, so that they share a call. A series longer than a whole call gets a call of its own, and pages. Never a page more to fill a call:
 * each page bills every metric of its call again. Seventy hourly series of sixty days fill one exactly; of 5-minute ones five fit, of 5.8: a
 * call has one span for all of its queries, so that the rest of its room is lost, or each series is cut in time and billed once for each piece.
 */
export function metricBatches(keys: readonly SeriesKey[], span: Span): readonly (readonly SeriesKey[])[] {
  const unique = new Map(keys.map((key) => [seriesId(key), key]));
  const ordered = [...unique.values()].map((key) => ({ key, metric: metricId(key) })).sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
  const batches: SeriesKey[][] = [];
  let batch: SeriesKey[] = [];
  let points = 0;
  for (const { key } of ordered) {
    const needed = pointsOf(key, span);
    if (batch.length > 0 && (batch.length === maxSeriesPerCall || points + needed > maxPointsPerCall)) {
      batches.push(batch);
      batch = [];
      points = 0;
    }
    batch.push(key);
    points += needed;
  }
  return batch.length === 0 ? batches : [...batches, batch];
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
  return [...statistics.values()].reduce((sum, count) => sum + Math.ceil(count / statisticsPerBilledMetric), 0);
}

/**
 * Metrics that AWS will bill for reading these series over the span, all regions together. What AWS leaves partial is asked again, which this
 * cannot know: it is a floor, in practice what the reader then counts.
 */
export function billedForecast(keys: readonly SeriesKey[], span: Span): number {
  const regions = [...new Set(keys.map(({ region }) => region))];
  const batches = regions.flatMap((region) =>
    metricBatches(
      keys.filter((key) => key.region === region),
      span,
    ),
  );
  return batches.reduce((sum, batch) => sum + billedMetrics(batch) * pagesOf(batch, span), 0);
}

function pagesOf(batch: readonly SeriesKey[], span: Span): number {
  return Math.ceil(batch.reduce((sum, key) => sum + pointsOf(key, span), 0) / maxPointsPerCall);
}
