/** A part of an amount that is not known, by name, e.g. `backup storage`; plans of version 1 gave none a name. */
export interface UnknownPart {
  readonly what?: string;
  readonly reason: string;
}

/** A monthly figure (730 hours) in US dollars. Unknown is said, never guessed as 0, and what is unknown of a sum never hides what is known of it. */
export type MonthlyUsd =
  | { readonly kind: "known"; readonly usd: number }
  /** `usd` is what is known of it. */
  | { readonly kind: "partly"; readonly usd: number; readonly unknown: readonly UnknownPart[] }
  | ({ readonly kind: "unknown"; readonly others?: readonly UnknownPart[] } & UnknownPart);

/** What Cost Explorer says of one service and usage in a region. */
export interface CostLine {
  readonly region: string;
  readonly service: string;
  readonly instanceType?: string;
  readonly purchaseType?: "on-demand" | "reserved" | "savings-plan" | "other";
  /** Amortized US dollars over the asked days. */
  readonly amortizedUsd: number;
  /** The same after the discounts that AWS gives the account; absent where its management account keeps them from being told. */
  readonly netAmortizedUsd?: number;
  readonly unblendedUsd: number;
  /** What was paid on each of the asked days, after discounts where they are told; absent where days were not asked for. */
  readonly byDay?: readonly number[];
}

/** What the account really pays of a list price: net amortized ÷ amortized cost of what runs on demand, 1 without a discount. */
export interface EffectiveRate {
  readonly region: string;
  readonly service: string;
  readonly rate: number;
}

/** The three kinds of saving are three figures and are never added up. */
export interface Savings {
  /** List price difference of all proposals. */
  readonly estimated: MonthlyUsd;
  /** Estimate at the account's effective rates where they are known, capped by what is really paid on demand today. */
  readonly commitmentCapped: MonthlyUsd;
  /**
   * What commitments could make of it: `low` where reservations are bound to the size they are for, `high` where what is freed covers other
   * usage that is paid on demand today. Absent where that is the same, and in plans of older releases.
   */
  readonly commitmentRange?: { readonly low: MonthlyUsd; readonly high: MonthlyUsd };
  /** The effective rates of the services that something is saved on. The capped figure was multiplied by them. Absent where Cost Explorer tells none. */
  readonly effectiveRates?: readonly EffectiveRate[];
  /** Same weekdays before and after, at equal requests where these are what is paid for; from Cost Explorer and the journal, so far. Null before anything could be seen. */
  readonly realizedSoFarUsd: number | null;
}

/** What the tool's own AWS calls cost. */
export interface OwnBill {
  readonly metricRequests: number;
  readonly costExplorerRequests: number;
  readonly usd: number;
}

/** Savings really seen, from Cost Explorer and the journal: US dollars so far, of whole days, by region and service. */
export type RealizedSoFar =
  | {
      readonly kind: "seen";
      readonly usd: number;
      readonly savings: readonly {
        readonly region: string;
        readonly service: string;
        readonly comparedAt: "equal-weekdays" | "equal-requests";
        readonly days: number;
        readonly usd: number;
      }[];
      readonly costExplorerRequests: number;
    }
  | { readonly kind: "not-yet"; readonly reason: string }
  | { readonly kind: "unread"; readonly reason: string };
