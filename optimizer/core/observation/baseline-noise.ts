import { pointAt } from "../model/observation.ts";
import { median, quantile } from "./hourly-medians.ts";
import { type LatencyNoise, middleOf } from "./sequential-evidence.ts";
import type { SlotColumns } from "./slot-columns.ts";
import { hourOfWeek } from "./hour-of-week.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** From a median absolute deviation to a Gaussian's standard deviation. */
const madToSigma = 1.4826;

/** Hours further out than this many robust standard deviations count as if they were there. */
const winsorAt = 5;

/** The share of slots that deviate most is left out of the errors' dispersion: 14 hours of 60 days. */
const trimmedShare = 0.01;

/** Days whose medians make the present level. */
const levelDays = 14;

/** Standard deviation and lag-1 autocorrelation of the hourly middles of log(p99 ÷ usual); hours without a value break the chain. */
export function latencyNoise(startMs: number, slotMs: number, logRatios: Float64Array): LatencyNoise {
  const cells = new Map<number, number[]>();
  for (let slot = 0; slot < logRatios.length; slot += 1) {
    const value = pointAt(logRatios, slot);
    if (Number.isNaN(value)) continue;
    const hour = Math.floor((startMs + slot * slotMs) / hourMs);
    const cell = cells.get(hour);
    if (cell === undefined) cells.set(hour, [value]);
    else cell.push(value);
  }
  const hourly = winsorized(new Map([...cells].map(([hour, values]) => [hour, middleOf(values)])));
  return { sigma: deviation([...hourly.values()]), autocorrelation: autocorrelation(hourly) };
}

function winsorized(hourly: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const values = [...hourly.values()];
  const centre = median(values) ?? 0;
  const reach = winsorAt * madToSigma * (median(values.map((value) => Math.abs(value - centre))) ?? 0);
  return new Map([...hourly].map(([hour, value]) => [hour, Math.min(centre + reach, Math.max(centre - reach, value))]));
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function autocorrelation(hourly: ReadonlyMap<number, number>): number {
  const values = [...hourly.values()];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let together = 0;
  let alone = 0;
  for (const [hour, value] of hourly) {
    alone += (value - mean) ** 2;
    together += (value - mean) * ((hourly.get(hour + 1) ?? mean) - mean);
  }
  return alone > 0 ? together / alone : 0;
}

/**
 * How bursty errors are: max(1, Pearson's χ² ÷ degrees of freedom), which is variance ÷ mean freed from the traffic's own rhythm, without
 * the slots that deviate most. Slots with 1 in `isIll` do not count.
 */
export function errorDispersion({ errors, requests }: SlotColumns, isIll: Uint8Array): number {
  let [count, all] = [0, 0];
  for (let slot = 0; slot < errors.length; slot += 1) {
    if (isIll[slot] === 1) continue;
    count += pointAt(errors, slot);
    all += pointAt(requests, slot);
  }
  const rate = count / all;
  if (!(rate > 0)) return 1;
  const expected = requests.map((each, slot) => (isIll[slot] === 1 ? 0 : each * rate));
  const deviations = expected.map((each, slot) => (each > 0 ? (pointAt(errors, slot) - each) ** 2 / each : -1));
  const sorted = deviations.filter((each) => each >= 0).sort();
  const kept = sorted.subarray(0, Math.ceil(sorted.length * (1 - trimmedShare)));
  return kept.length < 2 ? 1 : Math.max(1, kept.reduce((total, each) => total + each, 0) / (kept.length - 1));
}

/**
 * By day since the start, the level of log(p99 ÷ usual) as it was known before that day: the median of the medians of up to 14 days before,
 * each moved on by the baseline's trend. A service that grows slower week by week is not what it was two months ago, and that is not the
 * change's doing. Bounded by `mostLog` on either side, so that harm which began before the baseline ended does not become the usual.
 */
export function levelsBefore(slotMs: number, logRatios: Float64Array, mostLog: number): Float64Array {
  const perDay = Math.max(1, Math.round(dayMs / slotMs));
  const medians = Array.from({ length: Math.ceil(logRatios.length / perDay) }, (_, day) =>
    median(logRatios.subarray(day * perDay, (day + 1) * perDay).filter((value) => !Number.isNaN(value))),
  );
  const days = medians.length;
  const slope = slopeOf(medians);
  return Float64Array.from({ length: days + 1 }, (_, day) => {
    const first = Math.max(0, day - levelDays);
    const known = medians.slice(first, Math.max(day, Math.min(levelDays, days)));
    const moved = known.flatMap((each, index) => (each === null ? [] : each + slope * (day - 0.5 - (first + index))));
    return Math.min(mostLog, Math.max(-mostLog, median(moved) ?? 0));
  });
}

/** Theil and Sen's: the median of the slopes between any two days; a third of all days may be anything without moving it far. */
function slopeOf(byDay: readonly (number | null)[]): number {
  const slopes: number[] = [];
  for (const [late, value] of byDay.entries()) {
    if (value === null) continue;
    // Days that are near to each other say more of the day than of the trend.
    for (let early = 0; early <= late - levelDays; early += 1) {
      const before = byDay[early] ?? null;
      if (before !== null) slopes.push((value - before) / (late - early));
    }
  }
  return median(slopes) ?? 0;
}

/** Standard deviation without the outermost tenth on either side: half the width of the middle 80 %, as a Gaussian would have it. */
export function robustDeviation(values: readonly number[]): number {
  return values.length < 2 ? 0 : (quantile(values, 0.9) - quantile(values, 0.1)) / (2 * 1.2816);
}

/** Medians over the busy hours and over all, of a window's log ratios. */
export function windowMedians(
  logRatios: Float64Array,
  startMs: number,
  slotMs: number,
  busy: readonly boolean[] | null,
): { readonly all: number | null; readonly busy: number | null } {
  const known = logRatios.filter((value) => !Number.isNaN(value));
  if (busy === null) return { all: median(known), busy: null };
  const inBusy = logRatios.filter((value, index) => !Number.isNaN(value) && busy[hourOfWeek(startMs + index * slotMs)] === true);
  return { all: median(known), busy: median(inBusy) };
}
