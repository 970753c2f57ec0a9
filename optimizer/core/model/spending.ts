import type { Span } from "./observation.ts";

/**
 * What Cost Explorer shows of the account's bill over months, and of its reservations and Savings Plans. Told to people; no rule decides by it,
 * and nothing of it is ever bought.
 */
export interface Spending {
  /** Null where Cost Explorer could not be read, or shows no complete month yet. */
  readonly trend: MonthlyTrend | null;
  /** The days that coverage and utilization are about. */
  readonly span: Span;
  readonly coverage: readonly CommitmentCoverage[];
  readonly utilization: readonly CommitmentUtilization[];
  /** What AWS would have the account buy, for one year without anything upfront, by its last 30 days. */
  readonly recommendations: readonly PurchaseRecommendation[];
  /** What Cost Explorer did not tell, each with its reason: `none` where the account has no such thing, as far as AWS answers. */
  readonly unread: readonly { readonly kind: "none" | "failed"; readonly what: string; readonly reason: string }[];
}

/** Complete calendar months of UTC, oldest first, and the running one apart from them. */
export interface MonthlyTrend {
  /** `2026-05`. */
  readonly months: readonly [string, ...string[]];
  /** The month that is not complete; `days` of it are. Null where none of its days is. */
  readonly running: { readonly month: string; readonly days: number } | null;
  /** By region and service, the dearest of the last complete month first. */
  readonly services: readonly ServiceTrend[];
}

/** Amortized US dollars a month of 730 hours, so that a short month is not a cheaper one. */
export interface ServiceTrend {
  readonly region: string;
  readonly service: string;
  /** One for each of the trend's `months`. */
  readonly monthlyUsd: readonly number[];
  /** The running month at the pace of its complete days; null where it has none. */
  readonly runningMonthlyUsd: number | null;
  /** By how much a month costs more than the one before it: the median of all pairs of months (Theil–Sen). Null with fewer than two months. */
  readonly risingUsd: number | null;
}

/** A kind of commitment; reservations are asked for by service, since AWS answers them so. */
export type CommitmentScope = { readonly kind: "reservation"; readonly service: string } | { readonly kind: "savings-plan" };

/** How much of what could be covered is. */
export interface CommitmentCoverage {
  readonly kind: CommitmentScope["kind"];
  readonly service: string;
  /** Reservations are told by region, Savings Plans for all regions. */
  readonly region?: string;
  /** 0 to 1: of running hours for reservations, of spend at on-demand rates for Savings Plans. */
  readonly coveredShare: number;
}

/** How much of what is paid for anyway is used. */
export interface CommitmentUtilization {
  readonly kind: CommitmentScope["kind"];
  readonly service?: string;
  /** 0 to 1. */
  readonly usedShare: number;
  /** Paid for in the span, and used by nothing, US dollars. */
  readonly unusedUsd: number;
}

export interface PurchaseRecommendation {
  readonly kind: CommitmentScope["kind"];
  readonly service?: string;
  /** What to buy, e.g. `6 × m5.4xlarge in us-west-2`, `$1.20 an hour`. */
  readonly what: string;
  /** US dollars, as AWS estimates it from today's usage: before the changes that are proposed here. */
  readonly monthlySavingsUsd: number;
}
