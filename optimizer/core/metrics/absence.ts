import { type Baseline, isNoPoints, type Observation, pointAt, seriesId, type SeriesKey } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
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
  return observation === undefined ? undefined : resolvedOf(baseline, observation);
}

/** The value of one period in the same way: all that a slot needs, where the whole series would be gone through for it. `witnessIds`: `seriesId` of each witness. */
export function resolvedValueAt(
  observations: Baseline["observations"],
  values: Float64Array,
  witnessIds: readonly string[],
  period: number,
): number | undefined {
  const value = values[period];
  if (value === undefined || !Number.isNaN(value)) return value;
  return witnessIds.some((witness) => !Number.isNaN(observations.get(witness)?.values[period] ?? Number.NaN)) ? 0 : value;
}

/** The same of a series that was found already. What no witness tells anything of is what was read itself, not a copy. */
export function resolvedOf({ observations }: Pick<Baseline, "observations">, { key, values }: Observation): Float64Array {
  // Without a gap nobody need be asked, which most series are.
  if (isGapless(values)) return values;
  let resolved = values;
  for (const witness of witnessKeys(key)) {
    const seen = observations.get(seriesId(witness))?.values;
    if (seen === undefined || isNoPoints(seen)) continue;
    for (let period = firstGap(resolved); period < resolved.length; period++) {
      if (!Number.isNaN(pointAt(resolved, period)) || Number.isNaN(pointAt(seen, period))) continue;
      if (resolved === values) resolved = values.slice();
      resolved[period] = 0;
    }
  }
  return resolved;
}

/** Whether each period has a point: looked at once, since it is asked of most series again and again. What was asked about is not written to any more. */
export const isGapless = oncePer((values: Float64Array): boolean => firstGap(values) === values.length);

/** The first period without a point; the length where each has one. */
function firstGap(values: Float64Array): number {
  let period = 0;
  while (period < values.length && !Number.isNaN(pointAt(values, period))) period++;
  return period;
}
