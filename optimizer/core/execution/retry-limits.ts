import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { Policy } from "../model/policy.ts";

/** AWS is given this long to describe what it accepted: it promises no time, only that describes are eventually right. */
export const staleDescribeMs = 300_000;

/** Attempts of one step forward. A way back goes on for the policy's days instead, and a human is told after so many. */
export const maxAttempts = 12;

/** The same where AWS has no capacity: its own advice is to come back later. */
export const maxCapacityAttempts = 6;

const dayMs = 86_400_000;

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

/** Whether a row of polls without an answer, `polls` in `forMs`, has had all that the policy gives it. A first failure alone is no row. */
export function isGivenUpUnread({ polls, forMs }: { readonly polls: number; readonly forMs: number }, unreadable: Policy["unreadable"]): boolean {
  return polls >= unreadable.maxPolls || (polls >= 2 && forMs >= unreadable.maxMinutes * 60_000);
}

/** Until when a way back that began at `sinceMs` is tried again and again: what is live does harm, so that nothing but time ends it. */
export function wayBackEndsMs(sinceMs: number, { rollbackMaxDays }: Policy["settle"]): number {
  return sinceMs + rollbackMaxDays * dayMs;
}

/**
 * The pause before the next attempt after a refusal, growing; undefined where another attempt cannot help, or where enough were made: forward
 * by their number, on the way back (`wayBack`) by the time since it began.
 */
export function retryPauseMs(
  refusal: Refusal,
  attempts: number,
  settle: Policy["settle"],
  wayBack?: { readonly sinceMs: number; readonly nowMs: number },
): number | undefined {
  if (wayBack === undefined ? attempts >= maxAttempts : wayBack.nowMs >= wayBackEndsMs(wayBack.sinceMs, settle)) return undefined;
  const growing = (firstSeconds: number, longestSeconds: number): number => Math.min(longestSeconds, firstSeconds * 2 ** (attempts - 1)) * 1000;
  switch (refusal) {
    case "throttled":
      // Forward it is given up within half an hour; what goes on for days asks less often.
      return growing(5, wayBack === undefined ? 300 : 1800);
    case "busy":
      return growing(settle.pollSeconds, 1800);
    case "no-capacity":
      return wayBack === undefined && attempts >= maxCapacityAttempts ? undefined : growing(300, 1800);
    case "denied":
    case "invalid":
    case "missing":
      return undefined;
  }
}
