import { seenOr } from "../../model/seen.ts";
import { certainly } from "../../model/certainly.ts";
import type { Action, ChangeStep } from "../../model/action.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, Evidence, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth, sumMonthly } from "../../money/monthly.ts";
import { incompleteness, unknownPeriods } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { mean, total, worstSum } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { Refusal, StudyRule } from "../lever.ts";
import { type IndexPlace, knownSince, placesOf, probeKeys, readUnits, type TableStudy, writeUnits } from "./study.ts";
import type { DynamoTable, IndexDefinition, InsightsMode, TableIndex } from "./table.ts";
import { changeSeconds, indexCreationSeconds, usualWarmUnits } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** A query consumes half a read unit at least (DynamoDB guide, "Read/write capacity mode"). */
const leastReadUnitsPerQuery = 0.5;
const hoursPerWeek = 7 * 24;
const bytesPerGb = 1024 ** 3;

/** Global secondary indexes that nothing queries, in any region of their table. */
export const unusedGsi: StudyRule<DynamoTable, TableStudy> = {
  id: "dynamodb.unused-gsi",
  phase: 1,
  title: "Unused global secondary indexes",
  // Requests and storage cannot be committed to.
  cost: { service: "Amazon DynamoDB", commitment: "usage", billedBy: "requests" },
  judgedBy: "load-balancers",
  changes: ["dynamodb.contributor-insights", "dynamodb.index", "dynamodb.index-read-cap"],
  checks: { notNeeded: "an index that is gone shows nothing more: a query that still wants it fails in the application" },
  restsOn: ({ billingMode, indexes, replicaRegions, foreignReplicas, contributorInsights }) => ({
    billingMode,
    indexes: indexes.map(({ definition }) => definition),
    replicaRegions,
    foreignReplicas,
    contributorInsights,
  }),
  decide: (study, subject) =>
    study.table.indexes.length === 0
      ? [skip(subject, "already-there", "has no global secondary index")]
      : study.table.indexes.map((index) => decideIndex(study, { ...subject, part: index.definition.name }, index)),
};

function decideIndex(study: TableStudy, subject: Subject, index: TableIndex): Decision {
  const { facts, table, replicas } = study;
  const { policy } = facts;
  const { maxWeeklyQueries, brownOutMinutes } = policy.rules.dynamodbUnusedGsi;
  const refused = ineligibility(study, index);
  if (refused !== undefined) return skip(subject, refused.code, refused.detail);

  const reads = placesOf(table, index).map((place) => readsOf(study, place));
  const incomplete = reads.flatMap(({ region, gap }) => (gap === undefined ? [] : [`${region}: ${gap}`]));
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
  const unknown = reads.flatMap(({ region, unknown: hours }) => (hours === undefined ? [] : [`${region}: ${hours}`]));
  if (unknown.length > 0 && policy.rules.decision === "guarded") return skip(subject, "insufficient-data", unknown.join("; "), { evidence: seen });
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
    warnings: [
      "a job that runs less often than the baseline is long would not have been seen",
      ...(read.length > 0 ? [`was read: ${stillRead}`] : []),
      ...unknown,
      ...leftScaling(table, index.definition.name),
    ],
    action: unusedGsiAction(subject, table, removedIndex(replicas, index.definition), brownOutMinutes, insightsOf(replicas, index.definition.name)),
  };
}

/** What of table and index stands in the way, or could not be seen although the way back needs it. */
function ineligibility({ table, replicas }: TableStudy, { definition, status }: TableIndex): Refusal | undefined {
  if (table.billingMode === "PROVISIONED")
    return { code: "unsupported", detail: "the table is provisioned: its indexes have a read capacity and a scaling target of their own to pause first" };
  if (table.status !== "ACTIVE" || status !== "ACTIVE") return { code: "unsupported", detail: `the table is ${table.status}, the index ${status}` };
  for (const { ref, contributorInsights, scaling, indexes } of replicas) {
    if (contributorInsights.kind === "unseen")
      return { code: "unreadable", detail: `whether the index has Contributor Insights could not be seen in ${ref.region}: ${contributorInsights.reason}` };
    if (scaling.kind === "unseen")
      return { code: "unreadable", detail: `whether Application Auto Scaling changes the index could not be seen in ${ref.region}: ${scaling.reason}` };
    const own = indexes.find((each) => each.definition.name === definition.name)?.definition;
    if (own !== undefined && !hasSameLimits(own, definition))
      return { code: "unsupported", detail: `its replica in ${ref.region} has limits of its own, which an index that is created again would not have` };
  }
  return undefined;
}

function hasSameLimits(one: IndexDefinition, other: IndexDefinition): boolean {
  return one.maxReadRequestUnits === other.maxReadRequestUnits && one.maxWriteRequestUnits === other.maxWriteRequestUnits;
}

function removedIndex(replicas: readonly DynamoTable[], definition: IndexDefinition): RemovedIndex {
  const copies = replicas.flatMap(({ indexes }) => indexes.filter((index) => index.definition.name === definition.name));
  return {
    definition: priorDefinition(replicas, definition),
    items: Math.max(...copies.map(({ itemCount }) => itemCount)),
    bytes: Math.max(...copies.map(({ sizeBytes }) => sizeBytes)),
  };
}

/** The index as it has to be made again: as warm as its warmest replica, since one creation makes them all. */
function priorDefinition(replicas: readonly DynamoTable[], definition: IndexDefinition): IndexDefinition {
  const warm = replicas.flatMap(({ indexes }) => indexes.find((each) => each.definition.name === definition.name)?.definition.warmThroughput ?? []);
  if (warm.length === 0) return definition;
  const warmThroughput = { readUnits: Math.max(...warm.map(({ readUnits }) => readUnits)), writeUnits: Math.max(...warm.map(({ writeUnits }) => writeUnits)) };
  return { ...definition, warmThroughput };
}

interface RegionInsights {
  readonly region: string;
  readonly mode: InsightsMode;
}

function insightsOf(replicas: readonly DynamoTable[], index: string): readonly RegionInsights[] {
  return replicas.flatMap(({ ref, contributorInsights }) => {
    const mode = seenOr(contributorInsights, {})[index];
    return mode === undefined ? [] : [{ region: ref.region, mode }];
  });
}

/** AWS keeps the scaling targets of an index that is gone, and they take hold again of one of the same name. */
function leftScaling({ ref, scaling }: DynamoTable, index: string): readonly string[] {
  const left = seenOr(scaling, []).filter(({ resourceId }) => resourceId === `table/${ref.id}/index/${index}`);
  return left.length === 0
    ? []
    : [
        `its ${left.length === 1 ? "scaling target stays" : "scaling targets stay"} in Application Auto Scaling without effect: ${left.map(({ dimension }) => dimension).join(", ")}`,
      ];
}

interface IndexReads {
  readonly region: string;
  readonly series: Series;
  /** Why they prove nothing. */
  readonly gap: string | undefined;
  /** Hours since it was there in which it may have been read all the same. */
  readonly unknown: string | undefined;
}

/** Absence counts only while the index was there: one that is younger than the baseline says less. */
function readsOf({ facts, replicas }: TableStudy, place: IndexPlace): IndexReads {
  const { baseline, policy } = facts;
  const replica = replicas.find(({ ref }) => ref.region === place.region);
  const since = knownSince(baseline, place, certainly(replica, "no index is looked at of a table of which a replica was not read"));
  const series = readUnits(baseline, place, since);
  const gap = incompleteness(series, policy);
  return {
    region: place.region,
    series,
    gap: gap === undefined || since <= 0 ? gap : `${existence(since, series)}${gap}`,
    unknown: unknownPeriods(series, { since, startMs: baseline.span.startMs }),
  };
}

function existence(since: number, { values }: Series): string {
  if (since >= values.length) return "";
  return `the index is known to exist for the last ${Math.floor((values.length - since) / 24)} days only: `;
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
    replicas.map(({ ref, indexes, tableClass }): MonthlyUsd => {
      const price = prices.dynamoDb(ref.region, tableClass);
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

/** The least DynamoDB takes as a cap, one read request unit a second: it limits damage, it does not prove silence. */
const cappedReadRequestUnits = 1;

interface RemovedIndex {
  readonly definition: IndexDefinition;
  /** Of its largest replica: each fills its own. */
  readonly items: number;
  readonly bytes: number;
}

/** Cap the reads → brownout over every replica → delete. The way back creates the index as it was, or only lifts the cap. */
export function unusedGsiAction(
  subject: Subject,
  table: DynamoTable,
  { definition, items, bytes }: RemovedIndex,
  brownOutMinutes: number,
  insights: readonly RegionInsights[] = [],
): Action {
  const id = actionId(subject);
  const where = { region: table.ref.region, table: table.ref.id, index: definition.name };
  // Deleted and recreated as it is in between, capped, so that each step finds what the one before it left.
  const capped = { ...definition, maxReadRequestUnits: cappedReadRequestUnits };
  const cap: ChangeOf<"dynamodb.index-read-cap"> = {
    kind: "dynamodb.index-read-cap",
    ...where,
    before: { maxReadRequestUnits: definition.maxReadRequestUnits },
    after: { maxReadRequestUnits: cappedReadRequestUnits },
  };
  const removal: ChangeOf<"dynamodb.index"> = { kind: "dynamodb.index", ...where, before: capped, after: null };
  const name = `${definition.name} of ${table.ref.id}`;
  const lift: ChangeStep = { kind: "change", id: `${id}#rollback:lift`, change: inverse(cap), description: `lift the cap on reads of ${name}` };
  const regions = table.replicaRegions;
  const creation = indexCreationSeconds({ items, bytes, writeUnits: definition.warmThroughput?.writeUnits ?? usualWarmUnits.write });
  return {
    id,
    rule: subject.rule,
    phase: 1,
    region: table.ref.region,
    resource: table.ref,
    summary: `${table.ref.id}: remove the unused index ${definition.name}${regions.length > 1 ? ` in ${regions.join(", ")}` : ""}`,
    steps: [
      { kind: "change", id: `${id}#forward:cap`, change: cap, description: `cap reads of ${name} at ${cappedReadRequestUnits} unit a second` },
      {
        kind: "brownout",
        id: `${id}#forward:brownout`,
        minutes: brownOutMinutes,
        probes: placesOf(table, { definition }).flatMap(probeKeys),
        lift: [{ ...lift, id: `${id}#lift:lift` }],
        description: `see whether anything reads ${name}`,
      },
      { kind: "change", id: `${id}#forward:delete`, change: removal, description: `delete ${name}` },
    ],
    rollback: [
      { kind: "change", id: `${id}#rollback:create`, change: inverse(removal), description: `create ${name} again and wait until it is filled` },
      lift,
      ...insights.map(({ region, mode }): ChangeStep => {
        const change: ChangeOf<"dynamodb.contributor-insights"> = {
          kind: "dynamodb.contributor-insights",
          ...where,
          region,
          before: { mode: null },
          after: { mode },
        };
        return { kind: "change", id: `${id}#rollback:insights-${region}`, change, description: `turn on Contributor Insights of ${name} in ${region} again` };
      }),
    ],
    reversibility: "slow",
    undoMinutes: minutesOf(creation + changeSeconds.tableUpdate + insights.length * changeSeconds.contributorInsights),
    disruptions: [],
    writeBack: [{ type: "aws_dynamodb_table", id: table.ref.id, property: "absentIndexes", operation: "append", value: definition.name }],
  };
}
