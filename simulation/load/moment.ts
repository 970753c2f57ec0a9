import type { Moment } from "./traffic-schema.ts";

/** Epoch milliseconds of a scenario's moment. */
export function momentMs(moment: Moment, startMs: number): number {
  return typeof moment === "number" ? startMs + moment * 3_600_000 : Date.parse(moment);
}
