import { metricOf } from "../metrics/catalogue.ts";
import { type Baseline, type Observation, pointAt, seriesId, type Statistic } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import { utcDay } from "../model/utc.ts";

/** Two days and nights: whatever is measured by the hour has met a busy one and a quiet one by then, twice. A bound of ours. */
const stillHours = 48;
const hourSeconds = 3600;
const hourMs = hourSeconds * 1000;

/** By how much requests differ at least that are no longer the same: the busiest slot of a stretch to its quietest. A bound of ours. */
const variedBy = 1.5;

/** Statistics of the samples themselves; how many there were may be the same for ever. */
const ofSamples: ReadonlySet<Statistic> = new Set<Statistic>(["Average", "Maximum", "Minimum", "p95", "p99", "p99.5"]);

interface Stretch {
  readonly value: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Why a series measures nothing though it has its points: the same figure to the last digit, hour after hour for days, of what moves with all that
 * runs, while some load balancer of the region had more requests in one of those hours than in another. Whoever publishes it tells an old figure
 * again. Undefined where it moves, and where no requests tell that anything happened at any of those times.
 */
export function standingStill({ observations }: Pick<Baseline, "observations">, observation: Observation): string | undefined {
  const { key } = observation;
  if (metricOf(key)?.neverStill !== true || !ofSamples.has(key.statistic)) return undefined;
  // The highest of an idle hour may well be that of the next: the average of the same samples is not.
  const stretches = longStretches(observations.get(seriesId({ ...key, statistic: "Average" })) ?? observation);
  if (stretches.length === 0) return undefined;
  const requests = [...observations.values()].filter(
    (each) => each.key.region === key.region && each.key.metric === "RequestCount" && each.key.statistic === "Sum",
  );
  const stretch = stretches.find((each) => requests.some((other) => varies(other, each)));
  if (stretch === undefined) return undefined;
  const hours = Math.round((stretch.endMs - stretch.startMs) / hourMs);
  return `${key.metric} is ${stretch.value} to the last digit for ${hours} hours from ${utcDay(stretch.startMs)}, while requests vary: what tells it stands still, and measures nothing`;
}

/** The times for which each point is the one before, where they are long enough to tell something; the longest first. */
const longStretches = oncePer(({ values, key: { periodSeconds }, startMs, unit }: Observation): readonly Stretch[] => {
  const least = Math.ceil((stillHours * hourSeconds) / periodSeconds);
  if (!mayStandStill(values, least)) return [];
  const periodMs = periodSeconds * 1000;
  const stretches: Stretch[] = [];
  let from = 0;
  for (let period = 1; period <= values.length; period++) {
    const value = pointAt(values, from);
    if (pointAt(values, period) === value) continue;
    // Nothing at all may go on for weeks, and so may all there is.
    const isBound = value === 0 || (unit === "Percent" && value >= 100);
    if (period - from >= least && !isBound) stretches.push({ value, startMs: startMs + from * periodMs, endMs: startMs + period * periodMs });
    from = period;
  }
  return stretches.toSorted((one, other) => other.endMs - other.startMs - (one.endMs - one.startMs));
});

/** So long a stretch has two points alike wherever one looks: most series are done with after a few looks. */
function mayStandStill(values: Float64Array, least: number): boolean {
  for (let period = least - 2; period + 1 < values.length; period += least - 1) {
    if (pointAt(values, period) === pointAt(values, period + 1)) return true;
  }
  return false;
}

function varies({ values, key: { periodSeconds }, startMs }: Observation, stretch: Stretch): boolean {
  const periodMs = periodSeconds * 1000;
  const periodOf = (ms: number): number => Math.round((ms - startMs) / periodMs);
  const [from, until] = [Math.max(0, periodOf(stretch.startMs)), Math.min(values.length, periodOf(stretch.endMs))];
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let period = from; period < until; period++) {
    const requests = pointAt(values, period);
    if (Number.isNaN(requests)) continue;
    least = Math.min(least, requests);
    most = Math.max(most, requests);
  }
  return most > 0 && most >= least * variedBy;
}
