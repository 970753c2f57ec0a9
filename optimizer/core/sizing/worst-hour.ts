import { isGapless } from "../metrics/absence.ts";
import { pointAt } from "../model/observation.ts";
import { utcDay, utcMinute } from "../model/utc.ts";
import { once, oncePer, oncePerName, oncePerValue } from "../model/once.ts";
import { oncePerInStudy, oncePerNameInStudy } from "../model/study-memory.ts";
import { percent } from "../model/percent.ts";
import type { Candidate, Evidence, Projection, Skip } from "../model/rule.ts";
import { evidence } from "./evidence.ts";
import { type Growth, growthOf } from "./growth.ts";
import { figure, rounding } from "./projection.ts";
import { mapped, type Series } from "./series.ts";

/** What a resource needed of one dimension in each hour of the baseline, by the highest sample of the hour. */
export interface HourlyDemand {
  readonly dimension: Projection["dimension"];
  /** What people call it, e.g. `CPU of the busiest member`. */
  readonly name: string;
  /** The hourly maxima it was made from, in the unit of `unit`. */
  readonly series: Series;
  readonly unit: Evidence["unit"];
  /** Start of the first hour. */
  readonly startMs: number;
  /** What one instance needed, in the unit of `capacityOf`; NaN where nothing is known. */
  readonly used: Float64Array;
  /** Instances that carried the load in that hour, and that would carry it with nothing lost. */
  readonly instancesBefore: Float64Array;
  readonly instancesAfter: Float64Array;
  /** Said after the arithmetic, e.g. `no zone lost`. */
  readonly note: string;
  readonly capacityOf: (type: string) => number | undefined;
  /** What an instance uses without any load, in that unit: it is not shared out anew. Absent: nothing of it is known. */
  readonly idle?: number;
  /** Those that would carry it two weeks on, where policies answer a load that grows. Absent: as many as without growth. */
  readonly instancesGrown?: Float64Array;
}

/** One that says which hour it is of. */
type HourProjection = Projection & Required<Pick<Projection, "worstHour">>;

/** How much of a target the hours may take. */
export interface HourLimits {
  /** Of the highest sample (policy `rules.maxWorstHourShare`). */
  readonly worst: number;
  /** Of all but the rarest samples: hours above it are the peaks that are named. */
  readonly usual: number;
}

/** Of so many lengths of baselines the array of `oneInstance` is kept: a plan has one. */
const mostLengths = 4;

/** A single instance in each of so many hours: one array for all that need it, never to be written to. */
export const oneInstance = oncePerValue((hours: number) => new Float64Array(hours).fill(1), mostLengths);

const hoursPerWeek = 168;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Peaks on more days than this share of the baseline's are no rare ones. */
const rareShare = 0.1;

/**
 * The highest sample of the baseline, replayed hour by hour on the target with nothing lost. A p99.5 of sixty days leaves out seven
 * hours: a monthly close of three hours is never seen by it. Of a load that grows, each hour counts as such an hour would be two weeks on.
 * None when a capacity is not known.
 */
export function worstHour(demand: HourlyDemand, from: string, target: string, limits: HourLimits): readonly HourProjection[] {
  return worstHours(demand, `${from} → ${target}, ${limits.worst} and ${limits.usual}`, () => worstHourOf(demand, from, target, limits));
}

/** Both readings, and rules that build on one another, ask the same of a demand. */
const worstHours = oncePerNameInStudy<readonly HourProjection[]>();

function worstHourOf(demand: HourlyDemand, from: string, target: string, limits: HourLimits): readonly HourProjection[] {
  const before = demand.capacityOf(from);
  const after = demand.capacityOf(target);
  if (before === undefined || after === undefined) return [];
  const growth = growthIn(demand);
  const total = totalByHour(demand);
  const { hour, projected, peaks } = replayed(total, instancesThen(demand, growth), after, limits.usual);
  const atMs = demand.startMs + hour * hourMs;
  const peaksMs = peaks.map((peak) => demand.startMs + peak * hourMs);
  const days = Math.max(1, Math.round(total.length / 24));
  const { idle = 0 } = demand;
  const [carriedBy, carriers] = [pointAt(demand.instancesBefore, hour), pointAt(instancesThen(demand, growth), hour)];
  const factor = growth === undefined ? 1 : pointAt(growth.factors, hour);
  const grown = (pointAt(total, hour) - idle * carriers) / carriedBy / factor;
  const times = factor === 1 ? "" : ` × ${figure(factor)}`;
  const arithmetic =
    idle === 0
      ? `highest sample ${figure(grown)}${times} × ${figure(carriedBy)} ÷ (${figure(after)} × ${figure(carriers)})`
      : `highest sample ${figure(idle + grown)}, of which ${figure(idle)} without load, so ${figure(idle)} + ${figure(grown)}${times} × ${figure(carriedBy)} ÷ ${figure(carriers)}, of ${figure(after)}`;
  return [
    {
      dimension: demand.dimension,
      current: (idle + grown) / before,
      projected,
      limit: limits.worst,
      fits: projected <= limits.worst + rounding,
      method: [arithmetic, ...(growth === undefined || factor === 1 ? [] : [growth.words]), demand.note, ...peakWords(peaksMs, atMs, days, limits.usual)]
        .filter((part) => part !== "")
        .join(", "),
      worstHour: { atMs, rarePeaksMs: peaksMs.length <= rareShare * days ? peaksMs : [] },
    },
  ];
}

/** The figure behind a projection of the worst hour: what was measured, and when. Which hour it is does not depend on the target. */
export const worstHourEvidence = oncePerInStudy((demand: HourlyDemand): Evidence => {
  const { name, series, unit, startMs, used, instancesAfter } = demand;
  const hour = highestShare(totalByHour(demand), instancesAfter);
  const measured = pointAt(series.values, hour);
  // Where the binding hour is a gap, what it counts as is the worst of its hour of the week.
  const value = Number.isNaN(pointAt(used, hour)) ? worstOfHours(series.values)(hour) : measured;
  return evidence(`${name} in the worst hour`, value, { series, statistic: "Maximum", unit, atMs: startMs + hour * hourMs });
});

/** What to say of a target whose rare peaks are within the limit of the worst hour, yet above what is usual. */
export function rarePeakWarning({ dimension, projected, limit, fits, worstHour: peak }: Projection, usual: number): readonly string[] {
  if (!fits || peak === undefined || peak.rarePeaksMs.length === 0 || projected <= usual) return [];
  const every = evenDays(peak.rarePeaksMs);
  const next = every === undefined ? "" : `; the next is to be expected about ${utcDay(Math.max(...peak.rarePeaksMs) + every * dayMs)}`;
  return [
    `rare peaks: ${dimension} would be above ${percent(usual, 1)} at ${listed(peak.rarePeaksMs)}${cadence(every)}, ${percent(projected, 1)} at most (allowed ${percent(limit, 1)})${next}`,
  ];
}

/** What keeps a candidate from fitting where it is its worst hour alone: the furthest over its limit. */
function tightestHour({ projections }: Candidate): Projection | undefined {
  const misfits = projections.filter(({ fits }) => !fits);
  if (misfits.some(({ worstHour: peak }) => peak === undefined)) return undefined;
  return misfits.toSorted((a, b) => b.projected / b.limit - a.projected / a.limit)[0];
}

/** The worst hour that refused even the size nearest to today's, which the usual load would let through; undefined where something else refused. */
export function refusedByWorstHour(refused: readonly Candidate[]): Projection | undefined {
  const nearest = refused.at(-1);
  return nearest === undefined ? undefined : tightestHour(nearest);
}

/** The same of a whole decision. */
export function worstHourRefusal({ code, refused }: Pick<Skip, "code" | "refused">): Projection | undefined {
  return code === "does-not-fit" ? refusedByWorstHour(refused) : undefined;
}

/**
 * The whole resource's need by hour, the same for every target: what each of its instances uses anyhow, and what grows with the load. An hour without
 * a sample is as bad as the worst of its hour of the week, or of all where that has none.
 */
const totalByHour = oncePerInStudy((demand: HourlyDemand): Float64Array => {
  const { idle = 0 } = demand;
  const { load, growth } = carriedIn(demand);
  const grown = growth === undefined ? load : mapped(load, (value, hour) => value * pointAt(growth.factors, hour));
  if (idle === 0 && isGapless(grown)) return grown;
  const worst = worstOfHours(grown);
  const carriers = instancesThen(demand, growth);
  return mapped(grown, (value, hour) => (Number.isNaN(value) ? worst(hour) : value) + (idle === 0 ? 0 : idle * pointAt(carriers, hour)));
});

/** What all instances together did for the load in each hour, NaN where nothing is known, and how that grows. */
interface Carried {
  readonly load: Float64Array;
  readonly growth: Growth | undefined;
}

/** The same for every target, and for every number of instances that is looked at. */
const carried = oncePerInStudy((_used: Float64Array) => oncePer((_before: Float64Array) => oncePerName<Carried>()));

function carriedIn({ used, instancesBefore, idle = 0 }: HourlyDemand): Carried {
  return carried(used)(instancesBefore)(used, String(idle), () => {
    const isAlone = idle === 0 && instancesBefore === oneInstance(used.length);
    const load = isAlone ? used : mapped(used, (value, hour) => (value - idle) * pointAt(instancesBefore, hour));
    return { load, growth: growthOf(load) };
  });
}

/** How a load grows; undefined where it does not. */
export function growthIn(demand: HourlyDemand): Growth | undefined {
  return carriedIn(demand).growth;
}

/** Who carries such an hour. */
function instancesThen({ instancesAfter, instancesGrown }: HourlyDemand, growth: Growth | undefined): Float64Array {
  return growth === undefined ? instancesAfter : (instancesGrown ?? instancesAfter);
}

/** The highest value of an hour's own hour of the week, or of all where that has none; 0 where nothing is above it. Looked for once a gap asks. */
function worstOfHours(values: Float64Array): (hour: number) => number {
  const worst = once((): Float64Array => {
    const byHour = new Float64Array(hoursPerWeek).fill(Number.NaN);
    let overall = 0;
    for (let hour = 0; hour < values.length; hour++) {
      const value = pointAt(values, hour);
      if (Number.isNaN(value)) continue;
      const before = pointAt(byHour, hour % hoursPerWeek);
      byHour[hour % hoursPerWeek] = Number.isNaN(before) ? Math.max(0, value) : Math.max(before, value);
      overall = Math.max(overall, value);
    }
    return mapped(byHour, (value) => (Number.isNaN(value) ? overall : value));
  });
  return (hour) => pointAt(worst(), hour % hoursPerWeek);
}

/** Position of the hour in which each instance has most to do, the newest among equals. */
function highestShare(total: Float64Array, instances: Float64Array): number {
  let [best, most] = [0, Number.NaN];
  for (let hour = 0; hour < total.length; hour++) {
    const share = pointAt(total, hour) / pointAt(instances, hour);
    if (hour > 0 && !(share >= most)) continue;
    best = hour;
    most = share;
  }
  return best;
}

interface Replay {
  /** The hour of the highest share, the newest among equals, and that share. */
  readonly hour: number;
  readonly projected: number;
  /** The highest hour of each stretch of days that have an hour above the limit, in order. */
  readonly peaks: readonly number[];
}

/** What each hour's need would take of so many instances of the target. */
function replayed(total: Float64Array, instances: Float64Array, capacity: number, limit: number): Replay {
  const shareIn = (hour: number): number => pointAt(total, hour) / (capacity * pointAt(instances, hour));
  const peaks: number[] = [];
  let highest = 0;
  let projected = shareIn(0);
  let last = Number.NEGATIVE_INFINITY;
  let newest = 0;
  for (let hour = 0; hour < total.length; hour++) {
    const share = shareIn(hour);
    if (share >= projected) {
      highest = hour;
      projected = share;
    }
    if (share <= limit + rounding) continue;
    const isNew = hour - last > 24;
    last = hour;
    if (!isNew && share < shareIn(newest)) continue;
    if (!isNew) peaks.pop();
    peaks.push(hour);
    newest = hour;
  }
  return { hour: highest, projected, peaks };
}

function peakWords(peaksMs: readonly number[], atMs: number, days: number, usual: number): readonly string[] {
  const at = `at ${utcMinute(atMs)} UTC`;
  if (peaksMs.length < 2) return [at];
  if (peaksMs.length > rareShare * days) return [at, `above ${percent(usual, 1)} ${peaksMs.length} times in ${days} days`];
  return [at, `a rare peak that recurs: ${listed(peaksMs)}${cadence(evenDays(peaksMs))}`];
}

function listed(momentsMs: readonly number[]): string {
  return momentsMs.map((ms) => `${utcMinute(ms)} UTC`).join(", ");
}

function cadence(every: number | undefined): string {
  return every === undefined ? "" : `, every ${every} days`;
}

/** The days between peaks where they are even; months differ by up to three days. */
function evenDays(momentsMs: readonly number[]): number | undefined {
  const before = Float64Array.from(momentsMs);
  const gaps = momentsMs.slice(1).map((ms, index) => (ms - pointAt(before, index)) / dayMs);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return gaps.length > 0 && gaps.every((gap) => Math.abs(gap - mean) <= 1.5) ? Math.round(mean) : undefined;
}
