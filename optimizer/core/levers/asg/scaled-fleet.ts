import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { pointAt } from "../../model/observation.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import { metrics } from "../../metrics/catalogue.ts";
import { oncePerValue } from "../../model/once.ts";
import { oncePerInStudy, oncePerNameInStudy } from "../../model/study-memory.ts";
import type { Projection } from "../../model/rule.ts";
import { utcMinute } from "../../model/utc.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { during, fleetNow, sizeThen } from "../../sizing/fleet-size.ts";
import { growthOf } from "../../sizing/growth.ts";
import { figure, rounding } from "../../sizing/projection.ts";
import { mean } from "../../sizing/quantile.ts";
import { heldFor, mapped, type Series } from "../../sizing/series.ts";
import { monthlyCost, monthlyDifference } from "../../money/monthly.ts";
import type { AutoScalingGroup } from "./group.ts";
import { requestsPerMinute } from "./load.ts";
import { interpolated, replaySizes, type ReplayedSizes, stepsPerHour, type StepBounds, type WatchedAmount } from "./replay.ts";
import { type ReplayedPolicy, setByPolicies, type SteppingPolicy } from "./replayed-policies.ts";
import { sharedAmount } from "./scaling.ts";
import { scheduledBounds } from "./schedule.ts";
import type { GroupStudy } from "./study.ts";

/** A group whose size policies move, as it would have been on a type. */
export interface ScaledFleet {
  /** Mean of the instances of each hour that run and are paid for. */
  readonly running: Float64Array;
  /** Instances of each hour that can be counted on to carry its load. */
  readonly carrying: Float64Array;
  /** Likewise two weeks on: policies answer a load that grows with more of them. */
  readonly grown: Float64Array;
  /** Hours in which its maximum kept it from growing. */
  readonly hoursAtMaximum: number;
  /** Said of a fleet that its maximum would bind. */
  readonly bound: Projection | undefined;
}

/** Of the hours, so many may show that the policies would have asked today's type for more than ran: then nobody knows what they do. */
const maxUnheardShare = 0.05;

const fleets = oncePerNameInStudy<ScaledFleet | string>();

/** The group on `type`, replayed through its own policies and schedules, or why it cannot be. */
export function scaledFleet(study: GroupStudy, policies: readonly ReplayedPolicy[], type: string): ScaledFleet | string {
  return fleets(study, type, () => fleetOn(study, policies, type));
}

function fleetOn(study: GroupStudy, policies: readonly ReplayedPolicy[], type: string): ScaledFleet | string {
  const { group, size } = study;
  if (size.byHour === undefined) return `its size by hour is not known (${metrics.groupInService.metric}), and its policies move it`;
  const ran = sizeThen(size, size.byHour);
  const before = Math.round(pointAt(size.byHour.values, 0));
  const today = replayOn(study, policies, group.instanceType, before);
  if (typeof today === "string") return today;
  const swing = swingOf(today.asItWas, mean(ran));
  const smaller = replayOn(study, policies, type, before);
  if (typeof smaller === "string") return smaller;
  // Policies of steps answer a minute that stands out by one step, and take that away again: instances are paid for by it, and not counted on.
  const lasting = policies.some(({ kind }) => kind === "stepping") ? 0 : swing;
  return fleetOf(study, policies, {
    ran,
    today: today.asItWas(0),
    paid: smaller.asItWas(swing),
    asked: smaller.grown(swing),
    carrying: smaller.asItWas(lasting),
    grown: smaller.grown(lasting),
  });
}

/**
 * How many instances of `type` the policies would ask for in each hour or the one before, down to so few and without a maximum; or why nobody knows.
 * Of policies of steps each number follows from the one before.
 */
export function askedByHour(study: GroupStudy, policies: readonly ReplayedPolicy[], type: string, minSize: number): Float64Array | string {
  const { group, size } = study;
  if (size.byHour === undefined) return `its size by hour is not known (${metrics.groupInService.metric})`;
  const ran = sizeThen(size, size.byHour);
  const before = Math.round(pointAt(size.byHour.values, 0));
  const today = replayOn(study, policies, group.instanceType, before);
  if (typeof today === "string") return today;
  const unbound = replayOn(study, policies, type, before, { minSize, maxSize: Number.POSITIVE_INFINITY });
  if (typeof unbound === "string") return unbound;
  const { asked } = unbound.asItWas(swingOf(today.asItWas, mean(ran)));
  return mapped(asked, (count, hour) => Math.max(count, hour === 0 ? 0 : pointAt(asked, hour - 1)));
}

/** An amount by step as it will be two weeks on; the same array where it does not grow. */
const amountGrown = oncePerInStudy((amount: Float64Array): Float64Array => {
  const hourly = new Float64Array(Math.floor(amount.length / stepsPerHour));
  for (let step = 0; step < hourly.length * stepsPerHour; step++) {
    const hour = Math.floor(step / stepsPerHour);
    hourly[hour] = pointAt(hourly, hour) + pointAt(amount, step) / stepsPerHour;
  }
  const growth = growthOf(hourly);
  return growth === undefined ? amount : mapped(amount, (value, step) => value * pointAt(growth.factors, Math.floor(step / stepsPerHour)));
});

interface Replays {
  /** Instances of each hour. */
  readonly ran: Float64Array;
  readonly today: ReplayedSizes;
  /** On the other type: what would have been paid for, and what will be asked for two weeks on. */
  readonly paid: ReplayedSizes;
  readonly asked: ReplayedSizes;
  /** What can be counted on there, and two weeks on. */
  readonly carrying: ReplayedSizes;
  readonly grown: ReplayedSizes;
}

function fleetOf({ group, size, facts }: GroupStudy, policies: readonly ReplayedPolicy[], { ran, today, paid, asked, carrying, grown }: Replays): ScaledFleet {
  const grid: Series = { name: "", keys: [], periodSeconds: hourSeconds, values: paid.mean, whole: true };
  const counted = during(fleetNow(size), grid);
  // Policies are counted on only where they are known to do what they say: no more than ran would have been asked for on today's type.
  const unheard = today.least.filter((count, hour) => count > Math.ceil(pointAt(ran, hour)) + 1).length;
  const areHeard = unheard <= maxUnheardShare * paid.mean.length;
  // Of an hour in which they would have asked for more than ran on today's type, too, e.g. of a balancer that serves others besides, only the growth
  // is counted on: between one instance and two, one more is no small difference.
  const heard = (count: number, hour: number): number => {
    const [had, wouldHave] = [pointAt(ran, hour), pointAt(today.least, hour)];
    return wouldHave > had ? Math.floor((count * had) / wouldHave + rounding) : count;
  };
  const carriedBy = ({ least }: ReplayedSizes): Float64Array =>
    areHeard ? mapped(least, (count, hour) => Math.max(heard(count, hour), pointAt(counted, hour))) : counted;
  return {
    // What ran although its policies asked for less goes on running: something else keeps it.
    running: mapped(paid.mean, (count, hour) => Math.max(count, pointAt(ran, hour))),
    carrying: carriedBy(carrying),
    grown: carriedBy(grown),
    hoursAtMaximum: paid.bound.filter(Boolean).length,
    bound: boundBy(group, policies, asked, facts.baseline.span.startMs),
  };
}

/** By how much the load of minutes may be above that of its hour. */
const swings = Float64Array.of(0, 0.02, 0.04, 0.06, 0.08, 0.1);

/**
 * Means of hours do not show by how much minutes swing, and it is those that policies answer: they grow at once, and shrink slowly. So the
 * smallest swing is taken with which the policies, replayed on today's type, come to more than the size that ran; none, where none does,
 * and where they do without.
 */
function swingOf(today: (swing: number) => ReplayedSizes, ran: number): number {
  const enough = swings.findIndex((swing) => mean(today(swing).mean) >= ran);
  return enough < 1 ? 0 : pointAt(swings, Math.min(enough + 1, swings.length - 1));
}

/** A maximum that would keep the group from what its policies ask for. */
function boundBy({ maxSize }: AutoScalingGroup, policies: readonly ReplayedPolicy[], { asked, bound }: ReplayedSizes, startMs: number): Projection | undefined {
  const hours = bound.filter(Boolean).length;
  if (hours === 0) return undefined;
  const most = asked.reduce((highest, count) => Math.max(highest, count), 0);
  const atMs = startMs + asked.indexOf(most) * hourSeconds * 1000;
  return {
    dimension: "instances",
    current: 1,
    projected: most / maxSize,
    limit: 1,
    fits: false,
    method: `${setByPolicies(policies)}: they would ask for ${most} at ${utcMinute(atMs)} UTC, its maximum of ${maxSize} would bind in ${hours} of ${bound.length} hours`,
  };
}

/** Replays by swing: of what was asked for, and of what will be two weeks on. */
interface ReplayBySwing {
  readonly asItWas: (swing: number) => ReplayedSizes;
  readonly grown: (swing: number) => ReplayedSizes;
}

/** From so many instances on, within its own bounds or others; or why there is none. */
function replayOn(
  study: GroupStudy,
  policies: readonly ReplayedPolicy[],
  type: string,
  before: number,
  within?: Pick<AutoScalingGroup, "minSize" | "maxSize">,
): ReplayBySwing | string {
  const { facts, group } = study;
  const amounts: WatchedAmount[] = [];
  for (const policy of policies) {
    const isRequests = policy.metric === "ALBRequestCountPerTarget";
    const found = isRequests ? requestsPerMinute(facts.baseline, group, facts.policy.window.slotMinutes) : sharedAmount(study, policy.metric, type);
    const gap = incompleteness(found, facts.policy);
    if (gap !== undefined) return gap;
    amounts.push(watchedBy(policy, bySteps(found)));
  }
  const steps = Math.max(0, ...amounts.map(({ amount }) => amount.length));
  const bounds: StepBounds | string = scheduledBounds({ ...group, ...within }, facts.baseline.span.startMs, steps);
  if (typeof bounds === "string") return bounds;
  const replay = (asked: readonly WatchedAmount[], swing: number): ReplayedSizes =>
    replaySizes(
      asked.map((each) => ({ ...each, amount: mapped(each.amount, (amount) => amount * (1 + swing)) })),
      bounds,
      before >= 1 ? before : group.minSize,
      readySteps(group, policies),
    );
  const asItWas = oncePerValue((swing: number) => replay(amounts, swing));
  const later = amounts.map((each) => ({ ...each, amount: amountGrown(each.amount) }));
  const isGrowing = later.some(({ amount }, at) => amount !== amounts[at]?.amount);
  return { asItWas, grown: isGrowing ? (swing) => replay(later, swing) : asItWas };
}

const stepSeconds = hourSeconds / stepsPerHour;
/** An alarm in breach starts a policy of steps once a minute. */
const startsEachStep = stepSeconds / 60;

/**
 * A policy adds instances once its alarm has been in breach for all of its periods, and takes some away as soon as enough points of them are.
 * What is shorter than a step of the replay is counted with the time until new instances are ready.
 */
function watchedBy(policy: ReplayedPolicy, amount: Float64Array): WatchedAmount {
  if (policy.kind === "tracking") return { amount, target: policy.target, neverShrinks: policy.neverShrinks };
  const { alarm, stepping } = policy;
  return {
    amount,
    rule: policy,
    stepsUntilMore: Math.max(1, Math.ceil(secondsUntilMore(policy) / stepSeconds)),
    stepsUntilFewer: Math.max(1, Math.floor((alarm.datapoints * alarm.periodSeconds) / stepSeconds)),
    fewerEachStep: stepping.cooldownSeconds > 0 ? Math.max(1, Math.floor(stepSeconds / stepping.cooldownSeconds)) : startsEachStep,
  };
}

function secondsUntilMore({ alarm: { periods, periodSeconds } }: SteppingPolicy): number {
  return periods * periodSeconds;
}

/** Alarms of target tracking look at three minutes (https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html). */
const alarmSeconds = 180;

/** Steps until what a step shows has brought instances that are launched, and warm as its policies, or else the group, say they have to be. */
function readySteps({ warmUpSeconds = 0, habits: { policyWarmUpSeconds = warmUpSeconds } }: AutoScalingGroup, policies: readonly ReplayedPolicy[]): number {
  const looksAt = policies.flatMap((policy) => (policy.kind === "stepping" ? secondsUntilMore(policy) : [])).filter((seconds) => seconds <= stepSeconds);
  return Math.max(1, Math.ceil((Math.max(alarmSeconds, ...looksAt) + changeSeconds.instanceLaunch + policyWarmUpSeconds) / stepSeconds));
}

const bySteps = oncePerInStudy(({ values, periodSeconds }: Series): Float64Array => {
  if (periodSeconds === hourSeconds) return interpolated(values);
  const steps = Math.floor((values.length * periodSeconds) / stepSeconds);
  return heldFor(values, periodSeconds, { name: "", keys: [], periodSeconds: stepSeconds, values: new Float64Array(steps), whole: true });
});

/** The dollars of the sizes that ran less those of the sizes that would run. */
export function replayedSavings(from: Parameters<typeof monthlyCost>[0], to: Parameters<typeof monthlyCost>[0], before: number, after: number): MonthlyUsd {
  const difference = monthlyDifference(from, to, before);
  const added = monthlyCost(to, after - before);
  if (after === before || difference.kind !== "known" || added.kind !== "known") return difference;
  return { kind: "known", usd: difference.usd - added.usd };
}

/** `13.4 instances on average instead of 12, at its maximum in 3 of 1440 hours`. */
export function fleetWords({ running, hoursAtMaximum }: ScaledFleet, before: number): string {
  const atMaximum = hoursAtMaximum === 0 ? "" : `, at its maximum in ${hoursAtMaximum} of ${running.length} hours`;
  return `${figure(mean(running))} instances on average instead of ${figure(before)}${atMaximum}`;
}
