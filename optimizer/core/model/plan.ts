import type { Action, Round } from "./action.ts";
import type { Deployments } from "./deployment.ts";
import type { OwnBill, Savings } from "./money.ts";
import type { Span } from "./observation.ts";
import type { Policy } from "./policy.ts";
import type { Spending } from "./spending.ts";
import type { Inventory } from "../levers/resource-kinds.ts";
import type { Decision } from "./rule.ts";
import type { PhaseNumber } from "./rule-id.ts";

/** The actions of one region in one round of a phase. */
export interface PlannedStage {
  readonly region: string;
  /** Absent: 1, as in every plan of version 1. */
  readonly round?: Round;
  /** The canary acts first and soaks; followers act after it, the owner region last. */
  readonly role: "canary" | "follower";
  readonly actions: readonly Action[];
}

/** Stages in the order they act, round by round. A region without actions in a round has no stage in it. */
export interface PlannedPhase {
  readonly number: PhaseNumber;
  readonly stages: readonly PlannedStage[];
}

/**
 * What a load balancer looked like in the frozen baseline: enough to judge a window without asking for the baseline again.
 * Arrays of 168 are by hour of week, 0 = Monday 00:00 UTC; NaN is stored as null.
 */
export interface BalancerReference {
  readonly region: string;
  readonly loadBalancer: string;
  readonly p99SecondsByHour: readonly (number | null)[];
  readonly requestsPerSlotByHour: readonly (number | null)[];
  /** max(1, variance ÷ mean) of error counts: how bursty errors are. */
  readonly errorDispersion: number;
  readonly errorRate: number;
  /** Standard deviation and lag-1 autocorrelation of hourly log(p99 ÷ hour-of-week median). */
  readonly logP99Sigma: number;
  readonly logP99Autocorrelation: number;
  /** Share of slots with enough requests to be judged. */
  readonly conclusiveShare: number;
  readonly requestsPerSecond: number;
  /** p99 ÷ usual that one slot in a thousand exceeds without any harm; absent in plans of older versions. */
  readonly rareP99Ratio?: number;
  /** Standard deviation of a whole window's median log(p99 ÷ usual) without any harm, over all its hours and over the busy ones. */
  readonly windowNoise?: { readonly all: number; readonly busy: number };
  /** Outages and slow spells of the baseline: listed, and left out of everything above but the requests. */
  readonly incidents?: readonly BaselineIncident[];
  /** Share of 48-h windows of the baseline that the decision rule would have rolled back. */
  readonly falseRollbackShare: number;
  /** The smallest p99 increase that would probably be seen in a window, e.g. 0.35 for +35 %. */
  readonly smallestVisibleP99Increase: number;
  /** The same of an increase in the busiest quarter of the week's hours alone; absent where no hours are busier. */
  readonly smallestVisiblePeakP99Increase?: number;
  /** The smallest error rate that would be seen within eight hours. */
  readonly smallestVisibleErrorRate?: number;
}

/** Slots of the baseline in which the load balancer was so ill that they say nothing of what is usual. */
export interface BaselineIncident {
  readonly startMs: number;
  readonly endMs: number;
  readonly errorRate: number;
  /** Highest p99 ÷ usual; null where there was no latency. */
  readonly p99Ratio: number | null;
}

/** When what happens, from the policy's durations alone; minutes since the run's start. */
export interface CalendarEntry {
  readonly atMinutes: number;
  readonly phase: PhaseNumber;
  readonly region?: string;
  readonly round?: Round;
  readonly what: "brownout" | "act" | "soak-ends" | "window-ends";
}

/** Somebody's approval of one action; `by` is an operator, or `policy`. */
export interface Approval {
  readonly action: string;
  readonly by: string;
}

/** Versioned plain data: what `plan` writes and `run --plan` executes. */
export interface Plan {
  /** 1: before rounds, approvals and savings with unknown parts; read as it is. */
  readonly version: 1 | 2;
  readonly createdAtMs: number;
  readonly accountId: string;
  readonly ownerRegion: string;
  readonly policy: Policy;
  readonly deployments: Deployments;
  readonly outputsHash: string;
  readonly baselineHash: string;
  readonly baselineSpan: Span;
  readonly inventory: Inventory;
  readonly decisions: readonly Decision[];
  readonly phases: readonly PlannedPhase[];
  /** The approvals of those actions in `phases` that need one; absent in plans of version 1. */
  readonly approvals?: readonly Approval[];
  readonly balancers: readonly BalancerReference[];
  readonly calendar: readonly CalendarEntry[];
  readonly savings: Savings;
  /** The whole bill by region and service, US dollars a month from the days before; absent where Cost Explorer could not be read. */
  readonly costs?: { readonly days: number; readonly services: readonly { readonly region: string; readonly service: string; readonly monthlyUsd: number }[] };
  /** The bill of the months before, and the account's commitments; absent in plans of older releases. */
  readonly spending?: Spending;
  /** What collecting this plan cost, and what running it will cost. */
  readonly bill: { readonly collected: OwnBill; readonly runEstimate: OwnBill };
  readonly prices: { readonly source: string; readonly asOf: string; readonly hash: string };
}
