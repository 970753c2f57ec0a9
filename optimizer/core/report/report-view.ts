import { keptActions } from "../adoption/kept-changes.ts";
import type { StageKey } from "../execution/effect.ts";
import type { Round } from "../model/action.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import type { RealizedSoFar, Savings } from "../model/money.ts";
import type { Plan } from "../model/plan.ts";
import type { Advice, Candidate, Decision, Proposal, Skip } from "../model/rule.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { ActionState, RunState, StageState } from "../model/run-state.ts";
import type { SlotScore, WindowVerdict } from "../model/window.ts";
import { keptPart } from "../money/kept-part.ts";
import { type PagedEvent, pagedEvents } from "../paging/paged-events.ts";
import { adviceOf } from "./advice.ts";
import { proposalsOf, skipsOf } from "./plan-blocks.ts";
import { recordLine } from "./record-lines.ts";

/** A stretch of slots with the same verdict. */
export interface SlotRun {
  readonly startMs: number;
  readonly endMs: number;
  readonly verdict: SlotScore["verdict"];
  readonly slots: number;
}

export interface WindowView {
  readonly phase: PhaseNumber;
  readonly region: string;
  readonly round: Round;
  readonly status: StageState["status"];
  readonly startMs: number;
  readonly deadlineMs: number;
  readonly stretches: readonly SlotRun[];
  readonly verdict?: WindowVerdict;
}

export interface ProposalView {
  readonly proposal: Proposal;
  /** What became of it; `not-run` before it begins. */
  readonly status: ActionState["status"] | "not-run";
  /** Applied, and its region passed its window. */
  readonly kept: boolean;
  readonly undo: readonly string[];
}

export interface RollbackView {
  readonly phase: PhaseNumber;
  readonly region: string;
  readonly round: Round;
  readonly verified: boolean;
  readonly reason: string;
  readonly undone: readonly string[];
}

export interface JournalLine {
  readonly seq: number;
  readonly atMs: number;
  readonly region: string | null;
  readonly type: JournalRecord["type"];
  readonly text: string;
}

/** Everything the dashboard and report.json show, from a run's plan, its journal and what Cost Explorer shows since. */
export interface ReportView {
  readonly runId: string;
  readonly planHash: string;
  readonly accountId: string;
  readonly regions: readonly string[];
  readonly startedAtMs: number;
  readonly lastRecordMs: number;
  /** null while the run is open. */
  readonly outcome: RunState["outcome"] | null;
  readonly savings: Savings;
  readonly realized: RealizedSoFar;
  /** What was applied and kept, by list prices: of a proposal with follow-ups only the share of those that were kept. */
  readonly keptSavings: readonly Proposal[];
  readonly spending: Plan["spending"];
  readonly bill: Plan["bill"];
  readonly prices: Plan["prices"];
  readonly proposals: readonly ProposalView[];
  readonly refused: readonly { readonly decision: Decision; readonly candidates: readonly Candidate[] }[];
  readonly tenants: readonly Skip[];
  readonly skips: readonly Skip[];
  readonly advice: readonly Advice[];
  readonly windows: readonly WindowView[];
  readonly rollbacks: readonly RollbackView[];
  readonly paged: readonly PagedEvent[];
  readonly journal: readonly JournalLine[];
  readonly notes: readonly string[];
}

export function reportView(plan: Plan, state: RunState, realized: RealizedSoFar): ReportView {
  const actions = new Map(
    state.phases.flatMap((phase) => phase.stages.flatMap((stage) => stage.actions.map((action) => [action.actionId, action.status] as const))),
  );
  const kept = new Set(keptActions(plan, state).map(({ action }) => action.id));
  const proposals = proposalsOf(plan).map((proposal) => ({
    proposal,
    status: actions.get(proposal.action.id) ?? ("not-run" as const),
    kept: kept.has(proposal.action.id),
    undo: proposal.action.rollback.map((step) => step.description),
  }));
  const skips = skipsOf(plan);
  return {
    runId: state.runId,
    planHash: state.planHash,
    accountId: plan.accountId,
    regions: plan.deployments.deployments.map((deployment) => deployment.region),
    startedAtMs: state.startedAtMs,
    lastRecordMs: state.records.at(-1)?.at ?? state.startedAtMs,
    outcome: state.outcome ?? null,
    savings: { ...plan.savings, realizedSoFarUsd: realized.kind === "seen" ? realized.usd : null },
    realized,
    keptSavings: proposals.flatMap(({ proposal }) => keptPart(proposal, kept) ?? []),
    spending: plan.spending,
    bill: plan.bill,
    prices: plan.prices,
    proposals,
    refused: plan.decisions.filter((decision) => decision.refused.length > 0).map((decision) => ({ decision, candidates: decision.refused })),
    tenants: skips.filter((skip) => skip.code === "tenant-resource"),
    skips: skips.filter((skip) => skip.code !== "tenant-resource"),
    advice: adviceOf(plan),
    windows: windowViews(state),
    rollbacks: rollbackViews(state),
    paged: pagedEvents(state),
    journal: journalLines(plan, state),
    notes: [...plan.deployments.warnings, ...plan.deployments.missing.map((each) => `${each.region}: no ${each.component} (${each.reason})`)],
  };
}

function windowViews(state: RunState): readonly WindowView[] {
  return state.phases.flatMap((phase) =>
    phase.stages.flatMap(({ region, round, status, window }) => {
      if (window === undefined) return [];
      const verdict = window.closed ?? breachOf(state, { phase: phase.number, region, round });
      return [
        {
          phase: phase.number,
          region,
          round,
          status,
          startMs: window.startMs,
          deadlineMs: window.deadlineMs,
          stretches: stretchesOf(window.slots),
          ...(verdict === undefined ? {} : { verdict }),
        },
      ];
    }),
  );
}

/** Neighbouring slots with one verdict as one stretch: 192 slots become a handful of bars. */
function stretchesOf(slots: readonly SlotScore[]): readonly SlotRun[] {
  const stretches: SlotRun[] = [];
  for (const slot of slots) {
    const last = stretches.at(-1);
    if (last !== undefined && last.verdict === slot.verdict && last.endMs === slot.startMs)
      stretches[stretches.length - 1] = { ...last, endMs: slot.endMs, slots: last.slots + 1 };
    else stretches.push({ startMs: slot.startMs, endMs: slot.endMs, verdict: slot.verdict, slots: 1 });
  }
  return stretches;
}

function rollbackViews(state: RunState): readonly RollbackView[] {
  return state.phases.flatMap((phase) =>
    phase.stages
      .filter(
        (stage) => stage.status === "rolled-back" || stage.status === "rollback-incomplete" || stage.status === "rolling-back" || stage.status === "confirming",
      )
      .map((stage) => ({
        phase: phase.number,
        region: stage.region,
        round: stage.round,
        verified: stage.status === "rolled-back",
        reason:
          stage.window?.closed?.detail ??
          stage.reason ??
          breachOf(state, { phase: phase.number, region: stage.region, round: stage.round })?.detail ??
          "requested",
        undone: stage.actions.filter((action) => action.status === "rolled-back").map((action) => action.actionId),
      })),
  );
}

/** The last one: a region may be watched anew after a human released it. */
export function breachOf(state: RunState, { phase, region, round }: StageKey): WindowVerdict | undefined {
  for (const record of state.records.toReversed()) {
    if (record.type === "DECISION" && record.body.kind === "breach" && record.phase === phase && record.region === region && (record.round ?? 1) === round)
      return record.body.verdict;
  }
  return undefined;
}

function journalLines(plan: Plan, state: RunState): readonly JournalLine[] {
  return state.records.flatMap((record) => {
    if (record.type === "SLOT" && record.body.watch === "window") return [];
    const line = recordLine(record, plan, state);
    if (line === undefined) return [];
    // The first two pieces are time and region, which have columns of their own here.
    const text = line
      .slice(2)
      .map((piece) => piece.text.trim())
      .join(": ");
    return [{ seq: record.seq, atMs: record.at, region: record.region, type: record.type, text }];
  });
}
