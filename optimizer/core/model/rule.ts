import type { Action } from "./action.ts";
import type { Baseline, SeriesKey, Statistic, Unit } from "./observation.ts";
import type { Capacities } from "../../../contract/capacities.ts";
import type { MonthlyUsd } from "./money.ts";
import type { Policy } from "./policy.ts";
import type { ChangeKind } from "../levers/change-kinds.ts";
import type { Inventory, Resource } from "../levers/resource-kinds.ts";
import type { ResourceKind, ResourceRef } from "./resource-ref.ts";
import type { PhaseNumber, RuleId } from "./rule-id.ts";

/** Why a rule proposes nothing for a resource. */
export type SkipCode =
  | "tenant-resource"
  | "insufficient-data"
  | "threshold-not-met"
  | "does-not-fit"
  | "scaled"
  | "still-read"
  | "no-counterpart"
  | "already-there"
  | "cannot-judge"
  | "not-owner"
  | "needs-approval"
  | "shared"
  | "unsupported"
  | "not-found"
  | "unreadable"
  | "failover-required"
  | "phase-skipped";

/** A figure a decision rests on: never a bare number. */
export interface Evidence {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit | "Connections" | "Queries/Week" | "Ratio" | "Days" | "Gbps" | "Correlation";
  readonly statistic:
    | Statistic
    | `${"p95" | "p99.5"} of ${"hourly" | "5-minute"} ${"averages" | "maxima"}`
    | "p0.5 of hourly averages"
    | "worst whole week"
    | "rank correlation of hours, without the usual week"
    | "highest hour"
    | "as AWS counts it, every 6 hours"
    | "share of expected points";
  readonly periodSeconds: number;
  /** Points found ÷ points expected, 0 to 1. */
  readonly completeness: number;
  /** Series the figure was made from (`seriesId`). */
  readonly series: readonly string[];
  readonly limit?: number;
  /** Start of the hour it was measured in, where it is about one. */
  readonly atMs?: number;
}

/** Utilization after the change in one dimension: 1 is full. Fits when ≤ `limit`. */
export interface Projection {
  readonly dimension:
    | "cpu"
    | "memory"
    | "network"
    | "ebs"
    | "connections"
    | "local storage"
    | "duration"
    | "latency"
    | "concurrency"
    | "capacity"
    | "scale-up"
    | "cost"
    | "instances";
  readonly current: number;
  readonly projected: number;
  readonly limit: number;
  readonly fits: boolean;
  /** How the figure was made, e.g. `p99.5 26 % × (16 × 15) ÷ (8 × 10), one zone of three lost`. */
  readonly method: string;
  /** Set where it is the highest sample of the baseline, which was in the hour `atMs`: with nothing lost, or of all that a lost zone or member leaves; else the p99.5 with one lost. */
  readonly worstHour?: {
    readonly atMs: number;
    /** Hours of the few days whose highest sample is above the usual limit; none where such days are common. */
    readonly rarePeaksMs: readonly number[];
  };
}

/** A target that was examined; the worst dimension is the risk. */
export interface Candidate {
  readonly target: string;
  readonly projections: readonly Projection[];
  readonly fits: boolean;
  readonly monthlySavings: MonthlyUsd;
}

export interface Proposal {
  readonly kind: "proposal";
  readonly rule: RuleId;
  readonly resource: ResourceRef;
  /** Part of the resource the proposal is about, e.g. an index name. */
  readonly part?: string;
  readonly from: string;
  readonly to: string;
  /** The type under which Cost Explorer shows it, where `from` says more than that. */
  readonly paidAs?: string;
  /** Which commitments may pay for it, where that is not what its rule says of all. */
  readonly commitment?: Commitment;
  /** The type that it saves instances of, where another proposal brings that one first. */
  readonly runsOn?: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  /** The candidate taken; absent for rules without capacity arithmetic. */
  readonly chosen?: Candidate;
  /** Candidates refused, the requirement's target first. */
  readonly refused: readonly Candidate[];
  /** 0 (none) to 1 (full): the worst projected dimension. */
  readonly risk: number;
  readonly savings: MonthlyUsd;
  /** What is changed costs at list prices, before and after; their difference is `savings`. */
  readonly monthlyCost?: { readonly before: MonthlyUsd; readonly after: MonthlyUsd };
  readonly warnings: readonly string[];
  readonly action: Action;
  /** Further actions that follow it, each with its share of `savings`: what is not kept of them is not claimed. */
  readonly followUps?: readonly FollowUp[];
}

/** An action that follows another one's pass (`after`), watched and undone like any other. */
export interface FollowUp {
  readonly action: Action;
  readonly savings: MonthlyUsd;
  /** Where it changes another type than the proposal's own: under which Cost Explorer shows that, and what it costs afterwards. */
  readonly paid?: { readonly as: string; readonly costAfter: MonthlyUsd };
}

export interface Skip {
  readonly kind: "skip";
  readonly rule: RuleId;
  readonly resource: ResourceRef;
  readonly part?: string;
  readonly code: SkipCode;
  readonly detail: string;
  readonly evidence: readonly Evidence[];
  readonly refused: readonly Candidate[];
  /** What waits for an approval, with the code `needs-approval`. */
  readonly withheld?: Withheld;
}

/** An action that is not carried out because nobody approved of it. */
export interface Withheld {
  /** Its id: `--approve` takes exactly this. */
  readonly action: string;
  readonly summary: string;
  /** What it would save. */
  readonly savings: MonthlyUsd;
  /** Why it needs an approval. */
  readonly why: string;
  readonly cannotComeBack?: string;
}

/**
 * What a person may consider and this program never does: it names no action and no change, so that nothing could carry it out. It counts into
 * no saving that is proposed.
 */
export interface Advice {
  readonly kind: "advice";
  readonly rule: RuleId;
  readonly resource: ResourceRef;
  readonly part?: string;
  /** The other resources that it is about. */
  readonly others: readonly ResourceRef[];
  /** What to consider, in a few words. */
  readonly summary: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly refused: readonly Candidate[];
  /** What it would save at most. */
  readonly savesAtMost: MonthlyUsd;
  /** What the figures cannot tell, each with the command by which a person finds out. */
  readonly toFindOut: readonly OpenQuestion[];
  readonly warnings: readonly string[];
  /** What that person would do, in this order; absent where there is no order, and in plans of older releases. */
  readonly byHand?: readonly ManualStep[];
}

/** A step that somebody takes by hand, under a name of its own, so that whoever was interrupted finds where to go on. */
export interface ManualStep {
  readonly name: string;
  readonly what: string;
  /** Lines of a shell; the last of them end once the step is done. */
  readonly commands: readonly string[];
  /** How it is taken back, or what of it does not come back. */
  readonly back: { readonly kind: "comes-back"; readonly how: string } | { readonly kind: "lost"; readonly what: string };
}

export interface OpenQuestion {
  readonly question: string;
  /** As it can be pasted, but for names in angle brackets. */
  readonly command: string;
}

export type Decision = Proposal | Skip | Advice;

/** Everything a proposal would carry out, in order. */
export function actionsOf({ action, followUps = [] }: Proposal): readonly [Action, ...Action[]] {
  return [action, ...followUps.map((each) => each.action)];
}

/** USD for one unit of each kind. */
export interface DynamoDbPrices {
  readonly writeRequestUnit: number;
  readonly readRequestUnit: number;
  readonly storageGbMonth: number;
  readonly readCapacityHour: number;
  readonly writeCapacityHour: number;
}

/** USD for a GB and month, or for one request or object. */
export interface S3Prices {
  /** Of Intelligent-Tiering's frequent tier, which costs what Standard does: at the price of the largest volumes, since AWS adds up the account's. */
  readonly frequentGbMonth: number;
  readonly infrequentGbMonth: number;
  readonly archiveInstantGbMonth: number;
  readonly archiveGbMonth: number;
  readonly deepArchiveGbMonth: number;
  readonly monitoringObjectMonth: number;
  readonly standardIaGbMonth: number;
  readonly standardIaRetrievalGb: number;
  readonly standardIaGet: number;
  readonly get: number;
}

/** USD for a second of one GB; of memory at AWS's first tier, which ends at billions a month. */
export interface LambdaPrices {
  readonly gbSecond: number;
  /** For what a function's `/tmp` has above 512 MB. */
  readonly ephemeralStorageGbSecond: number;
}

/** USD for an hour of a vCPU or a GB of a task on Fargate, Linux. */
export interface FargatePrices {
  readonly vcpuHour: number;
  readonly gbHour: number;
  /** For what a task's disk has above 20 GiB. */
  readonly ephemeralStorageGbHour: number;
}

/** USD an hour by resource; `null` where the price is unknown. Never guessed. */
export interface PriceBook {
  readonly source: string;
  readonly asOf: string;
  readonly hash: string;
  ec2Hourly(region: string, instanceType: string): number | null;
  /** `storage`: standard where nothing is said. */
  auroraHourly(region: string, engine: string, instanceClass: string, storage?: "standard" | "io-optimized"): number | null;
  /** Of one Aurora capacity unit, whichever the engine. */
  auroraAcuHourly(region: string, storage: "standard" | "io-optimized"): number | null;
  /** Of one read from, or write to, standard storage; I/O-Optimized storage bills none. */
  auroraIoRequest(region: string): number | null;
  /** The price of an instance outside of clusters; with a standby (`multiAz`), the price of two. */
  rdsHourly(region: string, engine: string, instanceClass: string, multiAz: boolean): number | null;
  /** `engine`: Redis OSS where nothing is said; AWS asks less for `valkey`. */
  redisHourly(region: string, nodeType: string, engine?: string): number | null;
  /** Of the class STANDARD where none is named. */
  dynamoDb(region: string, tableClass?: "STANDARD" | "STANDARD_INFREQUENT_ACCESS"): DynamoDbPrices | null;
  s3(region: string): S3Prices | null;
  lambda(region: string, architecture: "x86_64" | "arm64"): LambdaPrices | null;
  fargate(region: string, architecture: "x86_64" | "arm64"): FargatePrices | null;
  metricRequest(region: string): number | null;
  costExplorerRequest(): number;
}

/** Everything a rule may look at. */
export interface RuleFacts {
  readonly inventory: Inventory;
  readonly baseline: Baseline;
  readonly policy: Policy;
  readonly capacities: Capacities;
  readonly prices: PriceBook;
  /** Region of the stack that owns the global tables and databases; the first deployment named `primary`, else the first region. */
  readonly ownerRegion: string;
}

/**
 * Which commitments may pay for what a rule changes, so that it goes on being paid:
 *
 * - `instance-type`: reservations bound to a type or its family, and Savings Plans;
 * - `capacity`: reserved capacity that any table of the region uses and no request does, and Savings Plans;
 * - `usage`: Savings Plans, by the dollar; https://docs.aws.amazon.com/savingsplans/latest/APIReference/API_SavingsPlanOfferingRate.html lists of what;
 * - `none`: nobody can commit to it.
 */
export type Commitment = "instance-type" | "capacity" | "usage" | "none";

/** What a rule says of itself, apart from what it decides. */
export interface RuleDeclaration {
  readonly id: RuleId;
  readonly phase: PhaseNumber;
  readonly title: string;
  /** Where the money shows: Cost Explorer's name of the service, and which commitments may pay for what changes. */
  readonly cost: {
    readonly service: string;
    readonly commitment: Commitment;
    /** What the service bills for is used by requests, so that its cost is compared at equal requests; else by the hour, whatever the traffic. */
    readonly billedBy?: "requests";
  };
  /**
   * What can tell whether the change did harm: the load balancers' errors and latency, or nothing that a window of days would show
   * (then the region needs no load balancer to be judged by). `never-executed`: the rule gives advice and changes nothing.
   */
  readonly judgedBy: "load-balancers" | "nothing-visible" | "never-executed";
  /** Every kind of change that an action of it may make, there and back: what whoever carries it out must be allowed to do. */
  readonly changes: readonly ChangeKind[];
  /** Why a window watches nothing of the changed resource beside the load balancers; absent where its actions have checks. */
  readonly nothingOfItsOwn?: string;
}

/** A pure function from inventory, baseline and policy to proposals and skips, and the series it needs for that. */
export interface Rule extends RuleDeclaration {
  readonly resourceKind: ResourceKind;
  /**
   * Whether a rule on this kind of resource may ask for series of 5 minutes once it has seen the hourly ones. What the others demand is read
   * along with those, in the room that is left in their calls: nothing that this rule looks at may be missing without it.
   */
  readonly looksCloser: boolean;
  /** Values of a resource of that kind that must still be so when a stored plan is run, by the names they are reported under. */
  restsOn(resource: Resource): Readonly<Record<string, unknown>>;
  /** Hourly series first (`periodSeconds` 3600); finer ones only where the finer figure could change the verdict. */
  demands(inventory: Inventory, policy: Policy): readonly SeriesKey[];
  /** Series of 5 minutes that would change the verdict, seen the hourly ones; empty when they would not. */
  refinements(facts: RuleFacts): readonly SeriesKey[];
  decide(facts: RuleFacts): readonly Decision[];
}
