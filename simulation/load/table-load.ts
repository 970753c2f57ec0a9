import type { IndexDemand, TableDemand } from "./demand-schema.ts";
import type { History } from "./history.ts";
import { addTo, rememberRows, type TickRows } from "./tick-rows.ts";
import { msOfWeek, tickMs, tickSeconds } from "./tick.ts";

/** Fields of an index's row: queries answered, read units they took, and queries turned away, all in the tick. */
export const indexField = { reads: 0, units: 1, throttled: 2, writeUnits: 3 } as const;
/** Fields of a table's row, without its indexes. */
export const tableField = { reads: 0, readUnits: 1, writes: 2, writeUnits: 3 } as const;

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Reads of an index; what exceeds its cap in a second is throttled. An index that is gone has no row. */
export function indexRows(
  history: History,
  region: string,
  table: string,
  index: string,
  demand: TableDemand,
  requestsPerSecond: (tick: number) => number,
): TickRows {
  const reads = demand.indexes[index];
  const capacityAt = history.remember((atMs) => history.view.indexAt(region, table, index, atMs));
  return rememberRows(4, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    const wanted = reads === undefined ? 0 : queriesIn(reads, tick, requests);
    const unitsPerRead = reads?.unitsPerRead ?? 0.5;
    history.eachPart(region, tick, 0, (atMs, share) => {
      const capacity = capacityAt(atMs);
      if (capacity === null || !capacity.exists) return;
      const cap = capacity.maxReadRequestUnits < 0 ? Infinity : capacity.maxReadRequestUnits * tickSeconds * share;
      const answered = Math.min(wanted * share, cap / unitsPerRead);
      addTo(values, offset + indexField.reads, answered);
      addTo(values, offset + indexField.units, answered * unitsPerRead);
      addTo(values, offset + indexField.throttled, wanted * share - answered);
      addTo(values, offset + indexField.writeUnits, requests * demand.writesPerRequest * demand.unitsPerWrite * tickSeconds * share);
    });
  });
}

export function tableRows(history: History, region: string, table: string, demand: TableDemand, requestsPerSecond: (tick: number) => number): TickRows {
  const tableAt = history.remember((atMs) => history.view.tableAt(region, table, atMs));
  return rememberRows(4, (tick, values, offset) => {
    const requests = requestsPerSecond(tick) * tickSeconds;
    history.eachPart(region, tick, 0, (atMs, share) => {
      if (tableAt(atMs) === null) return;
      addTo(values, offset + tableField.reads, share * requests * demand.readsPerRequest);
      addTo(values, offset + tableField.readUnits, share * requests * demand.readsPerRequest * demand.unitsPerRead);
      addTo(values, offset + tableField.writes, share * requests * demand.writesPerRequest);
      addTo(values, offset + tableField.writeUnits, share * requests * demand.writesPerRequest * demand.unitsPerWrite);
    });
  });
}

/** Queries that clients make of the index in a tick. */
function queriesIn(demand: IndexDemand, tick: number, requestsPerSecond: number): number {
  const steady = (demand.readsPerRequest * requestsPerSecond + demand.readsPerSecond) * tickSeconds;
  return demand.weekly.reduce((sum, weekly) => {
    const fromMs = weekdays.indexOf(weekly.day) * dayMs + weekly.hourUtc * hourMs;
    const lengthMs = weekly.minutes * 60_000;
    const tickFromMs = msOfWeek(tick * tickMs);
    const overlapMs = Math.min(tickFromMs + tickMs, fromMs + lengthMs) - Math.max(tickFromMs, fromMs);
    return sum + (overlapMs <= 0 ? 0 : (weekly.reads * overlapMs) / lengthMs);
  }, steady);
}
