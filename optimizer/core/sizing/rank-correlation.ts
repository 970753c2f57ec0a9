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
  const groups = new Map<number, { sum: number; found: number }>();
  for (const [hour, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const group = groups.get(groupOf(hour)) ?? { sum: 0, found: 0 };
    group.sum += value;
    group.found += 1;
    groups.set(groupOf(hour), group);
  }
  return mapped(values, (value, hour) => {
    const { sum, found } = groups.get(groupOf(hour)) ?? { sum: Number.NaN, found: 1 };
    return value - sum / found;
  });
}

/** The rank of each value among those that exist, equal ones sharing the average of theirs. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys())
    .filter((place) => !Number.isNaN(values[place]))
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[first] ?? 0]) end++;
    for (let at = first; at < end; at++) ranks[order[at] ?? 0] = (first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

/** Pearson's correlation over the places where both have a value, so that of ranks is Spearman's; NaN where either never differs. */
export function correlation(a: Float64Array, b: Float64Array): number {
  let [found, sumA, sumB] = [0, 0, 0];
  const isShared = (place: number): boolean => !Number.isNaN(a[place] ?? Number.NaN) && !Number.isNaN(b[place] ?? Number.NaN);
  for (let place = 0; place < a.length; place++) {
    if (!isShared(place)) continue;
    found++;
    sumA += a[place] ?? 0;
    sumB += b[place] ?? 0;
  }
  let [both, ofA, ofB] = [0, 0, 0];
  for (let place = 0; place < a.length; place++) {
    if (!isShared(place)) continue;
    const [fromA, fromB] = [(a[place] ?? 0) - sumA / found, (b[place] ?? 0) - sumB / found];
    both += fromA * fromB;
    ofA += fromA * fromA;
    ofB += fromB * fromB;
  }
  return ofA === 0 || ofB === 0 ? Number.NaN : both / Math.sqrt(ofA * ofB);
}
