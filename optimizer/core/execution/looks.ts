import type { StageKey, StepEffect } from "./effect.ts";

/**
 * What this process has looked at without finding anything to journal. Lost in a crash, which costs a second look and nothing else.
 * Keys are `lookKey`s.
 */
export interface Looks {
  /** When to look again. */
  readonly pausedUntilMs: Readonly<Record<string, number>>;
  /** By action: where the newest slot ends that its region's health was judged by before it begins. */
  readonly healthJudgedToMs: Readonly<Record<string, number>>;
  /** By watch key: since when points are late. */
  readonly lateSinceMs: Readonly<Record<string, number>>;
  /** How far a brown-out was probed and found silent. */
  readonly probedToMs: Readonly<Record<string, number>>;
}

export const noLooks: Looks = { pausedUntilMs: {}, healthJudgedToMs: {}, lateSinceMs: {}, probedToMs: {} };

export function lookKey({ action, step, purpose }: Pick<StepEffect, "action" | "purpose"> & { readonly step: { readonly id: string } }): string {
  return `${action.id}|${purpose}:${step.id}`;
}

/** Slots of a region that are not all there yet, or a control that one more slot decides. */
export function watchKey({ phase, region, round }: StageKey): string {
  return `watch|${phase}|${region}|${round}`;
}

export function pauseUntil(looks: Looks, key: string, untilMs: number): Looks {
  return { ...looks, pausedUntilMs: { ...looks.pausedUntilMs, [key]: untilMs } };
}

export function healthJudgedTo(looks: Looks, actionId: string, ms: number): Looks {
  return { ...looks, healthJudgedToMs: { ...looks.healthJudgedToMs, [actionId]: ms } };
}

/** Points that should have been there at `sinceMs` are read again at `untilMs`. */
export function readAgain(looks: Looks, key: string, untilMs: number, sinceMs: number): Looks {
  return {
    ...looks,
    pausedUntilMs: { ...looks.pausedUntilMs, [key]: untilMs },
    lateSinceMs: { ...looks.lateSinceMs, [key]: sinceMs },
  };
}

export function probedTo(looks: Looks, key: string, ms: number): Looks {
  return { ...looks, probedToMs: { ...looks.probedToMs, [key]: ms } };
}
