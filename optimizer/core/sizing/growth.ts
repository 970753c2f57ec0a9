import { pointAt } from "../model/observation.ts";
import { percent } from "../model/percent.ts";
import type { Policy } from "../model/policy.ts";
import type { Projection } from "../model/rule.ts";
import { oncePerInStudy } from "../model/study-memory.ts";
import { aboveBefore, daysPerWeek, hoursPerDay, hoursPerWeek, middle, middleRise, type Span } from "./like-hours.ts";
import { figure, rounding } from "./projection.ts";
import { quantile } from "./quantile.ts";
import { mapped } from "./series.ts";
import { dayLevels, isAboveItsLike, type YoungGrowth, youngGrowthOf } from "./young-growth.ts";

/** How much more is asked now, and will be asked, than in the hours of a baseline. */
export interface Growth {
  /** By hour: what such an hour would ask for two weeks after the end of the baseline, as a multiple of what it asked for. 1 at least. */
  readonly factors: Float64Array;
  /** For people: `it grows by 13 % a week`. */
  readonly words: string;
}

/** So far ahead a size has to last: its windows are over long before, and whoever plans again sees how it went on. */
const horizonWeeks = 2;
/** Weeks that must agree before growth is told from a load that comes and goes, and how many are looked at. */
const fewestWeeks = 3;
const mostWeeks = 4;
/** Growth by week, as a logarithm, that is told from noise: of each of those weeks, and in the middle of all their days. */
const leastOfEach = 0.01;
const leastGrowth = 0.015;
/** Of their days so many must be above the same day of the week before. */
const risingDays = 0.8;
/** Spans of two days in a row that must each stand above the one before, by so much as a logarithm, where a load has begun to grow. */
const risingSpans = 4;
const leastSpanRise = 0.02;
/** What a load that has begun to grow must by now stand above what was there before, as a logarithm: else it only comes back. */
const leastBegun = Math.log(1.1);
/** A load that stands so much above that of an earlier week is another one, and what stood out then would stand out as much more now. */
const leastStep = Math.log(1.25);
/** Days in a row that show a step before the week is over. */
const stepDays = 2;

/**
 * Growth and steps of a load by hour: each hour is compared with the same hour of earlier weeks, so that days, nights and weekends speak for
 * nothing, and medians leave out what stood out. Growth is there where the last weeks agree on it day by day, or where a load rises above all it
 * was, day after day, since a week or a few days; a step where the last week, or its last two days, is a quarter above an earlier one, or those
 * days are above all that their like came to. Undefined where there is none of these, or fewer than four weeks: nothing is told of growth then.
 */
export function growthOf(load: Float64Array): Growth | undefined {
  const weeks = Math.floor(load.length / hoursPerWeek);
  if (weeks <= fewestWeeks) return undefined;
  // Most loads do neither, which sums of weeks tell without any logarithm.
  const trend = Math.max(mayGrow(load) ? trendOf(load, weeks) : 0, mayHaveBegunToGrow(load) ? begunTrendOf(load) : 0);
  const days = mayBeHigher(load, weeks) ? dayLevels(load) : new Float64Array();
  const isHigher = days.length > 0 && isAboveItsLike(days, 0) && isAboveItsLike(days, 1);
  const begun = isHigher ? youngGrowthOf(days) : undefined;
  // What whole weeks agree on is noise of its days where they say less.
  const young = begun !== undefined && begun.daily * daysPerWeek > trend ? begun : undefined;
  if (trend === 0 && !isHigher && !mayHaveStepped(load, weeks)) return undefined;
  // The last week is its own level; one of which nothing is known is as the one after it.
  const levels = new Float64Array(weeks + 1);
  for (let back = 1; back <= weeks; back++) levels[back] = levelSince(load, back, trend > 0 || isHigher) ?? pointAt(levels, back - 1);
  if (trend === 0 && young === undefined && levels.every((level) => level === 0)) return undefined;
  const grown = young === undefined ? undefined : grownSince(load, young, weeks);
  const factors = new Float64Array(load.length);
  for (let hour = 0; hour < factors.length; hour++) {
    const hoursBack = load.length - 1 - hour;
    const back = Math.floor(hoursBack / hoursPerWeek);
    const sinceLike = (hoursBack - back * hoursPerWeek) / hoursPerWeek;
    factors[hour] = Math.exp(Math.max(pointAt(levels, back) + trend * (sinceLike + horizonWeeks), grown?.(hoursBack) ?? 0));
  }
  return { factors, words: wordsOf(trend, young) };
}

function wordsOf(trend: number, young: YoungGrowth | undefined): string {
  if (young !== undefined) return `it has begun to grow, by ${percent(Math.expm1(young.daily), 1)} a day`;
  return trend > 0 ? `it grows by ${percent(Math.expm1(trend), 1)} a week` : "as much more is asked now than was in that week";
}

/**
 * By how much young growth makes an hour of the baseline more in two weeks, as a logarithm: as much as the last day is above its day, or its day in
 * an earlier week, and as it grows from the middle of that day on.
 */
function grownSince(load: Float64Array, { daily, since }: YoungGrowth, weeks: number): (hoursBack: number) => number {
  const last = { endsBack: 0, hours: hoursPerDay };
  const byWeek = Float64Array.from({ length: weeks + 1 }, (_, back) => (back === 0 ? 0 : Math.max(0, rise(load, last, back)) || 0));
  const toCome = daily * (horizonWeeks * daysPerWeek + 0.5);
  return (hoursBack) => {
    const back = Math.floor(hoursBack / hoursPerWeek);
    return toCome + (back === 0 ? pointAt(since, Math.floor(hoursBack / hoursPerDay)) : pointAt(byWeek, back));
  };
}

const knownGrowth = oncePerInStudy((values: Float64Array) => growthOf(values));

/** Each hour of an amount as such an hour will be two weeks on; the same array where it does not grow. */
export const asGrown = oncePerInStudy((values: Float64Array): Float64Array => {
  const growth = knownGrowth(values);
  return growth === undefined ? values : mapped(values, (value, hour) => value * pointAt(growth.factors, hour));
});

/** The highest of an amount as it would be two weeks on, by its own growth, and as a multiple of the highest there was; undefined where it does not grow. */
function grownPeak(values: Float64Array): { readonly times: number; readonly words: string } | undefined {
  const growth = knownGrowth(values);
  if (growth === undefined) return undefined;
  const highest = quantile(values, 1);
  const grown = quantile(asGrown(values), 1);
  return grown > highest ? { times: grown / highest, words: growth.words } : undefined;
}

/**
 * A projection of the highest of an amount, as that will be two weeks on: told only where it is more than the worst hour may take.
 * `worst-hour.ts` looks by itself at what is projected hour by hour.
 */
export function outgrown({ rules: { maxWorstHourShare } }: Policy, projection: Projection, values: Float64Array): readonly Projection[] {
  const peak = grownPeak(values);
  if (peak === undefined) return [];
  const projected = projection.projected * peak.times;
  if (projected <= maxWorstHourShare + rounding) return [];
  return [{ ...projection, projected, limit: maxWorstHourShare, fits: false, method: `${projection.method}, × ${figure(peak.times)} as ${peak.words}` }];
}

function mayGrow(load: Float64Array): boolean {
  return sumBefore(load, 0, hoursPerWeek) > sumBefore(load, fewestWeeks, hoursPerWeek);
}

function mayHaveBegunToGrow(load: Float64Array): boolean {
  const hours = stepDays * hoursPerDay;
  return sumBefore(load, 0, hours) > sumBefore(load, 1, hours) * (1 + leastSpanRise * (risingSpans - 1));
}

/** Whether each of the last two days is above its like of all earlier weeks but one, by most of their hours. */
function mayBeHigher(load: Float64Array, weeks: number): boolean {
  return [0, 1].every((day) => {
    let lower = 0;
    for (let back = 1; back <= weeks && lower < 2; back++) if (!isMostlyHigher(load, load.length - day * hoursPerDay, back)) lower++;
    return lower < 2;
  });
}

/** The day that ends with that hour, above the same day so many weeks before; so is one of which nothing can be compared. */
function isMostlyHigher(load: Float64Array, end: number, back: number): boolean {
  let [higher, lower] = [0, 0];
  for (let hour = end - hoursPerDay; hour < end; hour++) {
    const [now, then] = [pointAt(load, hour), pointAt(load, hour - back * hoursPerWeek)];
    if (now > then) higher++;
    else if (now <= then) lower++;
  }
  return higher >= lower;
}

function mayHaveStepped(load: Float64Array, weeks: number): boolean {
  const [last, lastDays] = [sumBefore(load, 0, hoursPerWeek), sumBefore(load, 0, stepDays * hoursPerDay)];
  for (let back = 1; back < weeks; back++) {
    if (last > sumBefore(load, back, hoursPerWeek) * coarseStep) return true;
    if (lastDays > sumBefore(load, back, stepDays * hoursPerDay) * coarseStep) return true;
  }
  return false;
}

/** Below a step, so that an hour that stood out hides none. */
const coarseStep = 1.1;

/** Of so many hours that end whole weeks before the end, without gaps. */
function sumBefore(load: Float64Array, weeksBack: number, hours: number): number {
  const end = load.length - weeksBack * hoursPerWeek;
  let sum = 0;
  for (let hour = end - hours; hour < end; hour++) if (!Number.isNaN(pointAt(load, hour))) sum += pointAt(load, hour);
  return sum;
}

/** Growth by week, as a logarithm; 0 where the last weeks do not agree on any, of which the newest without growth ends the search. */
function trendOf(load: Float64Array, weeks: number): number {
  const compared = Math.min(mostWeeks, weeks - 1);
  const days = new Float64Array(compared * daysPerWeek);
  for (let week = 0; week < compared; week++) {
    for (let day = week * daysPerWeek; day < (week + 1) * daysPerWeek; day++) days[day] = rise(load, { endsBack: day * hoursPerDay, hours: hoursPerDay }, 1);
    if (!(middle(days.subarray(week * daysPerWeek, (week + 1) * daysPerWeek)) >= leastOfEach)) return 0;
  }
  const growth = middle(days);
  const rising = days.filter((each) => each > 0).length;
  return growth >= leastGrowth && rising >= risingDays * days.length ? growth : 0;
}

/**
 * Growth by week, as a logarithm, of a load that began to grow a week or two ago; 0 where it did not. A step makes one span of days higher than the
 * one before, or two where it falls into a span, and growth makes all of them so: the least of their rises is taken.
 */
function begunTrendOf(load: Float64Array): number {
  const hours = stepDays * hoursPerDay;
  const level = (spansBack: number): number => aboveBefore(load, { endsBack: spansBack * hours, hours }, 2);
  let [least, before] = [Number.POSITIVE_INFINITY, level(risingSpans - 1)];
  for (let back = risingSpans - 2; back >= 0; back--) {
    const now = level(back);
    least = Math.min(least, now - before);
    before = now;
  }
  return before >= leastBegun && least >= leastSpanRise ? (least / stepDays) * daysPerWeek : 0;
}

/**
 * How far the load has come since the week that ended so many weeks before the end, as a logarithm; 0 where that is no step and no growth, undefined
 * where nothing is known of that week.
 */
function levelSince(load: Float64Array, back: number, isOther: boolean): number | undefined {
  const byWeek = rise(load, { endsBack: 0, hours: hoursPerWeek }, back);
  const byDays = Math.min(...Array.from({ length: stepDays }, (_, day) => rise(load, { endsBack: day * hoursPerDay, hours: hoursPerDay }, back)));
  const known = [byWeek, byDays].filter((risen) => !Number.isNaN(risen));
  if (known.length === 0) return undefined;
  const risen = Math.max(0, ...known);
  return isOther || risen >= leastStep ? risen : 0;
}

/** The middle of how much more there was in each of some hours than so many weeks before, as a logarithm; NaN where too few can be compared. */
function rise(load: Float64Array, span: Span, weeks: number): number {
  return middleRise(load, span, (hour) => pointAt(load, hour - weeks * hoursPerWeek));
}
