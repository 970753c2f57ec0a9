import { rememberPerModel, type ByTick, type LoadModel } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { msOfWeek, tickAt, tickMs, tickSeconds } from "../../load/tick.ts";
import { datedCallsIn, demandOf, type IndexDemand, type TableDemand } from "./demand.ts";
import { answeredBy } from "./throttling.ts";
import { billingAt, creationMs, indexesAt, tables, type Table } from "./table.ts";

/** Fields of an index's row: queries answered, read units they took, and queries turned away, all in the tick; above 0 while it is made. */
export const indexField = { reads: 0, units: 1, throttled: 2, writeUnits: 3, making: 4 } as const;
/** Fields of a table's row, without its indexes: requests answered, units they took, and requests turned away. */
export const tableField = { reads: 0, readUnits: 1, writes: 2, writeUnits: 3, readsThrottled: 4, writesThrottled: 5 } as const;

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const hourMs = 3_600_000;
const tickHours = tickMs / hourMs;
const dayMs = 24 * hourMs;

const rememberedTables = rememberPerModel<TickRows>();
const rememberedIndexes = rememberPerModel<TickRows>();

/** Figures of a table by tick, without its indexes. */
export function tableLoad(model: LoadModel, table: Table): TickRows {
  const { region } = table;
  const { name } = table.core;
  return rememberedTables(model, `${region}/${name}`, () => tableRows(model, table, demandOf(model, region, name), model.requests(region)));
}

/** Figures of an index by tick, also of one that was made or removed since. */
export function indexLoad(model: LoadModel, table: Table, index: string): TickRows {
  const { region } = table;
  const { name } = table.core;
  return rememberedIndexes(model, `${region}/${name}/${index}`, () => indexRows(model, table, index, demandOf(model, region, name), model.requests(region)));
}

/** What all tables of a region are billed for: requests while on demand, capacity while provisioned; an index like its table. */
export function unitsUsed(model: LoadModel, region: string, fromMs: number, untilMs: number): readonly { readonly usage: string; readonly units: number }[] {
  const all = model.state.of(tables).in(region);
  if (all.length === 0) return [];
  const used = { ReadRequestUnits: 0, WriteRequestUnits: 0, "ReadCapacityUnit-Hrs": 0, "WriteCapacityUnit-Hrs": 0 };
  for (const one of all) {
    const { core } = one;
    const table = tableLoad(model, one);
    const secondary = [...core.indexes.keys()].map((index) => indexLoad(model, one, index));
    for (let tick = tickAt(fromMs); (tick + 1) * tickMs <= untilMs; tick++) {
      const billing = billingAt(core, tick * tickMs);
      if (billing.mode === "PROVISIONED") {
        const indexes = indexesAt(core, tick * tickMs);
        used["ReadCapacityUnit-Hrs"] += indexes.reduce((sum, index) => sum + index.readCapacityUnits, billing.readCapacityUnits) * tickHours;
        used["WriteCapacityUnit-Hrs"] += indexes.reduce((sum, index) => sum + index.writeCapacityUnits, billing.writeCapacityUnits) * tickHours;
        continue;
      }
      used.ReadRequestUnits += orZero(table.at(tick, tableField.readUnits)) + secondary.reduce((sum, rows) => sum + orZero(rows.at(tick, indexField.units)), 0);
      used.WriteRequestUnits +=
        orZero(table.at(tick, tableField.writeUnits)) + secondary.reduce((sum, rows) => sum + orZero(rows.at(tick, indexField.writeUnits)), 0);
    }
  }
  // A line that is 0 stands on the bill only where it always did.
  return Object.entries(used).flatMap(([usage, units]) => (units === 0 && usage.includes("Capacity") ? [] : [{ usage, units }]));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** Reads of an index; what exceeds its cap in a second is throttled. An index that is gone has no row. */
function indexRows(model: LoadModel, { region, core }: Table, index: string, demand: TableDemand, requestsPerSecond: ByTick): TickRows {
  const { history, scenario } = model;
  const answeredWrites = answeredBy(model, core, demand, requestsPerSecond);
  const reads = demand.indexes[index];
  const indexAt = history.remember((atMs) => core.indexes.get(index)?.at(atMs) ?? null);
  const createdMs = Math.max(core.indexCreatedMs.get(index) ?? -Infinity, core.createdMs);
  // An index that came with its table was never made online.
  const madeUntilMs = createdMs > core.createdMs ? createdMs + creationMs : createdMs;
  const startMs = Date.parse(scenario.start);
  return rememberRows(5, (tick, values, offset) => {
    if (tick * tickMs < createdMs) return;
    const requests = requestsPerSecond(tick);
    const wanted = reads === undefined ? 0 : queriesIn(reads, tick, requests, startMs);
    const unitsPerRead = reads?.unitsPerRead ?? 0.5;
    const isWhole = answeredWrites.isWhole(tick);
    history.eachPart(region, tick, 0, (atMs, share) => {
      const capacity = indexAt(atMs);
      if (capacity === null) return;
      addTo(values, offset + indexField.making, capacity.status === "CREATING" || tick * tickMs < madeUntilMs ? 1 : 0);
      const limit = capacity.readCapacityUnits > 0 ? capacity.readCapacityUnits : capacity.maxReadRequestUnits;
      const cap = limit < 0 ? Infinity : limit * tickSeconds * share;
      const answered = Math.min(wanted * share, cap / unitsPerRead);
      addTo(values, offset + indexField.reads, answered);
      addTo(values, offset + indexField.units, answered * unitsPerRead);
      addTo(values, offset + indexField.throttled, wanted * share - answered);
      addTo(
        values,
        offset + indexField.writeUnits,
        requests * demand.writesPerRequest * (isWhole ? 1 : answeredWrites.of("writes", tick, atMs)) * demand.unitsPerWrite * tickSeconds * share,
      );
    });
  });
}

function tableRows(model: LoadModel, { region, core }: Table, demand: TableDemand, requestsPerSecond: ByTick): TickRows {
  const answered = answeredBy(model, core, demand, requestsPerSecond);
  return rememberRows(6, (tick, values, offset) => {
    const requests = requestsPerSecond(tick) * tickSeconds;
    if (tick * tickMs < core.createdMs) return;
    const isWhole = answered.isWhole(tick);
    model.history.eachPart(region, tick, 0, (atMs, share) => {
      if (core.status.at(atMs) === undefined) return;
      const reads = share * requests * demand.readsPerRequest;
      const writes = share * requests * demand.writesPerRequest;
      const readShare = isWhole ? 1 : answered.of("reads", tick, atMs);
      const writeShare = isWhole ? 1 : answered.of("writes", tick, atMs);
      addTo(values, offset + tableField.reads, reads * readShare);
      addTo(values, offset + tableField.readUnits, reads * readShare * demand.unitsPerRead);
      addTo(values, offset + tableField.writes, writes * writeShare);
      addTo(values, offset + tableField.writeUnits, writes * writeShare * demand.unitsPerWrite);
      addTo(values, offset + tableField.readsThrottled, reads * (1 - readShare));
      addTo(values, offset + tableField.writesThrottled, writes * (1 - writeShare));
    });
  });
}

/** Queries that clients make of the index in a tick. */
function queriesIn(demand: IndexDemand, tick: number, requestsPerSecond: number, scenarioStartMs: number): number {
  const steady = (demand.readsPerRequest * requestsPerSecond + demand.readsPerSecond) * tickSeconds;
  const dated = datedCallsIn(demand.dated ?? [], tick * tickMs, (tick + 1) * tickMs, scenarioStartMs);
  return demand.weekly.reduce((sum, weekly) => {
    const fromMs = weekdays.indexOf(weekly.day) * dayMs + weekly.hourUtc * hourMs;
    const lengthMs = weekly.minutes * 60_000;
    const tickFromMs = msOfWeek(tick * tickMs);
    const overlapMs = Math.min(tickFromMs + tickMs, fromMs + lengthMs) - Math.max(tickFromMs, fromMs);
    return sum + (overlapMs <= 0 ? 0 : (weekly.reads * overlapMs) / lengthMs);
  }, steady + dated);
}
