import { refKey } from "../../model/resource-ref.ts";
import type { Advice, RuleFacts, Skip } from "../../model/rule.ts";
import { knownUsd } from "../../money/monthly.ts";
import { correlation } from "../../sizing/rank-correlation.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { Refusal, StudyRule } from "../lever.ts";
import { once, oncePer } from "../once.ts";
import { resourcesOf } from "../resource-kinds.ts";
import { correlationEvidence, mergeAdvice, savesAtMost, tooBusy } from "./consolidation-advice.ts";
import { alike, apartAlone, apartFrom, keeperOf } from "./consolidation-fit.ts";
import { loadOf, type Pair } from "./consolidation-load.ts";
import { type TableStudy, tableStudies } from "./study.ts";
import type { DynamoTable } from "./table.ts";

/** Tables of one region that could be one: told with what speaks for it, never done. */
export const tableConsolidation: StudyRule<DynamoTable, TableStudy> = {
  id: "dynamodb.table-consolidation",
  phase: 1,
  title: "DynamoDB tables that could be one",
  cost: { service: "Amazon DynamoDB", commitment: "none" },
  judgedBy: "never-executed",
  // Nothing of it is ever run, so that nothing need still be so.
  restsOn: () => ({}),
  decide: ({ facts, table }, subject) => decide(facts, table, subject),
};

/** Advice or a skip: it has no other answer. */
function decide(facts: RuleFacts, table: DynamoTable, subject: Subject): readonly (Advice | Skip)[] {
  const alone = apartAlone(table);
  if (alone !== undefined) return [skip(subject, alone.code, alone.detail)];
  const told = regionsOf(facts).get(table.ref.region)?.get(refKey(table.ref));
  return told === undefined ? [] : [told(subject)];
}

type Told = (subject: Subject) => Advice | Skip;

/** What is said of each table of a region, by its key. Nothing is said of one that goes into another: that one's advice names it. */
const regionsOf = oncePer((facts: RuleFacts): ReadonlyMap<string, ReadonlyMap<string, Told>> => {
  const tables = resourcesOf(facts.inventory, "dynamodb-table").filter((table) => tableStudies.study(facts, table)("careful").refusal === undefined);
  const regions = [...new Set(tables.map(({ ref }) => ref.region))];
  return new Map(regions.map((region) => [region, toldOf(facts, inOrder(tables.filter(({ ref }) => ref.region === region)))]));
});

function inOrder(tables: readonly DynamoTable[]): readonly DynamoTable[] {
  return tables.toSorted((a, b) => (a.ref.id < b.ref.id ? -1 : 1));
}

function toldOf(facts: RuleFacts, tables: readonly DynamoTable[]): ReadonlyMap<string, Told> {
  const { minTables } = facts.policy.rules.dynamodbTableConsolidation;
  const candidates = tables.filter((table) => apartAlone(table) === undefined);
  const all = (what: (table: DynamoTable) => Told | undefined) =>
    new Map(candidates.flatMap((table): [string, Told][] => [what(table)].flatMap((told) => (told === undefined ? [] : [[refKey(table.ref), told]]))));
  if (tables.length < minTables) {
    const words = `${tables.length === 1 ? "is the only table" : `is one of ${tables.length} tables`} of its region that may be looked at, ${minTables} are needed`;
    return all(() => (subject) => skip(subject, "no-counterpart", words));
  }
  const pairs = pairsOf(facts, candidates);
  const advised = disjoint(pairs.filter((pair) => isTogether(facts, pair)));
  return all((table) => {
    const own = advised.find((pair) => keeperOf(...pair.tables)[0] === table);
    if (own !== undefined) return (subject) => mergeAdvice(facts, own, subject);
    if (advised.some((pair) => pair.tables.includes(table))) return undefined;
    return (subject) => unpaired(facts, { table, candidates, pairs, advised }, subject);
  });
}

/** Of pairs that have a table in common only the best: what would save most, then what moves together most, then by name. */
function disjoint(pairs: readonly Pair[]): readonly Pair[] {
  const taken = new Set<DynamoTable>();
  const namesOf = ({ tables }: Pair): string => tables.map(({ ref }) => ref.id).join("|");
  return pairs
    .toSorted((a, b) => knownUsd(b.savesAtMost) - knownUsd(a.savesAtMost) || b.correlation - a.correlation || (namesOf(a) < namesOf(b) ? -1 : 1))
    .filter(({ tables }) => {
      if (tables.some((table) => taken.has(table))) return false;
      for (const table of tables) taken.add(table);
      return true;
    });
}

function isTogether(facts: RuleFacts, pair: Pair): boolean {
  if (pair.tables.some((table) => unusable(table, pair) !== undefined)) return false;
  return pair.correlation >= facts.policy.rules.dynamodbTableConsolidation.minRankCorrelation && tooBusy(facts, pair) === undefined;
}

function pairsOf(facts: RuleFacts, candidates: readonly DynamoTable[]): readonly Pair[] {
  const rules = facts.policy.rules.dynamodbTableConsolidation;
  const among = new Set(candidates);
  const loads = new Map(candidates.map((table) => [table, once(() => loadOf(facts, table))]));
  return candidates.flatMap((table) =>
    alike(facts.inventory, table).flatMap((other): readonly Pair[] => {
      if (!among.has(other) || other.ref.id <= table.ref.id || apartFrom(table, other, rules) !== undefined) return [];
      const [own, others] = [loads.get(table)?.(), loads.get(other)?.()];
      if (own === undefined || others === undefined) return [];
      return [
        { tables: [table, other], loads: [own, others], correlation: correlation(own.ranks, others.ranks), savesAtMost: savesAtMost(facts, table, other) },
      ];
    }),
  );
}

interface Unpaired {
  readonly table: DynamoTable;
  readonly candidates: readonly DynamoTable[];
  readonly pairs: readonly Pair[];
  readonly advised: readonly Pair[];
}

/** Others of which the reason is told; more are counted. */
const mostTold = 3;

function unpaired(facts: RuleFacts, { table, candidates, pairs, advised }: Unpaired, subject: Subject): Skip {
  const { minRankCorrelation, ...rules } = facts.policy.rules.dynamodbTableConsolidation;
  const own = pairs.filter(({ tables }) => tables.includes(table));
  const [first] = own;
  if (first === undefined) {
    const others = candidates.filter((other) => other !== table);
    const words = others.slice(0, mostTold).map((other) => `${other.ref.id} ${apartFrom(table, other, { ...rules, minRankCorrelation }) ?? ""}`);
    const more = others.length > mostTold ? [`${others.length - mostTold} more are as far from it`] : [];
    return skip(subject, "no-counterpart", others.length === 0 ? "no other table of its region could take it in" : [...words, ...more].join("; "));
  }
  const [load, problem] = [first.loads[first.tables.indexOf(table)], unusable(table, first)];
  if (problem !== undefined) return skip(subject, problem.code, problem.detail);
  const sound = own.filter((pair) => unusable(otherOf(pair, table), pair) === undefined);
  const best = sound.toSorted((a, b) => b.correlation - a.correlation)[0];
  if (load === undefined || best === undefined) {
    const other = otherOf(first, table);
    return skip(subject, "no-counterpart", `would fit one table with ${other.ref.id}, of which nothing can be said: ${unusable(other, first)?.detail ?? ""}`);
  }
  const other = otherOf(best, table).ref.id;
  const evidence = [correlationEvidence(best)];
  const words = `moves with ${other} by ${best.correlation.toFixed(2)} beyond the usual week`;
  if (best.correlation < minRankCorrelation) return skip(subject, "no-counterpart", `${words}, ${minRankCorrelation} is needed`, { evidence });
  const busy = tooBusy(facts, best);
  if (busy !== undefined) return skip(subject, "no-counterpart", `${words}; ${busy}`, { evidence });
  const taken = advised.find(({ tables }) => tables.includes(otherOf(best, table)));
  return skip(
    subject,
    "no-counterpart",
    `${words}, which would go with ${taken === undefined ? "another" : otherOf(taken, otherOf(best, table)).ref.id}: one pair is looked at a time`,
    { evidence },
  );
}

function otherOf({ tables: [a, b] }: Pair, table: DynamoTable): DynamoTable {
  return a === table ? b : a;
}

/** Why a table's load says nothing of which others it is used with. */
function unusable(table: DynamoTable, { tables, loads }: Pair): Refusal | undefined {
  const load = loads[tables.indexOf(table)];
  if (load?.incomplete !== undefined) return { code: "insufficient-data", detail: load.incomplete };
  if (load !== undefined && load.throttled > 0)
    return { code: "no-counterpart", detail: `was throttled ${Math.round(load.throttled)} times in the baseline: no other table's load may come on top` };
  if (load !== undefined && !differs(load.ranks))
    return { code: "no-counterpart", detail: "its load never differs from its usual week, so that nothing shows what it is used with" };
  return undefined;
}

function differs(ranks: Float64Array): boolean {
  const first = ranks.find((rank) => !Number.isNaN(rank));
  return ranks.some((rank) => !Number.isNaN(rank) && rank !== first);
}
