import type { StageKey, StepEffect } from "./effect.ts";

/**
 * What this process has looked at without finding anything to journal. Lost in a crash, which costs a second look and nothing else.
 * Keys are `pollKey`s.
 */
export interface Polls {
  /** When to look again. */
  readonly pausedUntilMs: Readonly<Record<string, number>>;
  /** By action: where the newest slot ends that its region's health was judged by before it begins. */
  readonly healthJudgedToMs: Readonly<Record<string, number>>;
  /** By watch key: since when points are late. */
  readonly lateSinceMs: Readonly<Record<string, number>>;
  /** By watch key: up to which slot's end what is in place was described. */
  readonly inspectedToMs: Readonly<Record<string, number>>;
  /** By watch key: the newest journal record when what is in place was last described and nothing of it was on its way. */
  readonly inspectedAtSeq: Readonly<Record<string, number>>;
  /** How far a brownout was probed and found silent. */
  readonly probedToMs: Readonly<Record<string, number>>;
}

export const noPolls: Polls = { pausedUntilMs: {}, healthJudgedToMs: {}, lateSinceMs: {}, inspectedToMs: {}, inspectedAtSeq: {}, probedToMs: {} };

export function pollKey({ action, step, purpose }: Pick<StepEffect, "action" | "purpose"> & { readonly step: { readonly id: string } }): string {
  return `${action.id}|${purpose}:${step.id}`;
}

/** Slots of a region that are not all there yet, or a control that one more slot decides. */
export function watchKey({ phase, region, round }: StageKey): string {
  return `watch|${phase}|${region}|${round}`;
}

/** The look at what is in place before a phase closes. */
export function lookKey({ phase, region, round }: StageKey): string {
  return `look|${phase}|${region}|${round}`;
}

export function pauseUntil(polls: Polls, key: string, untilMs: number): Polls {
  return { ...polls, pausedUntilMs: { ...polls.pausedUntilMs, [key]: untilMs } };
}

export function healthJudgedTo(polls: Polls, actionId: string, ms: number): Polls {
  return { ...polls, healthJudgedToMs: { ...polls.healthJudgedToMs, [actionId]: ms } };
}

/** Points that should have been there at `sinceMs` are read again at `untilMs`. */
export function readAgain(polls: Polls, key: string, untilMs: number, sinceMs: number): Polls {
  return {
    ...polls,
    pausedUntilMs: { ...polls.pausedUntilMs, [key]: untilMs },
    lateSinceMs: { ...polls.lateSinceMs, [key]: sinceMs },
  };
}

export function inspectedTo(polls: Polls, key: string, ms: number): Polls {
  return { ...polls, inspectedToMs: { ...polls.inspectedToMs, [key]: ms } };
}

export function inspectedAt(polls: Polls, key: string, seq: number): Polls {
  return { ...polls, inspectedAtSeq: { ...polls.inspectedAtSeq, [key]: seq } };
}

export function probedTo(polls: Polls, key: string, ms: number): Polls {
  return { ...polls, probedToMs: { ...polls.probedToMs, [key]: ms } };
}
