import type { JournalRecord } from "../model/journal-record.ts";
import type { Policy } from "../model/policy.ts";
import type { StageState } from "../model/run-state.ts";
import { slotAt, slotDueMs } from "./slot-grid.ts";

/**
 * Since when a watched region has owed the slot that comes next, whatever kept it: points that were late first and metrics that cannot be read
 * now are one time without evidence. What nobody was there for does not count. Undefined where nothing is watched.
 */
export function unscoredSinceMs({ status, window }: StageState, records: readonly JournalRecord[], policy: Policy["window"]): number | undefined {
  if (window === undefined || (status !== "acting" && status !== "observing")) return undefined;
  const next = slotAt(window.slots.at(-1)?.endMs ?? window.startMs, policy);
  if (status === "observing" && next.startMs >= window.deadlineMs) return undefined;
  return Math.max(slotDueMs(next, policy), presentSinceMs(records, policy));
}

/** Since when somebody has been carrying the run out, in one process or in ticks not further apart than a slot. */
function presentSinceMs(records: readonly JournalRecord[], { slotMinutes }: Policy["window"]): number {
  const came = records.findLast((record, at) => record.type === "LEASE" && record.at - (records[at - 1]?.at ?? 0) > slotMinutes * 60_000);
  return came?.at ?? 0;
}
