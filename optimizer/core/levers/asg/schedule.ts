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
  // A week before, so that the first step knows what was set last.
  const moments = schedules
    .flatMap((action) => momentsOf(action, startMs - 7 * dayMs, untilMs).map((atMs) => ({ atMs, action })))
    .toSorted((a, b) => a.atMs - b.atMs);
  for (const { atMs, action } of moments) {
    const step = Math.max(0, Math.ceil((atMs - startMs) / stepMs));
    if (action.minSize !== null) bounds.least.fill(action.minSize, step);
    if (action.maxSize !== null) bounds.most.fill(action.maxSize, step);
    if (action.desiredCapacity !== null && atMs >= startMs && step < steps) bounds.set[step] = action.desiredCapacity;
  }
  return bounds;
}

/** One that acts once has acted, or will: no habit of the group. */
function momentsOf({ recurrence, timeZone }: ScheduledAction, fromMs: number, untilMs: number): readonly number[] {
  const parsed = recurrence === null ? undefined : parseRecurrence(recurrence);
  return parsed === undefined ? [] : recurrencesWithin(parsed, fromMs, untilMs, timeZone ?? "UTC");
}
