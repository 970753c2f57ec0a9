import { type Observation, pointAt } from "../model/observation.ts";
import type { SlotCounts } from "../model/window.ts";

/** Slots before a slot whose sample counts tell how many points a whole slot has. */
export const neighbourSlots = 8;

const nothingSeen = new Float64Array();

/** Fewer samples than this share of what slots before it had: a minute of its quarter of an hour is missing. */
const leastShare = 0.95;

/**
 * Whether CloudWatch has all points of a slot, by how many samples a metric has there that is reported every minute whatever the traffic
 * (healthy hosts). As many as the slots before had, or any in a later slot: points come in order, so nothing more will come.
 * Without such a metric nothing can be told, and requests alone have to show that anything was reported.
 */
export function isWhole(samples: Observation | undefined, startMs: number, counts: SlotCounts): boolean {
  const known = samples?.values ?? nothingSeen;
  const index = samples === undefined ? 0 : Math.round((startMs - samples.startMs) / (samples.key.periodSeconds * 1000));
  if (known.subarray(index + 1).some(Number.isFinite)) return true;
  const before = known
    .subarray(Math.max(0, index - neighbourSlots), index)
    .filter(Number.isFinite)
    .sort();
  const here = pointAt(known, index);
  const usual = before[Math.floor((before.length - 1) / 2)];
  if (usual !== undefined) return here >= leastShare * usual;
  return Number.isFinite(here) || counts.requests !== null || (counts.target5xx ?? 0) + (counts.elb5xx ?? 0) > 0;
}

/** Figures of a slot that is not whole: nothing can be told from them, least of all that traffic fell. */
export function asPartial(counts: SlotCounts): SlotCounts {
  return { ...counts, status: counts.status === "failed" ? "failed" : "partial" };
}
