import { pointAt } from "../model/observation.ts";
import { hourOfWeek, hoursPerWeek } from "./hour-of-week.ts";

/** Evenly spaced values, NaN where there is none. */
export interface SlotSeries {
  readonly startMs: number;
  readonly slotMs: number;
  readonly values: Float64Array;
}

const weekMs = hoursPerWeek * 3_600_000;

/** Slots of the neighbouring hours that are pooled into an hour's median, on each side (research/safety.md §2). */
const pooledNeighbours = 2;

/** By hour of the week, the slots of that hour and of two slots on either side, by value, least first. */
export interface HourlyPools {
  readonly series: SlotSeries;
  readonly pools: readonly Float64Array[];
}

/** Slots sorted once, so that medians without one week or without ill slots cost a scan and no sorting. */
export function hourlyPools(series: SlotSeries): HourlyPools {
  const { startMs, slotMs, values } = series;
  const members = Array.from({ length: hoursPerWeek }, (): number[] => []);
  const reach = pooledNeighbours * slotMs;
  const byValue = finiteSlots(values);
  byValue.sort((a, b) => pointAt(values, a) - pointAt(values, b));
  for (const slot of byValue) {
    const ms = startMs + slot * slotMs;
    const own = hourOfWeek(ms);
    const before = hourOfWeek(ms - reach);
    const after = hourOfWeek(ms + reach);
    members[own]?.push(slot);
    if (before !== own) members[before]?.push(slot);
    if (after !== own && after !== before) members[after]?.push(slot);
  }
  return { series, pools: members.map((slots) => Float64Array.from(slots)) };
}

/** Slots that have a value, in their order. */
function finiteSlots(values: Float64Array): Float64Array {
  const finite = new Float64Array(values.length);
  let found = 0;
  for (let slot = 0; slot < values.length; slot += 1) {
    if (!Number.isFinite(values[slot])) continue;
    finite[found] = slot;
    found += 1;
  }
  return finite.subarray(0, found);
}

/** Whole weeks since the series' start. */
export function weekOf(index: number, slotMs: number): number {
  return Math.floor((index * slotMs) / weekMs);
}

/** Lower median by hour of the week, null without values. Slots with 1 in `isLeftOut` do not count. */
export function hourlyMedians({ series, pools }: HourlyPools, isLeftOut?: Uint8Array): readonly (number | null)[] {
  return pools.map((pool) => orNull(pointAt(series.values, lowerMiddle(pool, isLeftOut))));
}

/** The slot in the middle, NaN without any. Counted twice rather than copied: a back-test takes the medians of each hour without each week, and would throw away some thousand lists. */
function lowerMiddle(pool: Float64Array, isLeftOut: Uint8Array | undefined): number {
  if (isLeftOut === undefined) return pointAt(pool, (pool.length - 1) >> 1);
  let kept = 0;
  for (let at = 0; at < pool.length; at += 1) if (isLeftOut[pointAt(pool, at)] !== 1) kept += 1;
  let before = (kept - 1) >> 1;
  for (let at = 0; at < pool.length; at += 1) {
    if (isLeftOut[pointAt(pool, at)] === 1) continue;
    if (before === 0) return pointAt(pool, at);
    before -= 1;
  }
  return Number.NaN;
}

/** The lower median: an observed value, never an invented one. NaN without values. */
export function middleOfAll(values: readonly number[] | Float64Array): number {
  const sorted = new Float64Array(values).sort();
  return pointAt(sorted, Math.floor((sorted.length - 1) / 2));
}

/** The same, null without values. */
export function median(values: readonly number[] | Float64Array): number | null {
  return orNull(middleOfAll(values));
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The value that `share` of the values do not exceed; 0 without values. */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  if (values.length === 0) return 0;
  const sorted = new Float64Array(values).sort();
  return pointAt(sorted, Math.min(sorted.length - 1, Math.floor(share * sorted.length)));
}
