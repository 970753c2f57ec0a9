import { type Baseline, type Observation, seriesId } from "../../model/observation.ts";
import type { Decision, Evidence, Projection } from "../../model/rule.ts";
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

/** A profile for each percentage that a decision rests on and that one series of the baseline shows by itself. */
export function dayProfiles(decisions: readonly Decision[], baseline: Baseline): readonly DayProfile[] {
  const byId = new Map([...baseline.observations.values()].map((observation) => [seriesId(observation.key), observation]));
  const profiles = decisions.flatMap((decision) =>
    decision.evidence.flatMap((evidence): readonly DayProfile[] => {
      const [only, another] = evidence.series;
      const observation = only === undefined || another !== undefined ? undefined : byId.get(only);
      if (observation === undefined || evidence.unit !== "Percent" || evidence.atMs !== undefined) return [];
      const byHour = meanByHour(observation);
      return [
        {
          resource: resourceWords(decision.resource, decision.part),
          region: decision.resource.region,
          dimension: evidence.name,
          byHour,
          projectedByHour: projected(byHour, evidence, decision),
        },
      ];
    }),
  );
  return [...new Map(profiles.map((profile) => [`${profile.region}|${profile.resource}|${profile.dimension}`, profile])).values()];
}

function meanByHour({ startMs, key, values }: Observation): readonly (number | null)[] {
  const sums = new Float64Array(hoursPerDay);
  const counts = new Uint32Array(hoursPerDay);
  for (const [index, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const hour = Math.floor((startMs + index * key.periodSeconds * 1000) / hourMs) % hoursPerDay;
    sums[hour] = (sums[hour] ?? 0) + value;
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return Array.from(sums, (sum, hour) => (counts[hour] === 0 || counts[hour] === undefined ? null : sum / counts[hour] / 100));
}

function projected(byHour: DayProfile["byHour"], { name }: Evidence, decision: Decision): DayProfile["projectedByHour"] {
  if (decision.kind !== "proposal") return null;
  const projection = decision.chosen?.projections.find((each) => isOf(each, name));
  if (projection === undefined || projection.current === 0) return null;
  const factor = projection.projected / projection.current;
  return byHour.map((share) => (share === null ? null : share * factor));
}

function isOf({ dimension }: Projection, evidenceName: string): boolean {
  return evidenceName.toLowerCase().startsWith(dimension);
}
