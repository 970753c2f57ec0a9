import { parseRecurrence, recurrencesWithin } from "../../../../contract/recurrence.ts";
import { utcMinute } from "../../model/utc.ts";
import type { AutoScalingGroup, ScheduledAction } from "./group.ts";
import { type StepBounds, stepsPerHour } from "./replay.ts";

const dayMs = 86_400_000;
const stepMs = 3_600_000 / stepsPerHour;

/**
 * What scheduled actions make of a group's limits in each step from `startMs` on, as they would from now on; or why that is not known. One that
 * begins later, or has ended, is no habit to count on.
 */
export function scheduledBounds({ habits, minSize, maxSize }: AutoScalingGroup, startMs: number, steps: number): StepBounds | string {
  const { scheduledActions, schedules, suspendedProcesses } = habits;
  const bounds = { least: new Float64Array(steps).fill(minSize), most: new Float64Array(steps).fill(maxSize), set: new Float64Array(steps).fill(Number.NaN) };
  if (scheduledActions.length === 0 || suspendedProcesses.includes("ScheduledActions")) return bounds;
  if (schedules === undefined) return `what its scheduled actions ${scheduledActions.join(", ")} set is not known`;
  const untilMs = startMs + steps * stepMs;
  const moments: { readonly atMs: number; readonly action: ScheduledAction }[] = [];
  for (const action of schedules) {
    const hasEnded = (action.endMs ?? Number.POSITIVE_INFINITY) <= untilMs;
    if (hasEnded || beginsMs(action, untilMs) !== undefined) continue;
    // A week before, so that the first step knows what was set last.
    const found = momentsOf(action, startMs - 7 * dayMs, untilMs);
    if (found === undefined) return `when its scheduled action ${action.name} recurs (${action.recurrence} in ${action.timeZone ?? "UTC"}) is not understood`;
    moments.push(...found.map((atMs) => ({ atMs, action })));
  }
  for (const { atMs, action } of moments.toSorted((a, b) => a.atMs - b.atMs)) {
    const step = Math.max(0, Math.ceil((atMs - startMs) / stepMs));
    if (action.minSize !== null) bounds.least.fill(action.minSize, step);
    if (action.maxSize !== null) bounds.most.fill(action.maxSize, step);
    if (action.desiredCapacity !== null && atMs >= startMs && step < steps) bounds.set[step] = action.desiredCapacity;
  }
  return bounds;
}

/**
 * Why sizes of the baseline say too little of those to come: an action that is still to act for the first time makes the group smaller than it
 * is, whatever its load, or one that sets its size ends. Undefined where neither is so.
 */
export function changesLater({ habits, minSize, desiredCapacity }: AutoScalingGroup, nowMs: number): string | undefined {
  if (habits.suspendedProcesses.includes("ScheduledActions")) return undefined;
  for (const action of habits.schedules ?? []) {
    const atMs = beginsMs(action, nowMs);
    const { name, recurrence, endMs = null } = action;
    if (recurrence !== null && endMs !== null && endMs > nowMs)
      return `its scheduled action ${name} ends at ${utcMinute(endMs)} UTC: which size it leaves behind no hour of the baseline shows`;
    const isSmaller = (size: number | null, than: number): boolean => size !== null && size < than;
    if (atMs === undefined) continue;
    if (isSmaller(action.desiredCapacity, desiredCapacity) || isSmaller(action.maxSize, desiredCapacity) || isSmaller(action.minSize, minSize))
      return `its scheduled action ${name} makes it smaller from ${utcMinute(atMs)} UTC on, which no hour of the baseline shows: plan again after that, or remove the action`;
  }
  return undefined;
}

/** When an action acts for the first time, where that is still to come. Of one that recurs, AWS tells the next time where it acts already. */
function beginsMs({ recurrence, timeZone, startMs = null }: ScheduledAction, nowMs: number): number | undefined {
  if (startMs === null || startMs <= nowMs) return undefined;
  if (recurrence === null) return startMs;
  const parsed = parseRecurrence(recurrence);
  if (parsed === undefined || (timeZone !== null && !isZone(timeZone))) return undefined;
  const before = recurrencesWithin(parsed, nowMs, startMs, timeZone ?? "UTC").filter((atMs) => atMs > nowMs && atMs < startMs);
  return before.length > 0 ? startMs : undefined;
}

/** One that acts once has acted, or will: no habit of the group. Undefined for a recurrence or a time zone that nobody knows here. */
function momentsOf({ recurrence, timeZone }: ScheduledAction, fromMs: number, untilMs: number): readonly number[] | undefined {
  if (recurrence === null) return [];
  const parsed = parseRecurrence(recurrence);
  if (parsed === undefined || (timeZone !== null && !isZone(timeZone))) return undefined;
  return recurrencesWithin(parsed, fromMs, untilMs, timeZone ?? "UTC");
}

function isZone(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat("en-US", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
