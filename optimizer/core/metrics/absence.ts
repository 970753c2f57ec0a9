import type { Baseline, SeriesKey } from "../model/observation.ts";
import { seriesId } from "../model/observation.ts";
import { metricOf } from "./catalogue.ts";

/** The series whose points show that AWS was reporting while `key` had none; to be asked along with it. */
export function witnessKeys(key: SeriesKey): readonly SeriesKey[] {
  const witnesses = metricOf(key)?.witnesses ?? [];
  if (witnesses.length === 0) return [];
  const own = seriesId(key);
  return witnesses
    .map(({ metric, statistic, without = [], with: others = {} }) => ({
      ...key,
      metric,
      statistic,
      dimensions: { ...Object.fromEntries(Object.entries(key.dimensions).filter(([name]) => !without.includes(name))), ...others },
    }))
    .filter((witness) => seriesId(witness) !== own);
}

/**
 * The values of a series with absence resolved: a gap of a metric that is reported on activity is 0 where a witness has a point
 * in the same period, and stays NaN otherwise. Undefined when the series was never collected.
 */
export function resolvedValues(baseline: Pick<Baseline, "observations">, key: SeriesKey): Float64Array | undefined {
  const observation = baseline.observations.get(seriesId(key));
  if (observation === undefined) return undefined;
  const witnesses = witnessKeys(key).flatMap((witness) => baseline.observations.get(seriesId(witness)) ?? []);
  // Most series have no gap that a witness could tell anything of: what was read is taken as it is, not copied.
  if (witnesses.length === 0) return observation.values;
  const resolved = Float64Array.from(observation.values);
  for (const { values } of witnesses) {
    for (let period = 0; period < resolved.length; period++) {
      if (Number.isNaN(resolved[period] ?? Number.NaN) && !Number.isNaN(values[period] ?? Number.NaN)) resolved[period] = 0;
    }
  }
  return resolved;
}
