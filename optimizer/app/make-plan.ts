import { count } from "../core/report/figures.ts";
import { capacities } from "../../contract/capacities.ts";
import { UserError } from "../../contract/user-error.ts";
import type { Deployments } from "../core/model/deployment.ts";
import type { Baseline } from "../core/model/observation.ts";
import type { Policy } from "../core/model/policy.ts";
import type { PriceBook } from "../core/model/rule.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import { balancerReferences } from "../core/observation/balancer-reference.ts";
import { type GivenApproval, refuseUnknownRules, unusedApprovals } from "../core/planning/approvals.ts";
import { buildPlan } from "../core/planning/build-plan.ts";
import { decideAll, sortInventory } from "../core/planning/decide-all.ts";
import { ownerRegionOf } from "../core/planning/owner-region.ts";
import { refuseUnwritableNames } from "../core/planning/sizing-names.ts";
import { unusedShares } from "../core/planning/unused-shares.ts";
import { rules } from "../core/levers/rules.ts";
import type { Clock } from "../ports/clock.ts";
import type { CommitmentReader } from "../ports/commitments.ts";
import type { CostReader } from "../ports/costs.ts";
import type { IdentityReader, InventoryReader } from "../ports/inventory.ts";
import type { MetricReader } from "../ports/metrics.ts";
import type { Reporter } from "../ports/reporter.ts";
import type { MadePlan } from "../ports/run-store.ts";
import { baselineSpan, collectBaseline } from "./collect-baseline.ts";
import { collectInventory } from "./collect-inventory.ts";
import { collectSpending, commitmentScopes, costRequests, seenCosts } from "./collect-costs.ts";
import { refuseOtherOwner } from "./preflight.ts";
import { refuseForeignTopic } from "./refuse-foreign-topic.ts";

export interface PlanInput {
  readonly deployments: Deployments;
  /** SHA-256 of the outputs as given. */
  readonly outputsHash: string;
  readonly policy: Policy;
  readonly skipPhases: readonly PhaseNumber[];
  /** What was approved of on the command line. */
  readonly approvals: readonly GivenApproval[];
  /** What reading metrics and costs may cost, US dollars. */
  readonly maxCostUsd: number;
}

/** What planning looks through: readers only. */
export interface PlanPorts {
  readonly identity: IdentityReader;
  readonly inventory: InventoryReader;
  readonly metrics: MetricReader;
  readonly costs: CostReader;
  readonly commitments: CommitmentReader;
  readonly prices: PriceBook;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Raised: rejects with its reason before the next stage. */
  readonly signal?: AbortSignal;
}

/** Outputs → identity → inventory → baseline → costs → decisions → plan. Changes nothing. */
export async function makePlan(input: PlanInput, ports: PlanPorts): Promise<MadePlan> {
  const { deployments, policy } = input;
  const { reporter, prices } = ports;
  refuseUnknownRules(
    { given: input.approvals, policy: policy.approvals },
    rules.map(({ id }) => id),
  );
  const ownerRegion = ownerRegionOf(deployments);
  if (ownerRegion === undefined) {
    throw new UserError({
      code: "no-deployment",
      message: "the outputs name no region",
      hint: "pass what `terraform output -json` prints of at least one stack",
    });
  }
  refuseUnwritableNames(deployments);
  reporter.tell({ kind: "study", part: "outputs", detail: deployments.deployments.map(({ region }) => region).join(", ") });
  for (const warning of deployments.warnings) reporter.tell({ kind: "warning", message: warning });
  for (const { region, component, reason } of deployments.missing) reporter.tell({ kind: "warning", message: `${region}: ${component} is skipped: ${reason}` });

  const stopIfAsked = (): void => ports.signal?.throwIfAborted();
  stopIfAsked();
  const identity = await ports.identity.whoAmI(ownerRegion);
  refuseOtherOwner(deployments, identity);
  refuseForeignTopic(policy.paging, identity);
  const { accountId } = identity;
  const inventory = sortInventory(await collectInventory(accountId, deployments, ports.inventory, reporter));
  stopIfAsked();
  refuseBlindness(inventory.failedRegions, deployments);
  for (const message of unusedShares(inventory, policy)) reporter.tell({ kind: "warning", message });
  const facts = { policy, capacities, prices, ownerRegion };
  const nowMs = ports.clock.nowMs();
  const scopes = commitmentScopes(rules, inventory);
  const budget = { maxUsd: input.maxCostUsd, costExplorerRequests: costRequests(deployments, scopes) };
  const baseline = await collectBaseline({ inventory, rules, facts, span: baselineSpan(nowMs, policy), budget }, ports.metrics, reporter);
  stopIfAsked();
  const costs = await seenCosts(deployments, nowMs, ports.costs, reporter);
  stopIfAsked();
  const spending = await collectSpending(deployments, scopes, nowMs, ports);
  stopIfAsked();

  reporter.tell({ kind: "study", part: "decide", detail: `${rules.length} rules` });
  const decisions = decideAll(rules, { ...facts, inventory, baseline });
  for (const message of unusedApprovals(decisions, policy.approvals)) reporter.tell({ kind: "warning", message });
  const balancers = balancerReferences(baseline, inventory, policy);
  reporter.tell({
    kind: "study",
    part: "plan",
    detail: count(decisions.length, "decision"),
  });
  // Where the outputs lay is no part of a plan: equal outputs make equal plans.
  const { owner: _checked, ...planned } = deployments;
  const frozen = alone(baseline);
  const parts = {
    ...input,
    deployments: planned,
    consent: { given: input.approvals, policy: policy.approvals },
    createdAtMs: nowMs,
    ownerRegion,
    inventory,
    rules,
    baseline: frozen,
    decisions,
    balancers,
    prices,
    costs,
    spending,
    costExplorerRequests: ports.costs.requestsMade() + ports.commitments.requestsMade(),
  };
  return { baseline: frozen, planOn: (baselineHash) => buildPlan({ ...parts, baselineHash }) };
}

/** Without the coarser one: what was found out of that need not be kept until the plan is stored. */
function alone({ span, observations, metricRequests }: Baseline): Baseline {
  return { span, observations, metricRequests };
}

function refuseBlindness(failedRegions: Readonly<Record<string, string>>, { deployments }: Deployments): void {
  if (!deployments.every(({ region }) => Object.hasOwn(failedRegions, region))) return;
  throw new UserError({
    code: "no-region-readable",
    message: `no region could be read: ${Object.entries(failedRegions)
      .map(([region, reason]) => `${region} (${reason})`)
      .join("; ")}`,
    hint: "check the credentials, the permissions to describe these resources, and the network",
  });
}
