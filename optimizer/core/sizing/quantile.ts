import { pointAt } from "../model/observation.ts";
import { scratchMemory } from "./scratch.ts";

const scratch = scratchMemory();

/**
 * Nearest-rank quantile of the points that exist (NaN is skipped); NaN when there is none. `q` from 0 to 1.
 * Nearest rank never interpolates below a value that was really seen.
 */
export function quantile(values: Float64Array, q: number): number {
  if (q === 0 || q === 1) return extremeOf(values, q === 0);
  if (q > 0.99) return amongHighest(values, q);
  const present = presentIn(scratch(values.length), values);
  return smallestAt(present, Math.max(1, Math.ceil(q * present.length)) - 1);
}

/** A quantile with few points above it: only the highest are kept in order, and nothing is copied. */
function amongHighest(values: Float64Array, q: number): number {
  let found = 0;
  for (let period = 0; period < values.length; period++) if (!Number.isNaN(pointAt(values, period))) found++;
  const wanted = found - Math.max(1, Math.ceil(q * found)) + 1;
  const highest = new Float64Array(wanted).fill(Number.NEGATIVE_INFINITY);
  for (let period = 0; period < values.length; period++) {
    const value = pointAt(values, period);
    if (!(value > pointAt(highest, 0))) continue;
    let place = 0;
    // Beyond the last one there is no number, which nothing is less than.
    while (pointAt(highest, place + 1) < value) {
      highest[place] = pointAt(highest, place + 1);
      place++;
    }
    highest[place] = value;
  }
  return pointAt(highest, 0);
}

/** The smallest or largest point: wanted most often, and found without a copy. */
function extremeOf(values: Float64Array, isSmallest: boolean): number {
  let extreme = Number.NaN;
  for (let period = 0; period < values.length; period++) {
    const value = pointAt(values, period);
    // A gap is neither less nor more than what was found, and stands for nothing where nothing was.
    if (Number.isNaN(extreme) || (isSmallest ? value < extreme : value > extreme)) extreme = value;
  }
  return extreme;
}

/** A copy without gaps. */
export function presentOf(values: Float64Array): Float64Array {
  return presentIn(new Float64Array(values.length), values);
}

function presentIn(present: Float64Array, values: Float64Array): Float64Array {
  let found = 0;
  for (let period = 0; period < values.length; period++) {
    const value = pointAt(values, period);
    if (!Number.isNaN(value)) present[found++] = value;
  }
  return present.subarray(0, found);
}

/**
 * The value that would stand at `rank` if `values` were sorted (Hoare's selection, which reorders them): one value of a series is wanted, and
 * sorting all of them for it took more of a plan's time than anything else. NaN where there are none.
 */
function smallestAt(values: Float64Array, rank: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = pointAt(values, (low + high) >> 1);
    let [left, right] = [low, high];
    while (left <= right) {
      while (pointAt(values, left) < pivot) left++;
      while (pointAt(values, right) > pivot) right--;
      if (left > right) break;
      const swapped = pointAt(values, left);
      values[left++] = pointAt(values, right);
      values[right--] = swapped;
    }
    // Where it stands between the two parts, both bounds pass one another, and it is found.
    if (right < rank) low = left;
    if (rank < left) high = right;
  }
  return pointAt(values, rank);
}

/** Arithmetic mean of the points that exist; NaN when there is none. */
export function mean(values: Float64Array): number {
  let [sum, found] = [0, 0];
  for (let period = 0; period < values.length; period++) {
    const value = pointAt(values, period);
    if (Number.isNaN(value)) continue;
    sum += value;
    found++;
  }
  return sum / found;
}

/** The largest sum over `width` consecutive points, gaps adding nothing; NaN when the series is shorter than that. */
export function worstSum(values: Float64Array, width: number): number {
  if (values.length < width) return Number.NaN;
  let sum = 0;
  let worst = 0;
  for (let period = 0; period < values.length; period++) {
    sum += orZero(pointAt(values, period)) - (period >= width ? orZero(pointAt(values, period - width)) : 0);
    worst = Math.max(worst, sum);
  }
  return worst;
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** The sum of the points that exist. */
export function total(values: Float64Array): number {
  let sum = 0;
  for (let period = 0; period < values.length; period++) sum += orZero(pointAt(values, period));
  return sum;
}
