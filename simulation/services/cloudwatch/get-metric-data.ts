import type { GetMetricDataInput, GetMetricDataOutput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { MetricSeries } from "../../load/metric-series.ts";
import { streamOf } from "../../load/noise.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { CallContext, MetricNamespace, MetricQuestion, Service } from "../../account/service.ts";
import { aggregate } from "./aggregate.ts";
import { checkedQueries, checkedSpan, maxDatapoints, periodsOf, type MetricQuery } from "./metric-query.ts";
import { decodePosition, encodePosition, type PagePosition } from "./page-token.ts";
import { invalidParameterValue, validationError } from "./service-errors.ts";
import { answeredShare, retentionMs, shownTicks } from "./visibility.ts";

const members = ["MetricDataQueries", "StartTime", "EndTime", "NextToken", "ScanBy", "MaxDatapoints"];

type Context = Pick<CallContext, "region" | "nowMs" | "scenario" | "model" | "services">;

/** Points of one series in the order asked for, only those that exist. */
interface Points {
  readonly timestamps: Date[];
  readonly values: number[];
}

/**
 * GetMetricData as AWS answers it: 100,800 points a page over all series, a series may be split between pages (PartialData
 * until its last piece), the newest first unless asked otherwise. A series without points is Complete and empty.
 */
export function getMetricData(input: GetMetricDataInput, context: Context): GetMetricDataOutput {
  refuseUnmodelled("GetMetricData", input, members);
  const queries = checkedQueries(input);
  const limit = checkedLimit(input.MaxDatapoints);
  // Only of a request that comes in pages: to name it takes as long as to answer a small one.
  const request = (): number => streamOf(JSON.stringify([input.MetricDataQueries, input.StartTime, input.EndTime, input.ScanBy, context.region]));
  const from: Omit<PagePosition, "request"> =
    input.NextToken === undefined ? { query: 0, point: 0, nowMs: context.nowMs } : decodePosition(input.NextToken, request());
  const pointsOf = createPointReader(input, { ...context, nowMs: from.nowMs });

  const results: MetricDataResult[] = [];
  let room = limit;
  let sent = from.point;
  for (let at = from.query; at < queries.length; at++) {
    const query = queries[at];
    if (query === undefined || !query.returned) continue;
    if (room === 0) return { MetricDataResults: results, NextToken: encodePosition({ ...from, request: request(), query: at, point: sent }), Messages: [] };
    const { points, whole } = pointsOf(query);
    const last = Math.min(points.values.length, sent + room);
    const complete = last === points.values.length;
    results.push({
      Id: query.id,
      Label: query.label,
      Timestamps: partOf(points.timestamps, sent, last),
      Values: partOf(points.values, sent, last),
      StatusCode: complete && whole ? "Complete" : "PartialData",
    });
    room -= last - sent;
    if (!complete) return { MetricDataResults: results, NextToken: encodePosition({ ...from, request: request(), query: at, point: last }), Messages: [] };
    sent = 0;
  }
  return { MetricDataResults: results, Messages: [] };
}

function partOf<T>(all: T[], from: number, until: number): T[] {
  return from === 0 && until === all.length ? all : all.slice(from, until);
}

function checkedLimit(asked: number | undefined): number {
  if (asked !== undefined && (asked < 1 || asked > maxDatapoints)) throw validationError(`The parameter MaxDatapoints must be between 1 and ${maxDatapoints}.`);
  return asked ?? maxDatapoints;
}

function createPointReader(input: GetMetricDataInput, context: Context): (query: MetricQuery) => { readonly points: Points; readonly whole: boolean } {
  const { region, nowMs, scenario } = context;
  const span = checkedSpan(input, nowMs);
  const dates = new Map<number, Date>();
  const share = answeredShare(scenario, region, nowMs);
  return (query) => {
    const { series, percentiles } = publishedOf(query, context);
    if (query.statistic.kind === "percentile" && !percentiles) {
      throw invalidParameterValue(`Percentiles are not available for ${query.metric.Namespace}/${query.metric.MetricName}.`);
    }
    if (series === null || (query.unit !== undefined && query.unit !== series.unit)) return { points: { timestamps: [], values: [] }, whole: true };
    const periods = periodsOf({ startMs: keptFromMs(span.startMs, query.periodSeconds, nowMs), endMs: Math.min(span.endMs, nowMs) }, query.periodSeconds);
    const values = aggregate(series, query.statistic, periods, shownTicks(scenario, region, query, nowMs));
    const points = present(values, periods.fromMs, periods.periodMs, input.ScanBy !== "TimestampAscending", dates);
    return share === 1 ? { points, whole: true } : { points: firstOf(points, share), whole: false };
  };
}

/** The series that some service publishes under the metric's name, and whether AWS computes percentiles for it, as far as its name tells. */
function publishedOf({ metric, dimensions }: MetricQuery, context: Context): { readonly series: MetricSeries | null; readonly percentiles: boolean } {
  const { model, services, region, nowMs } = context;
  const asked: MetricQuestion = { region, namespace: metric.Namespace ?? "", metric: metric.MetricName ?? "", dimensions, nowMs };
  const publishers = namespacesOf(services, asked.namespace);
  for (const publisher of publishers) {
    const series = publisher.series(model, asked);
    if (series !== null) return { series, percentiles: series.percentiles };
  }
  return { series: null, percentiles: publishers.some((publisher) => publisher.percentiles) };
}

const publishersByServices = new WeakMap<readonly Service[], Map<string, readonly MetricNamespace[]>>();

/** Found once of each registry of services: each query asks. */
function namespacesOf(services: readonly Service[], namespace: string): readonly MetricNamespace[] {
  const known = publishersByServices.get(services) ?? new Map<string, readonly MetricNamespace[]>();
  publishersByServices.set(services, known);
  const found =
    known.get(namespace) ?? services.flatMap(({ metrics }) => (metrics !== undefined && Object.hasOwn(metrics, namespace) ? (metrics[namespace] ?? []) : []));
  known.set(namespace, found);
  return found;
}

/** Of the asked span, what is still kept: a period that began too long ago is gone whole. */
function keptFromMs(startMs: number, periodSeconds: number, nowMs: number): number {
  const periodMs = periodSeconds * 1000;
  const oldestMs = Math.ceil((nowMs - retentionMs(periodSeconds)) / periodMs) * periodMs;
  return Math.max(startMs, oldestMs);
}

/** Drops absent points. Dates are shared between series, a query of many has hundreds of thousands. */
function present(values: Float64Array, fromMs: number, periodMs: number, newestFirst: boolean, dates: Map<number, Date>): Points {
  const timestamps: Date[] = [];
  const found: number[] = [];
  for (let step = 0; step < values.length; step++) {
    const at = newestFirst ? values.length - 1 - step : step;
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const ms = fromMs + at * periodMs;
    const date = dates.get(ms) ?? new Date(ms);
    dates.set(ms, date);
    timestamps.push(date);
    found.push(value);
  }
  return { timestamps, values: found };
}

function firstOf(points: Points, share: number): Points {
  const count = Math.floor(points.values.length * share);
  return { timestamps: points.timestamps.slice(0, count), values: points.values.slice(0, count) };
}
