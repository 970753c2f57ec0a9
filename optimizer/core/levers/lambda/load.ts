import { witnessKeys } from "../../metrics/absence.ts";
import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { combine, readSeries, scale, type Series } from "../../sizing/series.ts";
import { knownSizes, ofTodaysSize } from "../../sizing/sizes-before.ts";
import type { LambdaFunction } from "./lambda-function.ts";

function ownKey({ ref }: LambdaFunction, metric: Metric, statistic: Statistic): SeriesKey {
  return seriesKey(metric, ref.region, { FunctionName: ref.id }, statistic, hourSeconds);
}

function insightsKey({ ref }: LambdaFunction, metric: Metric, statistic: Statistic): SeriesKey {
  return seriesKey(metric, ref.region, { function_name: ref.id }, statistic, hourSeconds);
}

/** Of all functions of the region that share what nobody reserved. */
function sharedKey({ ref }: LambdaFunction): SeriesKey {
  return seriesKey(metrics.lambdaUnreserved, ref.region, {}, "Maximum", hourSeconds);
}

export function functionKeys(lambda: LambdaFunction): readonly SeriesKey[] {
  const own = [
    ownKey(lambda, metrics.lambdaInvocations, "Sum"),
    ownKey(lambda, metrics.lambdaThrottles, "Sum"),
    ownKey(lambda, metrics.lambdaConcurrency, "Maximum"),
    ...(["Sum", "Maximum", "p95"] as const).map((statistic) => ownKey(lambda, metrics.lambdaDuration, statistic)),
  ];
  return [
    ...own.flatMap((key) => [key, ...witnessKeys(key)]),
    sharedKey(lambda),
    insightsKey(lambda, metrics.insightsUsedMemory, "Maximum"),
    insightsKey(lambda, metrics.insightsTotalMemory, "Minimum"),
    insightsKey(lambda, metrics.insightsTotalMemory, "Maximum"),
    insightsKey(lambda, metrics.insightsCpuTime, "Sum"),
    insightsKey(lambda, metrics.insightsCpuTime, "Maximum"),
  ];
}

/** What a function did in each hour of the baseline; an hour in which it did not run counts as nothing where the region is known to have reported. */
export interface FunctionLoad {
  readonly invocations: Series;
  readonly throttles: Series;
  readonly concurrency: Series;
  readonly unreserved: Series;
  readonly p95Seconds: Series;
  readonly longestSeconds: Series;
  readonly allSeconds: Series;
  /** From Lambda Insights, of every hour in which it ran. */
  readonly usedMemoryMb: Series;
  readonly leastMemoryMb: Series;
  readonly mostMemoryMb: Series;
  /** Seconds of one whole vCPU. */
  readonly mostCpuSeconds: Series;
  readonly allCpuSeconds: Series;
}

export function functionLoad(baseline: Baseline, lambda: LambdaFunction): FunctionLoad {
  const read = (metric: Metric, statistic: Statistic): Series => readSeries(baseline, ownKey(lambda, metric, statistic));
  const invocations = read(metrics.lambdaInvocations, "Sum");
  // How long calls take, so how many run at once, and what they find to use, depends on the memory of that hour.
  const sized = { whose: `${lambda.ref.id} had`, today: `${lambda.memoryMb} MB`, before: knownSizes(lambda.sizesBefore) };
  const ofTodaysMemory = (series: Series): Series => ofTodaysSize(baseline, sized, series);
  // Where calls came, none took no time and none ran beside itself: a zero there is a metric that AWS does not publish.
  const whileRunning = (metric: Metric, statistic: Statistic): Series => {
    const series = ofTodaysMemory(read(metric, statistic));
    return { ...combine(series.name, invocations, series, (calls, value) => (calls > 0 && value === 0 ? Number.NaN : value)), keys: series.keys };
  };
  // An hour without a call has no telemetry to show; one with calls and without telemetry is a gap.
  const insights = (metric: Metric, statistic: Statistic): Series => {
    const series = readSeries(baseline, insightsKey(lambda, metric, statistic));
    return ofTodaysMemory({ ...combine(series.name, invocations, series, (calls, value) => (calls === 0 ? 0 : value)), keys: series.keys });
  };
  const shared = readSeries(baseline, sharedKey(lambda));
  return {
    invocations,
    throttles: read(metrics.lambdaThrottles, "Sum"),
    concurrency: whileRunning(metrics.lambdaConcurrency, "Maximum"),
    // The pool has no point while nothing runs in it.
    unreserved: { ...combine(shared.name, invocations, shared, (calls, value) => (calls === 0 && Number.isNaN(value) ? 0 : value)), keys: shared.keys },
    p95Seconds: scale(whileRunning(metrics.lambdaDuration, "p95"), 0.001),
    longestSeconds: scale(whileRunning(metrics.lambdaDuration, "Maximum"), 0.001),
    allSeconds: scale(whileRunning(metrics.lambdaDuration, "Sum"), 0.001),
    usedMemoryMb: insights(metrics.insightsUsedMemory, "Maximum"),
    leastMemoryMb: insights(metrics.insightsTotalMemory, "Minimum"),
    mostMemoryMb: insights(metrics.insightsTotalMemory, "Maximum"),
    mostCpuSeconds: scale(insights(metrics.insightsCpuTime, "Maximum"), 0.001),
    allCpuSeconds: scale(insights(metrics.insightsCpuTime, "Sum"), 0.001),
  };
}
