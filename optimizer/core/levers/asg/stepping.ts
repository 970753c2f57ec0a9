import type { StartingAlarm, Stepping } from "./group.ts";

/** A policy of steps, or of simple scaling, and one of the alarms that start it. */
export interface SteppingRule {
  readonly stepping: Stepping;
  readonly alarm: StartingAlarm;
}

/** Comparisons with a threshold that stays, by AWS's words; others watch a band that CloudWatch learns. */
const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/** By what each word changes a number of instances. Percentages are rounded towards zero, but to one at least. */
const adjustments: Readonly<Record<string, (size: number, change: number, least: number) => number>> = {
  ExactCapacity: (_, change) => change,
  ChangeInCapacity: (size, change) => size + change,
  PercentChangeInCapacity: (size, change, least) => {
    const exact = (size * change) / 100;
    return size + Math.sign(exact) * Math.max(1, least, Math.trunc(Math.abs(exact)));
  },
};

/** Why such a rule cannot be replayed, by words that AWS may have and we do not know; undefined where it can. */
export function unknownWord({ stepping: { adjustment, aggregation }, alarm: { name, comparison } }: SteppingRule): string | undefined {
  if (!Object.hasOwn(adjustments, adjustment)) return `${adjustment || "no adjustment type"} is not understood`;
  if (aggregation !== "Average") return `it looks at the ${aggregation} of its metric`;
  return Object.hasOwn(comparisons, comparison) ? undefined : `its alarm ${name} compares by ${comparison}`;
}

export function isInBreach({ alarm: { comparison, threshold } }: SteppingRule, value: number): boolean {
  return comparisons[comparison]?.(value, threshold) ?? false;
}

/**
 * How many instances the rule asks for while its alarm is in breach; undefined where none of its steps is for such a value. Above the threshold a
 * step's lower bound belongs to it, below the upper one.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
export function sizeAskedFor(
  { stepping: { adjustment, leastChange, steps }, alarm: { threshold } }: SteppingRule,
  value: number,
  size: number,
): number | undefined {
  const distance = value - threshold;
  const step = steps.find(({ from, until }) => {
    const [least, most] = [from ?? -Infinity, until ?? Infinity];
    return distance >= 0 ? distance >= least && distance < most : distance > least && distance <= most;
  });
  const adjusted = step === undefined ? undefined : adjustments[adjustment]?.(size, step.change, leastChange);
  return adjusted === undefined ? undefined : Math.max(0, adjusted);
}
