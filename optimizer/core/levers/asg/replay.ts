import { pointAt } from "../../model/observation.ts";
import { isInBreach, sizeAskedFor, type SteppingRule } from "./stepping.ts";

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

/** What starts a policy of steps: an amount that all instances share, against an alarm on the mean of each. */
export interface SteppedAmount {
  readonly amount: Float64Array;
  readonly rule: SteppingRule;
  /** In so many steps of the replay running the alarm must be in breach before the policy adds instances, or takes some away. */
  readonly stepsUntilMore: number;
  readonly stepsUntilFewer: number;
  /** So often in a step it may take some away. */
  readonly fewerEachStep: number;
}

export type WatchedAmount = TrackedAmount | SteppedAmount;

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
 * Policies, replayed. Target tracking: above the target of any policy the group grows to what that needs; it shrinks where all policies are clear of
 * theirs, to the most that any needs; in between it stays. Steps: while its alarm is in breach each policy changes the number once in a step upwards,
 * and downwards until the alarm is clear. Of several policies the most counts that any asks for. `first` is how many there were before. New instances
 * are ready `readySteps` after what asked for them: those that warm up are launched, paid for and not asked for again, and carry nothing yet.
 */
export function replaySizes(amounts: readonly WatchedAmount[], bounds: StepBounds, first: number, readySteps = 1): ReplayedSizes {
  const steps = bounds.least.length;
  const tracked = amounts.filter((each) => "target" in each);
  const stepped = amounts.filter((each) => "rule" in each).map((each) => new SteppedPolicy(each));
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
    const now = { size, ready };
    let wish = trackedAfter(tracked, step, now);
    for (const policy of stepped) wish = ofBoth(wish, policy.after(step, now));
    const wanted = sizeAfter(wish, size);
    asked[hour] = Math.max(pointAt(asked, hour), wanted);
    if (wanted > high) bound[hour] = true;
    size = wanted;
  }
  return { mean, least, asked, bound };
}

/** Instances that were launched, and those of them that are ready. */
interface Sizes {
  readonly size: number;
  readonly ready: number;
}

/** What a policy asks for after a step: no fewer than, or no more than so many. */
type Wish = { readonly more: number } | { readonly fewer: number } | undefined;

/** Any that asks for more keeps the number from becoming less. */
function ofBoth(one: Wish, other: Wish): Wish {
  if (one === undefined || other === undefined) return one ?? other;
  if ("more" in one) return "more" in other && other.more > one.more ? other : one;
  return "more" in other || other.fewer > one.fewer ? other : one;
}

function sizeAfter(wish: Wish, size: number): number {
  if (wish === undefined) return size;
  return "more" in wish ? Math.max(wish.more, size) : Math.min(size, wish.fewer);
}

function trackedAfter(amounts: readonly TrackedAmount[], step: number, { ready }: Sizes): Wish {
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
  if (more > 0) return { more };
  return allClear && fewer > 0 ? { fewer } : undefined;
}

class SteppedPolicy {
  readonly #watched: SteppedAmount;
  #stepsInBreach = 0;

  constructor(watched: SteppedAmount) {
    this.#watched = watched;
  }

  /** Takes in the next step. */
  after(step: number, { size, ready }: Sizes): Wish {
    const { amount, rule, stepsUntilMore, stepsUntilFewer } = this.#watched;
    const shared = pointAt(amount, step);
    const value = shared / ready;
    this.#stepsInBreach = isInBreach(rule, value) ? this.#stepsInBreach + 1 : 0;
    const wanted = this.#stepsInBreach === 0 ? undefined : sizeAskedFor(rule, value, ready);
    if (wanted === undefined || wanted === ready) return undefined;
    if (wanted > ready) return this.#stepsInBreach >= stepsUntilMore ? { more: wanted } : undefined;
    return this.#stepsInBreach >= stepsUntilFewer ? { fewer: this.#fewest(shared, Math.min(size, wanted)) } : undefined;
  }

  /** It goes on taking some away as long as its alarm is in breach with what is left. */
  #fewest(shared: number, first: number): number {
    const { rule, fewerEachStep } = this.#watched;
    let count = Math.max(1, first);
    for (let time = 1; time < fewerEachStep && isInBreach(rule, shared / count); time++) {
      const next = Math.max(1, sizeAskedFor(rule, shared / count, count) ?? count);
      if (next >= count) break;
      count = next;
    }
    return count;
  }
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
