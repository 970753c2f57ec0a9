import { isGapless } from "../metrics/absence.ts";
import { percent } from "../model/percent.ts";
import { isNoPoints, pointAt } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import { utcMinute } from "../model/utc.ts";
import type { Series } from "./series.ts";

const daySeconds = 24 * 60 * 60;

export interface Completeness {
  /** Points found ÷ points expected, 0 to 1. */
  readonly share: number;
  /** Days, counted back from the baseline's end, that have the policy's share of their points. */
  readonly wholeDays: number;
}

export function completenessOf(series: Series, minShare: number): Completeness {
  const { values, periodSeconds } = series;
  const perDay = Math.max(1, Math.round(daySeconds / periodSeconds));
  if (values.length > 0 && isGapless(values)) return { share: 1, wholeDays: Math.floor(values.length / perDay) };
  let [found, wholeDays] = [0, 0];
  for (let end = values.length; end > 0; end -= perDay) {
    const foundOfDay = pointsWithin(values, Math.max(0, end - perDay), end);
    found += foundOfDay;
    if (end >= perDay && foundOfDay / perDay >= minShare) wholeDays += 1;
  }
  return { share: values.length === 0 ? 0 : found / values.length, wholeDays };
}

function pointsWithin(values: Float64Array, start: number, end: number): number {
  if (isNoPoints(values)) return 0;
  let found = 0;
  for (let period = start; period < end; period++) if (!Number.isNaN(pointAt(values, period))) found += 1;
  return found;
}

/** Points found ÷ points expected, 0 to 1. */
export function shareFound({ values }: Series): number {
  if (values.length === 0) return 0;
  return isGapless(values) ? 1 : pointsWithin(values, 0, values.length) / values.length;
}

/** Whether a series is complete enough for a verdict; most are asked only this. */
export function isComplete(series: Series, policy: Policy): boolean {
  if (!series.whole) return false;
  const { minShare, minWholeDays } = policy.completeness;
  const { share, wholeDays } = completenessOf(series, minShare);
  return share >= minShare && wholeDays >= minWholeDays;
}

/** Why a series proves nothing, with the counts, or undefined when it is complete enough for a verdict. */
export function incompleteness(series: Series, policy: Policy): string | undefined {
  if (isComplete(series, policy)) return undefined;
  if (series.still !== undefined) return series.still;
  const { minShare, minWholeDays } = policy.completeness;
  const { share, wholeDays } = completenessOf(series, minShare);
  if (share < minShare)
    return `${series.name} has ${percent(Math.floor(share * 1000) / 1000, 1)} of its points, ${percent(minShare, 1)} are needed${publisherWords(series, share)}`;
  return wholeDays < minWholeDays
    ? `${series.name} has ${wholeDays} whole days, ${minWholeDays} are needed`
    : `${series.name} was not answered completely by AWS`;
}

/** Where not one point of it exists and AWS does not measure it: which agent must publish it, by which dimensions and no others. */
function publisherWords({ keys }: Series, share: number): string {
  const published = keys.find(({ namespace }) => !namespace.startsWith("AWS/"));
  if (share > 0 || published === undefined) return "";
  const { namespace, metric, dimensions } = published;
  const names = Object.keys(dimensions).join(", ");
  return `: ${namespace} must publish ${metric} by ${names} alone (aggregation_dimensions [["${names.replaceAll(", ", '", "')}"]])`;
}

/** The first reason among several series that a verdict needs. */
export function firstIncompleteness(series: readonly Series[], policy: Policy): string | undefined {
  return series.map((one) => incompleteness(one, policy)).find((reason) => reason !== undefined);
}

/**
 * Hours, or days, of which nobody knows anything, in words, from a period of the baseline on; undefined where each has a point. A tenth of the points
 * may be missing where the others tell what is usual. That something was never done they do not tell: what is done once a month may be done in just
 * those.
 */
export function unknownPeriods(
  { name, values, periodSeconds }: Series,
  { since, startMs }: { readonly since: number; readonly startMs: number },
): string | undefined {
  if (isGapless(values)) return undefined;
  const unknown: number[] = [];
  for (let period = Math.max(0, since); period < values.length; period++) if (Number.isNaN(pointAt(values, period))) unknown.push(period);
  const [first] = unknown;
  if (first === undefined) return undefined;
  const word = periodSeconds === daySeconds ? "day" : "hour";
  const times = unknown.length === 1 ? `one ${word}` : `${unknown.length} ${word}s`;
  return `${name}: nothing is known of ${times}, from ${utcMinute(startMs + first * periodSeconds * 1000)} UTC on: that all others had none does not say so of ${unknown.length === 1 ? "it" : "them"}`;
}
