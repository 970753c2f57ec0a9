import { pointAt } from "../../model/observation.ts";
import type { Candidate, Decision, DynamoDbPrices, Evidence } from "../../model/rule.ts";
import { hoursPerMonth } from "../../money/monthly.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { conditionText, evidence, isBelowLimit } from "../../sizing/evidence.ts";
import { asGrown } from "../../sizing/growth.ts";
import { mean, quantile, total } from "../../sizing/quantile.ts";
import { mapped } from "../../sizing/series.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { switchAction } from "./billing-mode-action.ts";
import { type CapacityPart, capacityParts, consumedUnits, provisionedUnits, throttleChecks } from "./capacity.ts";
import type { TableStudy } from "./study.ts";
import type { DynamoTable } from "./table.ts";

/**
 * What an on-demand table may take in a second by default, of each kind
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
 */
const onDemandUnitsPerSecond = 40_000;
const secondsPerHour = 3600;

/** Provisioned tables that use little of what is paid for, where requests would have cost less, hour by hour. */
export const billingMode: StudyRule<DynamoTable, TableStudy> = {
  id: "dynamodb.billing-mode",
  phase: 1,
  title: "DynamoDB tables on demand",
  // Reserved capacity is bound to the account, and AWS tells it in the bill alone.
  cost: { service: "Amazon DynamoDB", commitment: "capacity" },
  judgedBy: "load-balancers",
  changes: ["dynamodb.billing-mode", "dynamodb.scaling-suspension"],
  restsOn: ({ billingMode: mode, capacity, indexes, replicaRegions, scaling }) => ({
    billingMode: mode,
    indexes: indexes.map(({ definition }) => definition),
    replicaRegions,
    capacity,
    scaling,
  }),
  checks: ({ facts, table }) => throttleChecks(facts, table),
  decide: (study, subject) => [decide(study, subject)],
};

interface Replayed {
  readonly part: CapacityPart;
  readonly consumed: ReturnType<typeof consumedUnits>;
  /** Units a second that were paid for, by hour. */
  readonly provisioned: Float64Array;
  /** Units of such an hour two weeks on: requests that grow cost more from week to week, and a capacity does not. */
  readonly grown: Float64Array;
}

function decide({ facts, table }: TableStudy, subject: Subject): Decision {
  const { baseline, policy, prices } = facts;
  const { maxConsumedShare } = policy.rules.dynamodbBillingMode;
  if (table.billingMode === "PAY_PER_REQUEST") return skip(subject, "already-there", "is on demand");
  // AWS forgets the scaling of a global table when it is switched, so that the way back would not bring it.
  if (table.replicaRegions.length > 1)
    return skip(subject, "unsupported", "a global table loses its auto scaling when it is switched: the way back would not bring it");
  const moving = [
    ...(table.status === "ACTIVE" ? [] : [`the table is ${table.status}`]),
    ...table.indexes.filter(({ status }) => status !== "ACTIVE").map((index) => `index ${index.definition.name} is ${index.status}`),
  ];
  if (moving.length > 0) return skip(subject, "unsupported", moving.join("; "));
  if (table.scaling.kind === "unseen")
    return skip(subject, "unreadable", `whether Application Auto Scaling changes its capacity could not be seen: ${table.scaling.reason}`);
  if (table.lastOnDemandMs !== undefined && table.lastOnDemandMs > baseline.span.startMs)
    return skip(subject, "insufficient-data", "was on demand for a part of the baseline: what it was provisioned for then says nothing");

  const { capacity } = table;
  if (capacity === undefined) return skip(subject, "insufficient-data", "what it is provisioned for now is not known");
  const parts = capacityParts(table);
  const incomplete = parts.map((part) => incompleteness(consumedUnits(baseline, part), policy)).find((reason) => reason !== undefined);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  const replayed = parts.map((part): Replayed => {
    const consumed = consumedUnits(baseline, part);
    return { part, consumed, provisioned: provisionedUnits(baseline, part), grown: asGrown(consumed.values) };
  });
  const unknown = replayed.find(({ provisioned }) => Number.isNaN(pointAt(provisioned, 0)));
  if (unknown !== undefined) return skip(subject, "insufficient-data", `what ${unknown.part.name} was provisioned for in the baseline is not known`);

  const seen = replayed.map((each) => shareEvidence(each, maxConsumedShare));
  if (!seen.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(seen), { evidence: seen });
  const whileGrowing = replayed.some(({ grown, consumed }) => grown !== consumed.values) ? ", as it grows, two weeks on" : "";
  const peak = Math.max(...replayed.map(({ grown }) => quantile(grown, 1) / secondsPerHour));
  if (peak > onDemandUnitsPerSecond)
    return skip(
      subject,
      "does-not-fit",
      `took ${Math.round(peak)} units a second in its busiest hour${whileGrowing}, an on-demand table takes ${onDemandUnitsPerSecond} by default`,
      { evidence: seen },
    );
  const price = prices.dynamoDb(table.ref.region, table.tableClass);
  if (price === null)
    return skip(subject, "cannot-judge", `no price is known for DynamoDB in ${table.ref.region}, so neither mode is known to be cheaper`, { evidence: seen });

  const before = monthly(replayed, (each, hour) => pointAt(each.provisioned, hour), price, "capacity");
  const after = monthly(replayed, (each, hour) => pointAt(each.grown, hour), price, "requests");
  const refused = otherClasses(table, replayed, facts.prices.dynamoDb(table.ref.region, otherClass(table)), after + storage(table, price));
  if (after >= before)
    return skip(subject, "does-not-fit", `its requests would have cost ${usd(after)} a month${whileGrowing}, its capacity cost ${usd(before)}`, {
      evidence: seen,
      refused,
    });
  return {
    kind: "proposal",
    ...subject,
    from: "PROVISIONED",
    to: "PAY_PER_REQUEST",
    reason: `${conditionText(seen)}; hour by hour its requests would have cost ${usd(after)} a month${whileGrowing}, its capacity cost ${usd(before)}`,
    evidence: seen,
    refused,
    risk: 0,
    savings: { kind: "known", usd: before - after },
    monthlyCost: { before: { kind: "known", usd: before }, after: { kind: "known", usd: after } },
    ...(canBeReserved(table) ? {} : { commitment: "usage" }),
    warnings: [
      ...(canBeReserved(table) ? ["reserved capacity, which AWS tells in the bill alone, goes on being paid and would make the saving smaller"] : []),
      "AWS takes four switches to on-demand in 24 hours; back it takes at any time",
    ],
    action: switchAction(subject, table, capacity, table.scaling.value),
  };
}

/** Over all hours together: an hour for which more was provisioned counts for more. */
function shareEvidence({ part, consumed, provisioned }: Replayed, limit: number): Evidence {
  const paid = mapped(consumed.values, (value, hour) => (Number.isNaN(value) ? Number.NaN : pointAt(provisioned, hour) * secondsPerHour));
  const share = (total(consumed.values) / total(paid)) * 100;
  return evidence(`${part.name} consumed of what is provisioned`, share, { series: consumed, statistic: "Sum", unit: "Percent", limit: limit * 100 });
}

/** The mean hour's price, a month long. */
function monthly(replayed: readonly Replayed[], unitsOf: (each: Replayed, hour: number) => number, price: DynamoDbPrices, by: "capacity" | "requests"): number {
  const perUnit = {
    reads: by === "capacity" ? price.readCapacityHour : price.readRequestUnit,
    writes: by === "capacity" ? price.writeCapacityHour : price.writeRequestUnit,
  };
  return replayed.reduce(
    (sum, each) => sum + mean(mapped(each.consumed.values, (_, hour) => unitsOf(each, hour))) * perUnit[each.part.kind] * hoursPerMonth,
    0,
  );
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/reserved-capacity.html */
function canBeReserved({ tableClass }: DynamoTable): boolean {
  return tableClass === "STANDARD";
}

function otherClass({ tableClass }: DynamoTable): DynamoTable["tableClass"] {
  return tableClass === "STANDARD" ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD";
}

const bytesPerGb = 1024 ** 3;

function storage({ sizeBytes, indexes }: DynamoTable, { storageGbMonth }: DynamoDbPrices): number {
  return (indexes.reduce((sum, index) => sum + index.sizeBytes, sizeBytes) / bytesPerGb) * storageGbMonth;
}

/** The other table class by the same replay, storage included: told, not chosen, since a class can be changed twice in 30 days only. */
function otherClasses(table: DynamoTable, replayed: readonly Replayed[], price: DynamoDbPrices | null, chosenUsd: number): readonly Candidate[] {
  if (price === null) return [];
  const cost = monthly(replayed, (each, hour) => pointAt(each.grown, hour), price, "requests") + storage(table, price);
  return [{ target: `PAY_PER_REQUEST, ${otherClass(table)}`, projections: [], fits: false, monthlySavings: { kind: "known", usd: chosenUsd - cost } }];
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
