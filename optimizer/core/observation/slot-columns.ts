import { pointAt } from "../model/observation.ts";
import type { SlotCounts } from "../model/window.ts";
import { errorTally } from "./score-slot.ts";
import { weekOf } from "./hourly-medians.ts";
import { hourOfWeek } from "./hour-of-week.ts";

/** The baseline as the run would have seen it. */
export interface History {
  readonly startMs: number;
  readonly slotMs: number;
  readonly counts: readonly SlotCounts[];
}

/** The same in columns: thousands of slots are gone through many times. Errors and requests are 0 and p99 NaN where nothing is known. */
export interface SlotColumns {
  readonly startMs: number;
  readonly slotMs: number;
  readonly errors: Float64Array;
  readonly requests: Float64Array;
  readonly p99Seconds: Float64Array;
}

export function columnsOf({ startMs, slotMs, counts }: History): SlotColumns {
  const columns = {
    startMs,
    slotMs,
    errors: new Float64Array(counts.length),
    requests: new Float64Array(counts.length),
    p99Seconds: new Float64Array(counts.length).fill(Number.NaN),
  };
  for (const [slot, each] of counts.entries()) {
    const tally = errorTally(each);
    columns.errors[slot] = tally?.errors ?? 0;
    columns.requests[slot] = tally?.requests ?? 0;
    if (each.p99Seconds !== null && each.p99Seconds > 0) columns.p99Seconds[slot] = each.p99Seconds;
  }
  return columns;
}

/** log(p99 ÷ usual), NaN where either is missing; what is usual may differ from week to week. */
export function logRatiosOf({ startMs, slotMs, p99Seconds }: SlotColumns, usualOfWeek: (week: number) => readonly (number | null)[]): Float64Array {
  const ratios = new Float64Array(p99Seconds.length).fill(Number.NaN);
  for (let slot = 0; slot < ratios.length; slot += 1) {
    const usual = usualOfWeek(weekOf(slot, slotMs))[hourOfWeek(startMs + slot * slotMs)];
    if (typeof usual === "number" && usual > 0) ratios[slot] = Math.log(pointAt(p99Seconds, slot) / usual);
  }
  return ratios;
}
