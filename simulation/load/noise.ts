import { ticksPerHour } from "./tick.ts";

/**
 * Randomness without state: every draw is a hash of (seed, stream, index), so that any moment can be asked in any order
 * and gives the same answer. The mixer is the finalizer of MurmurHash3.
 */
export function hashUnit(seed: number, stream: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 0x7f4a7c15, 0xc2b2ae35) ^ Math.imul(index, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return ((h >>> 0) + 0.5) / 4_294_967_296;
}

/** A number for a name, so that each series draws from a stream of its own (FNV-1a). */
export function streamOf(name: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) h = Math.imul(h ^ name.charCodeAt(at), 0x01000193);
  return h | 0;
}

/** Standard normal draw by the inverse of the distribution. */
export function hashNormal(seed: number, stream: number, index: number): number {
  return normalQuantile(hashUnit(seed, stream, index));
}

/** Unit variance with memory, by tick: a slow drift between hourly knots, and a quick part that each tick draws alone. */
export function driftingNormal(seed: number, stream: number): (tick: number) => number {
  // Ticks of an hour, which share their knots, are mostly asked together.
  let [lastKnot, from, to] = [Number.NaN, 0, 0];
  return (tick) => {
    const knot = Math.floor(tick / ticksPerHour);
    if (knot !== lastKnot) {
      from = hashNormal(seed, stream, knot);
      to = hashNormal(seed, stream, knot + 1);
      lastKnot = knot;
    }
    const along = tick / ticksPerHour - knot;
    const drift = (from * (1 - along) + to * along) / Math.sqrt((1 - along) ** 2 + along ** 2);
    return 0.8 * drift + 0.6 * hashNormal(seed, stream + 1, tick);
  };
}

/** Number of rare events when `mean` are expected: Poisson, by inversion below 30, by its normal limit above. */
export function hashPoisson(mean: number, seed: number, stream: number, index: number): number {
  if (mean <= 0) return 0;
  const unit = hashUnit(seed, stream, index);
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(unit)));
  let count = 0;
  let probability = Math.exp(-mean);
  let cumulated = probability;
  while (cumulated < unit && count < 200) {
    count += 1;
    probability *= mean / count;
    cumulated += probability;
  }
  return count;
}

/** Inverse of the normal distribution: rational approximation 26.2.23 of Abramowitz and Stegun, error below 4.5e-4. */
export function normalQuantile(probability: number): number {
  const lower = probability < 0.5;
  const t = Math.sqrt(-2 * Math.log(lower ? probability : 1 - probability));
  const z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return lower ? -z : z;
}

/** Normal distribution function: 26.2.17 of Abramowitz and Stegun, error below 7.5e-8. */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = 0.3989422804 * Math.exp((-z * z) / 2) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}
