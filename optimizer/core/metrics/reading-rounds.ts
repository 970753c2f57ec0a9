import { type SeriesKey, seriesId, type Span } from "../model/observation.ts";
import { fillersOf } from "./metric-batches.ts";

/** Series to be read at once, and those that can wait; each once. */
export interface ReadingRounds {
  readonly now: readonly SeriesKey[];
  readonly later: readonly SeriesKey[];
}

/**
 * What is needed before it is known which series are wanted every 5 minutes, with as many of the others as its calls have room for; the rest
 * waits for the next round: five 5-minute series of sixty days leave room for ten hourly ones in their call.
 */
export function readingRounds(needed: readonly SeriesKey[], others: readonly SeriesKey[], span: Span): ReadingRounds {
  const waiting = without(others, needed);
  const now = regionsOf(needed).flatMap((region) => {
    const own = inRegion(needed, region);
    return [...own, ...fillersOf(own, inRegion(waiting, region), span)];
  });
  return { now, later: without(waiting, now) };
}

export function regionsOf(keys: readonly SeriesKey[]): readonly string[] {
  return [...new Set(keys.map(({ region }) => region))];
}

export function inRegion(keys: readonly SeriesKey[], region: string): readonly SeriesKey[] {
  return keys.filter((key) => key.region === region);
}

function without(keys: readonly SeriesKey[], others: readonly SeriesKey[]): readonly SeriesKey[] {
  const known = new Set(others.map(seriesId));
  return keys.filter((key) => !known.has(seriesId(key)));
}
