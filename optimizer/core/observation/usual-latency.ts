import { hourOfWeek, hoursPerWeek } from "./hour-of-week.ts";

/** Evenly spaced values, NaN where there is none. */
export interface SlotSeries {
  readonly startMs: number;
  readonly slotMs: number;
  readonly values: Float64Array;
}

const hourMs = 3_600_000;
const weekMs = hoursPerWeek * hourMs;

/** Slots of the neighbouring hours that are pooled into an hour's median, on each side (research/safety.md §2). */
const pooledNeighbours = 2;

/** By hour of the week, the values of that hour and of two slots on either side, with the week each is from. */
export interface HourlyPools {
  readonly pools: readonly { readonly value: number; readonly week: number }[][];
}

/** Values sorted once, so that medians without one week cost a scan and no sorting. */
export function hourlyPools({ startMs, slotMs, values }: SlotSeries): HourlyPools {
  const pools = Array.from({ length: hoursPerWeek }, (): { value: number; week: number }[] => []);
  const reach = pooledNeighbours * slotMs;
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    const ms = startMs + index * slotMs;
    const [own, before, after] = [hourOfWeek(ms), hourOfWeek(ms - reach), hourOfWeek(ms + reach)];
    const one = { value, week: weekOf(index, slotMs) };
    pools[own]?.push(one);
    if (before !== own) pools[before]?.push(one);
    if (after !== own && after !== before) pools[after]?.push(one);
  }
  for (const pool of pools) pool.sort((a, b) => a.value - b.value);
  return { pools };
}

/** Whole weeks since the series' start. */
export function weekOf(index: number, slotMs: number): number {
  return Math.floor((index * slotMs) / weekMs);
}

/** Median by hour of the week, null without values; `leftOut` is a week that does not count. */
export function hourlyMedians({ pools }: HourlyPools, leftOut?: number): readonly (number | null)[] {
  return pools.map((pool) => {
    const kept = leftOut === undefined ? pool : pool.filter(({ week }) => week !== leftOut);
    return kept[Math.floor((kept.length - 1) / 2)]?.value ?? null;
  });
}
