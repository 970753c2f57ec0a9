import { pointAt } from "../model/observation.ts";
import { daysPerWeek, hoursPerDay, hoursPerWeek, middleRise } from "./like-hours.ts";
import { quantile } from "./quantile.ts";

/** Growth that began within the last week. */
export interface YoungGrowth {
  /** By day, as a logarithm. */
  readonly daily: number;
  /** How far the last day is above each of the last week's, as a logarithm, the newest first; 0 where it is not, or nothing is known. */
  readonly since: Float64Array;
}

/** Days in a row that each must be above the day so many before it, by so much a day as a logarithm. */
interface Rising {
  readonly days: number;
  readonly stride: number;
  readonly leastDayRise: number;
  /** The least of these rises is at least this share of the highest. */
  readonly evenly: number;
}

/**
 * A step, whenever it came, and a busy day do not make all of them rise: three days above the one before them, or the one two before them, which
 * varies less, or two days that rise by more than days do and nearly alike, as a sale that began the day before yesterday's noon does not.
 */
const kinds: readonly Rising[] = [
  { days: 3, stride: 1, leastDayRise: 0.01, evenly: 0 },
  { days: 3, stride: 2, leastDayRise: 0.01, evenly: 0 },
  { days: 2, stride: 1, leastDayRise: 0.04, evenly: 0.4 },
];
/** And by so much more than days did before, since no two months end alike. */
const moreThanBefore = 1.5;
/** What a day must stand above all that its like came to, as a logarithm, to be more than such a day ever was. */
const leastAbove = Math.log(1.05);
const nearlyAll = 0.9;
/** Days that may belong to the growth itself say nothing of how the load moved before. */
const ownDays = 14;

/**
 * Growth of a load that rises day by day since a few days, by its `dayLevels`, of which the last ones are above their like. It is told where the last days rise
 * one after the other, and no days in a row did by about as much in the weeks before: what rises at each month's end, or leaks until it starts anew,
 * is no growth. The less of the last two rises is taken to go on, since the one before may be of a day that was half over when it began. Undefined
 * without it.
 */
export function youngGrowthOf(levels: Float64Array): YoungGrowth | undefined {
  const daily = Math.max(...kinds.map((kind) => riseOf(levels, kind)));
  if (daily === 0) return undefined;
  return { daily, since: levels.slice(0, daysPerWeek).map((level) => Math.max(0, pointAt(levels, 0) - level) || 0) };
}

/** By day; 0 where the last days do not all rise, or not by more than days did before. */
function riseOf(levels: Float64Array, { days, stride, leastDayRise, evenly }: Rising): number {
  const rise = (day: number): number => (pointAt(levels, day) - pointAt(levels, day + stride)) / stride;
  const rises = (day: number): readonly number[] => Array.from({ length: days }, (_, before) => rise(day + before));
  const least = (day: number): number => Math.min(...rises(day));
  const now = least(0);
  if (!(now >= leastDayRise && now >= evenly * Math.max(...rises(0)))) return 0;
  for (let day = ownDays; day < levels.length; day++) if (least(day) * moreThanBefore >= now) return 0;
  return Math.min(rise(0), rise(1));
}

/**
 * Whether a day is above nearly all days before the last week, and the highest but one of the same day of earlier weeks: a sale then hides nothing, and
 * every other week speaks for itself.
 */
export function isAboveItsLike(levels: Float64Array, day: number): boolean {
  const like = levels.filter((_, other) => other > day && (other - day) % daysPerWeek === 0 && !Number.isNaN(pointAt(levels, other))).sort();
  const all = quantile(levels.subarray(Math.max(day, daysPerWeek)), nearlyAll);
  return pointAt(levels, day) - Math.max(all, pointAt(like, Math.max(0, like.length - 2))) >= leastAbove;
}

/** How each whole day compares with what is usual at its hours of the week, as a logarithm, the newest first; NaN where too little is known. */
export function dayLevels(load: Float64Array): Float64Array {
  const usual = usualWeek(load);
  const levels = new Float64Array(Math.floor(load.length / hoursPerDay));
  for (let day = 0; day < levels.length; day++)
    levels[day] = middleRise(load, { endsBack: day * hoursPerDay, hours: hoursPerDay }, (hour) => pointAt(usual, (load.length - 1 - hour) % hoursPerWeek));
  return levels;
}

/** What is usual at each hour of the week, by hours back from the end: the middle of all whole weeks but the last one. */
function usualWeek(load: Float64Array): Float64Array {
  const like = new Float64Array(Math.floor(load.length / hoursPerWeek) - 1);
  return Float64Array.from({ length: hoursPerWeek }, (_, back) => {
    for (let week = 0; week < like.length; week++) like[week] = pointAt(load, load.length - 1 - back - (week + 1) * hoursPerWeek);
    return quantile(like, 0.5);
  });
}
