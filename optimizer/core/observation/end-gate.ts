import type { Policy } from "../model/policy.ts";
import type { CommonShift, SlotScore } from "../model/window.ts";
import type { BalancerEvidence, LoadEvidence } from "./balancer-evidence.ts";
import { median } from "./hourly-medians.ts";
import { p99Ratio } from "./score-slot.ts";
import { percent } from "../model/percent.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import type { Usual } from "./usual.ts";

/** Harm of this many times the allowed increase shall be found in 95 of 100 windows: +25 % where +20 % is allowed. */
const surelyHarmful = 1.25;

/** One-sided quantiles of a Gaussian: 2.5 of 100 (the noise itself is known to a seventh or so), and 5 of 1,000. */
const oneOfForty = 1.96;
const oneOfTwoHundred = 2.576;

/** In busy hours, which only harm of +50 % has to stand out from, rather: 5 of 10,000. */
const oneOfTwoThousand = 3.29;

/** Busy slots of an average window: a quarter of 48 h of quarters of an hour. */
const usualBusyShare = 0.25;

/** Fewer slots have no median worth the name. */
const leastSlots = 8;

export interface EndFinding {
  readonly detail: string;
  readonly of: BalancerEvidence;
}

/**
 * The requirement's promise over the whole window, and over its busy hours alone. What untouched regions went through in the same hours is
 * taken off first: it only ever excuses.
 */
export function endGate(
  evidence: readonly BalancerEvidence[],
  slots: readonly SlotScore[],
  policy: Policy["window"],
  common?: CommonShift,
): EndFinding | undefined {
  // Fewer slots say less: what all hours of untouched regions show, their busy ones went through too.
  const inBusy = common && { ...common.busy, p99Ratio: Math.max(common.busy.p99Ratio, common.all.p99Ratio) };
  for (const of of evidence) {
    const all = errorsOver(of.all, policy, common?.all) ?? slowOver(slots, of, policy, common?.all);
    if (all !== undefined) return { detail: `${all} over the whole window`, of };
    if (of.busy === undefined) continue;
    const busy = errorsOver(of.busy, policy, inBusy) ?? slowInBusyHours(slots, of, policy, inBusy);
    if (busy !== undefined) return { detail: `${busy} over the busiest hours of the window`, of };
  }
  return undefined;
}

type Shift = CommonShift["all"];

function errorsOver({ errorCount, requestCount }: LoadEvidence, { maxErrorRate }: Policy["window"], common?: Shift): string | undefined {
  const rate = requestCount === 0 ? 0 : errorCount / requestCount;
  return rate - (common?.errorRate ?? 0) > maxErrorRate ? `errors ${percent(rate, 2)}${beside(common, percent(common?.errorRate ?? 0, 2))}` : undefined;
}

function slowOver(slots: readonly SlotScore[], { reference }: BalancerEvidence, policy: Policy["window"], common?: Shift): string | undefined {
  const ratio = medianRatio(slots, reference);
  const shared = common?.p99Ratio ?? 1;
  if (ratio === null || Math.log(ratio / shared) <= wholeWindowLimit(policy.maxP99Increase, reference.windowNoise?.all ?? 0, shared > 1)) return undefined;
  return `median p99 ${times(ratio)}${beside(common, times(shared))}`;
}

function slowInBusyHours(
  slots: readonly SlotScore[],
  { reference, busyHours }: BalancerEvidence,
  policy: Policy["window"],
  common?: Shift,
): string | undefined {
  const inBusy = slots.filter(({ startMs }) => busyHours?.[hourOfWeek(startMs)] === true);
  const ratio = inBusy.length < leastSlots ? null : medianRatio(inBusy, reference);
  if (ratio === null) return undefined;
  const usualSlots = (policy.minutes / policy.slotMinutes) * usualBusyShare;
  const sigma = (reference.windowNoise?.busy ?? 0) * Math.sqrt(Math.max(1, usualSlots / inBusy.length));
  // What is taken off for untouched regions is as noisy as what it is taken off from.
  const excused = (common?.p99Ratio ?? 1) > 1 ? Math.SQRT2 : 1;
  const limit = Math.max(Math.log1p(policy.maxP99Increase), oneOfTwoThousand * sigma * excused);
  if (Math.log(ratio / (common?.p99Ratio ?? 1)) <= limit) return undefined;
  return `median p99 ${times(ratio)}${beside(common, times(common?.p99Ratio ?? 1))}`;
}

/**
 * Logarithm of the largest median ratio that passes. Never more than the allowed increase. Where the load balancer's own noise would hide harm
 * of 1.25 times that in more than 5 of 100 windows, it is less: as low as finds it, but no lower than 5 of 1,000 unharmed windows reach.
 * What was excused for untouched regions makes the rest noisier.
 */
export function wholeWindowLimit(maxIncrease: number, sigma: number, isExcused: boolean): number {
  const finds = Math.log1p(surelyHarmful * maxIncrease) - oneOfForty * sigma;
  return Math.min(Math.log1p(maxIncrease), Math.max(finds, oneOfTwoHundred * sigma * (isExcused ? Math.SQRT2 : 1)));
}

/** Of an even number of slots the lower middle: an observed ratio, never an invented one. */
export function medianRatio(slots: readonly SlotScore[], reference: Usual): number | null {
  const ratios = new Float64Array(slots.length);
  let known = 0;
  for (const { startMs, counts } of slots) {
    const own = counts.find(({ loadBalancer, status }) => loadBalancer === reference.loadBalancer && status === "complete");
    const ratio = own === undefined ? null : p99Ratio(startMs, own, reference);
    if (ratio === null) continue;
    ratios[known] = ratio;
    known += 1;
  }
  return median(ratios.subarray(0, known));
}

function times(ratio: number): string {
  return `×${ratio.toFixed(2)}`;
}

function beside(common: Shift | undefined, figure: string): string {
  return common === undefined ? "" : ` (${figure} in untouched regions)`;
}
