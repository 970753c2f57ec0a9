import { refKey } from "../model/resource-ref.ts";
import type { Skip } from "../model/rule.ts";
import { percent } from "../model/percent.ts";
import { utcMinute } from "../model/utc.ts";
import { worstHourRefusal } from "../sizing/worst-hour.ts";
import { dimensionWords, skipWords } from "./words.ts";

/** What was left alone for one reason. */
export interface LeftAlone {
  readonly reason: string;
  readonly skips: readonly [Skip, ...Skip[]];
}

/** What was left alone by reason, the commonest first. */
export function byReason(skips: readonly Skip[]): readonly LeftAlone[] {
  const groups = new Map<string, [Skip, ...Skip[]]>();
  for (const skip of skips) {
    const reason = worstHourRefusal(skip) === undefined ? skipWords[skip.code] : "refused by its worst hour";
    const own = groups.get(reason);
    if (own === undefined) groups.set(reason, [skip]);
    else own.push(skip);
  }
  return [...groups].map(([reason, own]) => ({ reason, skips: own })).toSorted((a, b) => b.skips.length - a.skips.length);
}

/** A resource that several rules leave alone for one reason is one. */
export function resourcesIn({ skips }: LeftAlone): number {
  return new Set(skips.map(({ resource }) => refKey(resource))).size;
}

/**
 * In a few words, a refusal that a reader does not expect, with its figure or the resource that it is shared with: by its usual figures the change would
 * fit, or the resource seems to be used by nobody else. Undefined for the other reasons, of which a count says enough.
 */
export function refusalAtAGlance(skip: Skip): string | undefined {
  const where = `${skip.resource.id} in ${skip.resource.region}`;
  const worst = worstHourWords(skip);
  if (worst !== undefined) return `${where}, ${worst}`;
  // Its first clause says who shares what; what would come of it stands in the whole plan.
  return skip.code === "shared" ? `${where}, ${skip.detail.replace(/:\s.*$/s, "")}` : undefined;
}

/**
 * Why one resource is left alone, in one line. Which sizes were refused by which figures takes many lines, and is only printed when one decision is
 * explained.
 */
export function reasonOnALine(skip: Skip): string {
  if (skip.code !== "does-not-fit") return `${skipWords[skip.code]}: ${skip.detail}`;
  const worst = worstHourWords(skip);
  return worst === undefined ? skipWords[skip.code] : `refused by its worst hour: ${worst}`;
}

function worstHourWords(skip: Skip): string | undefined {
  const worst = worstHourRefusal(skip);
  if (worst?.worstHour === undefined) return undefined;
  const { dimension, projected, limit, worstHour } = worst;
  return `${dimensionWords(dimension)} ${percent(projected, 1)} at best on ${utcMinute(worstHour.atMs)} UTC, allowed ${percent(limit, 1)}`;
}
