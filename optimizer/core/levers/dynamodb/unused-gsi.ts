import type { MonthlyUsd } from "../../model/money.ts";
import type { DynamoTable, TableIndex } from "./table.ts";
import type { Inventory } from "../resource-kinds.ts";
import type { Decision, Evidence, Rule, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth, sumMonthly } from "../../money/monthly.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { indexKeys, readUnits, writeUnits } from "./load.ts";
import { mean, total, worstSum } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { undescribedSkips } from "../../sizing/undescribed.ts";
import { unusedGsiAction } from "./unused-gsi-action.ts";

/** A query consumes half a read unit at least (DynamoDB guide, "Read/write capacity mode"). */
const leastReadUnitsPerQuery = 0.5;
const hoursPerWeek = 7 * 24;
const bytesPerGb = 1024 ** 3;

/** Global secondary indexes that nothing queries, in any region of their table. */
export const unusedGsi: Rule = {
  id: "dynamodb.unused-gsi",
  phase: 1,
  title: "Unused global secondary indexes",
  demands: ({ resources }) => tablesOf({ resources }).flatMap((table) => table.indexes.flatMap((index) => placesOf(table, index).flatMap(indexKeys))),
  refinements: () => [],
  decide: (facts) => [
    ...undescribedSkips("dynamodb.unused-gsi", "dynamodb-table", facts.inventory),
    ...tablesOf(facts.inventory).flatMap((table) => decideTable(facts, table)),
  ],
};

function tablesOf({ resources }: Pick<Inventory, "resources">): readonly DynamoTable[] {
  return resources.filter((resource) => resource.kind === "dynamodb-table");
}

function placesOf(table: DynamoTable, { definition }: TableIndex) {
  return table.replicaRegions.map((region) => ({ region, table: table.ref.id, index: definition.name }));
}

/** AWS copies an index's removal to every replica, so one region acts for all: the owner's, or the first of a table it has no part in. */
function actingRegion({ ref, replicaRegions }: DynamoTable, ownerRegion: string): string {
  if (replicaRegions.includes(ownerRegion)) return ownerRegion;
  return replicaRegions.toSorted()[0] ?? ref.region;
}

function decideTable(facts: RuleFacts, table: DynamoTable): readonly Decision[] {
  const subject: Subject = { rule: unusedGsi.id, resource: table.ref };
  const acting = actingRegion(table, facts.ownerRegion);
  const replicas = tablesOf(facts.inventory).filter(({ ref }) => ref.id === table.ref.id && table.replicaRegions.includes(ref.region));
  if (acting !== table.ref.region) {
    // Decided once, by the acting region; only when that one is unseen does this replica speak up.
    const isDecidedThere = replicas.some(({ ref }) => ref.region === acting);
    return isDecidedThere ? [] : [skip(subject, "not-owner", `a replica of the global table in ${acting}, which was not read`)];
  }
  const tenant = tenantReason(
    replicas.map(({ tags }) => tags),
    facts.policy.tenantTags,
  );
  if (tenant !== undefined) return [skip(subject, "tenant-resource", tenant)];
  const unseen = table.replicaRegions.filter((region) => !replicas.some(({ ref }) => ref.region === region));
  if (unseen.length > 0) return [skip(subject, "unreadable", `its replica in ${unseen.join(", ")} was not read, so neither its tags nor its reads are known`)];
  if (table.indexes.length === 0) return [skip(subject, "already-there", "has no global secondary index")];
  return table.indexes.map((index) => decideIndex(facts, { ...subject, part: index.definition.name }, { table, index, replicas }));
}

interface Examined {
  readonly table: DynamoTable;
  readonly index: TableIndex;
  /** The table in every region, this one included. */
  readonly replicas: readonly DynamoTable[];
}

function decideIndex(facts: RuleFacts, subject: Subject, { table, index, replicas }: Examined): Decision {
  const { policy, baseline } = facts;
  const { maxWeeklyQueries, brownOutMinutes } = policy.rules.dynamodbUnusedGsi;
  if (table.billingMode === "PROVISIONED")
    return skip(subject, "unsupported", "the table is provisioned: its indexes have a read capacity and a scaling target of their own to pause first");
  if (table.status !== "ACTIVE" || index.status !== "ACTIVE") return skip(subject, "unsupported", `the table is ${table.status}, the index ${index.status}`);

  const reads = placesOf(table, index).map((place): IndexReads => ({ region: place.region, series: readUnits(baseline, place) }));
  const incomplete = reads.flatMap(({ region, series }) => gapOf(region, incompleteness(series, policy)));
  if (incomplete.length > 0) return skip(subject, "insufficient-data", incomplete.join("; "));

  const weekly = reads.map((read) => worstWeek(read, maxWeeklyQueries * leastReadUnitsPerQuery));
  const overall = reads.map(wholeBaseline);
  const seen = [...weekly, ...overall];
  if (!weekly.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(weekly), { evidence: seen });
  const read = overall.filter(({ value }) => value > 0);
  const stillRead = read.map(({ name, value }) => `${name}: ${value}`).join(", ");
  if (read.length > 0 && policy.rules.decision === "guarded") {
    return skip(subject, "still-read", `below the requirement's limit, yet read (${stillRead}); guarded allows no read at all`, { evidence: seen });
  }
  const cost = savings(facts, index, replicas);
  return {
    kind: "proposal",
    ...subject,
    from: index.definition.name,
    to: "removed",
    reason: read.length === 0 ? `no query in ${table.replicaRegions.join(", ")} during the whole baseline` : conditionText(weekly),
    evidence: seen,
    refused: [],
    risk: 0,
    savings: cost,
    monthlyCost: { before: cost, after: { kind: "known", usd: 0 } },
    warnings: ["a job that runs less often than the baseline is long would not have been seen", ...(read.length > 0 ? [`was read: ${stillRead}`] : [])],
    action: unusedGsiAction(subject, table, index.definition, brownOutMinutes),
  };
}

function gapOf(region: string, reason: string | undefined): readonly string[] {
  return reason === undefined ? [] : [`${region}: ${reason}`];
}

interface IndexReads {
  readonly region: string;
  readonly series: Series;
}

/** The worst seven days, wherever they begin: at least as many reads as the worst calendar week. */
function worstWeek({ region, series }: IndexReads, limit: number): Evidence {
  return evidence(`read units in ${region}`, worstSum(series.values, hoursPerWeek), { series, statistic: "worst whole week", unit: "Count", limit });
}

function wholeBaseline({ region, series }: IndexReads): Evidence {
  return evidence(`read units in ${region}, whole baseline`, total(series.values), { series, statistic: "Sum", unit: "Count" });
}

/** Storage and writes of the index in every region. */
function savings({ baseline, policy, prices }: RuleFacts, { definition }: TableIndex, replicas: readonly DynamoTable[]): MonthlyUsd {
  return sumMonthly(
    replicas.map(({ ref, indexes }): MonthlyUsd => {
      const price = prices.dynamoDb(ref.region);
      if (price === null) return { kind: "unknown", reason: `no price is known for DynamoDB in ${ref.region}` };
      const writes = writeUnits(baseline, { region: ref.region, table: ref.id, index: definition.name });
      const incomplete = incompleteness(writes, policy);
      if (incomplete !== undefined) return { kind: "unknown", reason: `${ref.region}: ${incomplete}` };
      const size = indexes.find((index) => index.definition.name === definition.name)?.sizeBytes;
      if (size === undefined) return { kind: "unknown", reason: `${ref.region} has no index ${definition.name}` };
      return { kind: "known", usd: (size / bytesPerGb) * price.storageGbMonth + mean(writes.values) * hoursPerMonth * price.writeRequestUnit };
    }),
  );
}
