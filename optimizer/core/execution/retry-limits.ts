import type { Change } from "../levers/change-kinds.ts";
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

/** How long a change is waited for, and the shortest pause between looks. */
export interface Patience {
  readonly maxMinutes: number;
  readonly pollSeconds: number;
}

/** An index that is created has a longer wait of its own: giving it up would report a way back as failed that goes on well. */
export function patienceWith(change: Change, { maxMinutes, backfillMaxMinutes, pollSeconds }: Policy["settle"]): Patience {
  return { maxMinutes: change.kind === "dynamodb.index" && change.after !== null ? backfillMaxMinutes : maxMinutes, pollSeconds };
}

/** When to look again at what is waited for since `sinceMs`: no sooner than `pollSeconds`, and at the latest when the wait is given up. */
export function lookAgainMs(sinceMs: number, nowMs: number, { pollSeconds, maxMinutes }: Patience): number {
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
