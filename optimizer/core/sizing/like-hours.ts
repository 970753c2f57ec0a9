import { pointAt } from "../model/observation.ts";
import { quantile } from "./quantile.ts";
import { scratchMemory } from "./scratch.ts";

export const hoursPerDay = 24;
export const hoursPerWeek = 168;
export const daysPerWeek = 7;
/** Of the hours of a day or a week so many must have something to compare. */
const enoughHours = 0.5;

const scratch = scratchMemory();

/** Some hours in a row of a load. */
export interface Span {
  /** Hours from its end to that of the baseline. */
  readonly endsBack: number;
  readonly hours: number;
}

/** The middle of how each of some hours compares with something, as a logarithm; NaN where too few can be compared. */
export function middleRise(load: Float64Array, { endsBack, hours }: Span, compared: (hour: number) => number): number {
  const end = load.length - endsBack;
  const risen = scratch(hours);
  for (let at = 0; at < hours; at++) {
    const [now, then] = [pointAt(load, end - hours + at), compared(end - hours + at)];
    // Logarithms keep the order, so that the one in the middle is enough.
    risen[at] = now > 0 && then > 0 ? now / then : Number.NaN;
  }
  return Math.log(middle(risen));
}

/** NaN where more than half are not known. */
export function middle(values: Float64Array): number {
  let known = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(pointAt(values, at))) known++;
  return known >= enoughHours * values.length ? quantile(values, 0.5) : Number.NaN;
}

/**
 * How far some hours stand above the same hours of so many and more weeks before, as a logarithm: above the highest but one of each hour, which a
 * sale then does not hide, and which what rises and falls again in turn does not pass. NaN where too few hours are known.
 */
export function aboveBefore(load: Float64Array, span: Span, weeks: number): number {
  return middleRise(load, span, (hour) => highestButOneBefore(load, hour, weeks));
}

/** Of the same hour so many and more weeks before; the only one where one alone is known, NaN without any. */
function highestButOneBefore(load: Float64Array, hour: number, weeks: number): number {
  let [highest, next] = [Number.NaN, Number.NaN];
  for (let then = hour - weeks * hoursPerWeek; then >= 0; then -= hoursPerWeek) {
    const value = pointAt(load, then);
    if (!(value > 0)) continue;
    if (!(value <= highest)) [highest, next] = [value, highest];
    else if (!(value <= next)) next = value;
  }
  return Number.isNaN(next) ? highest : next;
}
