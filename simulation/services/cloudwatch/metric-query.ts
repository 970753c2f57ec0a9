import type { GetMetricDataInput, Metric, MetricDataQuery, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { isFrozenThrough } from "../../../contract/frozen.ts";
import { NotSimulated } from "../../account/not-simulated.ts";
import { streamOf } from "../../load/noise.ts";
import type { Periods, SimulatedStatistic } from "./aggregate.ts";
import { invalidParameterValue, validationError } from "./service-errors.ts";

/** A checked MetricStat query. */
export interface MetricQuery {
  readonly id: string;
  readonly label: string;
  readonly metric: Metric;
  readonly dimensions: ReadonlyMap<string, string>;
  /** Names the random numbers of the metric in a region. */
  readonly streamIn: (region: string) => number;
  readonly statistic: SimulatedStatistic;
  readonly unit: StandardUnit | undefined;
  readonly periodSeconds: number;
  readonly returned: boolean;
}

/** Limits of GetMetricData: CloudWatch API Reference. */
export const maxQueries = 500;
export const maxDatapoints = 100_800;

const simpleStatistics = ["Average", "Maximum", "Minimum", "Sum", "SampleCount"] as const;
const minuteMs = 60_000;
const dayMs = 86_400_000;

const checkedBefore = new WeakMap<readonly MetricDataQuery[], readonly MetricQuery[]>();

/** The queries of a request, all checked as AWS checks them. Metric math is refused as not simulated. The same list of which nothing can have changed is checked once. */
export function checkedQueries({ MetricDataQueries: queries = [] }: GetMetricDataInput): readonly MetricQuery[] {
  const known = checkedBefore.get(queries);
  if (known !== undefined) return known;
  const checked = checkedAnew(queries);
  if (isFrozenThrough(queries)) checkedBefore.set(queries, checked);
  return checked;
}

function checkedAnew(queries: readonly MetricDataQuery[]): readonly MetricQuery[] {
  if (queries.length === 0) throw validationError("The parameter MetricDataQueries is required.");
  if (queries.length > maxQueries) throw validationError(`The collection MetricDataQueries must not have a size greater than ${maxQueries}.`);
  const ids = new Set<string>();
  return queries.map((query) => {
    const checked = checkedQuery(query);
    if (ids.has(checked.id)) throw validationError(`The values for parameter id in MetricDataQueries are not unique: ${checked.id}.`);
    ids.add(checked.id);
    return checked;
  });
}

function checkedQuery(query: MetricDataQuery): MetricQuery {
  const id = query.Id ?? "";
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id))
    throw validationError(`The value ${id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
  if (query.Expression !== undefined) throw new NotSimulated(`metric math (query ${id}: ${query.Expression})`);
  if (query.AccountId !== undefined) throw new NotSimulated(`metrics of another account (query ${id})`);
  const { Metric: metric, Period: periodSeconds, Stat: statistic, Unit: unit } = query.MetricStat ?? { Metric: undefined, Period: undefined, Stat: undefined };
  if (metric?.Namespace === undefined || metric.MetricName === undefined)
    throw validationError(`The parameter MetricStat.Metric of query ${id} needs Namespace and MetricName.`);
  if (statistic === undefined) throw validationError(`The parameter MetricStat.Stat of query ${id} is required.`);
  return {
    id,
    label: query.Label ?? metric.MetricName,
    metric,
    dimensions: new Map((metric.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
    streamIn: streamsOf(metric),
    statistic: checkedStatistic(statistic),
    unit,
    periodSeconds: checkedPeriod(periodSeconds),
    returned: query.ReturnData ?? true,
  };
}

/** Only of the newest points: to name a series takes as long as to find its points of a slot. */
function streamsOf({ Namespace, MetricName, Dimensions = [] }: Metric): MetricQuery["streamIn"] {
  const streams = new Map<string, number>();
  return (region) => {
    const stream = streams.get(region) ?? streamOf(`${region}/${Namespace}/${MetricName}/${Dimensions.map(({ Value }) => Value).join("/")}`);
    streams.set(region, stream);
    return stream;
  };
}

function checkedStatistic(name: string): SimulatedStatistic {
  const simple = simpleStatistics.find((candidate) => candidate === name);
  if (simple !== undefined) return { kind: simple };
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?)$/.exec(name)?.[1];
  const rank = Number(percentile) / 100;
  if (percentile !== undefined && rank > 0) return { kind: "percentile", rank };
  if (/^(?:tm|wm|tc|ts|pr|iqm|p)/i.test(name)) throw new NotSimulated(`statistic ${name}`);
  throw invalidParameterValue(`The value ${name} for parameter Stat is not supported.`);
}

function checkedPeriod(seconds: number | undefined): number {
  if (seconds === undefined || (![1, 5, 10, 20, 30].includes(seconds) && (seconds < 60 || seconds % 60 !== 0))) {
    throw validationError(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it was ${seconds}.`);
  }
  if (seconds % 300 !== 0) throw new NotSimulated(`period of ${seconds} s: the load model's grain is 300 s`);
  return seconds;
}

/** The asked span: start inclusive, end exclusive, start rounded down as AWS does by its age. */
export function checkedSpan(input: GetMetricDataInput, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const startMs = input.StartTime?.getTime() ?? Number.NaN;
  const endMs = input.EndTime?.getTime() ?? Number.NaN;
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) throw validationError("The parameters StartTime and EndTime are required.");
  if (startMs >= endMs) throw validationError("The parameter StartTime must be less than the parameter EndTime.");
  const ageMs = nowMs - startMs;
  const grainMs = ageMs <= 15 * dayMs ? minuteMs : ageMs <= 63 * dayMs ? 5 * minuteMs : 60 * minuteMs;
  return { startMs: Math.floor(startMs / grainMs) * grainMs, endMs };
}

/** Periods that start at multiples of their length, the first one holding the start. */
export function periodsOf(span: { readonly startMs: number; readonly endMs: number }, periodSeconds: number): Periods {
  const periodMs = periodSeconds * 1000;
  const fromMs = Math.floor(span.startMs / periodMs) * periodMs;
  return { fromMs, periodMs, points: Math.max(0, Math.ceil((span.endMs - fromMs) / periodMs)) };
}
