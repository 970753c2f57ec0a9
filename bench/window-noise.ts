import type { SlotCounts } from "../optimizer/core/model/window.ts";
import { type Random, seededRandom } from "../__tests__/support/seeded-random.ts";

export const slotMs = 900_000;
export const slotsPerDay = 96;
export const baselineDays = 60;
export const baselineSlots = baselineDays * slotsPerDay;
/** Monday 2026-03-02 00:00 UTC: where baselines end, T0. */
export const endOfBaselineMs = Date.UTC(2026, 2, 2);

/** What makes a load balancer's figures differ from the rhythm of its week. Latency noise is in logarithms: 0.1 is about 10 %. */
export interface Noise {
  readonly name: string;
  /** From slot to slot: an AR(1) of this standard deviation and lag-1 correlation, with Gaussian or Student-t innovations of 4 degrees. */
  readonly sigma: number;
  readonly correlation: number;
  readonly tails: "gaussian" | "t4";
  /** Standard deviation of what all slots of a day have in common; half of its variance all regions have in common. */
  readonly daySigma: number;
  /** Growth over the 60 days of the baseline, up or down by the seed, going on in the window. */
  readonly trend: number;
}

const plain: Noise = { name: "AR(1)", sigma: 0.1, correlation: 0.7, tails: "gaussian", daySigma: 0, trend: 0 };
const tails: Noise = { ...plain, name: "+ t4 tails", tails: "t4" };
const days: Noise = { ...tails, name: "+ day effects", daySigma: 0.03 };

/** Each holds the noise of those before it. */
export const noises: readonly Noise[] = [plain, tails, days, { ...days, name: "+ trends", trend: 0.08 }];

/** What befalls the window that is judged. Multiplies p99 and adds to the error rate. */
export interface Harm {
  readonly p99: number;
  readonly errorRate: number;
  /** Only from 10:00 to 18:00, the eight busiest hours of each day. */
  readonly peakOnly: boolean;
}

/** Mean requests a second, and the noise. */
export interface Cell {
  readonly requestsPerSecond: number;
  readonly noise: Noise;
}

const usualErrorRate = 0.0005;
/** An outage of 90 minutes some weeks ago: 30 % errors and a p99 six times the usual. */
const outage = { slots: 6, errorRate: 0.3, p99: 6 } as const;

/** One load balancer's figures, slot after slot from `startMs`. */
export interface Course {
  readonly startMs: number;
  readonly requests: Float64Array;
  readonly errors: Float64Array;
  readonly p99Seconds: Float64Array;
}

/** The same account: two regions, the changed one and the untouched control, that share half of their day effects and the trend. */
export interface Account {
  readonly cell: Cell;
  readonly slopePerSlot: number;
  readonly own: Course;
  readonly control: Course;
}

export function drawAccount(cell: Cell, seed: number, oldOutage: boolean): Account {
  const random = seededRandom(seed);
  const slopePerSlot = (random.uniform() < 0.5 ? -1 : 1) * (Math.log1p(cell.noise.trend) / baselineSlots);
  const startMs = endOfBaselineMs - baselineSlots * slotMs;
  const shared = dayEffects(cell.noise, random, baselineDays + 1);
  const parts = { cell, random, slopePerSlot, startMs, slots: baselineSlots, shared };
  const own = drawCourse(parts);
  const control = drawCourse(parts);
  if (oldOutage) addOutage(own, random);
  return { cell, slopePerSlot, own, control };
}

/** Some quarter of an hour within a week after the baseline: where the window of this seed begins. */
export function windowStartMs(seed: number): number {
  return endOfBaselineMs + Math.floor(seededRandom(seed).uniform() * 7 * slotsPerDay) * slotMs;
}

/** A window's slots in the changed region, and, when asked for, in the control; `common` befalls both of them. */
export function drawWindow(
  { cell, slopePerSlot }: Account,
  { seed, slots }: { readonly seed: number; readonly slots: number },
  harm: Harm,
  common: Harm,
): { readonly own: Course; control(): Course } {
  const random = seededRandom(seed + 1);
  const shared = dayEffects(cell.noise, random, Math.ceil(slots / slotsPerDay) + 1);
  const parts = { cell, random, slopePerSlot, startMs: windowStartMs(seed), slots, shared };
  return { own: drawCourse(parts, [harm, common]), control: () => drawCourse(parts, [common]) };
}

interface CourseParts {
  readonly cell: Cell;
  readonly random: Random;
  readonly slopePerSlot: number;
  readonly startMs: number;
  readonly slots: number;
  readonly shared: DayEffects;
}

interface DayEffects {
  readonly latency: Float64Array;
  readonly traffic: Float64Array;
}

function dayEffects({ daySigma }: Noise, random: Random, days: number): DayEffects {
  const draw = (sigma: number): Float64Array => Float64Array.from({ length: days }, () => Math.SQRT1_2 * sigma * random.gaussian());
  return { latency: draw(daySigma), traffic: draw(2 * daySigma) };
}

function drawCourse({ cell, random, slopePerSlot, startMs, slots, shared }: CourseParts, harms: readonly Harm[] = []): Course {
  const { requestsPerSecond, noise } = cell;
  const own = dayEffects(noise, random, shared.latency.length);
  const innovation = noise.sigma * Math.sqrt(1 - noise.correlation ** 2);
  const draw = noise.tails === "t4" ? () => studentT4(random) : () => random.gaussian();
  const course = { startMs, requests: new Float64Array(slots), errors: new Float64Array(slots), p99Seconds: new Float64Array(slots) };
  let drift = noise.sigma * random.gaussian();
  let bursts = 0.3 * random.gaussian();
  const dayOfStart = Math.floor(startMs / 86_400_000);
  for (let slot = 0; slot < slots; slot += 1) {
    const ms = startMs + slot * slotMs;
    const day = Math.floor(ms / 86_400_000) - dayOfStart;
    const hour = (ms % 86_400_000) / 3_600_000;
    const rhythm = (1 + 0.5 * Math.cos(((hour - 14) / 12) * Math.PI)) * (isWeekend(ms) ? 0.7 : 1.12);
    const grown = slopePerSlot * ((ms - endOfBaselineMs) / slotMs);
    const dayTraffic = (own.traffic[day] ?? 0) + (shared.traffic[day] ?? 0);
    const requests = random.poisson(requestsPerSecond * 900 * rhythm * Math.exp(dayTraffic + grown));
    drift = noise.correlation * drift + innovation * draw();
    bursts = noise.correlation * bursts + 0.3 * Math.sqrt(1 - noise.correlation ** 2) * random.gaussian();
    const here = harms.filter(({ peakOnly }) => !peakOnly || (hour >= 10 && hour < 18));
    const rate = usualErrorRate * Math.exp(bursts - 0.045) + here.reduce((sum, { errorRate }) => sum + errorRate, 0);
    const dayLatency = (own.latency[day] ?? 0) + (shared.latency[day] ?? 0);
    const slowed = here.reduce((product, { p99 }) => product * p99, 1);
    course.requests[slot] = requests;
    course.errors[slot] = Math.min(requests, random.poisson(requests * rate));
    course.p99Seconds[slot] = 0.1 * (0.8 + 0.2 * rhythm) * slowed * Math.exp(dayLatency + grown + drift + sampleNoise(requests) * random.gaussian());
  }
  return course;
}

/**
 * Standard error of the logarithm of a p99 from `requests` latencies, whose logarithms have a standard deviation of 0.8:
 * √(p(1−p)/n) ÷ density at the quantile.
 */
function sampleNoise(requests: number): number {
  return 0.8 * (Math.sqrt((0.01 * 0.99) / Math.max(1, requests)) / 0.02665);
}

/** Student's t of four degrees of freedom, scaled to a variance of one (its own is two). */
function studentT4(random: Random): number {
  const chiSquare = -2 * Math.log((1 - random.uniform()) * (1 - random.uniform()));
  return (random.gaussian() / Math.sqrt(chiSquare / 4)) * Math.SQRT1_2;
}

function isWeekend(ms: number): boolean {
  return (Math.floor(ms / 86_400_000) + 3) % 7 >= 5;
}

/** On a working day's afternoon, two to eight weeks before the end. */
function addOutage({ startMs, requests, errors, p99Seconds }: Course, random: Random): void {
  let day = Math.floor(4 + random.uniform() * 42);
  while (isWeekend(startMs + day * 86_400_000)) day += 1;
  const first = day * slotsPerDay + 48 + Math.floor(random.uniform() * 16);
  for (let slot = first; slot < first + outage.slots; slot += 1) {
    errors[slot] = random.poisson((requests[slot] ?? 0) * outage.errorRate);
    p99Seconds[slot] = (p99Seconds[slot] ?? 0) * outage.p99;
  }
}

/** The course as a run reads it. */
export function countsOf(course: Course, loadBalancer: string, length: number = course.requests.length): readonly SlotCounts[] {
  return Array.from(course.requests.subarray(0, length), (requests, slot) => ({
    loadBalancer,
    requests,
    target5xx: course.errors[slot] ?? 0,
    elb5xx: 0,
    p99Seconds: requests > 0 ? (course.p99Seconds[slot] ?? null) : null,
    healthyHosts: 8,
    status: "complete" as const,
  }));
}
