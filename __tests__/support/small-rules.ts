import type { Action } from "../../optimizer/core/model/action.ts";
import type { ResourceKind, ResourceRef } from "../../optimizer/core/model/resource-ref.ts";
import type { Proposal, Rule } from "../../optimizer/core/model/rule.ts";
import type { PhaseNumber } from "../../optimizer/core/model/rule-id.ts";
import { resourcesOf } from "../../optimizer/core/levers/resource-kinds.ts";

/** A rule that proposes one change of each resource of its kind: for tests of what becomes of proposals, whatever rules exist. */
export function aRule(id: Rule["id"], resourceKind: ResourceKind, phase: PhaseNumber, overrides: Partial<Rule> = {}): Rule {
  const rule: Rule = {
    id,
    phase,
    resourceKind,
    looksCloser: true,
    title: `The rule ${id}`,
    cost: { service: `the service of ${id}`, commitment: "none" },
    judgedBy: "load-balancers",
    changes: [],
    restsOn: () => ({}),
    demands: () => [],
    refinements: () => [],
    decide: ({ inventory }) => resourcesOf(inventory, resourceKind).map(({ ref }) => aProposal(rule, ref)),
    ...overrides,
  };
  return rule;
}

/** A proposal of 100 USD a month; its action has no steps unless given. */
export function aProposal(rule: Pick<Rule, "id" | "phase">, resource: ResourceRef, overrides: Partial<Proposal> = {}, action: Partial<Action> = {}): Proposal {
  return {
    kind: "proposal",
    rule: rule.id,
    resource,
    from: "large",
    to: "small",
    reason: "it is idle",
    evidence: [],
    refused: [],
    risk: 0,
    savings: { kind: "known", usd: 100 },
    warnings: [],
    ...overrides,
    action: {
      id: `${rule.id}:${resource.region}:${resource.id}`,
      rule: rule.id,
      phase: rule.phase,
      region: resource.region,
      resource,
      summary: `${resource.id}: large → small`,
      steps: [],
      rollback: [],
      reversibility: "immediate",
      undoMinutes: 1,
      disruptions: [],
      writeBack: [],
      ...action,
    },
  };
}
