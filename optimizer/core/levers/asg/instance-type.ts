import type { AutoScalingGroup } from "./group.ts";
import type { Inventory } from "../resource-kinds.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision, Rule, RuleFacts } from "../../model/rule.ts";
import { monthlyCost, monthlyDifference } from "../../money/monthly.ts";
import { riskOf } from "../../sizing/projection.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import type { Reading } from "../../sizing/estimate.ts";
import { chooseSize, sameVerdict } from "../../sizing/choose-size.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { groupCondition, groupDemand, groupSize } from "./demand.ts";
import { fineKeys, hourlyKeys } from "./load.ts";
import { instanceTypeAction } from "./instance-type-action.ts";
import { mean } from "../../sizing/quantile.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { undescribedSkips } from "../../sizing/undescribed.ts";

/** Auto Scaling groups whose instances are larger than their load needs, even with one availability zone lost. */
export const instanceType: Rule = {
  id: "asg.instance-type",
  phase: 2,
  title: "Smaller instances for Auto Scaling groups",
  demands: (inventory) => groupsOf(inventory).flatMap(hourlyKeys),
  refinements: (facts) =>
    groupsOf(facts.inventory)
      .filter((group) => !sameVerdict(decide(facts, group, "careful"), decide(facts, group, "hopeful")))
      .flatMap(fineKeys),
  decide: (facts) => [
    ...undescribedSkips("asg.instance-type", "auto-scaling-group", facts.inventory),
    ...groupsOf(facts.inventory).map((group) => decide(facts, group, "careful")),
  ],
};

function groupsOf({ resources }: Inventory): readonly AutoScalingGroup[] {
  return resources.filter((resource) => resource.kind === "auto-scaling-group");
}

function decide(facts: RuleFacts, group: AutoScalingGroup, reading: Reading): Decision {
  const subject: Subject = { rule: instanceType.id, resource: group.ref };
  const { policy, capacities } = facts;
  const { target } = policy.rules.asgInstanceType;

  const tenant = tenantReason([group.tags], policy.tenantTags);
  if (tenant !== undefined) return skip(subject, "tenant-resource", tenant);
  if (group.runningInstanceTypes.some((type) => type !== group.instanceType)) {
    return skip(
      subject,
      "unsupported",
      `its instances are of ${group.runningInstanceTypes.join(", ")} while its template says ${group.instanceType}: a refresh is under way`,
    );
  }
  if (group.runningTemplateVersions.some((version) => version !== group.launchTemplateVersion)) {
    return skip(
      subject,
      "unsupported",
      `its instances run version ${group.runningTemplateVersions.join(", ")} of their template while it would launch version ${group.launchTemplateVersion}: replacing them would bring what nobody has watched yet`,
    );
  }
  const capacity = capacities.ec2(group.instanceType);
  const way = ladder(capacities.ec2Family(group.instanceType), group.instanceType, target);
  if (way.kind === "already-there") return skip(subject, way.kind, `${group.instanceType} is not larger than ${target}`);
  if (way.kind === "unsupported" || capacity === undefined)
    return skip(subject, "unsupported", way.kind === "unsupported" ? way.reason : `the capacity of ${group.instanceType} is not known`);

  const condition = groupCondition(facts, group, capacity, reading);
  const incomplete = firstIncompleteness(condition.series, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  if (!condition.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(condition.evidence), condition);

  const demand = groupDemand(facts, group, capacity, reading);
  const seen = [...condition.evidence, ...demand.evidence];
  const chosen = chooseSize(policy, { ...demand, from: group.instanceType, sizes: way.sizes, savings: (size) => savings(facts, group, size) });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { candidate, refused, reason, warnings } = chosen;
  return {
    kind: "proposal",
    ...subject,
    from: group.instanceType,
    to: candidate.target,
    reason: `${conditionText(condition.evidence)}; ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: cost(facts, group, group.instanceType), after: cost(facts, group, candidate.target) },
    warnings,
    action: instanceTypeAction(subject, group, candidate.target),
  };
}

function savings(facts: RuleFacts, group: AutoScalingGroup, target: string): MonthlyUsd {
  return monthlyDifference(priced(facts, group, group.instanceType), priced(facts, group, target), meanSize(facts, group));
}

function cost(facts: RuleFacts, group: AutoScalingGroup, type: string): MonthlyUsd {
  return monthlyCost(priced(facts, group, type), meanSize(facts, group));
}

function priced({ prices }: RuleFacts, { ref }: AutoScalingGroup, type: string): { readonly name: string; readonly hourlyUsd: number | null } {
  return { name: `${type} in ${ref.region}`, hourlyUsd: prices.ec2Hourly(ref.region, type) };
}

/** Over the baseline, where the group's own metrics are on. */
function meanSize(facts: RuleFacts, group: AutoScalingGroup): number {
  const { desired, byHour } = groupSize(facts, group);
  return byHour === undefined ? desired : mean(byHour.values);
}
