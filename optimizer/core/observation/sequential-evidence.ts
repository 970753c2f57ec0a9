import { pointAt } from "../model/observation.ts";
import { oncePerValue } from "../model/once.ts";

/** Sequential evidence of one kind of harm: one e-CUSUM per alternative, in logarithms. */
export type Evidence = Float64Array;

/** Error rates the evidence looks for, as multiples of the limit (research/safety.md §2). */
const rateMultiples = [1.2, 1.5, 2, 4, 10] as const;
const logRateMultiples = Float64Array.from(rateMultiples, Math.log);

/** Increases of p99 it looks for, as multiples of the allowed one: +20 % allowed looks for +30 %, +50 % and +100 %. */
const increaseMultiples = [1.5, 2.5, 5] as const;

/** A perfectly even baseline would make any deviation infinite evidence; CloudWatch's own percentile is no finer than about this. */
const leastSigma = 0.01;

/** Never to be written to. */
export const noErrorEvidence: Evidence = new Float64Array(rateMultiples.length);
export const noLatencyEvidence: Evidence = new Float64Array(increaseMultiples.length);

/**
 * M ← max(1, M) · L^(1/φ) with L = (p₁/p₀)^x ((1−p₁)/(1−p₀))^(n−x) for x errors in n requests, p₀ the limit and φ the baseline's
 * dispersion; in place. Lindon, Sanden, Shirikian: Rapid Regression Detection in Software Deployments through Sequential Testing, KDD 2022.
 */
export function addErrors(evidence: Evidence, errors: number, requests: number, limit: number, dispersion: number): void {
  const healthyGains = healthyGainsOf(limit);
  const divisor = Math.max(1, dispersion);
  for (let index = 0; index < rateMultiples.length; index += 1) {
    const healthyGain = pointAt(healthyGains, index);
    const gain = (errors * pointAt(logRateMultiples, index) + (requests - errors) * healthyGain) / divisor;
    evidence[index] = Number.isNaN(healthyGain) ? 0 : Math.max(0, pointAt(evidence, index)) + gain;
  }
}

/** What a request without error adds to each alternative's evidence; NaN where the alternative is no rate. One limit at a time is judged by. */
function healthyGainsOf(limit: number): Float64Array {
  if (limit !== gains.limit) {
    const of = (rate: number): number => (limit > 0 && rate < 1 ? Math.log1p(-rate) - Math.log1p(-limit) : Number.NaN);
    gains = { limit, values: Float64Array.from(rateMultiples, (multiple) => of(multiple * limit)) };
  }
  return gains.values;
}

let gains: { readonly limit: number; readonly values: Float64Array } = { limit: Number.NaN, values: new Float64Array() };

/** What the baseline says of the noise of an hour's log ratio. */
export interface LatencyNoise {
  readonly sigma: number;
  readonly autocorrelation: number;
}

/**
 * One step: `logRatio` is the middle of log(p99 ÷ usual) over the step's slots, `hours` how many hours of slots it holds. The variance
 * is the hourly one, inflated by (1+ρ)/(1−ρ) for autocorrelation and by 1/hours where the step holds less than an hour.
 */
export function addLatency(evidence: Evidence, logRatio: number, hours: number, maxIncrease: number, noise: LatencyNoise): Evidence {
  const rho = Math.min(0.95, Math.max(0, noise.autocorrelation));
  const variance = (Math.max(leastSigma, noise.sigma) ** 2 * ((1 + rho) / (1 - rho))) / Math.min(1, hours);
  const excess = logRatio - Math.log(1 + maxIncrease);
  const shifts = shiftsOf(maxIncrease);
  const grown = new Float64Array(shifts.length);
  for (let index = 0; index < shifts.length; index += 1) {
    const shift = pointAt(shifts, index);
    grown[index] = Math.max(0, pointAt(evidence, index)) + (shift * excess - shift ** 2 / 2) / variance;
  }
  return grown;
}

/** How far each alternative lies above what is allowed, in logarithms. */
const shiftsOf = oncePerValue(
  (maxIncrease: number) => Float64Array.from(increaseMultiples, (multiple) => Math.log((1 + multiple * maxIncrease) / (1 + maxIncrease))),
  10,
);

/**
 * The middle of a step's log ratios: the mean of the middle half, so that one slot's spike does not speak for its hour. Of fewer than four
 * it is the mean.
 */
export function middleOf(logRatios: readonly number[]): number {
  const cut = Math.floor(logRatios.length / 4);
  // By value: a step has few slots, and a back-test takes the middle of thousands of steps.
  const ordered = new Float64Array(logRatios);
  if (cut > 0) for (let at = 1; at < ordered.length; at += 1) moveToPlace(ordered, at);
  let sum = 0;
  for (let at = cut; at < ordered.length - cut; at += 1) sum += pointAt(ordered, at);
  return sum / (ordered.length - 2 * cut);
}

/** Moves a value to its place among those before it, which are in order. */
function moveToPlace(values: Float64Array, from: number): void {
  const value = pointAt(values, from);
  let at = from;
  for (; at > 0 && pointAt(values, at - 1) > value; at -= 1) values[at] = pointAt(values, at - 1);
  values[at] = value;
}

/** Whether the e-value, the mean of exp(log), reaches exp(`logThreshold`). A mean is no larger than the largest, which is mostly too small. */
export function reaches(logs: Evidence, logThreshold: number): boolean {
  const top = largest(logs);
  if (top < logThreshold) return false;
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length) >= logThreshold;
}

export function largest(logs: Evidence): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logs.length; at += 1) {
    const log = pointAt(logs, at);
    if (log > top) top = log;
  }
  return top;
}
