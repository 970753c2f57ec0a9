import { metrics, seriesKey } from "../metrics/catalogue.ts";
import { certainly } from "../model/certainly.ts";
import { pointAt, type SeriesKey } from "../model/observation.ts";
import { oncePer, oncePerName } from "../model/once.ts";
import { oncePerNameInStudy } from "../model/study-memory.ts";
import { onceOfFacts } from "../model/once-of-facts.ts";
import type { Policy } from "../model/policy.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { incompleteness } from "./completeness.ts";
import { hourSeconds } from "./estimate.ts";
import { figure, rounding } from "./projection.ts";
import { quantile } from "./quantile.ts";
import { added, combine, type Join, mapped, readSeries, type Series } from "./series.ts";
import { secondsExceededBy } from "./waiting.ts";

/** What a p99 leaves out. */
export const tail = 0.01;
const milliseconds = 1000;
/** Hours with fewer requests than nine tenths of all have: what is done beside requests is the larger part of them. */
const busyHours = 0.9;
/** With more of the busiest hours' requests than this share, an idle hour tells nothing of what requests compute but the noise of both. */
const mostWhenIdle = 0.75;

/** Requests of some load balancers by hour, and how long they take. */
export interface Answered {
  readonly perSecond: Float64Array;
  /** The mean of the p99 by slot, the lowest of several load balancers. */
  readonly p99Seconds: Float64Array;
  /** How unevenly requests come within the hours; absent where nothing is known of it. */
  readonly within?: Within;
}

/** Requests wait for one another in the minutes in which most come, which the mean of an hour does not show. */
interface Within {
  readonly slotsPerHour: number;
  /** Requests of each slot, as a multiple of the mean of its hour. */
  readonly times: Float64Array;
  /** By hour, the most of these; 1 where all are about the same, or not all are known. */
  readonly most: Float64Array;
}

/** What every slot of a window is scored by, so that it is asked for once. */
export function answeredKeys(region: string, loadBalancers: readonly string[], { window }: Policy): readonly SeriesKey[] {
  return loadBalancers.flatMap((fullName) => {
    const of = { LoadBalancer: fullName };
    return [
      seriesKey(metrics.balancerRequests, region, of, "Sum", window.slotMinutes * 60),
      seriesKey(metrics.balancerResponseTime, region, of, "p99", window.slotMinutes * 60),
    ];
  });
}

/** Undefined where no load balancer tells how many requests there are and how long they take. The same for all that these load balancers are in front of. */
export function answeredBy(facts: RuleFacts, region: string, loadBalancers: readonly string[]): Answered | undefined {
  return foundOut(facts.inventory, [region, ...loadBalancers].join(" "), () => onceOfFacts((each) => answeredOf(each, region, loadBalancers)))(facts);
}

const foundOut = oncePerName<(facts: RuleFacts) => Answered | undefined>();

function answeredOf({ baseline, policy }: RuleFacts, region: string, loadBalancers: readonly string[]): Answered | undefined {
  const series = answeredKeys(region, loadBalancers, policy).map((key) => ({ key, ...readSeries(baseline, key) }));
  if (series.length === 0 || series.some((each) => incompleteness(each, policy) !== undefined)) return undefined;
  const slotSeconds = policy.window.slotMinutes * 60;
  const hourly = (statistic: SeriesKey["statistic"], join: Join): Float64Array =>
    series
      .filter(({ key }) => key.statistic === statistic)
      .map(hourlyMeans)
      .reduce((a, b) => combine(a.name, a, b, join)).values;
  const [first, ...others] = series.filter(({ key }) => key.statistic === "Sum");
  return {
    perSecond: mapped(hourly("Sum", added), (count) => count / slotSeconds),
    p99Seconds: hourly("p99", Math.min),
    within: withinHours(others.reduce<Series>((a, b) => combine(a.name, a, b, added), certainly(first, asksForRequests))),
  };
}

/** What `answeredKeys` makes sure of. */
const asksForRequests = "each load balancer is asked for its requests";

/** Below this multiple of its hour's mean, a slot lets requests wait hardly longer than the mean does. */
const evenTimes = 1.1;

function withinHours({ values, periodSeconds }: Series): Within {
  const slotsPerHour = hourSeconds / periodSeconds;
  const times = new Float64Array(values.length);
  const most = new Float64Array(Math.floor(values.length / slotsPerHour)).fill(1);
  // Where few come, what is busy is mostly something else, which does not come with them.
  const usual = quantile(values, 0.5);
  for (let hour = 0; hour < most.length; hour++) {
    const { first, end } = slotsOf(hour, slotsPerHour);
    let sum = 0;
    for (let slot = first; slot < end; slot++) sum += pointAt(values, slot);
    let highest = 0;
    for (let slot = first; slot < end; slot++) {
      times[slot] = (pointAt(values, slot) * (end - first)) / sum;
      highest = Math.max(highest, pointAt(times, slot));
    }
    if (highest > evenTimes && (highest * sum) / (end - first) >= usual) most[hour] = highest;
  }
  return { slotsPerHour, times, most };
}

/** Those that begin in an hour. */
function slotsOf(hour: number, slotsPerHour: number): { readonly first: number; readonly end: number } {
  return { first: Math.floor(hour * slotsPerHour), end: Math.floor((hour + 1) * slotsPerHour) };
}

/** Of the slots that begin in each hour; not a number where one of them is a gap. */
function hourlyMeans(slots: Series): Series {
  const slotsPerHour = hourSeconds / slots.periodSeconds;
  const values = new Float64Array(Math.floor(slots.values.length / slotsPerHour));
  for (let hour = 0; hour < values.length; hour++) {
    const { first, end } = slotsOf(hour, slotsPerHour);
    let sum = 0;
    for (let slot = first; slot < end; slot++) sum += pointAt(slots.values, slot);
    values[hour] = sum / (end - first);
  }
  return { ...slots, periodSeconds: hourSeconds, values };
}

/**
 * What is done for each request, such as seconds of a vCPU that are computed, in the tenth of the hours that have most of them. `perSecond` is
 * how much of it is done in a second of each hour. Not a number where there are none.
 */
export function perRequest(answered: Answered, perSecond: Float64Array): number {
  const { done, requests } = busiest(answered, perSecond);
  return done / requests;
}

/**
 * The same without what a machine does for itself: by how much more is done in those hours than in the one in which least is, for so many
 * more requests. A job at night, or one beside the requests of the day, makes it more, never less. Not a number where that hour has nearly as many.
 */
export function perFurtherRequest(answered: Answered, perSecond: Float64Array): number {
  const idlest = idlestHour(answered.perSecond, perSecond);
  const { done, requests } = busiest(answered, perSecond);
  const then = pointAt(answered.perSecond, idlest);
  return then <= requests * mostWhenIdle ? (done - pointAt(perSecond, idlest)) / (requests - then) : Number.NaN;
}

/**
 * The lower of both ways to tell, each of which is more than what is done for a request: the first by what is done beside requests, the second by
 * jobs that other hours have. Not a number where neither tells.
 */
export function leastPerRequest(answered: Answered, perSecond: Float64Array): number {
  const [ofAll, ofFurther] = [perRequest(answered, perSecond), perFurtherRequest(answered, perSecond)];
  return Number.isNaN(ofFurther) ? ofAll : Math.min(ofAll, ofFurther);
}

/** The first of the hours in which least is done, of those of which both are known; −1 where there is none. */
function idlestHour(requests: Float64Array, done: Float64Array): number {
  let [idlest, least] = [-1, Number.NaN];
  for (let hour = 0; hour < requests.length; hour++) {
    const here = pointAt(done, hour);
    if (Number.isNaN(here) || Number.isNaN(pointAt(requests, hour)) || here >= least) continue;
    idlest = hour;
    least = here;
  }
  return idlest;
}

/** The tenth of the hours that have most requests, in their order. */
const busiestHours = oncePer((perSecond: Float64Array) => {
  const least = quantile(perSecond, busyHours);
  const hours = new Float64Array(perSecond.length);
  let found = 0;
  for (let hour = 0; hour < hours.length; hour++) if (pointAt(perSecond, hour) >= least) hours[found++] = hour;
  return hours.subarray(0, found);
});

/** Means of the tenth of the hours that have most requests, by the second; not a number where there are none. */
function busiest(answered: Answered, perSecond: Float64Array): { readonly done: number; readonly requests: number } {
  const places = busiestHours(answered.perSecond);
  let [done, requests, hours] = [0, 0, 0];
  for (let at = 0; at < places.length; at++) {
    const hour = pointAt(places, at);
    if (Number.isNaN(pointAt(perSecond, hour))) continue;
    done += pointAt(perSecond, hour);
    requests += pointAt(answered.perSecond, hour);
    hours++;
  }
  return { done: done / hours, requests: requests / hours };
}

/** What a request computes on some processors, and how busy those are, by hour. */
export interface Processors {
  /** Of one machine in each hour, or one number at all hours; less than one is one that is as much slower. */
  readonly vcpu: Float64Array;
  /** Share of all machines that is busy. */
  readonly load: Float64Array;
}

/** One machine of the same size at all hours, by the vCPUs of it that are busy in each. */
export function oneMachine(vcpu: number, busyVcpu: Float64Array): Processors {
  return machines(busyVcpu, String(vcpu), () => {
    const load = new Float64Array(busyVcpu.length);
    for (let hour = 0; hour < load.length; hour++) load[hour] = pointAt(busyVcpu, hour) / vcpu;
    return { vcpu: Float64Array.of(vcpu), load };
  });
}

/** What a member is today is asked for each class that it may become. */
const machines = oncePerNameInStudy<Processors>();

function vcpuIn(vcpu: Float64Array, hour: number): number {
  return pointAt(vcpu, vcpu.length === 1 ? 0 : hour);
}

/** Where more comes than is answered, requests wait without end. A plan is JSON, which has no such figure; nobody waits for an hour. */
const longestSeconds = 3600;

/** What decides how long requests wait for one another. */
export interface Slowdown {
  readonly answered: Answered;
  /** Of a request that comes there, on one whole vCPU. */
  readonly vcpuSeconds: number;
  /** Share of all requests that come there: a hundredth of all is a larger part of fewer. */
  readonly share: number;
  /** How that share is known, to be said behind what each computes. */
  readonly askedBy?: string;
  readonly before: Processors;
  readonly afterwards: Processors;
}

/**
 * What is added to the p99 of an hour by waiting for processors and by computing on smaller ones, as a share of what a window allows, in the hour
 * that it adds most to. Utilization alone does not tell: half a vCPU that is half busy lets requests wait longer for one another than a whole
 * one does, and each computes twice as long.
 */
export function slowdownOf(facts: RuleFacts, slowdown: Slowdown): Projection {
  return certainly(slowdownBeyond(facts, slowdown, Number.NEGATIVE_INFINITY), "any projection is more than no number");
}

/** The same, undefined where it is no more than `least`: which costs less to find out than how much it is. */
export function slowdownBeyond({ policy, baseline }: RuleFacts, slowdown: Slowdown, least: number): Projection | undefined {
  const { answered, vcpuSeconds, askedBy = "" } = slowdown;
  const { maxP99Increase } = policy.window;
  const { hour, projected, addedSeconds } = worstAddition(slowdown, maxP99Increase, Math.max(0, least));
  if (projected <= least) return undefined;
  // Of the worst hour, as utilization is.
  const limit = policy.rules.maxWorstHourShare;
  const inMilliseconds = (seconds: number): string => `${figure(seconds * milliseconds)} ms`;
  return {
    dimension: "latency",
    current: 0,
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: `${addedSeconds < longestSeconds ? `${inMilliseconds(addedSeconds)} more` : "an hour more and growing, as more would come than is answered,"} of a p99 of ${inMilliseconds(pointAt(answered.p99Seconds, hour))}, of the ${figure(maxP99Increase * 100)} % that a window allows: ${inMilliseconds(vcpuSeconds)} of a vCPU each${askedBy} (M/M/c)`,
    worstHour: { atMs: baseline.span.startMs + hour * hourSeconds * milliseconds, rarePeaksMs: [] },
  };
}

/**
 * The first of the hours to which most is added, and how much: in seconds, and as a share of the increase of its p99 that is
 * allowed; hour 0 and `least` where none is more.
 */
interface Addition {
  readonly hour: number;
  readonly projected: number;
  readonly addedSeconds: number;
}

const shortest = oncePer((p99Seconds: Float64Array) => quantile(p99Seconds, 0));

function worstAddition(
  { answered: { p99Seconds, within }, vcpuSeconds, share, before, afterwards }: Slowdown,
  maxP99Increase: number,
  least: number,
): Addition {
  const shortestSeconds = shortest(p99Seconds);
  const secondsOn = (vcpu: number, load: number): number =>
    secondsExceededBy(tail / share, { servers: Math.max(1, Math.floor(vcpu)), load, serviceSeconds: vcpuSeconds / Math.min(1, vcpu) });
  const secondsIn = (hour: number, vcpu: number, load: number): number =>
    within === undefined || pointAt(within.most, hour) === 1 ? secondsOn(vcpu, load) : meanOfSlots(within, hour, (times) => secondsOn(vcpu, load * times));
  const { vcpu: vcpuThen, load: loadThen } = afterwards;
  /** Without any wait, on whole processors. */
  const leastSeconds = vcpuSeconds;
  let worst: Addition = { hour: 0, projected: least, addedSeconds: 0 };
  // On the same processors less load adds less: hours with no more of it than one that could not be the worst need not be looked at.
  let [harmlessVcpu, harmlessLoad] = [Number.NaN, 0];
  for (let hour = 0; hour < p99Seconds.length; hour++) {
    const vcpu = vcpuIn(vcpuThen, hour);
    const load = pointAt(loadThen, hour);
    const most = within === undefined ? 1 : pointAt(within.most, hour);
    if (vcpu === harmlessVcpu && load * most <= harmlessLoad) continue;
    const thenSeconds = secondsIn(hour, vcpu, load);
    const allowedSeconds = pointAt(p99Seconds, hour) * maxP99Increase;
    // Today's take no less than the least, so that more cannot be added: mostly enough to know that it is not the worst.
    if (!((thenSeconds - leastSeconds) / allowedSeconds <= worst.projected)) {
      const [vcpuNow, loadNow] = [vcpuIn(before.vcpu, hour), pointAt(before.load, hour)];
      const addedSeconds = Math.min(longestSeconds, secondsMore(secondsIn(hour, vcpuNow, loadNow), thenSeconds, load > loadNow || vcpu < vcpuNow));
      const projected = addedSeconds / allowedSeconds;
      if (projected > worst.projected) worst = { hour, projected, addedSeconds };
    }
    if (most === 1 && thenSeconds - leastSeconds <= worst.projected * shortestSeconds * maxP99Increase) [harmlessVcpu, harmlessLoad] = [vcpu, load];
  }
  return worst;
}

function meanOfSlots({ slotsPerHour, times }: Within, hour: number, secondsAt: (times: number) => number): number {
  const { first, end } = slotsOf(hour, slotsPerHour);
  let sum = 0;
  for (let slot = first; slot < end; slot++) sum += secondsAt(pointAt(times, slot));
  return sum / (end - first);
}

/** Where neither can do what comes there, the difference of their seconds is no number: then all that fewer or slower processors lack is more. */
function secondsMore(now: number, then: number, isLess: boolean): number {
  if (now !== Infinity || then !== Infinity) return then - now;
  return isLess ? Infinity : 0;
}
