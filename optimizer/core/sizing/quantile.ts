/**
 * Nearest-rank quantile of the points that exist (NaN is skipped); NaN when there is none. `q` from 0 to 1.
 * Nearest rank never interpolates below a value that was really seen.
 */
export function quantile(values: Float64Array, q: number): number {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const rank = Math.max(1, Math.ceil(q * present.length));
  return present[rank - 1] ?? Number.NaN;
}

/** Arithmetic mean of the points that exist; NaN when there is none. */
export function mean(values: Float64Array): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.length === 0 ? Number.NaN : present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** The largest sum over `width` consecutive points, gaps adding nothing; NaN when the series is shorter than that. */
export function worstSum(values: Float64Array, width: number): number {
  if (values.length < width) return Number.NaN;
  let sum = 0;
  let worst = 0;
  values.forEach((value, period) => {
    sum += orZero(value) - (period >= width ? orZero(values[period - width]) : 0);
    worst = Math.max(worst, sum);
  });
  return worst;
}

function orZero(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

/** The sum of the points that exist. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + orZero(value), 0);
}
