import { resolvedValueAt, witnessKeys } from "../metrics/absence.ts";
import type { OwnCheck } from "../model/action.ts";
import { type Observation, type SeriesKey, seriesId, type Span } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import type { CheckedValue, SlotScore } from "../model/window.ts";
import { grouped } from "./score-slot.ts";

/** All that checks read: their series, and those that witness that AWS was reporting while one of them had no point. */
export function checkKeys(checks: readonly OwnCheck[]): readonly SeriesKey[] {
  return checks.flatMap((check) => readOf(check).flatMap(({ key, witnesses }) => [key, ...witnesses]));
}

/** What a check reads, by name: a window asks for it at each of its slots. */
const readOf = oncePer(({ series }: OwnCheck) =>
  series.map((key) => {
    const witnesses = witnessKeys(key);
    return { key, id: seriesId(key), periodMs: key.periodSeconds * 1000, witnesses, witnessIds: witnesses.map(seriesId) };
  }),
);

type ReadSeries = ReturnType<typeof readOf>[number];

/**
 * What a check shows in the slot that starts at `startMs`. A series without a point says nothing, e.g. of a node that the change removed: the
 * others are read without it. What AWS publishes on activity alone is 0 only where its witness has a point in the same slot
 * (core/metrics/absence.ts). Null where no series says anything.
 */
export function checkedValue(check: OwnCheck, observations: ReadonlyMap<string, Observation>, startMs: number): CheckedValue {
  const { name, kind, factor = 1, summed } = check;
  const read = readOf(check);
  const known = read.map((series) => valueAt(series, observations, startMs)).filter((value) => value !== undefined);
  if (known.length === 0 || (summed === true && known.length < read.length)) return { name, value: null };
  const scaled = known.map((value) => value * factor);
  const values = summed === true ? [scaled.reduce((sum, value) => sum + value, 0)] : scaled;
  switch (kind) {
    case "at-most":
      return { name, value: Math.max(...values) };
    case "at-least":
      return { name, value: Math.min(...values) };
    case "never":
      return { name, value: values.reduce((sum, value) => sum + value, 0) };
  }
}

function valueAt({ id, periodMs, witnessIds }: ReadSeries, observations: ReadonlyMap<string, Observation>, startMs: number): number | undefined {
  const observation = observations.get(id);
  if (observation === undefined) return undefined;
  const value = resolvedValueAt(observations, observation.values, witnessIds, (startMs - observation.startMs) / periodMs);
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Whether a declared disruption overlaps the slot. */
export function isDisrupted(slot: Span, disruptions: readonly Span[]): boolean {
  return disruptions.some(({ startMs, endMs }) => startMs < slot.endMs && slot.startMs < endMs);
}

/**
 * What the slot at this place shows to be broken of what the changes promised, in words. A utilization needs two slots: a batch, or the caches
 * that a new node fills, may fill one. Of an event one slot suffices where it happened twice: a single one is what clients retry and nobody feels,
 * two within minutes are a rate that a baseline of weeks without any excludes; and so is one in each of two slots. Harm that comes and goes is
 * harm as well: a utilization in three of the latest eight slots, an event in a third slot of the window.
 */
export function brokenPromise(slots: readonly SlotScore[], at: number, checks: readonly OwnCheck[], disruptions: readonly Span[]): string | undefined {
  const slot = slots[at];
  if (slot?.checks === undefined || isDisrupted(slot, disruptions)) return undefined;
  for (const check of checks) {
    const value = valueIn(slot, check.name);
    if (value === undefined || !isBroken(slot, check)) continue;
    if (check.kind === "never" && value >= 2) return `${wordsOf(check, value)} in one slot (${check.why})`;
    const before = lastKnown(slots, at, check, disruptions);
    if (before !== undefined && isBroken(before, check)) return `${wordsOf(check, value)} in two slots (${check.why})`;
    const often = brokenAgain(slots, at, check, disruptions);
    if (often !== undefined) return `${wordsOf(check, value)} in ${often} (${check.why})`;
  }
  return undefined;
}

/** What the newest slot shows to be broken for the first time, in words: the next one tells a batch, or a single retry, from harm that has begun. */
export function brokenOnce(slots: readonly SlotScore[], checks: readonly OwnCheck[], disruptions: readonly Span[]): string | undefined {
  const slot = slots.at(-1);
  if (slot === undefined || isDisrupted(slot, disruptions)) return undefined;
  for (const check of checks) {
    const value = valueIn(slot, check.name);
    if (value !== undefined && isBroken(slot, check)) return `${wordsOf(check, value)} in the last slot (${check.why})`;
  }
  return undefined;
}

/** So many slots apart are no chance any more. */
const slotsApart = 3;
/** Of so many with a figure: a batch every hour fills two of them. */
const latestSlots = 8;

function brokenAgain(slots: readonly SlotScore[], at: number, check: OwnCheck, disruptions: readonly Span[]): string | undefined {
  const known = slots.slice(0, at + 1).filter((slot) => !isDisrupted(slot, disruptions) && valueIn(slot, check.name) !== undefined);
  const looked = check.kind === "never" ? known : known.slice(-latestSlots);
  if (looked.filter((slot) => isBroken(slot, check)).length < slotsApart) return undefined;
  return check.kind === "never" ? `a third slot` : `three of the latest ${looked.length} slots`;
}

function valueIn({ checks = [] }: SlotScore, name: string): number | undefined {
  return checks.find((checked) => checked.name === name)?.value ?? undefined;
}

function isBroken(slot: SlotScore, check: OwnCheck): boolean {
  const { name, harmlessUpTo: harmless } = check;
  const value = valueIn(slot, name);
  if (value === undefined || !isBeyond(check, value)) return false;
  const other = harmless && valueIn(slot, harmless.check);
  return harmless === undefined || other === undefined || other > harmless.value;
}

/** The slot before this one in which the check showed something last: those in which nothing was to be seen, or a disruption was, neither prove nor clear it. */
function lastKnown(slots: readonly SlotScore[], at: number, { name }: OwnCheck, disruptions: readonly Span[]): SlotScore | undefined {
  for (let index = at - 1; index >= 0; index--) {
    const slot = slots[index];
    if (slot !== undefined && !isDisrupted(slot, disruptions) && valueIn(slot, name) !== undefined) return slot;
  }
  return undefined;
}

function isBeyond({ kind, limit }: OwnCheck, value: number): boolean {
  return kind === "at-least" ? value < limit : value > limit;
}

function wordsOf({ name, kind, limit, unit }: OwnCheck, value: number): string {
  const seen = `${name}: ${measured(value, unit)}`;
  return kind === "never" ? seen : `${seen}, allowed is ${limitWords({ kind, limit, unit })}`;
}

/** `at most 90 %`; `none` of an event. */
export function limitWords({ kind, limit, unit }: Pick<OwnCheck, "kind" | "limit" | "unit">): string {
  return kind === "never" ? "none" : `${kind === "at-most" ? "at most" : "at least"} ${measured(limit, unit)}`;
}

function measured(value: number, unit: OwnCheck["unit"]): string {
  const rounded = grouped(Math.round(value * 10) / 10);
  switch (unit) {
    case "Percent":
      return `${rounded} %`;
    case "Milliseconds":
      return `${rounded} ms`;
    case "Count":
      return rounded;
    case "Count/Second":
      return `${rounded} a second`;
  }
}
