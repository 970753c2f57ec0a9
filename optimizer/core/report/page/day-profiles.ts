import { metricOf, type Utilized } from "../../metrics/catalogue.ts";
import { type Baseline, type Observation, pointAt, seriesId } from "../../model/observation.ts";
import { oncePer } from "../../model/once.ts";
import type { Decision } from "../../model/rule.ts";
import { resourceWords } from "../words.ts";

const hoursPerDay = 24;
const hourMs = 3_600_000;

/** Mean utilization of one resource in one dimension by hour of the day (UTC), 0 to 1; null where nothing was measured. */
export interface DayProfile {
  readonly resource: string;
  readonly region: string;
  readonly dimension: string;
  readonly byHour: readonly (number | null)[];
  /** The same load on the size that is proposed; null where nothing is proposed or the dimension was not projected. */
  readonly projectedByHour: readonly (number | null)[] | null;
}

const dimensions: readonly Utilized[] = ["CPU", "memory"];

/** A profile for each resource and dimension that a decision rests on; of several nodes or members, the busiest one's of each hour. */
export function dayProfiles(decisions: readonly Decision[], baseline: Baseline): readonly DayProfile[] {
  const profiles = new Map<string, DayProfile>();
  for (const decision of decisions) {
    const observed = new Map(
      decision.evidence.flatMap(({ series }) => series.flatMap((id) => baseline.observations.get(id) ?? [])).map((each) => [seriesId(each.key), each]),
    );
    const averages = averagesOf([...observed.values()], baseline);
    for (const dimension of dimensions) {
      const observations = averages.filter(({ key }) => metricOf(key)?.utilizationOf === dimension);
      if (observations.length === 0) continue;
      const [resource, { region }] = [resourceWords(decision.resource, decision.part), decision.resource];
      const id = `${region}|${resource}|${dimension}`;
      const byHour = busiestByHour(observations);
      const projectedByHour = projected(byHour, dimension, decision);
      // Several rules look at one resource: the one that proposes something shows what it would become.
      if (!profiles.has(id) || projectedByHour !== null) profiles.set(id, { resource, region, dimension, byHour, projectedByHour });
    }
  }
  return [...profiles.values()];
}

/** The average of a metric where the baseline has it beside another statistic, each once. */
function averagesOf(observations: readonly Observation[], baseline: Baseline): readonly Observation[] {
  const preferred = observations.map((each) => baseline.observations.get(seriesId({ ...each.key, statistic: "Average" })) ?? each);
  return [...new Map(preferred.map((each) => [seriesId(each.key), each])).values()];
}

function busiestByHour(observations: readonly Observation[]): readonly (number | null)[] {
  const each = observations.map(meanByHour);
  return Array.from({ length: hoursPerDay }, (_, hour) =>
    each.reduce<number | null>((most, byHour) => {
      const share = pointAt(byHour, hour);
      return Number.isNaN(share) ? most : Math.max(most ?? 0, share);
    }, null),
  );
}

/** NaN where nothing was measured. Several decisions rest on one series. By index: a page is drawn once in a process, and an iterator is slow until V8 has optimized it. */
const meanByHour = oncePer(({ startMs, key, values }: Observation): Float64Array => {
  const sums = new Float64Array(hoursPerDay);
  const counts = new Float64Array(hoursPerDay);
  const periodMs = key.periodSeconds * 1000;
  for (let index = 0; index < values.length; index += 1) {
    const value = pointAt(values, index);
    if (Number.isNaN(value)) continue;
    const hour = Math.floor((startMs + index * periodMs) / hourMs) % hoursPerDay;
    sums[hour] = pointAt(sums, hour) + value;
    counts[hour] = pointAt(counts, hour) + 1;
  }
  return sums.map((sum, hour) => sum / pointAt(counts, hour) / 100);
});

/** By the projection that comes out highest: what the size is judged by. */
function projected(byHour: DayProfile["byHour"], dimension: string, decision: Decision): DayProfile["projectedByHour"] {
  if (decision.kind !== "proposal") return null;
  const [worst] = [...(decision.chosen?.projections ?? [])]
    .filter((each) => each.dimension === dimension.toLowerCase() && each.current > 0)
    .sort((a, b) => b.projected - a.projected);
  if (worst === undefined) return null;
  const factor = worst.projected / worst.current;
  return byHour.map((share) => (share === null ? null : share * factor));
}
