import { certainly } from "../../model/certainly.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { SeriesKey } from "../../model/observation.ts";
import type { DynamoDbPrices, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth } from "../../money/monthly.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { mean } from "../../sizing/quantile.ts";
import { standardRanks, withoutUsualWeek } from "../../sizing/rank-correlation.ts";
import { added, combine, readSeries, type Series } from "../../sizing/series.ts";
import { type CapacityPart, capacityParts, consumedKey, consumedUnits, provisionedUnits, throttleKey } from "./capacity.ts";
import { sharedIndexes } from "./consolidation-fit.ts";
import type { DynamoTable } from "./table.ts";

const secondsPerHour = 3600;

/** What a table that others could go with consumed in each hour. */
export function loadKeys(table: DynamoTable): readonly SeriesKey[] {
  return capacityParts(table).filter(isCounted).map(consumedKey);
}

/** Reads, those of indexes included, and a table's own writes: what its indexes write follows from these. */
function isCounted({ kind, dimensions }: CapacityPart): boolean {
  return kind === "reads" || dimensions["GlobalSecondaryIndexName"] === undefined;
}

/** How a table was used over the baseline. */
export interface TableLoad {
  readonly units: Series;
  /** Of the highest hour, a second. */
  readonly peak: number;
  /** Whether no hour had anything beyond the usual. */
  readonly isAsUsual: boolean;
  /** Why it proves nothing, or undefined. */
  readonly incomplete: string | undefined;
}

/** With what is needed only until all tables are compared: kept as long as their pairs, it would take as much room as the loads themselves. */
export interface RankedLoad {
  readonly load: TableLoad;
  /** Of what each hour had beyond the usual; 0 throughout where nothing differed. */
  readonly ranks: Float64Array;
}

export function loadOf({ baseline, policy }: RuleFacts, table: DynamoTable): RankedLoad {
  const units = capacityParts(table)
    .filter(isCounted)
    .map((part) => consumedUnits(baseline, part))
    .reduce((sum, series) => combine(`units of ${table.ref.id}`, sum, series, added));
  const ranks = standardRanks(withoutUsualWeek(units.values));
  return { load: { units, peak: highest(units), isAsUsual: ranks.every((rank) => rank === 0), incomplete: incompleteness(units, policy) }, ranks };
}

/** Throttled requests of a table and its indexes: asked for only where everything else speaks for it. */
export function throttleKeys(table: DynamoTable): readonly SeriesKey[] {
  return capacityParts(table).map(throttleKey);
}

export function throttlesOf({ baseline }: RuleFacts, table: DynamoTable): readonly Series[] {
  return throttleKeys(table).map((key) => readSeries(baseline, key));
}

/** Two tables that would fit one as far as their keys, settings, items and tags tell. */
export interface Pair {
  readonly tables: readonly [DynamoTable, DynamoTable];
  readonly loads: readonly [TableLoad, TableLoad];
  /** Spearman's, of what their hours have beyond the usual. */
  readonly correlation: number;
}

/** A pair for which everything speaks. */
export interface Fit extends Pair {
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
  const partsOf = (table: DynamoTable) => new Map(capacityParts(table).map((part) => [named(part), part]));
  const [ofA, ofB] = [partsOf(a), partsOf(b)];
  const every = "a table has reads and writes of its own and of each of its indexes";
  const places: readonly (readonly [string, string])[] = [
    ["", ""],
    ...sharedIndexes(a, b).map(([one, two]) => [one.definition.name, two.definition.name] as const),
  ];
  return (["reads", "writes"] as const).flatMap((kind) =>
    places.map(([one, two]): JointPart => ({
      kind,
      index: one,
      parts: [certainly(ofA.get(`${kind} ${one}`), every), certainly(ofB.get(`${kind} ${two}`), every)],
    })),
  );
}

/** Highest hours, in units a second. */
export interface JointPeaks extends JointPart {
  readonly series: Series;
  readonly joint: number;
  readonly apart: number;
}

export function jointPeaks(facts: RuleFacts, a: DynamoTable, b: DynamoTable): readonly JointPeaks[] {
  return jointParts(a, b).map((joint) => {
    const [partA, partB] = joint.parts;
    const [ofA, ofB] = [consumedUnits(facts.baseline, partA), consumedUnits(facts.baseline, partB)];
    const series = combine(`${joint.kind} of both`, ofA, ofB, added);
    return { ...joint, series, joint: highest(series), apart: highest(ofA) + highest(ofB) };
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
  const hourly = jointPeaks(facts, a, b).map(({ kind, parts, joint, apart }) => {
    const paid = parts.reduce((sum, part) => sum + mean(provisionedUnits(facts.baseline, part)), 0);
    const saved = Math.max(0, Math.min(apart, Number.isNaN(paid) ? apart : paid) - joint);
    return saved * (kind === "reads" ? price.readCapacityHour : price.writeCapacityHour);
  });
  return hourly.reduce((sum, usd) => sum + usd, 0) * hoursPerMonth;
}
