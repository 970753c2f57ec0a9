import type { Action, ChangeStep } from "../../model/action.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, Evidence, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth, sumMonthly } from "../../money/monthly.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { mean, total, worstSum } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { StudyRule } from "../lever.ts";
import { placesOf, probeKeys, readUnits, type TableStudy, writeUnits } from "./study.ts";
import type { DynamoTable, IndexDefinition, TableIndex } from "./table.ts";

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
  cost: { service: "Amazon DynamoDB", commitment: "none" },
  judgedBy: "load-balancers",
  restsOn: ({ billingMode, indexes, replicaRegions }) => ({ billingMode, indexes: indexes.map(({ definition }) => definition), replicaRegions }),
  finer: () => [],
  decide: (study, subject) =>
    study.table.indexes.length === 0
      ? [skip(subject, "already-there", "has no global secondary index")]
      : study.table.indexes.map((index) => decideIndex(study, { ...subject, part: index.definition.name }, index)),
};

function decideIndex({ facts, table, replicas }: TableStudy, subject: Subject, index: TableIndex): Decision {
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

/** The least DynamoDB takes as a cap, one read request unit a second: it limits damage, it does not prove silence. */
const cappedReadRequestUnits = 1;

/** Cap the reads → brownout over every replica → delete. The way back creates the index as it was, or only lifts the cap. */
export function unusedGsiAction(subject: Subject, table: DynamoTable, definition: IndexDefinition, brownOutMinutes: number): Action {
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
        description: `wait whether anything reads ${name}`,
      },
      { kind: "change", id: `${id}#forward:delete`, change: removal, description: `delete ${name}` },
    ],
    rollback: [
      { kind: "change", id: `${id}#rollback:create`, change: inverse(removal), description: `create ${name} again and wait until it is filled` },
      lift,
    ],
    reversibility: "slow",
    disruptions: [],
    writeBack: [{ type: "aws_dynamodb_table", id: table.ref.id, property: "absentIndexes", operation: "append", value: definition.name }],
  };
}
