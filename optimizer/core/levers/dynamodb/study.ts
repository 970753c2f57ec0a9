import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import { witnessKeys } from "../../metrics/absence.ts";
import type { Baseline, SeriesKey } from "../../model/observation.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { fineSeconds, hourSeconds } from "../../sizing/estimate.ts";
import { readSeries, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Refusal, Studies, Study } from "../lever.ts";
import { resourcesOf } from "../resource-kinds.ts";
import type { DynamoTable, TableIndex } from "./table.ts";

/** A table in all its regions, seen from the one that acts for them. */
export interface TableStudy extends Study {
  readonly facts: RuleFacts;
  readonly table: DynamoTable;
  /** The table in every region, this one included. */
  readonly replicas: readonly DynamoTable[];
}

export const tableStudies: Studies<"dynamodb-table", TableStudy> = {
  kind: "dynamodb-table",
  series: (table) => table.indexes.flatMap((index) => placesOf(table, index).flatMap(indexKeys)),
  study: (facts, table) => {
    const replicas = resourcesOf(facts.inventory, "dynamodb-table").filter(({ ref }) => ref.id === table.ref.id && table.replicaRegions.includes(ref.region));
    return { facts, table, replicas, refusal: refusalOf(facts, table, replicas) };
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
  const unseen = table.replicaRegions.filter((region) => !replicas.some(({ ref }) => ref.region === region));
  if (unseen.length === 0) return undefined;
  return { code: "unreadable", detail: `its replica in ${unseen.join(", ")} was not read, so neither its tags nor its reads are known` };
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

/** Read units consumed by queries of the index in each hour; a gap is 0 only while the table itself reported. */
export function readUnits(baseline: Baseline, place: IndexPlace): Series {
  return readSeries(baseline, key(metrics.dynamoReads, place, hourSeconds));
}

/** Write units that keeping the index costs in each hour. */
export function writeUnits(baseline: Baseline, place: IndexPlace): Series {
  return readSeries(baseline, key(metrics.dynamoWrites, place, hourSeconds));
}

function indexKeys(place: IndexPlace): readonly SeriesKey[] {
  return [metrics.dynamoReads, metrics.dynamoWrites].map((metric) => key(metric, place, hourSeconds)).flatMap((one) => [one, ...witnessKeys(one)]);
}

/** What a brownout looks at: any read that was served, or refused because of the cap. */
export function probeKeys(place: IndexPlace): readonly SeriesKey[] {
  return [metrics.dynamoReads, metrics.dynamoReadThrottles, metrics.dynamoReadCapThrottles].map((metric) => key(metric, place, fineSeconds));
}
