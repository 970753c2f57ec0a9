import { pointAt } from "../model/observation.ts";
import { oncePerValue } from "../model/once.ts";
import { mean, presentOf } from "./quantile.ts";

const hoursPerWeek = 168;
const hoursPerDay = 24;
/** Of so many lengths of series the groups of their hours are kept: a baseline has one. */
const mostLengths = 4;

/**
 * What an hourly series does besides what it always does: the logarithm of each hour, less the average of its hour of the week and then of
 * its day. Two series that only share office hours, weekends or growth have nothing in common then. Gaps stay gaps.
 */
export function withoutUsualWeek(values: Float64Array): Float64Array {
  // One copy, changed in place by loops of their own: of hundreds of tables, a new series at each step is much to throw away.
  const unusual = new Float64Array(values.length);
  for (let hour = 0; hour < unusual.length; hour++) unusual[hour] = Math.log1p(pointAt(values, hour));
  const { weekly, daily } = groupsOf(values.length);
  takeAverages(unusual, weekly);
  takeAverages(unusual, daily);
  // What only rounding left of a series that repeats itself is no movement.
  for (let hour = 0; hour < unusual.length; hour++) unusual[hour] = Math.round(pointAt(unusual, hour) * 1e9) / 1e9;
  return unusual;
}

/** By hour, which hour of the week it is and which day: the same for all series of a length. */
const groupsOf = oncePerValue((hours: number) => {
  const [weekly, daily] = [new Float64Array(hours), new Float64Array(hours)];
  for (let hour = 0; hour < hours; hour++) [weekly[hour], daily[hour]] = [hour % hoursPerWeek, Math.floor(hour / hoursPerDay)];
  return { weekly, daily };
}, mostLengths);

/** Takes from each value the average of its group, in place; gaps count for nothing and stay gaps. */
function takeAverages(values: Float64Array, groups: Float64Array): void {
  const most = Math.max(hoursPerWeek, Math.ceil(values.length / hoursPerDay));
  const [sums, found] = [new Float64Array(most), new Float64Array(most)];
  for (let hour = 0; hour < values.length; hour++) {
    const value = pointAt(values, hour);
    if (Number.isNaN(value)) continue;
    const group = pointAt(groups, hour);
    sums[group] = pointAt(sums, group) + value;
    found[group] = pointAt(found, group) + 1;
  }
  for (let hour = 0; hour < values.length; hour++) {
    const group = pointAt(groups, hour);
    values[hour] = pointAt(values, hour) - pointAt(sums, group) / pointAt(found, group);
  }
}

/** The rank of each value among those that exist, equal ones sharing the average of theirs. */
export function ranksOf(values: Float64Array): Float64Array {
  // Numbers alone sort several times as fast as places by their numbers.
  const sorted = presentOf(values).sort();
  const shared = sharedRanks(sorted);
  const ranks = new Float64Array(values.length);
  for (let place = 0; place < ranks.length; place++) {
    const value = pointAt(values, place);
    ranks[place] = Number.isNaN(value) ? Number.NaN : pointAt(shared, firstPlace(sorted, value));
  }
  return ranks;
}

/** By place among the sorted values: the average place of all that are equal to it. */
function sharedRanks(sorted: Float64Array): Float64Array {
  const ranks = new Float64Array(sorted.length);
  for (let first = 0, next = 0; first < sorted.length; first = next) {
    while (next < sorted.length && sorted[next] === sorted[first]) next += 1;
    ranks.fill((first + next - 1) / 2, first, next);
  }
  return ranks;
}

/** The first place of a value among sorted ones. */
function firstPlace(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointAt(sorted, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Ranks less their average and of length 1 together, so that the correlation of two series is the sum of their products: made once, it is
 * compared with many. A gap is 0 and speaks for nothing; all are 0 where nothing differs.
 */
export function standardRanks(values: Float64Array): Float64Array {
  const ranks = ranksOf(values);
  const average = mean(ranks);
  for (let place = 0; place < ranks.length; place++) {
    const rank = pointAt(ranks, place);
    ranks[place] = Number.isNaN(rank) ? 0 : rank - average;
  }
  const length = Math.sqrt(correlation(ranks, ranks));
  if (length > 0) for (let place = 0; place < ranks.length; place++) ranks[place] = pointAt(ranks, place) / length;
  return ranks;
}

/** Spearman's, of standard ranks; 0 where nothing differs in one of them. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += pointAt(a, place) * pointAt(b, place);
  return sum;
}
