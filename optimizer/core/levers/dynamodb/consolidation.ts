import { certainly } from "../../model/certainly.ts";
import { refKey } from "../../model/resource-ref.ts";
import type { Advice, RuleFacts, Skip } from "../../model/rule.ts";
import { knownUsd } from "../../money/monthly.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import type { Reading } from "../../sizing/estimate.ts";
import { total } from "../../sizing/quantile.ts";
import { correlation } from "../../sizing/rank-correlation.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { Refusal, StudyRule } from "../lever.ts";
import { oncePer } from "../../model/once.ts";
import { onceOfFacts } from "../../model/once-of-facts.ts";
import { resourcesOf } from "../resource-kinds.ts";
import { correlationEvidence, mergeAdvice, savesAtMost, tooBusy } from "./consolidation-advice.ts";
import { alike, apartAlone, apartFrom, keeperOf } from "./consolidation-fit.ts";
import { type Fit, loadOf, type Pair, throttleKeys, throttlesOf } from "./consolidation-load.ts";
import { type TableStudy, tableStudies } from "./study.ts";
import type { DynamoTable } from "./table.ts";

/** Tables of one region that could be one: told with what speaks for it, never done. */
export const tableConsolidation: StudyRule<DynamoTable, TableStudy> = {
  id: "dynamodb.table-consolidation",
  phase: 1,
  title: "DynamoDB tables that could be one",
  cost: { service: "Amazon DynamoDB", commitment: "capacity" },
  judgedBy: "never-executed",
  changes: [],
  // Nothing of it is ever run, so that nothing need still be so.
  restsOn: () => ({}),
  decide,
  finer: ({ table }) => throttleKeys(table),
};

/** Advice or a skip: it has no other answer. */
function decide({ facts, table, reading }: TableStudy, subject: Subject): readonly (Advice | Skip)[] {
  const alone = apartAlone(table);
  if (alone !== undefined) return [skip(subject, alone.code, alone.detail)];
  const told = toldBy[reading](facts).get(refKey(table.ref));
  return told === undefined ? [] : [told(subject)];
}

type Told = (subject: Subject) => Advice | Skip;

/**
 * What is said of each table, by its key, once for all of them. Nothing is said of one that goes into another: that one's advice names it.
 * Throttling that was not asked for yet is none by the hopeful reading, and unknown by the careful one.
 */
const toldBy = {
  careful: onceOfFacts((facts) => toldOf(facts, "careful")),
  hopeful: onceOfFacts((facts) => toldOf(facts, "hopeful")),
};

/** Tables of a region that may be looked at, and the pairs of them that would fit one as far as keys, settings, items and tags tell. */
interface Region {
  readonly tables: readonly DynamoTable[];
  readonly candidates: readonly DynamoTable[];
  readonly pairs: readonly Pair[];
  /** The same by either of their tables. */
  readonly pairsOf: ReadonlyMap<DynamoTable, readonly Pair[]>;
}

const regionsOf = onceOfFacts((facts): readonly Region[] => {
  const seen = inOrder(resourcesOf(facts.inventory, "dynamodb-table").filter((table) => tableStudies.study(facts, table)("careful").refusal === undefined));
  return [...new Set(seen.map(({ ref }) => ref.region))].map((region) => {
    const tables = seen.filter(({ ref }) => ref.region === region);
    const candidates = tables.filter((table) => apartAlone(table) === undefined);
    const pairs = tables.length < facts.policy.rules.dynamodbTableConsolidation.minTables ? [] : pairsAmong(facts, candidates);
    return { tables, candidates, pairs, pairsOf: byTable(pairs) };
  });
});

function inOrder(tables: readonly DynamoTable[]): readonly DynamoTable[] {
  return tables.toSorted((a, b) => (a.ref.id < b.ref.id ? -1 : 1));
}

function toldOf(facts: RuleFacts, reading: Reading): ReadonlyMap<string, Told> {
  return new Map(
    regionsOf(facts).flatMap((region) => {
      const told = toldIn(facts, region, reading);
      return region.candidates.flatMap((table): [string, Told][] => [told(table)].flatMap((own) => (own === undefined ? [] : [[refKey(table.ref), own]])));
    }),
  );
}

function toldIn(facts: RuleFacts, region: Region, reading: Reading): (table: DynamoTable) => Told | undefined {
  const { tables, pairs } = region;
  const { minTables } = facts.policy.rules.dynamodbTableConsolidation;
  if (tables.length < minTables) {
    const words = `${tables.length === 1 ? "is the only table" : `is one of ${tables.length} tables`} of its region that may be looked at, ${minTables} are needed`;
    return () => (subject) => skip(subject, "no-counterpart", words);
  }
  const throttled = oncePer((table: DynamoTable) => ({ problem: throttling(facts, table, reading) }));
  const fits = pairs.filter((pair) => movesTogether(facts, pair) && pair.tables.every((table) => throttled(table).problem === undefined));
  const advised = disjoint(fits.map((pair) => ({ ...pair, savesAtMost: savesAtMost(facts, ...pair.tables) })));
  const advisedOf = byTable(advised);
  return (table) => {
    const own = advisedOf.get(table)?.[0];
    if (own === undefined) return (subject) => unpaired(facts, { table, region, advised, throttling: (one) => throttled(one).problem }, subject);
    return keeperOf(...own.tables)[0] === table ? (subject) => mergeAdvice(facts, own, subject) : undefined;
  };
}

/** Of pairs that have a table in common only the best: what would save most, then what moves together most, then the first by name, as they come. */
function disjoint(fits: readonly Fit[]): readonly Fit[] {
  const taken = new Set<DynamoTable>();
  return fits
    .toSorted((a, b) => knownUsd(b.savesAtMost) - knownUsd(a.savesAtMost) || b.correlation - a.correlation)
    .filter(({ tables }) => {
      if (tables.some((table) => taken.has(table))) return false;
      for (const table of tables) taken.add(table);
      return true;
    });
}

function movesTogether(facts: RuleFacts, pair: Pair): boolean {
  if (pair.tables.some((table) => unusable(table, pair).length > 0)) return false;
  return pair.correlation >= facts.policy.rules.dynamodbTableConsolidation.minRankCorrelation && tooBusy(facts, pair) === undefined;
}

/** Tables that differ in no setting are compared with so many that follow by name: of hundreds nobody merges one with any other. */
const mostCompared = 20;

function byTable<P extends Pair>(pairs: readonly P[]): ReadonlyMap<DynamoTable, readonly P[]> {
  const own = new Map<DynamoTable, P[]>();
  for (const pair of pairs) {
    for (const table of pair.tables) {
      const known = own.get(table) ?? [];
      own.set(table, known);
      known.push(pair);
    }
  }
  return own;
}

function pairsAmong(facts: RuleFacts, candidates: readonly DynamoTable[]): readonly Pair[] {
  const rules = facts.policy.rules.dynamodbTableConsolidation;
  const among = new Set(candidates);
  const loads = oncePer((table: DynamoTable) => loadOf(facts, table));
  const groups = new Set(candidates.map((table) => alike(facts.inventory, table)));
  return [...groups].flatMap((group) => {
    const sorted = inOrder(group.filter((table) => among.has(table)));
    return sorted.flatMap((table, at) =>
      sorted.slice(at + 1, at + 1 + mostCompared).flatMap((other): readonly Pair[] => {
        if (apartFrom(table, other, rules) !== undefined) return [];
        const [own, others] = [loads(table), loads(other)];
        return [{ tables: [table, other], loads: [own.load, others.load], correlation: correlation(own.ranks, others.ranks) }];
      }),
    );
  });
}

interface Unpaired {
  readonly table: DynamoTable;
  readonly region: Region;
  readonly advised: readonly Pair[];
  readonly throttling: (table: DynamoTable) => Refusal | undefined;
}

/** Others of which the reason is told; more are counted. */
const mostTold = 3;

function unpaired(facts: RuleFacts, { table, region, advised, throttling: throttlingOf }: Unpaired, subject: Subject): Skip {
  const { minRankCorrelation } = facts.policy.rules.dynamodbTableConsolidation;
  const own = region.pairsOf.get(table) ?? [];
  const [first] = own;
  if (first === undefined) return skip(subject, "no-counterpart", apartWords(facts, table, region));
  const [problem] = unusable(table, first);
  if (problem !== undefined) return skip(subject, problem.code, problem.detail);
  const best = own.filter((pair) => unusable(otherOf(pair, table), pair).length === 0).toSorted((a, b) => b.correlation - a.correlation)[0];
  if (best === undefined) {
    const other = otherOf(first, table);
    const why = unusable(other, first).map(({ detail }) => detail);
    return skip(subject, "no-counterpart", `would fit one table with ${other.ref.id}, of which nothing can be said: ${why.join("; ")}`);
  }
  const other = otherOf(best, table);
  const seen = { evidence: [correlationEvidence(best)] };
  const words = `moves with ${other.ref.id} by ${best.correlation.toFixed(2)} beyond the usual week`;
  if (best.correlation < minRankCorrelation) return skip(subject, "no-counterpart", `${words}, ${minRankCorrelation} is needed`, seen);
  const busy = tooBusy(facts, best);
  if (busy !== undefined) return skip(subject, "no-counterpart", `${words}; ${busy}`, seen);
  const throttled = throttlingOf(table);
  if (throttled !== undefined) return skip(subject, throttled.code, `${words}; ${throttled.detail}`, seen);
  const othersThrottled = throttlingOf(other);
  if (othersThrottled !== undefined) return skip(subject, "no-counterpart", `${words}; ${other.ref.id}: ${othersThrottled.detail}`, seen);
  const taken = certainly(
    advised.find(({ tables }) => tables.includes(other)),
    "of two tables that fit and are no pair one is in another",
  );
  return skip(subject, "no-counterpart", `${words}, which would go with ${otherOf(taken, other).ref.id}: one pair is looked at a time`, seen);
}

function apartWords(facts: RuleFacts, table: DynamoTable, { candidates }: Region): string {
  const others = candidates.filter((other) => other !== table);
  if (others.length === 0) return "no other table of its region could take it in";
  const words = others.slice(0, mostTold).map((other) => {
    const apart = apartFrom(table, other, facts.policy.rules.dynamodbTableConsolidation);
    return `${other.ref.id} ${apart ?? `is not compared with it: more than ${mostCompared} are between them by name`}`;
  });
  return [...words, ...(others.length > mostTold ? [`and ${others.length - mostTold} more`] : [])].join("; ");
}

/** Whether another table's load may come on top. */
function throttling(facts: RuleFacts, table: DynamoTable, reading: Reading): Refusal | undefined {
  const series = throttlesOf(facts, table);
  const throttled = series.reduce((sum, { values }) => sum + total(values), 0);
  if (throttled > 0)
    return { code: "no-counterpart", detail: `was throttled ${Math.round(throttled)} times in the baseline: no other table's load may come on top` };
  const incomplete = reading === "hopeful" ? undefined : firstIncompleteness(series, facts.policy);
  return incomplete === undefined ? undefined : { code: "insufficient-data", detail: `whether it was throttled is not known: ${incomplete}` };
}

function otherOf({ tables: [a, b] }: Pair, table: DynamoTable): DynamoTable {
  return a === table ? b : a;
}

/** Why a table's load says nothing of which others it is used with. */
function unusable(table: DynamoTable, { tables, loads: [ofFirst, ofSecond] }: Pair): readonly Refusal[] {
  const { incomplete, isAsUsual } = table === tables[0] ? ofFirst : ofSecond;
  if (incomplete !== undefined) return [{ code: "insufficient-data", detail: incomplete }];
  if (isAsUsual) return [{ code: "no-counterpart", detail: "its load never differs from its usual week, so that nothing shows what it is used with" }];
  return [];
}
