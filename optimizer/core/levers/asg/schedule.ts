import { parseRecurrence, recurrencesWithin } from "../../../../contract/recurrence.ts";
import type { AutoScalingGroup, ScheduledAction } from "./group.ts";
import { type StepBounds, stepsPerHour } from "./replay.ts";

const dayMs = 86_400_000;
const stepMs = 3_600_000 / stepsPerHour;

/** What scheduled actions make of a group's limits in each step from `startMs` on, or why that is not known. */
export function scheduledBounds({ habits, minSize, maxSize }: AutoScalingGroup, startMs: number, steps: number): StepBounds | string {
  const { scheduledActions, schedules, suspendedProcesses } = habits;
  const bounds = { least: new Float64Array(steps).fill(minSize), most: new Float64Array(steps).fill(maxSize), set: new Float64Array(steps).fill(Number.NaN) };
  if (scheduledActions.length === 0 || suspendedProcesses.includes("ScheduledActions")) return bounds;
  if (schedules === undefined) return `what its scheduled actions ${scheduledActions.join(", ")} set is not known`;
  const untilMs = startMs + steps * stepMs;
  const moments: { readonly atMs: number; readonly action: ScheduledAction }[] = [];
  for (const action of schedules) {
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
