import type { Policy } from "../model/policy.ts";
import type { SlotCounts } from "../model/window.ts";
import { type ErrorTally, grouped } from "./score-slot.ts";
import { percent } from "../model/percent.ts";

/**
 * Harm that needs no patience (research/safety.md §2, severe fast path); `slow` needs a second slot in a row. In words only for whoever asks: a
 * back-test finds thousands of such slots, and nobody reads them.
 */
export type Severity = { readonly kind: "none" } | { readonly kind: "severe" | "slow"; readonly detail: () => string };

export const notSevere: Severity = { kind: "none" };

/** What a slot's counts come to: `errorTally` and `p99Ratio`; `rareRatio` is what one slot in a thousand exceeds without any harm. */
export interface SevereSigns {
  readonly tally: ErrorTally | null;
  readonly ratio: number | null;
  readonly rareRatio: number;
}

const leastErrors = 20;

/** A p99 of twice the usual is severe, unless the baseline itself has spikes; then it is what lies this many times further out. */
const timesRare = 2.5;

/** One load balancer in one slot: no healthy host, an error rate of twice the limit with at least 20 errors, or a p99 of twice the usual. */
export function severityOf(counts: SlotCounts, { tally, ratio, rareRatio }: SevereSigns, policy: Policy["window"]): Severity {
  if (counts.status !== "complete") return notSevere;
  if (counts.healthyHosts === 0) return { kind: "severe", detail: () => "no healthy host" };
  if (tally !== null && tally.errors >= leastErrors && tally.requests >= (counts.requests === null ? leastErrors : policy.minRequestsForErrorRate)) {
    const rate = tally.errors / tally.requests;
    if (rate >= 2 * policy.maxErrorRate)
      return { kind: "severe", detail: () => `errors ${percent(rate, 2)} of ${grouped(tally.requests)} requests in one slot` };
  }
  if (ratio !== null && ratio >= 2 && ratio >= rareRatio ** timesRare && (counts.requests ?? 0) >= policy.minRequestsForP99)
    return { kind: "slow", detail: () => `p99 ×${ratio.toFixed(2)}` };
  return notSevere;
}
