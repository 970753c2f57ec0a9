import { pointAt } from "../model/observation.ts";
import { quantile } from "./quantile.ts";

/** Pearson's r, of all hours, from which what is used is known to come and go with the load. What only ever grows, or is kept once it was taken, does not. */
const leastCorrelation = 0.9;
/** Hours of two weeks: fewer show no whole swing of the load twice. */
const leastHours = 14 * 24;

/*
 * The line of load and use, hour by hour, is drawn as steeply as the hours allow: load by use, not use by load, so that whatever else moves either
 * makes it steeper (reverse regression bounds the slope from above, "errors in variables"). It is drawn once more through the busier half of the
 * hours: where use is kept after a peak, or grows faster under load, that line is steeper.
 */

/**
 * What one instance uses with no load at all, in the unit of `used`, by the load of one instance in the same hours, in any unit: what a program takes before anything is asked of it stays, however few carry
 * the load, and the rest alone is shared out anew. The lower of both lines, and never more than the least that was ever used. 0 where that is not
 * known, so that all of it grows.
 */
export function idleAmount(used: Float64Array, load: Float64Array): number {
  if (used.length !== load.length) return 0;
  const lines = linesOf(used, load);
  const [all] = lines;
  if (all.hours < leastHours || !(correlationOf(all) >= leastCorrelation)) return 0;
  const idle = Math.min(...lines.map((line) => line.meanUsed - growthOf(line) * line.meanLoad), quantile(used, 0));
  return idle > 0 ? idle : 0;
}

/** Through all hours, and through the busier half of them. */
function linesOf(used: Float64Array, load: Float64Array): readonly [Moments, Moments] {
  return [momentsOf(used, load, Number.NEGATIVE_INFINITY), momentsOf(used, load, quantile(load, 0.5))];
}

interface Moments {
  readonly hours: number;
  readonly meanUsed: number;
  readonly meanLoad: number;
  /** Sums of squares and products, less the means. */
  readonly usedSquares: number;
  readonly loadSquares: number;
  readonly products: number;
}

/** Of the hours with so much load at least, in which both are known. */
function momentsOf(used: Float64Array, load: Float64Array, leastLoad: number): Moments {
  let [hours, meanUsed, meanLoad, usedSquares, loadSquares, products] = [0, 0, 0, 0, 0, 0];
  for (let hour = 0; hour < used.length; hour++) {
    const use = pointAt(used, hour);
    const asked = pointAt(load, hour);
    if (Number.isNaN(use) || !(asked >= leastLoad)) continue;
    hours += 1;
    // Welford's, so that large numbers that hardly differ keep their difference.
    const fromUse = use - meanUsed;
    const fromLoad = asked - meanLoad;
    meanUsed += fromUse / hours;
    meanLoad += fromLoad / hours;
    usedSquares += fromUse * (use - meanUsed);
    loadSquares += fromLoad * (asked - meanLoad);
    products += fromUse * (asked - meanLoad);
  }
  return { hours, meanUsed, meanLoad, usedSquares, loadSquares, products };
}

function correlationOf({ usedSquares, loadSquares, products }: Moments): number {
  return products / Math.sqrt(usedSquares * loadSquares);
}

/** Of the line of load by use; Infinity where use does not grow with it. */
function growthOf({ usedSquares, products }: Moments): number {
  return products > 0 ? usedSquares / products : Infinity;
}
