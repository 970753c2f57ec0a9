import { type Metric, metrics, seriesKey } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey } from "../../model/observation.ts";
import type { OwnCheck } from "../../model/action.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { neverCheck } from "../own-checks.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { mapped, readSeries, type Series } from "../../sizing/series.ts";
import type { DynamoTable } from "./table.ts";

/** Reads or writes, of the table itself or of one of its indexes: what has a capacity of its own. */
export interface CapacityPart {
  readonly name: string;
  readonly kind: "reads" | "writes";
  readonly region: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function capacityParts({ ref, indexes }: DynamoTable): readonly CapacityPart[] {
  const places = [
    { name: "", dimensions: { TableName: ref.id } },
    ...indexes.map(({ definition: { name } }) => ({ name: ` of index ${name}`, dimensions: { TableName: ref.id, GlobalSecondaryIndexName: name } })),
  ];
  return places.flatMap(({ name, dimensions }) =>
    (["reads", "writes"] as const).map((kind) => ({ name: `${kind}${name}`, kind, region: ref.region, dimensions })),
  );
}

const consumed = { reads: metrics.dynamoReads, writes: metrics.dynamoWrites };
const throttles = { reads: metrics.dynamoReadThrottles, writes: metrics.dynamoWriteThrottles };
const provisioned = { reads: metrics.dynamoProvisionedReads, writes: metrics.dynamoProvisionedWrites };

function key(metric: Metric, { region, dimensions }: CapacityPart, statistic: SeriesKey["statistic"]): SeriesKey {
  return seriesKey(metric, region, dimensions, statistic, hourSeconds);
}

/** Series of a provisioned table; one on demand needs none. */
export function capacityKeys(table: DynamoTable): readonly SeriesKey[] {
  if (table.billingMode !== "PROVISIONED") return [];
  return capacityParts(table).flatMap((part) => [consumedKey(part), key(provisioned[part.kind], part, "Average"), throttleKey(part)]);
}

/** Requests that were refused for want of capacity. */
export function throttleKey(part: CapacityPart): SeriesKey {
  return key(throttles[part.kind], part, "Sum");
}

/** That nothing is throttled on demand, either, of what was not in the whole baseline. What was throttled before proves nothing of the mode. */
export function throttleChecks({ baseline, policy }: RuleFacts, table: DynamoTable): readonly OwnCheck[] {
  return capacityParts(table)
    .filter((part) => isNever(readSeries(baseline, throttleKey(part))))
    .map((part) =>
      neverCheck(policy, { name: `throttled ${part.name} of ${table.ref.id}`, region: part.region, metric: throttles[part.kind], of: [part.dimensions] }),
    );
}

/** A series without a single point is not known, and has not shown that there were none. */
function isNever({ values }: Series): boolean {
  return values.some((value) => !Number.isNaN(value)) && values.every((value) => Number.isNaN(value) || value === 0);
}

export function consumedKey(part: CapacityPart): SeriesKey {
  return key(consumed[part.kind], part, "Sum");
}

/** Units in each hour. */
export function consumedUnits(baseline: Baseline, part: CapacityPart): Series {
  return readSeries(baseline, consumedKey(part));
}

/**
 * Units a second that were paid for in each hour. A capacity holds until it is changed, so that a gap is what was before it; before the first
 * point it is the least that was ever seen. NaN throughout where there is no point at all.
 */
export function provisionedUnits(baseline: Baseline, part: CapacityPart): Float64Array {
  const { values } = readSeries(baseline, key(provisioned[part.kind], part, "Average"));
  const least = values.reduce((smallest, value) => (Number.isNaN(value) || value >= smallest ? smallest : value), Infinity);
  let held = least === Infinity ? Number.NaN : least;
  return mapped(values, (value) => {
    if (!Number.isNaN(value)) held = value;
    return held;
  });
}
