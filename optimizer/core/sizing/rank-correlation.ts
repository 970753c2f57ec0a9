import { mean, presentOf } from "./quantile.ts";
import { mapped } from "./series.ts";

const hoursPerWeek = 168;
const hoursPerDay = 24;

/**
 * What an hourly series does besides what it always does: the logarithm of each hour, less the average of its hour of the week and then of
 * its day. Two series that only share office hours, weekends or growth have nothing in common then. Gaps stay gaps.
 */
export function withoutUsualWeek(values: Float64Array): Float64Array {
  const logs = mapped(values, (value) => Math.log1p(value));
  const unusual = lessAverages(
    lessAverages(logs, (hour) => hour % hoursPerWeek),
    (hour) => Math.floor(hour / hoursPerDay),
  );
  // What only rounding left of a series that repeats itself is no movement.
  return mapped(unusual, (value) => Math.round(value * 1e9) / 1e9);
}

function lessAverages(values: Float64Array, groupOf: (hour: number) => number): Float64Array {
  const groups = values.length === 0 ? 0 : Math.max(hoursPerWeek, Math.ceil(values.length / hoursPerDay));
  const [sums, found] = [new Float64Array(groups), new Uint32Array(groups)];
  for (let hour = 0; hour < values.length; hour++) {
    const value = values[hour] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const group = groupOf(hour);
    sums[group] = (sums[group] ?? 0) + value;
    found[group] = (found[group] ?? 0) + 1;
  }
  return mapped(values, (value, hour) => value - (sums[groupOf(hour)] ?? 0) / (found[groupOf(hour)] ?? 0));
}

/** The rank of each value among those that exist, equal ones sharing the average of theirs. */
export function ranksOf(values: Float64Array): Float64Array {
  // Numbers alone sort several times as fast as places by their numbers.
  const sorted = presentOf(values).sort();
  const shared = sharedRanks(sorted);
  return mapped(values, (value) => (Number.isNaN(value) ? Number.NaN : (shared[firstPlace(sorted, value)] ?? Number.NaN)));
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
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Number.NaN) < value) low = middle + 1;
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
  const centred = mapped(ranks, (rank) => (Number.isNaN(rank) ? 0 : rank - average));
  const length = Math.sqrt(correlation(centred, centred));
  return length === 0 ? centred : mapped(centred, (rank) => rank / length);
}

/** Spearman's, of standard ranks; 0 where nothing differs in one of them. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += (a[place] ?? 0) * (b[place] ?? 0);
  return sum;
}
