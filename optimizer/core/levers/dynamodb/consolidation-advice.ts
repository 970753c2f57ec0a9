import { oncePer } from "../../model/once.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Advice, Evidence, OpenQuestion, RuleFacts } from "../../model/rule.ts";
import { shellWord } from "../../model/shell-words.ts";
import { evidence } from "../../sizing/evidence.ts";
import { total } from "../../sizing/quantile.ts";
import { added, combine, type Series } from "../../sizing/series.ts";
import type { Subject } from "../../sizing/skip.ts";
import { hasSortKey, itemBytes, keeperOf, sharedIndexes } from "./consolidation-fit.ts";
import { type Fit, type JointPeaks, jointPeaks, type Pair, poolingUsd, throttlesOf } from "./consolidation-load.ts";
import type { DynamoTable } from "./table.ts";

/** What a table takes in a second by default, of reads and of writes, in either mode (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
const unitsPerSecond = 40_000;
const bytesPerWriteUnit = 1024;
const recountSeconds = 6 * 3600;

/** Requests cost the same whichever table takes them: on demand nothing is paid by the table. */
export function savesAtMost(facts: RuleFacts, a: DynamoTable, b: DynamoTable): MonthlyUsd {
  if (a.billingMode === "PAY_PER_REQUEST") return { kind: "known", usd: 0 };
  const price = facts.prices.dynamoDb(a.ref.region, a.tableClass);
  if (price === null) return { kind: "unknown", what: `DynamoDB capacity in ${a.ref.region}`, reason: "price unknown" };
  return { kind: "known", usd: poolingUsd(facts, a, b, price) };
}

/** Which limit of one table both together would exceed, in words, or undefined. */
export function tooBusy(facts: RuleFacts, { tables, loads: [a, b] }: Pair): string | undefined {
  if (a.peak + b.peak <= unitsPerSecond) return undefined;
  const over = jointPeaks(facts, ...tables).find(({ index, joint }) => index === "" && joint > unitsPerSecond);
  return over === undefined
    ? undefined
    : `both together took ${Math.round(over.joint)} units of ${over.kind} a second in their busiest hour, a table takes ${unitsPerSecond} by default`;
}

export const correlationEvidence = oncePer(({ loads: [a, b], correlation }: Pair): Evidence => {
  const series = combine("units of both", a.units, b.units, added);
  return evidence("loads move together by", correlation, {
    series,
    statistic: "rank correlation of hours, without the usual week",
    unit: "Correlation",
  });
});

export function mergeAdvice(facts: RuleFacts, pair: Fit, subject: Subject): Advice {
  const [keeper, other] = keeperOf(...pair.tables);
  const peaks = jointPeaks(facts, keeper, other).filter(({ index }) => index === "");
  const shared = sharedIndexes(keeper, other).length;
  const indexes = keeper.indexes.length + other.indexes.length - shared;
  const hours = pair.loads[0].units.values.length;
  return {
    kind: "advice",
    ...subject,
    others: [other.ref],
    summary: `keep what ${other.ref.id} holds in ${keeper.ref.id}`,
    reason: [
      `their keys fit one key schema, their ${indexes === 0 ? "tables have no indexes" : `indexes ${indexes} instead of ${keeper.indexes.length + other.indexes.length}`}`,
      `over ${hours} hours, without what each hour of the week and each day has on average, their loads have a rank correlation of ${pair.correlation.toFixed(2)}`,
      "neither was throttled",
      moneyWords(keeper),
    ].join("; "),
    evidence: [
      correlationEvidence(pair),
      ...peaks.flatMap(peakEvidence),
      ...pair.tables.map((table) => counted(`average item of ${table.ref.id}`, itemBytes(table), "Bytes")),
      ...pair.tables.map((table) => counted(`items of ${table.ref.id}`, table.itemCount, "Count")),
      ...pair.tables.map((table) => throttleEvidence(table, throttlesOf(facts, table))),
    ],
    refused: [],
    savesAtMost: pair.savesAtMost,
    toFindOut: questions(facts, keeper, other),
    warnings: warnings(facts, keeper, other),
  };
}

function moneyWords({ billingMode }: DynamoTable): string {
  return billingMode === "PAY_PER_REQUEST"
    ? "on demand requests cost the same in one table as in two, and nothing is paid by the table: it saves no money, only what two tables take to run (alarms, backups, permissions)"
    : "each has a busiest hour of its own, one table needs only that of both together: what that saves is told by their hours at list prices, without the room that each has alone";
}

function peakEvidence({ kind, series, joint, apart }: JointPeaks): readonly Evidence[] {
  const made = { series, statistic: "highest hour", unit: "Count/Second" } as const;
  return [evidence(`${kind} of both together`, joint, { ...made, limit: unitsPerSecond }), evidence(`${kind} of each in its own hour`, apart, made)];
}

function throttleEvidence({ ref }: DynamoTable, throttles: readonly Series[]): Evidence {
  const series = throttles.reduce((sum, each) => combine(sum.name, sum, each, added));
  return evidence(`throttled requests of ${ref.id}`, total(series.values), { series, statistic: "Sum", unit: "Count" });
}

/** Not of a series: DescribeTable tells it. */
function counted(name: string, value: number, unit: "Bytes" | "Count"): Evidence {
  return { name, value, unit, statistic: "as AWS counts it, every 6 hours", periodSeconds: recountSeconds, completeness: 1, series: [] };
}

/** What no figure of an account tells: who uses which table for what. */
function questions({ baseline: { span } }: RuleFacts, keeper: DynamoTable, other: DynamoTable): readonly OpenQuestion[] {
  const { region } = keeper.ref;
  const [from, until] = [span.startMs, span.endMs].map((ms) => Math.floor(ms / 1000));
  const names = [keeper, other].map(({ ref }) => JSON.stringify(ref.id)).join(", ");
  const query = `filter eventSource = "dynamodb.amazonaws.com" and requestParameters.tableName in [${names}] | stats count(*) by userIdentity.sessionContext.sessionIssuer.arn, requestParameters.tableName, eventName`;
  return [
    {
      question: "Does a trail log data events of DynamoDB? Without them nothing tells who reads or writes an item; AWS charges for each that is logged.",
      command: `aws cloudtrail get-event-selectors --region ${region} --trail-name <your trail>`,
    },
    {
      question:
        "Which principals read and write which of the two, and do the same ones use both? Batches and transactions name their tables under requestParameters.requestItems and transactItems.",
      command: `aws logs start-query --region ${region} --log-group-name <your trail's log group> --start-time ${from} --end-time ${until} --query-string ${shellWord(query)}`,
    },
    ...[keeper, other].map(({ ref, arn }) => ({
      question: `Who is allowed to use ${ref.id} by a policy of its own? One table has one policy for both.`,
      command: `aws dynamodb get-resource-policy --region ${region} --resource-arn ${shellWord(arn)}`,
    })),
  ];
}

function warnings({ prices }: RuleFacts, keeper: DynamoTable, other: DynamoTable): readonly string[] {
  const price = prices.dynamoDb(keeper.ref.region, keeper.tableClass);
  const writes = other.itemCount * Math.ceil(itemBytes(other) / bytesPerWriteUnit);
  const once = price === null ? "" : `, some $${(writes * price.writeRequestUnit).toFixed(2)} of write requests once`;
  const sortKey = hasSortKey(other) || !hasSortKey(keeper) ? "" : ` and a sort key of one value, which ${other.ref.id} has none of`;
  return [
    `the ${other.itemCount.toLocaleString("en-US")} items of ${other.ref.id} would have to be written anew, with a prefix in their keys${sortKey}${once}; whatever reads them has to be changed with that`,
    `an index of ${keeper.ref.id} shows items of ${other.ref.id} too where they carry the attributes of its key, and a scan reads past both`,
    "both are restored, exported and watched as one afterwards, and permissions have to tell their items apart by key (dynamodb:LeadingKeys)",
    ...(keeper.billingMode === "PROVISIONED" ? ["reserved capacity, which AWS tells in the bill alone, goes on being paid"] : []),
  ];
}
