import { metrics, seriesKey } from "../../metrics/catalogue.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { SeriesKey } from "../../model/observation.ts";
import type { DynamoDbPrices, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth } from "../../money/monthly.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { mean, total } from "../../sizing/quantile.ts";
import { ranksOf, withoutUsualWeek } from "../../sizing/rank-correlation.ts";
import { combine, readSeries, type Series } from "../../sizing/series.ts";
import { type CapacityPart, capacityParts, consumedKey, consumedUnits, provisionedUnits } from "./capacity.ts";
import { sharedIndexes } from "./consolidation-fit.ts";
import type { DynamoTable } from "./table.ts";

const secondsPerHour = 3600;
const throttles = { reads: metrics.dynamoReadThrottles, writes: metrics.dynamoWriteThrottles };

/** What a table that others could go with consumed, and how often it was throttled, in each hour. */
export function loadKeys(table: DynamoTable): readonly SeriesKey[] {
  return capacityParts(table).flatMap((part) => [consumedKey(part), throttleKey(part)]);
}

function throttleKey({ kind, region, dimensions }: CapacityPart): SeriesKey {
  return seriesKey(throttles[kind], region, dimensions, "Sum", hourSeconds);
}

/** How a table was used over the baseline. */
export interface TableLoad {
  /** Units of reads, its indexes' included, and of its own writes: what its indexes write follows from these. */
  readonly units: Series;
  readonly throttles: readonly Series[];
  readonly throttled: number;
  /** Of what each hour had beyond the usual; equal ones throughout where nothing differed. */
  readonly ranks: Float64Array;
  /** Why it proves nothing, or undefined. */
  readonly incomplete: string | undefined;
}

export function loadOf({ baseline, policy }: RuleFacts, table: DynamoTable): TableLoad {
  const parts = capacityParts(table);
  const used = parts.filter(({ kind, dimensions }) => kind === "reads" || dimensions["GlobalSecondaryIndexName"] === undefined);
  const units = used.map((part) => consumedUnits(baseline, part)).reduce((sum, series) => combine(`units of ${table.ref.id}`, sum, series, (a, b) => a + b));
  const refused = parts.map((part) => ({ ...readSeries(baseline, throttleKey(part)), name: `throttled ${part.name}` }));
  return {
    units,
    throttles: refused,
    throttled: refused.reduce((sum, { values }) => sum + total(values), 0),
    ranks: ranksOf(withoutUsualWeek(units.values)),
    incomplete: firstIncompleteness([units, ...refused], policy),
  };
}

/** Two tables that would fit one as far as their keys, settings, items and tags tell. */
export interface Pair {
  readonly tables: readonly [DynamoTable, DynamoTable];
  readonly loads: readonly [TableLoad, TableLoad];
  /** Spearman's, of what their hours have beyond the usual; NaN where one of them never differs. */
  readonly correlation: number;
  readonly savesAtMost: MonthlyUsd;
}

/** Reads or writes of two tables, or of two of their indexes that could be one. */
interface JointPart {
  readonly kind: "reads" | "writes";
  /** Empty: of the tables themselves. */
  readonly index: string;
  readonly parts: readonly [CapacityPart, CapacityPart];
}

function jointParts(a: DynamoTable, b: DynamoTable): readonly JointPart[] {
  const named = ({ kind, dimensions }: CapacityPart): string => `${kind} ${dimensions["GlobalSecondaryIndexName"] ?? ""}`;
  const [ofA, ofB] = [a, b].map((table) => new Map(capacityParts(table).map((part) => [named(part), part])));
  const places: readonly (readonly [string, string])[] = [
    ["", ""],
    ...sharedIndexes(a, b).map(([one, two]) => [one.definition.name, two.definition.name] as const),
  ];
  return (["reads", "writes"] as const).flatMap((kind) =>
    places.flatMap(([one, two]): readonly JointPart[] => {
      const [partA, partB] = [ofA?.get(`${kind} ${one}`), ofB?.get(`${kind} ${two}`)];
      return partA === undefined || partB === undefined ? [] : [{ kind, index: one, parts: [partA, partB] }];
    }),
  );
}

/** Highest hours, in units a second. */
export interface JointPeaks extends Pick<JointPart, "kind" | "index"> {
  readonly series: Series;
  readonly joint: number;
  readonly apart: number;
}

export function jointPeaks(facts: RuleFacts, a: DynamoTable, b: DynamoTable): readonly JointPeaks[] {
  return jointParts(a, b).map(({ kind, index, parts: [partA, partB] }) => {
    const [ofA, ofB] = [consumedUnits(facts.baseline, partA), consumedUnits(facts.baseline, partB)];
    const series = combine(`${kind} of both`, ofA, ofB, (one, two) => one + two);
    return { kind, index, series, joint: highest(series), apart: highest(ofA) + highest(ofB) };
  });
}

function highest({ values }: Series): number {
  return values.reduce((most, value) => (Number.isNaN(value) || value <= most ? most : value), 0) / secondsPerHour;
}

/**
 * What one table instead of two provisioned ones would save in a month at most: each of them needs its own highest hour, one for both needs the
 * highest hour of their sum. No more than what is paid above that today counts, and never the room that each has alone already.
 */
export function poolingUsd(facts: RuleFacts, a: DynamoTable, b: DynamoTable, price: DynamoDbPrices): number {
  const peaks = jointPeaks(facts, a, b);
  const hourly = jointParts(a, b).map(({ kind, parts }, at) => {
    const { joint = 0, apart = 0 } = peaks[at] ?? {};
    const paid = parts.reduce((sum, part) => sum + mean(provisionedUnits(facts.baseline, part)), 0);
    const saved = Math.max(0, Math.min(apart, Number.isNaN(paid) ? apart : paid) - joint);
    return saved * (kind === "reads" ? price.readCapacityHour : price.writeCapacityHour);
  });
  return hourly.reduce((sum, usd) => sum + usd, 0) * hoursPerMonth;
}
