import type { UndoMinutes } from "../model/action.ts";
import type { EffectiveRate, MonthlyUsd, RealizedSoFar } from "../model/money.ts";
import type { Spending } from "../model/spending.ts";
import type { Advice, Evidence, ManualStep, OpenQuestion, Projection, Proposal, Skip, Withheld } from "../model/rule.ts";
import { sumMonthly } from "../money/monthly.ts";
import { utcMinute } from "../model/utc.ts";
import type { PagedEvent } from "../paging/paged-events.ts";
import type { ReportView } from "./report-view.ts";

/** `report.json`: the report for programs. Versioned; amounts are US dollars a month (730 h), shares are 0 to 1, times ISO 8601 UTC. */
export interface ReportJson {
  readonly version: 1;
  readonly run: { readonly id: string; readonly plan: string; readonly account: string; readonly regions: readonly string[]; readonly outcome: string | null };
  readonly timestamp: string;
  readonly startedAt: string;
  readonly savings: {
    readonly estimated: MonthlyUsd;
    readonly commitmentCapped: MonthlyUsd;
    /** What commitments could make of the capped figure; absent where they make no difference. */
    readonly commitmentRange?: { readonly low: MonthlyUsd; readonly high: MonthlyUsd };
    /** Net amortized ÷ list cost by region and service; absent where Cost Explorer tells none. */
    readonly effectiveRates?: readonly EffectiveRate[];
    readonly realizedSoFarUsd: number | null;
    readonly estimatedOfKeptChanges: MonthlyUsd;
  };
  /** Where the realized figure comes from, or why there is none. */
  readonly realized: RealizedSoFar;
  /** What the proposed changes are about costs at list prices: now, with all of them, and with those that were kept. */
  readonly monthlyCost: { readonly before: MonthlyUsd; readonly afterAll: MonthlyUsd; readonly afterKept: MonthlyUsd };
  /** The bill by month, and reservations and Savings Plans; absent where the plan is of an older release. */
  readonly spending?: Spending;
  readonly ownBillUsd: { readonly collected: number; readonly runEstimate: number };
  readonly resources: readonly ResourceJson[];
  readonly skipped: readonly SkipJson[];
  /** What a person may consider and nothing carries out; no part of `savings`. */
  readonly advice: readonly AdviceJson[];
  readonly rollbacks: ReportView["rollbacks"];
  /** Who was told outside of the terminal, and what could not be told; times ISO 8601 UTC. */
  readonly paged: readonly (Omit<PagedEvent, "atMs"> & { readonly at: string })[];
}

interface ResourceJson {
  readonly rule: string;
  readonly region: string;
  readonly resource: string;
  readonly part?: string;
  readonly before: string;
  readonly after: string;
  readonly status: string;
  readonly monthlyCostBefore: MonthlyUsd;
  readonly monthlyCostAfter: MonthlyUsd;
  readonly monthlySavings: MonthlyUsd;
  readonly kept: boolean;
  readonly utilization: readonly Projection[];
  readonly evidence: readonly Evidence[];
  readonly rollbackPlan: readonly string[];
  readonly undoMinutes: UndoMinutes;
}

interface SkipJson {
  readonly rule: string;
  readonly region: string;
  readonly resource: string;
  readonly part?: string;
  readonly code: string;
  readonly detail: string;
  /** Present for an action that waits for an approval: its id for `--approve`, and what it would save. */
  readonly withheld?: Withheld;
}

interface AdviceJson {
  readonly rule: string;
  readonly region: string;
  readonly resource: string;
  readonly part?: string;
  /** Further resources that it is about, of the same region. */
  readonly others: readonly string[];
  readonly summary: string;
  readonly reason: string;
  readonly savesAtMost: MonthlyUsd;
  readonly evidence: readonly Evidence[];
  readonly toFindOut: readonly OpenQuestion[];
  readonly warnings: readonly string[];
  /** What a person would do, in this order; empty where there is none. */
  readonly byHand: readonly ManualStep[];
}

export function reportJson(view: ReportView): ReportJson {
  return {
    version: 1,
    run: { id: view.runId, plan: view.planHash, account: view.accountId, regions: view.regions, outcome: view.outcome ?? null },
    timestamp: isoMinute(view.lastRecordMs),
    startedAt: isoMinute(view.startedAtMs),
    savings: { ...view.savings, estimatedOfKeptChanges: sumMonthly(view.keptSavings.map((proposal) => proposal.savings)) },
    realized: view.realized,
    monthlyCost: monthlyCosts(view),
    ...(view.spending === undefined ? {} : { spending: view.spending }),
    ownBillUsd: { collected: view.bill.collected.usd, runEstimate: view.bill.runEstimate.usd },
    resources: view.proposals.map(({ proposal, status, kept, undo }) => ({
      rule: proposal.rule,
      region: proposal.resource.region,
      resource: proposal.resource.id,
      ...(proposal.part === undefined ? {} : { part: proposal.part }),
      before: proposal.from,
      after: proposal.to,
      status,
      monthlyCostBefore: costOf(proposal, "before"),
      monthlyCostAfter: costOf(proposal, "after"),
      monthlySavings: proposal.savings,
      kept,
      utilization: proposal.chosen?.projections ?? [],
      evidence: proposal.evidence,
      rollbackPlan: undo,
      undoMinutes: proposal.action.undoMinutes,
    })),
    skipped: [...view.tenants, ...view.skips].map(skipJson),
    advice: view.advice.map(adviceJson),
    rollbacks: view.rollbacks,
    paged: view.paged.map(({ atMs, ...paged }) => ({ ...paged, at: isoMinute(atMs) })),
  };
}

function monthlyCosts({ proposals, keptSavings }: ReportView): ReportJson["monthlyCost"] {
  const sum = (cost: (proposal: Proposal) => MonthlyUsd): MonthlyUsd => sumMonthly(proposals.map(({ proposal }) => cost(proposal)));
  const kept = new Map(keptSavings.map((proposal) => [proposal.action.id, proposal]));
  return {
    before: sum((proposal) => costOf(proposal, "before")),
    afterAll: sum((proposal) => costOf(proposal, "after")),
    afterKept: sum((proposal) => {
      const own = kept.get(proposal.action.id);
      return own === undefined ? costOf(proposal, "before") : costOf(own, "after");
    }),
  };
}

function costOf({ monthlyCost, rule }: Proposal, side: "before" | "after"): MonthlyUsd {
  return monthlyCost?.[side] ?? { kind: "unknown", what: `cost of ${rule}`, reason: "the rule tells none" };
}

function skipJson({ rule, resource, part, code, detail, withheld }: Skip): SkipJson {
  return {
    rule,
    region: resource.region,
    resource: resource.id,
    ...(part === undefined ? {} : { part }),
    code,
    detail,
    ...(withheld === undefined ? {} : { withheld }),
  };
}

function adviceJson({ rule, resource, part, others, summary, reason, savesAtMost, evidence, toFindOut, warnings, byHand = [] }: Advice): AdviceJson {
  return {
    rule,
    region: resource.region,
    resource: resource.id,
    ...(part === undefined ? {} : { part }),
    others: others.map(({ id }) => id),
    summary,
    reason,
    savesAtMost,
    evidence,
    toFindOut,
    warnings,
    byHand,
  };
}

function isoMinute(ms: number): string {
  return `${utcMinute(ms).replace(" ", "T")}Z`;
}
