import { seriesId } from "../model/observation.ts";
import type { Evidence } from "../model/rule.ts";
import { shareFound } from "./completeness.ts";
import type { Series } from "./series.ts";

interface Made {
  readonly series: Series;
  readonly statistic: Evidence["statistic"];
  readonly unit: Evidence["unit"];
  readonly limit?: number;
  readonly atMs?: number;
}

/** A figure with all that makes it one: statistic, period, completeness and the series it was made from. */
export function evidence(name: string, value: number, { series, statistic, unit, limit, atMs }: Made): Evidence {
  return {
    name,
    value,
    unit,
    statistic,
    periodSeconds: series.periodSeconds,
    completeness: shareFound(series),
    series: series.keys.map(seriesId),
    ...(limit === undefined ? {} : { limit }),
    ...(atMs === undefined ? {} : { atMs }),
  };
}

/** A requirement is met strictly below its limit; a figure without a limit limits nothing. */
export function isBelowLimit({ value, limit }: Evidence): boolean {
  return limit === undefined || value < limit;
}

/** `CPU 51.2 % (p95 of hourly maxima), must be below 40 %` for each figure that has a limit. */
export function conditionText(figures: readonly Evidence[]): string {
  return figures
    .flatMap(({ name, value, unit, statistic, limit }) =>
      limit === undefined ? [] : [`${name} ${figureText(value, unit)} (${statistic}), must be below ${figureText(limit, unit)}`],
    )
    .join("; ");
}

function figureText(value: number, unit: Evidence["unit"]): string {
  return `${Math.round(value * 10) / 10}${unit === "Percent" ? " %" : ""}`;
}
