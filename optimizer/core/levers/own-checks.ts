import type { Capacities } from "../../../contract/capacities.ts";
import { type Metric, metrics, seriesKey } from "../metrics/catalogue.ts";
import type { OwnCheck } from "../model/action.ts";
import type { Statistic } from "../model/observation.ts";
import { percent } from "../model/percent.ts";
import type { Policy } from "../model/policy.ts";
import { limitsOf } from "../sizing/choose-size.ts";

/** One metric of several series in one region, each with its dimensions. */
interface Series {
  readonly region: string;
  readonly metric: Metric;
  readonly of: readonly Readonly<Record<string, string>>[];
}

interface Looked extends Series {
  /** In words, with the resource. */
  readonly name: string;
}

interface Capacity extends Omit<Looked, "metric"> {
  /** Directions of which the larger counts, or parts where `summed`. */
  readonly metrics: readonly [Metric, ...Metric[]];
  /** On average unless said otherwise. */
  readonly statistic?: Statistic;
  /** Share of the new size's capacity that one unit of a metric is. */
  readonly perUnit: number;
  readonly summed?: true;
}

/**
 * A utilization that the projection let be taken. On average over a slot, since that is the most that a load of minutes may take; none where the
 * size was chosen by its condition alone, since then no projection promised anything.
 */
export function utilizationCheck(policy: Policy, looked: Looked): readonly OwnCheck[] {
  return mostCheck(policy, { ...looked, statistic: "Average", unit: "Percent", whole: 100 });
}

/** The same of anything of which the new size has `whole`. */
export function mostCheck(
  policy: Policy,
  { statistic, unit, whole, ...looked }: Looked & { readonly statistic: Statistic; readonly unit: OwnCheck["unit"]; readonly whole: number },
): readonly OwnCheck[] {
  if (policy.rules.decision === "literal") return [];
  const { worst } = limitsOf(policy);
  const why = `the projection lets ${percent(worst)} of the new size be taken in the worst hour`;
  return [{ name: looked.name, kind: "at-most", series: checkSeries(policy, looked, statistic), limit: whole * worst, unit, why }];
}

/** What the new size moves, counts or takes in all of these metrics together, in percent of the most that it can. */
export function capacityCheck(policy: Policy, { name, region, of, metrics, statistic = "Average", perUnit, summed }: Capacity): readonly OwnCheck[] {
  const [first, ...others] = metrics;
  const looked = { name, region, of, statistic, unit: "Percent", whole: 100 } as const;
  return mostCheck(policy, { ...looked, metric: first }).map((check) => ({
    ...check,
    series: [...check.series, ...others.flatMap((metric) => checkSeries(policy, { region, metric, of }, statistic))],
    factor: 100 * perUnit,
    ...(summed === true ? { summed } : {}),
  }));
}

/** CPU of databases of one class: in percent of what it sustains where that is burstable, since what it does beyond that ends with its credits. */
export function databaseCpuCheck(
  policy: Policy,
  capacities: Capacities,
  instanceClass: string,
  { name, region, of }: Omit<Looked, "metric">,
): readonly OwnCheck[] {
  const share = capacities.rds(instanceClass)?.baselineShare ?? 1;
  if (share === 1) return utilizationCheck(policy, { name, region, metric: metrics.rdsCpu, of });
  return capacityCheck(policy, { name: `${name}, of what ${instanceClass} sustains`, region, of, metrics: [metrics.rdsCpu], perUnit: 1 / (100 * share) });
}

/** An event that the whole baseline had none of, which the rule has made sure of. */
export function neverCheck(policy: Policy, looked: Looked): OwnCheck {
  return { name: looked.name, kind: "never", series: checkSeries(policy, looked, "Sum"), limit: 0, unit: "Count", why: "the whole baseline had none" };
}

/** At a slot's own length. */
export function checkSeries({ window }: Policy, { region, metric, of }: Series, statistic: Statistic): OwnCheck["series"] {
  return of.map((dimensions) => seriesKey(metric, region, dimensions, statistic, window.slotMinutes * 60));
}
