import { oncePer } from "../model/once.ts";
import type { Round } from "../model/action.ts";
import type { Span } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";

const minuteMs = 60_000;

/** CloudWatch's periods begin at whole multiples of themselves, so slots do too. */
export function slotFloor(ms: number, { slotMinutes }: Policy["window"]): number {
  const slotMs = slotMinutes * minuteMs;
  return Math.floor(ms / slotMs) * slotMs;
}

export function slotCeil(ms: number, policy: Policy["window"]): number {
  return -slotFloor(-ms, policy);
}

const soakOf = oncePer((policy: Policy["window"]): Policy["window"] => ({ ...policy, minutes: policy.soakMinutes }));

/** What a round is watched by: the first for the policy's whole window, later ones for a soak. The same object for the same policy. */
export function windowPolicyOf(policy: Policy["window"], round: Round): Policy["window"] {
  return round === 1 ? policy : soakOf(policy);
}

/** The window of changes last made at `lastChangeMs`: whole slots, the one of the change included. */
export function windowSpan(lastChangeMs: number, policy: Policy["window"]): Span {
  return { startMs: slotFloor(lastChangeMs, policy), endMs: slotCeil(lastChangeMs + policy.minutes * minuteMs, policy) };
}

/** The slot that begins at `startMs`. */
export function slotAt(startMs: number, { slotMinutes }: Policy["window"]): Span {
  return { startMs, endMs: startMs + slotMinutes * minuteMs };
}

/** When a slot may be scored: AWS's newest points are incomplete for a while. */
export function slotDueMs({ endMs }: Span, { settleMinutes }: Policy["window"]): number {
  return endMs + settleMinutes * minuteMs;
}

/** Where the slots that are due end. */
export function dueThroughMs(nowMs: number, policy: Policy["window"]): number {
  return slotFloor(nowMs - policy.settleMinutes * minuteMs, policy);
}
