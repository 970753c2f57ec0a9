import type { Baseline } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { Evidence } from "../model/rule.ts";
import { isComplete } from "./completeness.ts";
import type { Series } from "./series.ts";

/** One quantity of a resource at any resolution, e.g. its CPU, or the larger of two network directions. */
export type Quantity = (statistic: "Average" | "Maximum", periodSeconds: number) => Series;

/** The same, made once at each resolution: several figures and both readings look at it. */
export function remembered(quantity: Quantity): Quantity {
  const made = new Map<string, Series>();
  return (statistic, periodSeconds) => {
    const resolution = `${statistic} of ${periodSeconds}`;
    const known = made.get(resolution) ?? quantity(statistic, periodSeconds);
    made.set(resolution, known);
    return known;
  };
}

/**
 * How hourly data are read while finer data are not there. `careful`: an hour's maximum bounds every sample in it, so what passes
 * by maxima passes. `hopeful`: by averages. Only where the two disagree could a finer figure change a verdict.
 */
export type Reading = "careful" | "hopeful";

export const hourSeconds = 3600;
export const fineSeconds = 300;

export interface Estimate {
  readonly series: Series;
  readonly quantile: number;
  readonly statistic: Evidence["statistic"];
}

interface Facts {
  readonly baseline: Baseline;
  readonly policy: Policy;
}

/** The requirement's p95: of 5-minute averages where they were collected, else bounded by the hours. */
export function p95(facts: Facts, quantity: Quantity, reading: Reading): Estimate {
  const fine = quantity("Average", fineSeconds);
  if (usable(facts, fine)) return { series: fine, quantile: 0.95, statistic: "p95 of 5-minute averages" };
  return reading === "careful"
    ? { series: quantity("Maximum", hourSeconds), quantile: 0.95, statistic: "p95 of hourly maxima" }
    : { series: quantity("Average", hourSeconds), quantile: 0.95, statistic: "p95 of hourly averages" };
}

/** The projection's p99.5: of 5-minute maxima where they were collected, else bounded by the hours. */
export function p995(facts: Facts, quantity: Quantity, reading: Reading): Estimate {
  const fine = quantity("Maximum", fineSeconds);
  if (usable(facts, fine)) return { series: fine, quantile: 0.995, statistic: "p99.5 of 5-minute maxima" };
  return reading === "careful"
    ? { series: quantity("Maximum", hourSeconds), quantile: 0.995, statistic: "p99.5 of hourly maxima" }
    : { series: quantity("Average", hourSeconds), quantile: 0.995, statistic: "p99.5 of hourly averages" };
}

function usable({ policy }: Facts, series: Series): boolean {
  return isComplete(series, policy);
}
