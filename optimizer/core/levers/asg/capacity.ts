import type { Decision, Skip } from "../../model/rule.ts";
import { chooseCandidate } from "../../sizing/choose-size.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { routingObstacle } from "../target-group-routing.ts";
import { capacityAction } from "./capacity-action.ts";
import { blindness, boundsText, candidateOf, costOf, leastOf, maximumMisfit, type Resizing, running, runningOn, shortlist } from "./capacity-fit.ts";
import type { AutoScalingGroup } from "./group.ts";
import { proposedType, typeAfter } from "./instance-type.ts";
import { groupChecks } from "./group-checks.ts";
import { fineKeys } from "./load.ts";
import { type ReplayedPolicy, scalingOf, setByPolicies } from "./replayed-policies.ts";
import { askedByHour } from "./scaled-fleet.ts";
import { wantedByHour } from "./scaling.ts";
import type { GroupStudy } from "./study.ts";

/** Auto Scaling groups of more instances than their load needs, on the type they are proposed to run on, even with one zone lost. */
export const capacity: StudyRule<AutoScalingGroup, GroupStudy> = {
  id: "asg.capacity",
  phase: 2,
  title: "Fewer instances for Auto Scaling groups",
  cost: { service: "Amazon Elastic Compute Cloud - Compute", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["asg.size"],
  // Besides what the rule on the type, which it starts from, rests on.
  restsOn: ({ minSize, maxSize, availabilityZones }) => ({ minSize, maxSize, availabilityZones }),
  checks: (study) => groupChecks(study, typeAfter(study)),
  finer: ({ group }) => fineKeys(group),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: GroupStudy, subject: Subject): Decision {
  const { facts, group, load } = study;
  const { policy } = facts;
  const eligible = eligibility(study, subject);
  if (eligible.kind === "skip") return eligible;
  if (load === undefined) return skip(subject, "unsupported", `the capacity of ${group.instanceType} is not known`);

  const usual = load.usual(policy.rules.asgCapacity);
  const incomplete = firstIncompleteness(usual.series, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  if (!usual.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(usual.evidence), usual);

  const { policies } = eligible;
  const proposed = proposedType(study);
  const type = typeAfter(study);
  const wanted = policies.length === 0 ? undefined : wantedOf(study, policies, type);
  if (typeof wanted === "string") return skip(subject, "insufficient-data", wanted, usual);

  const resizing: Resizing = { study, load, type, wanted };
  const sets = shortlist(resizing);
  const options = sets.map((set) => ({ to: set.bounds, candidate: candidateOf(resizing, set) }));
  const demand = load.demandOn(Math.max(...sets.map(({ carrying }) => carrying)));
  const seen = [...usual.evidence, ...demand.evidence()];
  const chosen = chooseCandidate(policy, { from: boundsText(group), options, unknown: demand.unknown, blind: blindness(resizing) });
  if (chosen.kind === "none") return skip(subject, chosen.code, `on ${type}: ${chosen.detail}`, { evidence: seen, refused: chosen.refused });
  const { to, candidate, refused, reason, warnings } = chosen;
  const [before, after] = [running(resizing), runningOn(resizing, to)];
  if (after >= before)
    return skip(subject, "scaled", `${setByPolicies(policies)}, and would keep no fewer instances than today: nothing would be saved`, usual);
  const misfit = maximumMisfit(resizing);
  const against = policy.rules.decision === "literal" ? "the projection speaks against it: " : "";
  return {
    kind: "proposal",
    ...subject,
    from: boundsText(group),
    to: candidate.target,
    paidAs: group.instanceType,
    ...(type === group.instanceType ? {} : { runsOn: type }),
    reason: `${conditionText(usual.evidence)}; on ${type}${proposed === undefined ? "" : ", as proposed"}: ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: { before: costOf(resizing, before), after: costOf(resizing, after) },
    warnings: [...warnings, ...(misfit === undefined ? [] : [`${against}${misfit}`]), ...cautions(group, policies)],
    action: capacityAction(subject, group, to, { behind: proposed?.action.id, isScaled: policies.length > 0 }),
  };
}

/** Target tracking wants what each hour's load needs; policies of steps go on from the number that they came to before. */
function wantedOf(study: GroupStudy, policies: readonly ReplayedPolicy[], type: string): Float64Array | string {
  const tracking = policies.filter((policy) => policy.kind === "tracking");
  return tracking.length === policies.length ? wantedByHour(study, tracking, type) : askedByHour(study, policies, type, leastOf(study));
}

interface Eligible {
  readonly kind: "eligible";
  /** Those that set the desired number; none where nobody but the group's settings does. */
  readonly policies: readonly ReplayedPolicy[];
}

/** Everything that can be said before looking at any load. */
function eligibility(study: GroupStudy, subject: Subject): Skip | Eligible {
  const { facts, group } = study;
  const { targetDesired, targetMin } = facts.policy.rules.asgCapacity;
  const { ref, desiredCapacity, minSize, habits, availabilityZones: zones, targetGroupArns: targetGroups, loadBalancers } = group;
  const { scheduledActions } = habits;
  if (scheduledActions.length > 0)
    return skip(
      subject,
      "scaled",
      `its scheduled actions ${scheduledActions.join(", ")} set its size by numbers of their own: another one would last until the next of them`,
    );
  const scaling = scalingOf(group);
  switch (scaling.kind) {
    case "refused":
      return skip(subject, "scaled", scaling.detail);
    case "policies":
      if (minSize <= targetMin)
        return skip(
          subject,
          "scaled",
          `${setByPolicies(scaling.policies)}, down to its minimum of ${minSize}, which is not more than ${targetMin}: a smaller number would be set anew`,
        );
      break;
    case "fixed":
      if (desiredCapacity <= targetDesired) return skip(subject, "already-there", `${desiredCapacity} instances are not more than ${targetDesired}`);
      break;
  }
  const carrying = scaling.kind === "policies" ? minSize : desiredCapacity;
  if (carrying <= leastOf(study))
    return skip(subject, "already-there", `${carrying} instances in ${zones.length} zones are the fewest of which a lost zone leaves one`);
  const routing = routingObstacle(facts.inventory, { region: ref.region, zones, targetGroups, loadBalancers }, "fewer targets");
  if (routing !== undefined) return skip(subject, routing.code, routing.detail);
  return { kind: "eligible", policies: scaling.kind === "policies" ? scaling.policies : [] };
}

/** What to know of a group that may be made smaller all the same. */
function cautions({ habits, loadBalancers }: AutoScalingGroup, policies: readonly ReplayedPolicy[]): readonly string[] {
  const { suspendedProcesses, lifecycleHooks } = habits;
  return [
    ...(policies.length > 0 ? [`${setByPolicies(policies)}: the saving is that of the sizes they would have kept through the baseline`] : []),
    ...(suspendedProcesses.length > 0 ? [`somebody suspended its processes ${suspendedProcesses.join(", ")}: it does not scale by itself`] : []),
    ...(lifecycleHooks.length > 0 ? [`each instance that goes waits for the lifecycle hook ${lifecycleHooks.join(", ")}`] : []),
    ...(loadBalancers.length > 1 ? [`it stands behind ${loadBalancers.length} load balancers: harm at one of them is harm`] : []),
  ];
}
