import { isGapless } from "../metrics/absence.ts";
import { hangsOnLoad, tellsLoad } from "../metrics/what-load-moves.ts";
import { type Baseline, pointAt, type SeriesKey } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import { percent } from "../model/percent.ts";
import type { Policy } from "../model/policy.ts";
import { utcMinute } from "../model/utc.ts";
import { isComplete } from "./completeness.ts";
import { hourSeconds } from "./estimate.ts";
import { readSeries, type Series } from "./series.ts";
import type { OtherSize } from "./sizes-before.ts";

interface Facts {
  readonly baseline: Baseline;
  readonly policy: Policy;
}

/** What is asked about one resource. */
export interface Looked {
  /** Every series that its rules ask for, and the requests of its region's load balancers. */
  readonly keys: readonly SeriesKey[];
  /** Times whose figures do not count, since it was of another size. */
  readonly otherSizes: readonly OtherSize[];
}

/** Hours of which something is not known, and in words what that is. */
interface Unknown {
  readonly what: string;
  readonly hours: readonly number[];
  /** Whether figures of the resource itself compare with those of other hours. */
  readonly isOfAnotherSize: boolean;
}

const hourMs = hourSeconds * 1000;

/**
 * Why the worst hour of a resource is not known although enough of its hours are: a figure has no point just when more was asked of the resource
 * than in any hour that has one. A gap counts as the worst of its like elsewhere; a monthly close, a sale or a full memory whose own agent dies of
 * it has no like. What exceeds the most that is known by less than the room that is kept above the worst hour would fit even so. Undefined where
 * nothing is hidden.
 */
export function hiddenPeak({ baseline, policy }: Facts, { keys, otherSizes }: Looked): string | undefined {
  const series = keys.map((key) => ({ key, series: readSeries(baseline, key) }));
  const unknown = [
    ...series.flatMap(({ key, series: each }) => (key.periodSeconds === hourSeconds && hangsOnLoad(key) ? gapsOf(policy, key, each) : [])),
    ...hoursOfOtherSizes(baseline, policy, otherSizes),
  ];
  if (unknown.length === 0) return undefined;
  const loads = series.filter(({ key }) => tellsLoad(key));
  for (const gap of unknown) {
    for (const load of loads) {
      if (gap.isOfAnotherSize && load.key.metric !== "RequestCount") continue;
      const peak = peakWithin(load.series, gap.hours);
      if (peak === undefined || peak.share * policy.rules.maxWorstHourShare <= 1) continue;
      const at = utcMinute(baseline.span.startMs + peak.hour * hourMs);
      return `${gap.what} at ${at} UTC, when ${nameOf(load.key)} was ${percent(peak.share, 1)} of the most in any hour of which ${gap.isOfAnotherSize ? "they do" : "it has"}: what such an hour asks for is not known`;
    }
  }
  return undefined;
}

function nameOf({ metric, statistic, dimensions }: SeriesKey): string {
  return `${metric} ${statistic} of ${Object.values(dimensions).join("/")}`;
}

/** Of a series that is complete enough for a verdict; the others get none, or are not rested on. */
function gapsOf(policy: Policy, key: SeriesKey, series: Series): readonly Unknown[] {
  const { values } = series;
  if (isGapless(values) || !isComplete(series, policy)) return [];
  const hours: number[] = [];
  for (let hour = 0; hour < values.length; hour++) if (Number.isNaN(pointAt(values, hour))) hours.push(hour);
  return [{ what: `${nameOf(key)} has no point`, hours, isOfAnotherSize: false }];
}

/** Where what is left is enough for a verdict. */
function hoursOfOtherSizes({ span: { startMs, endMs } }: Baseline, policy: Policy, sizes: readonly OtherSize[]): readonly Unknown[] {
  const all = Math.floor((endMs - startMs) / hourMs);
  const hours = Array.from({ length: all }, (_, hour) => hour).filter((hour) => {
    const fromMs = startMs + hour * hourMs;
    return sizes.some((one) => (one.fromMs ?? Number.NEGATIVE_INFINITY) < fromMs + hourMs && (one.untilMs ?? Number.POSITIVE_INFINITY) > fromMs);
  });
  if (hours.length === 0 || hours.length > all * (1 - policy.completeness.minShare)) return [];
  return [{ what: "figures of another size do not count", hours, isOfAnotherSize: true }];
}

const mostOf = oncePer((values: Float64Array): number => {
  let most = Number.NEGATIVE_INFINITY;
  for (let period = 0; period < values.length; period++) if (pointAt(values, period) > most) most = pointAt(values, period);
  return most;
});

interface Peak {
  readonly hour: number;
  /** Of the most of all other hours. */
  readonly share: number;
}

/** The highest point of a load where that is in one of these hours; undefined where another hour had as much, or none is known. */
function peakWithin({ values, periodSeconds }: Series, hours: readonly number[]): Peak | undefined {
  const perHour = hourSeconds / periodSeconds;
  if (perHour < 1) return undefined;
  const most = mostOf(values);
  const hour = hours.find((each) => mostWithin(values, each * perHour, (each + 1) * perHour) >= most);
  if (hour === undefined || !(most > 0)) return undefined;
  const hidden = new Set(hours);
  let others = 0;
  for (let period = 0; period < values.length; period++)
    if (pointAt(values, period) > others && !hidden.has(Math.floor(period / perHour))) others = pointAt(values, period);
  // Nothing was asked in all other hours: they are no measure of this one.
  return { hour, share: others === 0 ? Number.POSITIVE_INFINITY : most / others };
}

function mostWithin(values: Float64Array, from: number, until: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let period = Math.floor(from); period < until; period++) if (pointAt(values, period) > most) most = pointAt(values, period);
  return most;
}
