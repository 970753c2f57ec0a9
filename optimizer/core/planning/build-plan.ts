import { Fault } from "../../errors.ts";
import { commitmentCapped } from "../money/commitment-cap.ts";
import { monthlyByService, type SeenCosts } from "../money/seen-costs.ts";
import { sumMonthly, withoutPart } from "../money/monthly.ts";
import { ownBill } from "../money/own-bill.ts";
import type { Action } from "../model/action.ts";
import type { MonthlyUsd } from "../model/money.ts";
import type { Deployments } from "../model/deployment.ts";
import type { Baseline } from "../model/observation.ts";
import type { Spending } from "../model/spending.ts";
import type { Approval, BalancerReference, Plan, PlannedPhase } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Inventory } from "../levers/resource-kinds.ts";
import { ruleOf } from "../levers/rules.ts";
import type { Decision, PriceBook, Proposal, Rule, Skip } from "../model/rule.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { skip } from "../sizing/skip.ts";
import { approvalsOf, type Consent } from "./approvals.ts";
import { calendarOf, watchedMinutes } from "./calendar.ts";
import { sortInventory } from "./decide-all.ts";
import { phasesOf, unjudgeable } from "./stages.ts";

/** Everything a plan is made from; nothing is read or looked up on the way. */
export interface PlanParts {
  readonly createdAtMs: number;
  readonly ownerRegion: string;
  readonly policy: Policy;
  readonly deployments: Deployments;
  readonly outputsHash: string;
  readonly inventory: Inventory;
  /** Those that decided. */
  readonly rules: readonly Rule[];
  readonly baseline: Pick<Baseline, "span" | "metricRequests">;
  readonly baselineHash: string;
  readonly decisions: readonly Decision[];
  readonly balancers: readonly BalancerReference[];
  readonly prices: PriceBook;
  /** Null where Cost Explorer could not be read. */
  readonly costs: SeenCosts | null;
  readonly spending: Spending;
  readonly costExplorerRequests: number;
  readonly skipPhases: readonly PhaseNumber[];
  readonly consent: Consent;
}

/** What of a plan is carried out, and what it is watched by. */
export type CarriedOut = Pick<Plan, "decisions" | "phases" | "balancers"> & { readonly approvals: readonly Approval[] };

/** From what the rules decided to stages: without what no window could judge, and what nobody approved of. */
export function carriedOutOf(parts: Pick<PlanParts, "policy" | "ownerRegion" | "rules" | "decisions" | "balancers" | "skipPhases" | "consent">): CarriedOut {
  const { policy, ownerRegion } = parts;
  const balancers = parts.balancers.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const possible = parts.decisions.map((decision) => (decision.kind === "proposal" ? leftOut(decision, { ...parts, balancers }) : decision));
  const approvals = approvalsOf(possible, parts.consent);
  const approved = new Set(approvals.map(({ action }) => action));
  const decisions = possible.flatMap((decision) => (decision.kind === "proposal" ? consented(decision, approved) : [decision]));
  const phases = phasesOf(
    decisions.filter((decision) => decision.kind === "proposal"),
    { ownerRegion, balancers, rollout: policy.rollout },
  );
  const planned = new Set(phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map(({ id }) => id))));
  return { decisions, phases, balancers, approvals: approvals.filter(({ action }) => planned.has(action)) };
}

/** From decisions to stages, calendar and money. Equal parts, in whatever order, make equal plans. */
export function buildPlan(parts: PlanParts): Plan {
  const { policy, inventory, prices, ownerRegion } = parts;
  const { decisions, phases, balancers, approvals } = carriedOutOf(parts);
  const proposals = decisions.filter((decision) => decision.kind === "proposal");
  const regions = [...new Set(balancers.map(({ region }) => region))];
  return {
    version: 2,
    createdAtMs: parts.createdAtMs,
    accountId: inventory.accountId,
    ownerRegion,
    policy,
    deployments: parts.deployments,
    outputsHash: parts.outputsHash,
    baselineHash: parts.baselineHash,
    baselineSpan: parts.baseline.span,
    inventory: sortInventory(inventory),
    decisions,
    phases,
    approvals,
    balancers,
    calendar: calendarOf(phases, policy),
    savings: {
      estimated: sumMonthly(proposals.map(({ savings }) => savings)),
      ...commitmentCapped(proposals, parts.costs, parts.rules),
      realizedSoFarUsd: null,
    },
    ...(parts.costs === null ? {} : { costs: { days: parts.costs.days, services: monthlyByService(parts.costs) } }),
    spending: parts.spending,
    bill: {
      collected: ownBill(prices, regions, { metricRequests: parts.baseline.metricRequests, costExplorerRequests: parts.costExplorerRequests }),
      runEstimate: ownBill(prices, regions, {
        metricRequests: runMetricRequests(phases, balancers, policy),
        // Of each region's services, and of commitments that nothing uses.
        costExplorerRequests: phases.some(({ stages }) => stages.length > 0) ? regions.length + 1 : 0,
      }),
    },
    prices: { source: prices.source, asOf: prices.asOf, hash: prices.hash },
  };
}

/** A proposal that this plan will not carry out becomes the skip that says why. */
function leftOut(proposal: Proposal, { rules, skipPhases, balancers, policy }: Pick<PlanParts, "rules" | "skipPhases" | "balancers" | "policy">): Decision {
  const { action, evidence, refused, reason } = proposal;
  const rule = ruleOf(proposal.rule, rules);
  if (rule.judgedBy === "never-executed") throw new Fault(`${rule.id} gives advice alone, and proposed ${action.id}`);
  if (skipPhases.includes(action.phase))
    return skip(proposal, "phase-skipped", `phase ${action.phase} was skipped on request; otherwise: ${reason}`, { evidence, refused });
  if (rule.judgedBy === "nothing-visible") return unwatched(proposal);
  const blind = unjudgeable(action.region, balancers, policy);
  return blind === undefined ? proposal : skip(proposal, "cannot-judge", `${blind}; otherwise: ${reason}`, { evidence, refused });
}

/** The run knows nothing of rules: that no window could show what an action does stands with the action. */
function unwatched({ action, followUps, ...proposal }: Proposal): Proposal {
  const judgedBy = "nothing-visible";
  const own = { ...proposal, action: { ...action, judgedBy } } as const;
  return followUps === undefined ? own : { ...own, followUps: followUps.map((each) => ({ ...each, action: { ...each.action, judgedBy } })) };
}

/** The proposal as far as it was approved of, and a skip for each action that waits for an approval; what would follow one waits with it. */
function consented(proposal: Proposal, approved: ReadonlySet<string>): readonly Decision[] {
  const needed = ({ id, approval }: Action): Action["approval"] => (approved.has(id) ? undefined : approval);
  const approval = needed(proposal.action);
  if (approval !== undefined) return [waiting(proposal, { ...proposal.action, approval }, proposal.savings)];
  const { followUps = [], ...alone } = proposal;
  const held = followUps.flatMap(({ action, savings: own }) => {
    const lacking = needed(action);
    return lacking === undefined ? [] : [{ action: { ...action, approval: lacking }, savings: own }];
  });
  if (held.length === 0) return [proposal];
  const kept = followUps.filter(({ action }) => needed(action) === undefined);
  const savings = held.reduce((sum, each) => withoutPart(sum, each.savings), proposal.savings);
  const { monthlyCost } = proposal;
  return [
    {
      ...alone,
      savings,
      ...(monthlyCost === undefined
        ? {}
        : { monthlyCost: { before: monthlyCost.before, after: sumMonthly([monthlyCost.after, ...held.map((each) => each.savings)]) } }),
      ...(kept.length === 0 ? {} : { followUps: kept }),
    },
    ...held.map((each) => waiting(proposal, each.action, each.savings)),
  ];
}

function waiting(proposal: Proposal, action: Action & Required<Pick<Action, "approval">>, savings: MonthlyUsd): Skip {
  const { id, summary, approval, cannotComeBack } = action;
  const { why } = approval;
  const withheld = { action: id, summary, savings, why, ...(cannotComeBack === undefined ? {} : { cannotComeBack }) };
  return { ...skip(proposal, "needs-approval", `${why}; otherwise: ${proposal.reason}`, { evidence: proposal.evidence, refused: proposal.refused }), withheld };
}

/** Series of a load balancer read in each slot: requests, two kinds of 5xx, p99, healthy hosts and how many samples those have. */
const seriesPerSlot = 6;

/** Each slot of each window reads every load balancer, changed or control; each brownout reads its probes as often. */
function runMetricRequests(phases: readonly PlannedPhase[], balancers: readonly BalancerReference[], { window }: Policy): number {
  return phases
    .flatMap(({ stages }) => stages)
    .reduce((sum, stage) => {
      const slots = Math.ceil(watchedMinutes(stage, window) / window.slotMinutes);
      const brownouts = stage.actions
        .flatMap(({ steps }) => steps)
        .reduce((probes, step) => probes + (step.kind === "brownout" ? step.probes.length * Math.ceil(step.minutes / window.slotMinutes) : 0), 0);
      return sum + slots * balancers.length * seriesPerSlot + brownouts;
    }, 0);
}

function placeOf({ region, loadBalancer }: BalancerReference): string {
  return `${region}|${loadBalancer}`;
}
