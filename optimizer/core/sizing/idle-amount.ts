import { oncePer } from "../model/once.ts";
import { quantile } from "./quantile.ts";
import { pointAt, type Series } from "./series.ts";

/** Pearson's r, of all hours, from which what is used is known to come and go with the load. What only ever grows, or is kept once it was taken, does not. */
const leastCorrelation = 0.9;
/** Hours of two weeks: fewer show no whole swing of the load twice. */
const leastHours = 14 * 24;

/**
 * What one instance uses with no load at all, in the unit of `used`: what a program takes before anything is asked of it stays, however few carry
 * the load, and the rest alone is shared out anew. 0 where that is not known, so that all of it grows.
 *
 * The line of load and use, hour by hour, is drawn as steeply as the hours allow: load by use, not use by load, so that whatever else moves either
 * lowers what is claimed (reverse regression bounds the slope from above, "errors in variables"). Drawn once more through the busier half of the
 * hours: where use is kept after a peak, or grows faster under load, that line is steeper, and the lower of both counts; never more than was ever
 * seen to be used.
 */
export function idleAmount(used: Series, load: Series): number {
  return idleOf(used)(load);
}

const idleOf = oncePer((used: Series) => oncePer((load: Series) => idleBy(used.values, load.values)));

function idleBy(used: Float64Array, load: Float64Array): number {
  if (used.length !== load.length) return 0;
  const all = momentsOf(used, load, Number.NEGATIVE_INFINITY);
  if (all.hours < leastHours || !(correlationOf(all) >= leastCorrelation)) return 0;
  const busier = momentsOf(used, load, quantile(load, 0.5));
  const idle = Math.min(steepestIntercept(all), steepestIntercept(busier), quantile(used, 0));
  return idle > 0 ? idle : 0;
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
    const [use, asked] = [pointAt(used, hour), pointAt(load, hour)];
    if (Number.isNaN(use) || !(asked >= leastLoad)) continue;
    hours += 1;
    // Welford's, so that large numbers that hardly differ keep their difference.
    const [fromUse, fromLoad] = [use - meanUsed, asked - meanLoad];
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

/** Where the line of load by use comes to no load; nothing where use does not grow with it. */
function steepestIntercept({ meanUsed, meanLoad, usedSquares, products }: Moments): number {
  return products > 0 ? meanUsed - (usedSquares / products) * meanLoad : 0;
}
