import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { Policy } from "../model/policy.ts";

/** AWS takes up to this long to describe what it accepted (research/safety.md §4, stale describes). */
export const staleDescribeMs = 120_000;

/** Attempts of one step over the whole run. */
export const maxAttempts = 12;

/** How often a change forward may be accepted by AWS without taking, e.g. a refresh that fails or is cancelled: somebody may want it so. */
export const maxAcceptances = 3;

/** What is waited for is looked at again after this share of the time it has taken so far, so that a wait of hours costs few calls. */
const pauseShare = 0.05;
const longestPauseMs = 300_000;

/** How long a change is waited for, and the shortest pause between polls. */
export interface Patience {
  readonly maxMinutes: number;
  readonly pollSeconds: number;
}

export function patienceWith(change: Change, settle: Policy["settle"]): Patience {
  return { maxMinutes: changeFacts(change).patienceMinutes(change, settle), pollSeconds: settle.pollSeconds };
}

/** When to look again at what is waited for since `sinceMs`: no sooner than `pollSeconds`, and at the latest when the wait is given up. */
export function pollAgainMs(sinceMs: number, nowMs: number, { pollSeconds, maxMinutes }: Patience): number {
  const pauseMs = Math.max(pollSeconds * 1000, Math.min(longestPauseMs, pauseShare * (nowMs - sinceMs)));
  return Math.min(nowMs + pauseMs, sinceMs + maxMinutes * 60_000);
}

export type Refusal = "throttled" | "busy" | "no-capacity" | "denied" | "invalid" | "missing";

/** The pause before the next attempt after a refusal, growing; undefined where another attempt cannot help or was made often enough. */
export function retryPauseMs(refusal: Refusal, attempts: number, { pollSeconds }: Policy["settle"]): number | undefined {
  if (attempts >= maxAttempts) return undefined;
  const growing = (firstSeconds: number, longestSeconds: number): number => Math.min(longestSeconds, firstSeconds * 2 ** (attempts - 1)) * 1000;
  switch (refusal) {
    case "throttled":
      return growing(5, 300);
    case "busy":
      return growing(pollSeconds, 1800);
    case "no-capacity":
      return attempts >= 6 ? undefined : growing(300, 1800);
    case "denied":
    case "invalid":
    case "missing":
      return undefined;
    default:
      return refusal satisfies never;
  }
}
