import { metrics, seriesKey } from "../metrics/catalogue.ts";
import type { SeriesKey } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { Projection, RuleFacts } from "../model/rule.ts";
import { incompleteness } from "./completeness.ts";
import { hourSeconds } from "./estimate.ts";
import { figure, rounding } from "./projection.ts";
import { quantile } from "./quantile.ts";
import { mapped, pointAt, readSeries } from "./series.ts";
import { secondsExceededBy } from "./waiting.ts";

const tail = 0.01;
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

/** Undefined where no load balancer tells how many requests there are and how long they take. */
export function answeredBy({ baseline, policy }: RuleFacts, region: string, loadBalancers: readonly string[]): Answered | undefined {
  const series = answeredKeys(region, loadBalancers, policy).map((key) => ({ key, ...readSeries(baseline, key) }));
  if (series.length === 0 || series.some((each) => incompleteness(each, policy) !== undefined)) return undefined;
  const slotSeconds = policy.window.slotMinutes * 60;
  const slotsPerHour = hourSeconds / slotSeconds;
  const hours = Math.floor((series[0]?.values.length ?? 0) / slotsPerHour);
  const hourly = (statistic: string, join: (values: readonly number[]) => number): Float64Array => {
    const own = series.filter(({ key }) => key.statistic === statistic);
    return Float64Array.from({ length: hours }, (_, hour) =>
      join(own.map(({ values }) => meanOf(values.subarray(hour * slotsPerHour, (hour + 1) * slotsPerHour)))),
    );
  };
  return {
    perSecond: mapped(
      hourly("Sum", (each) => each.reduce((sum, value) => sum + value, 0)),
      (count) => count / slotSeconds,
    ),
    p99Seconds: hourly("p99", (each) => Math.min(...each)),
  };
}

/** vCPU seconds for each request, in the tenth of the hours that have most of them; not a number where there are none. */
export function vcpuSecondsPerRequest(answered: Answered, busyVcpu: Float64Array): number {
  const { vcpu, perSecond } = busiest(answered, busyVcpu);
  return vcpu / perSecond;
}

/**
 * The same without what a machine does for itself: by how much more is computed in those hours than in the one that computes least, for so many
 * more requests. A job at night, or one beside the requests of the day, makes it more, never less. Not a number where that hour has nearly as many.
 */
export function vcpuSecondsPerFurtherRequest(answered: Answered, busyVcpu: Float64Array): number {
  let idlest = -1;
  for (let hour = 0; hour < answered.perSecond.length; hour++) {
    if (Number.isNaN(pointAt(answered.perSecond, hour)) || Number.isNaN(pointAt(busyVcpu, hour))) continue;
    if (idlest === -1 || pointAt(busyVcpu, hour) < pointAt(busyVcpu, idlest)) idlest = hour;
  }
  const { vcpu, perSecond } = busiest(answered, busyVcpu);
  const then = pointAt(answered.perSecond, idlest);
  return then <= perSecond * mostWhenIdle ? (vcpu - pointAt(busyVcpu, idlest)) / (perSecond - then) : Number.NaN;
}

/** Means of the tenth of the hours that have most requests; not a number where there are none. */
function busiest({ perSecond }: Answered, busyVcpu: Float64Array): { readonly vcpu: number; readonly perSecond: number } {
  const least = quantile(perSecond, busyHours);
  let [vcpu, requests, hours] = [0, 0, 0];
  for (let hour = 0; hour < perSecond.length; hour++) {
    if (!(pointAt(perSecond, hour) >= least) || Number.isNaN(pointAt(busyVcpu, hour))) continue;
    vcpu += pointAt(busyVcpu, hour);
    requests += pointAt(perSecond, hour);
    hours++;
  }
  return { vcpu: vcpu / hours, perSecond: requests / hours };
}

/** What a request computes on some processors, and how busy those are. */
export interface Processors {
  /** Of one machine; less than one is one that is as much slower. */
  readonly vcpu: number;
  /** Share of all machines that is busy. */
  readonly load: number;
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
  readonly before: (hour: number) => Processors;
  readonly afterwards: (hour: number) => Processors;
}

/**
 * What is added to the p99 of an hour by waiting for processors and by computing on smaller ones, as a share of what a window allows, in the hour
 * that it adds most to. Utilization alone does not tell: half a vCPU that is half busy lets requests wait longer for one another than a whole
 * one does, and each computes twice as long.
 */
export function slowdownOf({ policy, baseline }: RuleFacts, { answered: { p99Seconds }, vcpuSeconds, share, before, afterwards }: Slowdown): Projection {
  const { maxP99Increase } = policy.window;
  // Of the worst hour, as utilization is.
  const limit = policy.rules.maxWorstHourShare;
  const secondsOn = ({ vcpu, load }: Processors): number =>
    secondsExceededBy(tail / share, { servers: Math.max(1, Math.floor(vcpu)), load, serviceSeconds: vcpuSeconds / Math.min(1, vcpu) });
  /** Without any wait, on whole processors. */
  const leastSeconds = vcpuSeconds;
  const shortestSeconds = p99Seconds.reduce((least, seconds) => Math.min(least, Number.isNaN(seconds) ? least : seconds), Infinity);
  let worst = { hour: 0, projected: 0, addedSeconds: 0 };
  // On the same processors less load adds less: hours with no more of it than one that could not be the worst need not be looked at.
  let harmless: Processors = { vcpu: Number.NaN, load: 0 };
  for (let hour = 0; hour < p99Seconds.length; hour++) {
    const after = afterwards(hour);
    if (after.vcpu === harmless.vcpu && after.load <= harmless.load) continue;
    const thenSeconds = secondsOn(after);
    const addedSeconds = Math.min(longestSeconds, secondsMore(before(hour), after, secondsOn, thenSeconds));
    const projected = addedSeconds / (pointAt(p99Seconds, hour) * maxP99Increase);
    if (projected > worst.projected) worst = { hour, projected, addedSeconds };
    if (thenSeconds - leastSeconds <= worst.projected * shortestSeconds * maxP99Increase) harmless = after;
  }
  const { hour, projected, addedSeconds } = worst;
  const inMilliseconds = (seconds: number): string => `${figure(seconds * milliseconds)} ms`;
  return {
    dimension: "latency",
    current: 0,
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: `${addedSeconds < longestSeconds ? `${inMilliseconds(addedSeconds)} more` : "an hour more and growing, as more would come than is answered,"} of a p99 of ${inMilliseconds(pointAt(p99Seconds, hour))}, of the ${figure(maxP99Increase * 100)} % that a window allows: ${inMilliseconds(vcpuSeconds)} of a vCPU each (M/M/c)`,
    worstHour: { atMs: baseline.span.startMs + hour * hourSeconds * milliseconds, rarePeaksMs: [] },
  };
}

/** Where neither can do what comes there, the difference of their seconds is no number: then all that fewer or slower processors lack is more. */
function secondsMore(before: Processors, afterwards: Processors, secondsOn: (on: Processors) => number, then: number): number {
  const now = secondsOn(before);
  if (now !== Infinity || then !== Infinity) return then - now;
  return afterwards.load > before.load || afterwards.vcpu < before.vcpu ? Infinity : 0;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
