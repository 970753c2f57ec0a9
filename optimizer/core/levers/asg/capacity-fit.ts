import type { MonthlyUsd } from "../../model/money.ts";
import type { Candidate, Projection } from "../../model/rule.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { oncePer } from "../../model/once.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { worstHours } from "../../sizing/lost-zone.ts";
import { project, rounding } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { mapped } from "../../sizing/series.ts";
import { growthIn } from "../../sizing/worst-hour.ts";
import { pointAt } from "../../model/observation.ts";
import type { GroupBounds } from "./changes.ts";
import { meanSize, priced } from "./instance-type.ts";
import { meanWithin } from "./scaling.ts";
import { survivors } from "../../sizing/fleet-size.ts";
import type { GroupLoad, GroupStudy } from "./study.ts";

/** A group that is to have fewer instances. */
export interface Resizing {
  readonly study: GroupStudy;
  readonly load: GroupLoad;
  /** What it runs on afterwards. */
  readonly type: string;
  /** Instances that its policies would keep in each hour, without bounds; undefined where it has none. */
  readonly wanted: Float64Array | undefined;
}

export interface SizeSet {
  /** Instances that must carry everything. */
  readonly carrying: number;
  readonly bounds: GroupBounds;
}

/** A refresh launches a tenth more before it terminates (`MaxHealthyPercentage` 110), rounded up. */
const surgePercent = 110;

/** Instances that have to be left whatever their load. */
export function leastOf({ facts, group: { availabilityZones } }: GroupStudy): number {
  // Two in different zones are the fewest of which a lost zone leaves one.
  return Math.max(facts.policy.rules.asgCapacity.targetMin, availabilityZones.length > 1 ? 2 : 1);
}

/** Sets to be looked at: the requirement's, the smallest that carries the load, and the one below that. */
export function shortlist(resizing: Resizing): readonly SizeSet[] {
  const { targetDesired } = resizing.study.facts.policy.rules.asgCapacity;
  const { minSize, desiredCapacity, availabilityZones } = resizing.study.group;
  // With policies it may stand at its minimum whenever the load comes; the minimum must carry it, and is what is lowered.
  const isScaled = resizing.wanted !== undefined;
  const least = leastOf(resizing.study);
  const counts = Array.from({ length: (isScaled ? minSize : desiredCapacity) - least }, (_, index) => least + index)
    // A minimum below stays, and then it is the desired number that carries.
    .filter((count) => isScaled || count <= minSize || count >= targetDesired);
  const mayFit = fitsFrom(least, projectionsOn(resizing, least), availabilityZones.length);
  const found = counts.findIndex((count) => mayFit(count) && projectionsOf(resizing, count).every(({ fits }) => fits));
  const smallest = found === -1 ? counts.length : found;
  return [...new Set([0, smallest - 1, smallest])]
    .flatMap((index) => counts[index] ?? [])
    .map((carrying) => ({ carrying, bounds: boundsFor(resizing, carrying) }));
}

/**
 * Whether so many instances may carry what these projections are of fewer: a share falls as those that are left to carry it grow, and by less where
 * a part of it is each one's own. Some are of all instances and some of those that a lost zone leaves: the larger growth of both counts.
 */
function fitsFrom(fewest: number, projections: readonly Projection[], zones: number): (count: number) => boolean {
  return (count) => {
    const grown = Math.max(count / fewest, survivors(count, zones) / survivors(fewest, zones));
    return projections.every(({ projected, limit }) => projected / grown <= limit + rounding);
  };
}

/** The set for so many instances. Nothing is raised; with `guarded`, what ever ran, or would be asked for, stays allowed with a refresh's surge. */
function boundsFor(resizing: Resizing, carrying: number): GroupBounds {
  const { facts, group } = resizing.study;
  const { targetDesired, targetMax } = facts.policy.rules.asgCapacity;
  const desiredCapacity = Math.min(group.desiredCapacity, Math.max(targetDesired, carrying));
  const least = facts.policy.rules.decision === "literal" ? desiredCapacity : mostWithSurge(resizing);
  return { minSize: Math.min(group.minSize, carrying), desiredCapacity, maxSize: Math.min(group.maxSize, Math.max(targetMax, least)) };
}

/** Instances that ran at once at most, or would be asked for. Unknown history: as many as were allowed. */
function mostAtOnce({ study: { group, size }, load, wanted }: Resizing): number {
  const ran = size.byHour === undefined ? group.maxSize : quantile(size.byHour.values, 1);
  const asked = wanted === undefined ? 0 : quantile(wantedAsGrown(wanted, load), 1);
  return Math.ceil(Math.max(group.desiredCapacity, ran, asked));
}

/** What policies will ask for as the load grows, by whatever dimension grows most. */
function wantedAsGrown(wanted: Float64Array, load: GroupLoad): Float64Array {
  const growths = load.demand().hourly.flatMap((demand) => growthIn(demand) ?? []);
  return mapped(wanted, (count, hour) => count * Math.max(1, ...growths.map(({ factors }) => pointAt(factors, hour))));
}

function mostWithSurge(resizing: Resizing): number {
  return Math.ceil((mostAtOnce(resizing) * surgePercent) / 100);
}

/** By which figure the requirement's maximum would be too low; undefined where it is not, or where the group's own is no higher. */
export function maximumMisfit(resizing: Resizing): string | undefined {
  const { facts, group } = resizing.study;
  const { targetMax } = facts.policy.rules.asgCapacity;
  const most = mostWithSurge(resizing);
  if (most <= targetMax || group.maxSize <= targetMax) return undefined;
  return `a maximum of ${targetMax} would be below ${Math.min(most, group.maxSize)}: ${mostAtOnce(resizing)} ran or would be asked for at once, and a refresh launches a tenth more`;
}

export function candidateOf(resizing: Resizing, { carrying, bounds }: SizeSet): Candidate {
  const projections = projectionsOf(resizing, carrying);
  const fewer = running(resizing) - runningOn(resizing, bounds);
  return { target: boundsText(bounds), projections, fits: projections.every(({ fits }) => fits), monthlySavings: costOf(resizing, fewer) };
}

/** Every dimension, were the load of the whole baseline carried by so many instances: usually with a zone lost, in the worst hour with none and with one. */
function projectionsOn({ study: { facts, group, size }, load, type }: Resizing, carrying: number): readonly Projection[] {
  const limits = limitsOf(facts.policy);
  const { demands, hourly } = load.demandOn(carrying);
  return [
    ...demands.flatMap((each) => project(each, group.instanceType, type, limits.usual) ?? []),
    ...worstHours(hourly, { from: group.instanceType, to: type, zones: size.zones, limits }),
  ];
}

/** With how much longer requests take: by the number itself, since waiting grows faster than what it waits for. */
function projectionsOf(resizing: Resizing, carrying: number): readonly Projection[] {
  return [...projectionsOn(resizing, carrying), ...slowdownsOn(resizing, carrying)];
}

/**
 * With what is asked for today, or will be two weeks on, whichever adds more: where policies add instances for what grows, today's are as many by then,
 * while the minimum has to carry it.
 */
function slowdownsOn(resizing: Resizing, carrying: number): readonly Projection[] {
  const { load, type, wanted } = resizing;
  const now = load.slowdown(type, carrying);
  if (wanted === undefined) return now;
  return [...now, ...load.grownSlowdown(type, { today: grownFleet(wanted)(resizing), afterwards: carrying })]
    .toSorted((a, b) => b.projected - a.projected)
    .slice(0, 1);
}

/** Instances of each hour that its policies will keep two weeks on, within today's maximum. */
const grownFleet = oncePer((wanted: Float64Array) =>
  oncePer(({ study: { group }, load }: Resizing) => mapped(wantedAsGrown(wanted, load), (count) => Math.min(group.maxSize, count))),
);

/** Dimensions whose capacity nobody names. */
export function blindness({ study: { group }, load, type }: Resizing): readonly string[] {
  return load
    .demand()
    .demands.filter((each) => project(each, group.instanceType, type, 1) === undefined)
    .map(({ dimension }) => `the ${dimension} capacity of ${group.instanceType} or ${type} is not known`);
}

/** Instances that really run: the desired number where nothing moves it, else their mean over the baseline. */
export function running({ study, wanted }: Resizing): number {
  return wanted === undefined ? study.group.desiredCapacity : meanSize(study);
}

/** Instances that would run within other bounds: what the policies want there, replayed. */
export function runningOn({ wanted }: Resizing, bounds: GroupBounds): number {
  return wanted === undefined ? bounds.desiredCapacity : meanWithin(wanted, bounds);
}

export function costOf({ study, type }: Resizing, count: number): MonthlyUsd {
  return monthlyCost(priced(study, type), count);
}

/** `8 (6 to 15)`: desired, minimum and maximum. */
export function boundsText({ desiredCapacity, minSize, maxSize }: GroupBounds): string {
  return `${desiredCapacity} (${minSize} to ${maxSize})`;
}
