import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { SizingChange } from "../../../optimizer/core/model/action.ts";
import { indexField, indexLoad } from "../../../simulation/services/dynamodb/load.ts";
import { type Table, tables } from "../../../simulation/services/dynamodb/table.ts";
import { baselineHours, futureHours, sumIn } from "../hours.ts";
import { harmless, type Lever, nothing } from "../opened.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";
import type { Trial } from "../trial.ts";

const { baselineDays } = defaultPolicy;

interface Index {
  readonly name: string;
  readonly isReadPast: boolean;
  readonly isReadLater: boolean;
  /** What its writes cost, US dollars a month. */
  readonly monthlyUsd: number;
}

/** Whether an index is unused is no matter of size: it is, or somebody reads it, be it once in the whole baseline. */
export const unusedIndex: Lever = {
  rules: ["dynamodb.unused-gsi"],
  open(trial) {
    const all = new Map(
      trial.state
        .of(tables)
        .in(region)
        .flatMap((table) => indexesOf(trial, table))
        .map((index) => [index.name, index]),
    );
    if (all.size === 0) return undefined;
    const removedBy = (changes: readonly SizingChange[]): readonly Index[] =>
      changes.flatMap(({ id, property, value }) => (property === "absentIndexes" && typeof value === "string" ? (all.get(`${id}/${value}`) ?? []) : []));
    const unread = [...all.values()].filter(({ isReadPast }) => !isReadPast);
    const best = unread.length === 0 ? nothing : { text: textOf(unread), gain: costOf(unread) };
    return {
      truthOf(changes) {
        const removed = removedBy(changes);
        return { ...harmless, isUnsafeSeen: removed.some(({ isReadPast }) => isReadPast), isUnsafeLater: removed.some(({ isReadLater }) => isReadLater) };
      },
      gainOf: (changes) => costOf(removedBy(changes)),
      text: (changes) => textOf(removedBy(changes)),
      safest: best,
      safestWithin: best,
      peers: () => [],
    };
  },
};

function indexesOf(trial: Trial, table: Table): readonly Index[] {
  const model = trial.asDeployed;
  const price = priced(prices.dynamoDb(region)?.writeRequestUnit ?? null, "a write");
  return [...table.core.indexes.keys()].map((name) => {
    const rows = indexLoad(model, table, name);
    const isReadIn = (hours: readonly number[]): boolean => hours.some((hour) => sumIn(hour, (tick) => rows.at(tick, indexField.reads)) > 0);
    const units = baselineHours(trial.scenario).reduce((sum, hour) => sum + sumIn(hour, (tick) => rows.at(tick, indexField.writeUnits)), 0);
    return {
      name: `${table.core.name}/${name}`,
      isReadPast: isReadIn(baselineHours(trial.scenario)),
      isReadLater: isReadIn(futureHours(trial.scenario)),
      monthlyUsd: (units / (baselineDays * 24)) * monthHours * price,
    };
  });
}

function costOf(indexes: readonly Index[]): number {
  return indexes.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
}

function textOf(indexes: readonly Index[]): string {
  return indexes.map(({ name }) => name).join(", ");
}
