import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import { witnessKeys } from "../../metrics/absence.ts";
import { type Baseline, pointsOf, type SeriesKey } from "../../model/observation.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { fineSeconds, hourSeconds, type Reading } from "../../sizing/estimate.ts";
import { firstPoint, lastPoint, mapped, readSeries, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Refusal, Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import { resourcesOf } from "../resource-kinds.ts";
import { capacityKeys } from "./capacity.ts";
import { hasAlike } from "./consolidation-fit.ts";
import { loadKeys } from "./consolidation-load.ts";
import type { DynamoTable, TableIndex } from "./table.ts";

/** A table in all its regions, seen from the one that acts for them. */
export interface TableStudy extends Study {
  readonly facts: RuleFacts;
  readonly reading: Reading;
  readonly table: DynamoTable;
  /** The table in every region, this one included. */
  readonly replicas: readonly DynamoTable[];
}

export const tableStudies: Studies<"dynamodb-table", TableStudy> = {
  kind: "dynamodb-table",
  otherSizes: () => [],
  looksCloser: false,
  series: (table, _, inventory) => [
    ...table.indexes.flatMap((index) => placesOf(table, index).flatMap(indexKeys)),
    ...withWitnesses([...streamKeys(table), ...capacityKeys(table), ...(hasAlike(inventory, table) ? loadKeys(table) : [])]),
  ],
  study: (facts, table) => {
    const made = once(() => {
      const replicas = resourcesOf(facts.inventory, "dynamodb-table").filter(({ ref }) => ref.id === table.ref.id && table.replicaRegions.includes(ref.region));
      return { facts, table, replicas, refusal: refusalOf(facts, table, replicas) };
    });
    return (reading) => ({ ...made(), reading });
  },
};

function refusalOf({ ownerRegion, policy }: RuleFacts, table: DynamoTable, replicas: readonly DynamoTable[]): Refusal | "elsewhere" | undefined {
  const acting = actingRegion(table, ownerRegion);
  if (acting !== table.ref.region) {
    // Decided once, by the acting region; only when that one is unseen does this replica speak up.
    const isDecidedThere = replicas.some(({ ref }) => ref.region === acting);
    return isDecidedThere ? "elsewhere" : { code: "not-owner", detail: `a replica of the global table in ${acting}, which was not read` };
  }
  const tenant = tenantReason(
    replicas.map(({ tags }) => tags),
    policy.tenantTags,
  );
  if (tenant !== undefined) return { code: "tenant-resource", detail: tenant };
  const ineligible = ineligibility(replicas);
  if (ineligible !== undefined) return ineligible;
  const unseen = table.replicaRegions.filter((region) => !replicas.some(({ ref }) => ref.region === region));
  if (unseen.length === 0) return undefined;
  return { code: "unreadable", detail: `its replica in ${unseen.join(", ")} was not read, so neither its tags nor its reads are known` };
}

/** What makes a global table one that cannot be changed from here as a whole. */
function ineligibility(replicas: readonly DynamoTable[]): Refusal | undefined {
  const foreign = replicas.flatMap(({ foreignReplicas }) => foreignReplicas);
  if (foreign.length > 0)
    return {
      code: "unsupported",
      detail: `its replica in ${[...new Set(foreign)].join(", ")} belongs to another account: what is done with it there cannot be seen`,
    };
  for (const { ref, globalTable } of replicas) {
    if (globalTable.kind === "unseen")
      return { code: "unreadable", detail: `whether it is a global table of 2017 could not be seen in ${ref.region}: ${globalTable.reason}` };
    // AWS keeps indexes and settings of its replicas apart (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.V1.html).
    if (globalTable.value === "2017.11.29")
      return { code: "unsupported", detail: "a global table of version 2017.11.29: each of its replicas would have to be changed apart, all alike" };
  }
  return undefined;
}

/** AWS copies an index's removal to every replica, so one region acts for all: the owner's, or the first of a table it has no part in. */
function actingRegion({ ref, replicaRegions }: DynamoTable, ownerRegion: string): string {
  if (replicaRegions.includes(ownerRegion)) return ownerRegion;
  return replicaRegions.toSorted()[0] ?? ref.region;
}

/** One index in one region of its table. */
export interface IndexPlace {
  readonly region: string;
  readonly table: string;
  readonly index: string;
}

export function placesOf(table: DynamoTable, { definition }: Pick<TableIndex, "definition">): readonly IndexPlace[] {
  return table.replicaRegions.map((region) => ({ region, table: table.ref.id, index: definition.name }));
}

function key(metric: Metric, { region, table, index }: IndexPlace, periodSeconds: number): SeriesKey {
  return seriesKey(metric, region, { TableName: table, GlobalSecondaryIndexName: index }, "Sum", periodSeconds);
}

/** Read units consumed by queries of the index in each hour; a gap is 0 only while the table itself reported, and the index was there. */
export function readUnits(baseline: Baseline, place: IndexPlace, since: number): Series {
  const series = readSeries(baseline, key(metrics.dynamoReads, place, hourSeconds));
  return since <= 0 ? series : { ...series, values: mapped(series.values, (value, hour) => (hour < since ? Number.NaN : value)) };
}

/**
 * The hour of the baseline from which on the index is known to be there and whole: since it first reported anything, even nothing (AWS
 * reports idle ones now and then), and not before it was made. AWS tells no index's age. Infinity where nothing shows that it was there.
 */
export function knownSince(baseline: Baseline, place: IndexPlace, { createdAtMs }: DynamoTable): number {
  const firsts = [metrics.dynamoReads, metrics.dynamoWrites].map((metric) => firstPoint(pointsOf(baseline, key(metric, place, hourSeconds))));
  const first = Math.min(Infinity, ...firsts.filter((hour) => hour !== -1));
  const made = lastPoint(pointsOf(baseline, progressKey(place))) + 1;
  return Math.max(first, made, Math.ceil((createdAtMs - baseline.span.startMs) / (hourSeconds * 1000)));
}

/** Write units that keeping the index costs in each hour. */
export function writeUnits(baseline: Baseline, place: IndexPlace): Series {
  return readSeries(baseline, key(metrics.dynamoWrites, place, hourSeconds));
}

function indexKeys(place: IndexPlace): readonly SeriesKey[] {
  const units = [metrics.dynamoReads, metrics.dynamoWrites].map((metric) => key(metric, place, hourSeconds));
  return [...withWitnesses(units), progressKey(place)];
}

function withWitnesses(keys: readonly SeriesKey[]): readonly SeriesKey[] {
  return keys.flatMap((key) => [key, ...witnessKeys(key)]);
}

/** GetRecords of the table's stream in each hour: calls with and without StreamLabel, as AWS publishes either, and records. */
function streamKeys({ ref, streamArn, replicaRegions }: DynamoTable): readonly SeriesKey[] {
  if (streamArn === undefined || replicaRegions.length > 1) return [];
  const calls = { TableName: ref.id, Operation: "GetRecords" };
  const labelled = { ...calls, StreamLabel: labelOf(streamArn) };
  const count = (metric: Metric, dimensions: Readonly<Record<string, string>>) => seriesKey(metric, ref.region, dimensions, "SampleCount", hourSeconds);
  return [count(metrics.dynamoCalls, calls), count(metrics.dynamoCalls, labelled), count(metrics.dynamoStreamRecords, labelled)];
}

/** `…:table/<name>/stream/<label>`. */
function labelOf(streamArn: string): string {
  return streamArn.slice(streamArn.lastIndexOf("/") + 1);
}

interface StreamReads {
  readonly reads: readonly { readonly metric: SeriesKey["metric"]; readonly series: Series }[];
  /** The hour of the baseline from which on the stream was there. */
  readonly since: number;
}

/** Reads of the stream; absence counts only since it was turned on, which is what its label says. */
export function streamReads(baseline: Baseline, table: DynamoTable, streamArn: string): StreamReads {
  const onMs = Math.max(table.createdAtMs, Date.parse(`${labelOf(streamArn)}Z`));
  // A label that is no time tells no age: then nothing counts as absence.
  const since = Math.ceil((onMs - baseline.span.startMs) / (hourSeconds * 1000));
  const reads = streamKeys(table).map((one) => {
    const series = readSeries(baseline, one);
    return { metric: one.metric, series: { ...series, values: mapped(series.values, (value, hour) => (hour >= since ? value : Number.NaN)) } };
  });
  return { reads, since };
}

function progressKey({ region, table, index }: IndexPlace): SeriesKey {
  return seriesKey(metrics.dynamoIndexProgress, region, { TableName: table, GlobalSecondaryIndexName: index }, "Maximum", hourSeconds);
}

/** What a brownout looks at: any read that was served, or refused because of the cap. */
export function probeKeys(place: IndexPlace): readonly SeriesKey[] {
  return [metrics.dynamoReads, metrics.dynamoReadThrottles, metrics.dynamoReadCapThrottles].map((metric) => key(metric, place, fineSeconds));
}
