import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import { witnessKeys } from "../../metrics/absence.ts";
import type { Baseline, SeriesKey } from "../../model/observation.ts";
import { fineSeconds, hourSeconds } from "../../sizing/estimate.ts";
import { readSeries, type Series } from "../../sizing/series.ts";

/** One index in one region of its table. */
export interface IndexPlace {
  readonly region: string;
  readonly table: string;
  readonly index: string;
}

function key(metric: Metric, { region, table, index }: IndexPlace, periodSeconds: number): SeriesKey {
  return seriesKey(metric, region, { TableName: table, GlobalSecondaryIndexName: index }, "Sum", periodSeconds);
}

/** Read units consumed by queries of the index in each hour; a gap is 0 only while the table itself reported. */
export function readUnits(baseline: Baseline, place: IndexPlace): Series {
  return readSeries(baseline, key(metrics.dynamoReads, place, hourSeconds));
}

/** Write units that keeping the index costs in each hour. */
export function writeUnits(baseline: Baseline, place: IndexPlace): Series {
  return readSeries(baseline, key(metrics.dynamoWrites, place, hourSeconds));
}

export function indexKeys(place: IndexPlace): readonly SeriesKey[] {
  return [metrics.dynamoReads, metrics.dynamoWrites].map((metric) => key(metric, place, hourSeconds)).flatMap((one) => [one, ...witnessKeys(one)]);
}

/** What a brown-out looks at: any read that was served, or refused because of the cap. */
export function probeKeys(place: IndexPlace): readonly SeriesKey[] {
  return [metrics.dynamoReads, metrics.dynamoReadThrottles, metrics.dynamoReadCapThrottles].map((metric) => key(metric, place, fineSeconds));
}
