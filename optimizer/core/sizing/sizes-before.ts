import { type Baseline, isNoPoints } from "../model/observation.ts";
import type { Seen } from "../model/seen.ts";
import { mapped, type Series } from "./series.ts";

/**
 * A time in which a resource was, or may have been, of another size than now: what was measured then is no share of today's. Epoch milliseconds;
 * `fromMs` null: since ever; `untilMs` null: nobody knows until when.
 */
export interface OtherSize {
  /** The size in words, as the resource's own size is told: `db.r6g.4xlarge`. */
  readonly size: string;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

/** What a resource was before; absent in inventories of older plans. `unseen`: nothing that rests on shares of its size may be decided. */
export type SizesBefore = Seen<readonly OtherSize[]>;

/** One change of size, as whoever recorded it tells. */
export interface SizeChange {
  /** When it was asked for. */
  readonly atMs: number;
  /** From when on the new size is sure to have been there. */
  readonly settledMs: number;
  /** In words; null where the record does not tell. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A size of which nobody tells. */
export const untold = "another size, which no record tells";

/**
 * The times of another size than today's. `createdMs`: what was measured under its name before is somebody else's. A change that led elsewhere than
 * to what is there now, and that nothing recorded followed, leaves all hours since in doubt.
 */
export function otherSizes(today: string, changes: readonly SizeChange[], createdMs?: number): readonly OtherSize[] {
  // One that asked for what was there took no time.
  const inOrder = changes
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((change) => (change.before !== null && change.before === change.after ? { ...change, settledMs: change.atMs } : change));
  const found: OtherSize[] = createdMs === undefined ? [] : [{ size: "what had its name before it was created", fromMs: null, untilMs: createdMs }];
  const add = (size: string | null, fromMs: number | null, untilMs: number | null): void => {
    if (size !== today && (fromMs === null || untilMs === null || fromMs < untilMs)) found.push({ size: size ?? untold, fromMs, untilMs });
  };
  let previous: SizeChange | undefined;
  for (const change of inOrder) {
    add(change.before ?? previous?.after ?? null, previous?.settledMs ?? null, change.atMs);
    add(`on its way to ${change.after ?? untold}`, change.atMs, change.settledMs);
    previous = change;
  }
  // What the last one led to, where it does not tell, is what is there.
  if (previous?.after !== undefined && previous.after !== null) add(previous.after, previous.settledMs, null);
  return found;
}

/** What a series is of, in words: `its instances were not m5.4xlarge`. */
interface Sized {
  readonly whose: string;
  readonly today: string;
  readonly before: readonly OtherSize[];
}

/** Without the points of hours in which it was of another size, since they are shares of that. */
export function ofTodaysSize({ span: { startMs, endMs } }: Baseline, { whose, today, before }: Sized, series: Series): Series {
  const spans = before.filter(({ fromMs, untilMs }) => (fromMs ?? startMs) < endMs && (untilMs ?? endMs) > startMs);
  if (spans.length === 0) return series;
  const periodMs = series.periodSeconds * 1000;
  const wasOther = (period: number): boolean => {
    const fromMs = startMs + period * periodMs;
    return spans.some((one) => (one.fromMs ?? Number.NEGATIVE_INFINITY) < fromMs + periodMs && (one.untilMs ?? Number.POSITIVE_INFINITY) > fromMs);
  };
  return {
    ...series,
    name: `${series.name}, without the hours in which ${whose} not ${today} (${[...new Set(spans.map(({ size }) => size))].join(", ")}),`,
    values: isNoPoints(series.values) ? series.values : mapped(series.values, (value, period) => (wasOther(period) ? Number.NaN : value)),
  };
}

/** The times of another size that are known; none where they could not be seen, which the rules ask for first. */
export function knownSizes(before: SizesBefore | undefined): readonly OtherSize[] {
  return before?.kind === "seen" ? before.value : [];
}

/** Why shares of its size cannot be told from shares of another one, in words. */
export function unseenSizes(name: string, before: SizesBefore | undefined): string | undefined {
  return before?.kind === "unseen" ? `which sizes ${name} had in the baseline could not be seen (${before.reason})` : undefined;
}
