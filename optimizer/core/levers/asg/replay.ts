import { pointAt } from "../../model/observation.ts";

/** Steps of the replay. */
export const stepsPerHour = 4;

/** What a policy watches: an amount that all instances share. */
export interface TrackedAmount {
  /** Of all instances together in each step; NaN where nothing is known. */
  readonly amount: Float64Array;
  /** What each instance is to have of it. */
  readonly target: number;
  readonly neverShrinks: boolean;
}

/** Limits of the number in each step, and the number that a schedule sets at its start. */
export interface StepBounds {
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** NaN where no schedule says any. */
  readonly set: Float64Array;
}

/** What the policies would have kept, by hour. */
export interface ReplayedSizes {
  /** Mean of the instances that were launched. */
  readonly mean: Float64Array;
  /** The fewest that were ready: what met the hour's highest sample, at worst. */
  readonly least: Float64Array;
  /** The most that was asked for, whatever the maximum. */
  readonly asked: Float64Array;
  /** Whether the maximum kept the group from growing. */
  readonly bound: readonly boolean[];
}

/**
 * The alarm that shrinks a group stands a tenth below the target.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const lowShare = 0.9;
const rounding = 1e-9;

/**
 * Target tracking, replayed: above the target of any policy the group grows to what that needs; it shrinks where all policies are clear of
 * theirs, to the most that any needs; in between it stays. `first` is how many there were before. New instances are ready `readySteps` after what
 * asked for them: those that warm up are launched, paid for and not asked for again, and carry nothing yet.
 */
export function replaySizes(amounts: readonly TrackedAmount[], bounds: StepBounds, first: number, readySteps = 1): ReplayedSizes {
  const steps = bounds.least.length;
  const hours = Math.floor(steps / stepsPerHour);
  const mean = new Float64Array(hours);
  const least = new Float64Array(hours).fill(Number.POSITIVE_INFINITY);
  const asked = new Float64Array(hours);
  const bound = Array.from({ length: hours }, () => false);
  /** How many were launched in each of the latest steps: those that were there in all of them are ready. */
  const launched: number[] = [];
  let size = first;
  for (let step = 0; step < hours * stepsPerHour; step++) {
    const hour = Math.floor(step / stepsPerHour);
    const [low, high] = [pointAt(bounds.least, step), pointAt(bounds.most, step)];
    const set = pointAt(bounds.set, step);
    size = Math.min(high, Math.max(low, Number.isNaN(set) ? size : set));
    launched.push(size);
    if (launched.length > readySteps) launched.shift();
    const ready = Math.min(...launched);
    mean[hour] = pointAt(mean, hour) + size / stepsPerHour;
    least[hour] = Math.min(pointAt(least, hour), ready);
    const wanted = wantedAfter(amounts, step, { size, ready });
    asked[hour] = Math.max(pointAt(asked, hour), wanted);
    if (wanted > high) bound[hour] = true;
    size = wanted;
  }
  return { mean, least, asked, bound };
}

function wantedAfter(amounts: readonly TrackedAmount[], step: number, { size, ready }: { readonly size: number; readonly ready: number }): number {
  let more = 0;
  let fewer = 0;
  let allClear = amounts.length > 0;
  for (const { amount, target, neverShrinks } of amounts) {
    const value = pointAt(amount, step) / ready;
    const needed = Math.max(1, Math.ceil(pointAt(amount, step) / target - rounding));
    if (value > target) more = Math.max(more, needed);
    if (neverShrinks) continue;
    if (value < target * lowShare) fewer = Math.max(fewer, needed);
    else allClear = false;
  }
  if (more > 0) return Math.max(more, size);
  return allClear && fewer > 0 ? Math.min(size, fewer) : size;
}

/** Between the middles of hours their means are joined by lines: a ramp is no stair. A gap on either side is a gap. */
export function interpolated(hourly: Float64Array): Float64Array {
  const made = new Float64Array(hourly.length * stepsPerHour);
  for (let step = 0; step < made.length; step++) {
    const hour = Math.floor(step / stepsPerHour);
    const along = ((step % stepsPerHour) + 0.5) / stepsPerHour - 0.5;
    const here = pointAt(hourly, hour);
    const beside = pointAt(hourly, hour + Math.sign(along));
    made[step] = Number.isNaN(beside) ? here : here + Math.abs(along) * (beside - here);
  }
  return made;
}
