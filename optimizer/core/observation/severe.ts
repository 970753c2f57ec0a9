import type { Usual } from "./usual.ts";
import type { Policy } from "../model/policy.ts";
import type { SlotCounts } from "../model/window.ts";
import { errorTally, p99Ratio, percent } from "./score-slot.ts";

/** Harm that needs no patience (research/safety.md §2, severe fast path); `slow` needs a second slot in a row. */
export type Severity = { readonly kind: "none" } | { readonly kind: "severe" | "slow"; readonly detail: string };

const leastErrors = 20;

/** One balancer in one slot: no healthy host, an error rate of twice the limit with at least 20 errors, or a p99 of twice the usual. */
export function severityOf(startMs: number, counts: SlotCounts, reference: Usual, policy: Policy["window"]): Severity {
  if (counts.status !== "complete") return { kind: "none" };
  if (counts.healthyHosts === 0) return { kind: "severe", detail: "no healthy host" };
  const tally = errorTally(counts);
  if (tally !== null && tally.errors >= leastErrors && tally.requests >= (counts.requests === null ? leastErrors : policy.minRequestsForErrorRate)) {
    const rate = tally.errors / tally.requests;
    if (rate >= 2 * policy.maxErrorRate) return { kind: "severe", detail: `errors ${percent(rate)} of ${tally.requests} requests in one slot` };
  }
  const ratio = p99Ratio(startMs, counts, reference);
  if (ratio !== null && ratio >= 2 && (counts.requests ?? 0) >= policy.minRequestsForP99) return { kind: "slow", detail: `p99 ×${ratio.toFixed(2)}` };
  return { kind: "none" };
}
