/**
 * One load balancer in one slot, as AWS answered it. Counts are null where AWS had no point and no witness allows to read zero;
 * `p99Seconds` is null without traffic.
 */
export interface SlotCounts {
  readonly loadBalancer: string;
  readonly requests: number | null;
  readonly target5xx: number | null;
  readonly elb5xx: number | null;
  readonly p99Seconds: number | null;
  readonly healthyHosts: number | null;
  readonly status: "complete" | "partial" | "failed";
}

export interface SlotScore {
  readonly startMs: number;
  readonly endMs: number;
  readonly counts: readonly SlotCounts[];
  /** What this slot alone says. */
  readonly verdict: "pass" | "breach" | "inconclusive";
  readonly reason: string;
  /** What the changes that were in place promised of themselves. Absent where none did, and in runs of older releases. */
  readonly checks?: readonly CheckedValue[];
}

/** What an action's own check (`OwnCheck`) showed in one slot; null where AWS had no point and no witness allows to read zero. */
export interface CheckedValue {
  readonly name: string;
  readonly value: number | null;
}

/** What all slots so far say, and by how much. */
export interface WindowVerdict {
  readonly kind: "watching" | "pass" | "breach" | "hold" | "extend";
  readonly rule: "severe" | "sequential-errors" | "sequential-p99" | "literal" | "own-check" | "end-gate" | "coverage" | "traffic-lost" | "none";
  readonly detail: string;
  readonly loadBalancer?: string;
  /** Whole-window figures so far. */
  readonly errorRate: number | null;
  /** Null while watching. */
  readonly medianP99Ratio: number | null;
  readonly conclusiveShare: number;
  readonly slots: number;
}

/** How untouched regions differed from their usual in a window's slots, over all hours and over the busy ones. 1 and 0: not at all. */
export interface CommonShift {
  readonly all: { readonly p99Ratio: number; readonly errorRate: number };
  readonly busy: { readonly p99Ratio: number; readonly errorRate: number };
}
