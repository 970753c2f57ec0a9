import { sameJson } from "../../../contract/canonical-json.ts";
import { capacities } from "../../../contract/capacities.ts";
import { ruleOf, rules } from "../levers/rules.ts";
import type { Action } from "../model/action.ts";
import type { FrozenBaseline } from "../model/observation.ts";
import type { Plan, PlannedPhase } from "../model/plan.ts";
import { policySchema } from "../model/policy.ts";
import type { PriceBook } from "../model/rule.ts";
import { redact } from "../model/secret-text.ts";
import { balancerReferences } from "../observation/balancer-reference.ts";
import { type CarriedOut, carriedOutOf } from "./build-plan.ts";
import { decideAll } from "./decide-all.ts";
import { ownerRegionOf } from "./owner-region.ts";

/**
 * What of a plan does not follow from the inventory, the policy and the baseline that it names, in words: it was edited by hand, or the rules
 * of this release decide otherwise. Whoever edits a plan can hash it anew, but cannot make its rules propose what was written into it.
 */
export function notBorneOut(plan: Plan, baseline: FrozenBaseline, prices: PriceBook): readonly string[] {
  const policy = policySchema.safeParse(plan.policy);
  if (!policy.success) return policy.error.issues.map(({ path, message }) => `its policy is none that this release takes: ${path.join(".")}: ${message}`);
  const owner = ownerRegionOf(plan.deployments);
  if (owner !== plan.ownerRegion) return [`its owner region is ${plan.ownerRegion}, and that of its outputs ${owner ?? "none"}`];
  const anew = madeAnew(plan, baseline, prices);
  const actions = [...new Set([...actionsIn(plan.phases).keys(), ...actionsIn(anew.phases).keys()])].flatMap((id) => otherwise(id, plan, anew));
  const balancers = anew.balancers.flatMap((usual) => {
    const planned = plan.balancers.find(({ region, loadBalancer }) => region === usual.region && loadBalancer === usual.loadBalancer);
    return isAlike(planned, usual) ? [] : [`${usual.loadBalancer}: what was usual of it is not what its baseline says`];
  });
  const all = [...actions, ...balancers];
  if (all.length > 0) return all;
  return [
    ...(isAlike(plan.phases, anew.phases) ? [] : ["its regions or actions are not in the order in which they are to act"]),
    ...(isAlike(plan.balancers, anew.balancers) ? [] : ["it judges windows by load balancers that its baseline has not seen"]),
  ];
}

function madeAnew(plan: Plan, baseline: FrozenBaseline, prices: PriceBook): CarriedOut {
  const { policy, inventory, ownerRegion, approvals = [] } = plan;
  const decisions = decideAll(rules, { policy, inventory, ownerRegion, baseline, capacities, prices });
  const proposed = new Set(
    decisions.flatMap((decision) => (decision.kind === "proposal" ? [decision.action, ...followUpsOf(decision)] : [])).map(({ id }) => id),
  );
  const skipped = plan.decisions.flatMap((decision) => (decision.kind === "skip" && decision.code === "phase-skipped" ? [ruleOf(decision.rule).phase] : []));
  return carriedOutOf({
    policy,
    ownerRegion,
    rules,
    decisions,
    balancers: balancerReferences(baseline, inventory, policy),
    skipPhases: skipped,
    // Who approved of what nobody proposes approved of nothing; such an action is told of as one that is not proposed.
    consent: {
      given: approvals.filter(({ action, by }) => by !== "policy" && proposed.has(action)).map(({ action, by }) => ({ given: action, by })),
      policy: policy.approvals,
    },
  });
}

function followUpsOf({ followUps = [] }: { readonly followUps?: readonly { readonly action: Action }[] }): readonly Action[] {
  return followUps.map(({ action }) => action);
}

function actionsIn(phases: readonly PlannedPhase[]): ReadonlyMap<string, Action> {
  return new Map(phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map((action) => [action.id, action] as const))));
}

function otherwise(id: string, plan: Plan, anew: CarriedOut): readonly string[] {
  const [planned, proposed] = [actionsIn(plan.phases).get(id), actionsIn(anew.phases).get(id)];
  if (proposed === undefined) return [`${id}: no rule proposes it by the plan's own baseline`];
  if (planned === undefined) return [`${id}: its rule proposes it, and the plan leaves it out`];
  return isAlike(planned, proposed) ? [] : [`${id}: by the plan's own baseline its rule proposes otherwise: ${proposed.summary}`];
}

/** As it is stored: what a plan must not hold is taken out of it before it is hashed. */
function isAlike(stored: unknown, made: unknown): boolean {
  return sameJson(stored ?? null, redact(made));
}
