import type { Action, ChangeStep } from "../../model/action.ts";
import type { Candidate, Decision, Projection, Proposal } from "../../model/rule.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { chooseCandidate, limitsOf, unknownCapacities } from "../../sizing/choose-size.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { fleetNow } from "../../sizing/fleet-size.ts";
import { project, riskOf } from "../../sizing/projection.ts";
import { mean } from "../../sizing/quantile.ts";
import { worstHours } from "../../sizing/lost-zone.ts";
import { ladder } from "../../sizing/size-ladder.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { referenceOf, type TemplateReference } from "./changes.ts";
import { cautions } from "./eligibility.ts";
import type { AutoScalingGroup } from "./group.ts";
import { groupChecks } from "./group-checks.ts";
import { fineKeys } from "./load.ts";
import { refreshMinutes } from "./refresh-minutes.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import { type ReplayedPolicy, type Scaling, scalingOf, setByPolicies } from "./replayed-policies.ts";
import { fleetWords, replayedSavings, type ScaledFleet, scaledFleet } from "./scaled-fleet.ts";
import { changesLater } from "./schedule.ts";
import type { GroupLoad, GroupStudy } from "./study.ts";

/** Auto Scaling groups whose instances are larger than their load needs, even with one availability zone lost. */
export const instanceType: StudyRule<AutoScalingGroup, GroupStudy> = {
  id: "asg.instance-type",
  phase: 2,
  title: "Smaller instances for Auto Scaling groups",
  cost: { service: "Amazon Elastic Compute Cloud - Compute", commitment: "instance-type" },
  judgedBy: "load-balancers",
  changes: ["asg.instance-refresh", "asg.launch-template", "asg.refresh-stop", "ec2.launch-template-version"],
  restsOn: (group) => ({
    instanceType: group.instanceType,
    launchTemplate: group.launchTemplateId,
    launchTemplateReference: group.launchTemplateReference,
    launchTemplateVersion: group.launchTemplateVersion,
    runningInstanceTypes: group.runningInstanceTypes,
    billed: group.billed ?? { platforms: [], capacityReservations: [] },
    runningTemplateVersions: group.runningTemplateVersions,
    template: group.template,
    habits: lastingHabits(group),
    neighbours: group.neighbours,
    strangers: group.strangers ?? [],
    unread: group.unread,
    loadBalancers: group.loadBalancers,
    unevenZones: group.unevenZones ?? null,
  }),
  checks: (study) => groupChecks(study, typeAfter(study)),
  finer: ({ group }) => fineKeys(group),
  decide: (study) => [decided(study)],
};

/** Of an action that recurs AWS tells when it acts next, which is another time each day. */
function lastingHabits({ habits }: AutoScalingGroup): AutoScalingGroup["habits"] {
  const { schedules } = habits;
  if (schedules === undefined) return habits;
  return { ...habits, schedules: schedules.map((action) => (action.recurrence === null ? action : { ...action, startMs: null })) };
}

/** What the group is proposed to run on. Every other rule on it starts from there, so that no two can contradict one another. */
export function proposedType(study: GroupStudy): Proposal | undefined {
  const decision = decided(study);
  return decision.kind === "proposal" ? decision : undefined;
}

/** What the group will run on: what it is proposed to, or what it does today. */
export function typeAfter(study: GroupStudy): string {
  return proposedType(study)?.to ?? study.group.instanceType;
}

const decided = oncePerInStudy((study: GroupStudy) => decide(study, { rule: instanceType.id, resource: study.group.ref }));

function decide(study: GroupStudy, subject: Subject): Decision {
  const { facts, group, load } = study;
  const { policy, capacities } = facts;
  const { target } = policy.rules.asgInstanceType;
  const way = ladder(capacities.ec2Family(group.instanceType), group.instanceType, target);
  if (way.kind === "already-there") return skip(subject, way.kind, `${group.instanceType} is not larger than ${target}`);
  if (way.kind === "unsupported" || load === undefined)
    return skip(subject, "unsupported", way.kind === "unsupported" ? way.reason : `the capacity of ${group.instanceType} is not known`);

  const usual = load.usual(policy.rules.asgInstanceType);
  const incomplete = firstIncompleteness(usual.series, policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  if (!usual.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(usual.evidence), usual);

  const scaling = scalingOf(group);
  if (scaling.kind === "refused") return skip(subject, "scaled", scaling.detail, usual);
  const smaller = changesLater(group, facts.baseline.span.endMs);
  if (smaller !== undefined) return skip(subject, "scaled", smaller, usual);
  const fleets = scaling.kind === "policies" ? fleetsOn(study, scaling.policies, way.sizes) : nobodyMoves;
  if (typeof fleets === "string") return skip(subject, "insufficient-data", fleets, usual);

  const demand = load.demand();
  const seen = [...usual.evidence, ...demand.evidence()];
  const chosen = chooseCandidate(policy, {
    from: group.instanceType,
    options: way.sizes.map((to) => ({ to, candidate: candidateOn(study, load, to, fleets.get(to)) })),
    unknown: demand.unknown,
    blind: way.sizes.flatMap((target) => unknownCapacities(group.instanceType, demand.demands, target)),
  });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence: seen, refused: chosen.refused });
  const { candidate, refused, reason, warnings } = chosen;
  return {
    kind: "proposal",
    ...subject,
    from: group.instanceType,
    to: candidate.target,
    reason: `${conditionText(usual.evidence)}; ${reason}`,
    evidence: seen,
    chosen: candidate,
    refused,
    risk: riskOf(candidate.projections),
    savings: candidate.monthlySavings,
    monthlyCost: {
      before: monthlyCost(priced(study, group.instanceType), meanSize(study)),
      after: monthlyCost(priced(study, candidate.target), sizeAfter(study, fleets.get(candidate.target))),
    },
    warnings: [...warnings, ...cautions(group), ...scalingWords(study, scaling, fleets.get(candidate.target))],
    action: instanceTypeAction(subject, group, candidate.target),
  };
}

type Fleets = ReadonlyMap<string, ScaledFleet>;

const nobodyMoves: Fleets = new Map();

/** The group on each size, as its policies would have it, or why that cannot be told. */
function fleetsOn(study: GroupStudy, policies: readonly ReplayedPolicy[], sizes: readonly string[]): Fleets | string {
  const found = new Map<string, ScaledFleet>();
  for (const size of sizes) {
    const fleet = scaledFleet(study, policies, size);
    if (typeof fleet === "string") return fleet;
    found.set(size, fleet);
  }
  return found;
}

function candidateOn(study: GroupStudy, load: GroupLoad, target: string, fleet: ScaledFleet | undefined): Candidate {
  const { facts, group } = study;
  const limits = limitsOf(facts.policy);
  const { demands, hourly } = fleet === undefined ? load.demand() : load.demandByHour(fleet);
  const projections = [
    ...demands.flatMap((each) => project(each, group.instanceType, target, limits.usual) ?? []),
    ...(fleet?.bound === undefined ? [] : [fleet.bound]),
    ...slowdownsOn(study, load, target, fleet),
    ...worstHours(hourly, { from: group.instanceType, to: target, zones: study.size.zones, limits }),
  ];
  const monthlySavings = replayedSavings(priced(study, group.instanceType), priced(study, target), meanSize(study), sizeAfter(study, fleet));
  return { target, projections, fits: projections.every(({ fits }) => fits), monthlySavings };
}

/** By those that can be counted on: with what was asked for, or with what will be, whichever adds more. */
function slowdownsOn(study: GroupStudy, load: GroupLoad, target: string, fleet: ScaledFleet | undefined): readonly Projection[] {
  const now = load.slowdown(target, fleet?.carrying ?? fleetNow(study.size).values);
  const scaling = scalingOf(study.group);
  const today = fleet === undefined || scaling.kind !== "policies" ? undefined : scaledFleet(study, scaling.policies, study.group.instanceType);
  if (fleet === undefined || today === undefined || typeof today === "string") return now;
  const grown = load.grownSlowdown(target, { today: today.grown, afterwards: fleet.grown });
  return [...now, ...grown].toSorted((a, b) => b.projected - a.projected).slice(0, 1);
}

/** Instances that would run, on average. */
function sizeAfter(study: GroupStudy, fleet: ScaledFleet | undefined): number {
  return fleet === undefined ? meanSize(study) : mean(fleet.running);
}

/** Said where its policies would keep another number on the smaller type. */
function scalingWords(study: GroupStudy, scaling: Scaling, fleet: ScaledFleet | undefined): readonly string[] {
  const before = meanSize(study);
  if (scaling.kind !== "policies" || fleet === undefined || mean(fleet.running) === before) return [];
  return [`${setByPolicies(scaling.policies)}: they would keep ${fleetWords(fleet, before)}, and the saving is that of those`];
}

/** List prices are those of Linux. What another platform costs besides falls with the type by no rule: by the vCPU, by the size, or not at all. */
export function priced({ facts: { prices }, group: { ref, billed } }: GroupStudy, type: string): { readonly name: string; readonly hourlyUsd: number | null } {
  const { platforms = [] } = billed ?? {};
  if (platforms.length > 0) return { name: `${type} (${platforms.join(", ")}) in ${ref.region}`, hourlyUsd: null };
  return { name: `${type} in ${ref.region}`, hourlyUsd: prices.ec2Hourly(ref.region, type) };
}

/** Over the baseline, where the group's own metrics are on. */
export function meanSize({ size: { desired, byHour } }: GroupStudy): number {
  return byHour === undefined ? desired : mean(byHour.values);
}

/**
 * New template version → the group refers to it → instance refresh. The way back takes the same three toward the old type: AWS's own
 * rollback of a refresh is refused for SSM images and `$Latest`, and impossible once the refresh has ended.
 */
export function instanceTypeAction(subject: Subject, group: AutoScalingGroup, target: string): Action {
  const id = actionId(subject);
  const { instanceType: from, launchTemplateReference } = group;
  const reference = referenceOf(launchTemplateReference);
  const before: Referenced = { type: from, reference };
  // $Latest goes on being the latest. $Default would still be the old version, so that the new one is named by its number.
  const after: Referenced = { type: target, reference: reference === "$Latest" ? "$Latest" : "number" };
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: group.ref.region,
    resource: group.ref,
    summary: `${group.ref.id}: ${group.instanceType} → ${target}`,
    steps: moveTo(`${id}#forward`, group, before, after),
    rollback: [stopRefresh(`${id}#rollback`, group, target), ...moveTo(`${id}#rollback`, group, after, before)],
    reversibility: "slow",
    undoMinutes:
      group.warmUpSeconds === undefined
        ? { kind: "unknown", reason: "AWS does not tell how long its instances warm up" }
        : refreshMinutes(group.desiredCapacity, group.warmUpSeconds),
    disruptions: [],
    writeBack: [{ type: "aws_autoscaling_group", id: group.ref.id, property: "instanceType", operation: "set", value: target }],
  };
}

/** A refresh that is still replacing instances by the harmful type goes on doing so until it is cancelled. */
function stopRefresh(idPrefix: string, group: AutoScalingGroup, target: string): ChangeStep {
  return {
    kind: "change",
    id: `${idPrefix}:stop`,
    urgent: true,
    change: {
      kind: "asg.refresh-stop",
      region: group.ref.region,
      autoScalingGroup: group.ref.id,
      before: { refreshingTo: target },
      after: { refreshingTo: null },
    },
    description: `cancel the refresh of ${group.ref.id} to ${target}, where one is at work`,
  };
}

interface Referenced {
  readonly type: string;
  readonly reference: TemplateReference;
}

function moveTo(idPrefix: string, group: AutoScalingGroup, from: Referenced, to: Referenced): readonly ChangeStep[] {
  const types = { before: { instanceType: from.type }, after: { instanceType: to.type } };
  const references = { before: { ...types.before, reference: from.reference }, after: { ...types.after, reference: to.reference } };
  const where = { region: group.ref.region, autoScalingGroup: group.ref.id };
  const { launchTemplateId } = group;
  return [
    {
      kind: "change",
      id: `${idPrefix}:template-version`,
      change: { kind: "ec2.launch-template-version", ...where, launchTemplateId, ...types },
      description: `copy the version of ${launchTemplateId} in use as a newer one with ${to.type}`,
    },
    {
      kind: "change",
      id: `${idPrefix}:group`,
      change: { kind: "asg.launch-template", ...where, launchTemplateId, ...references },
      description: `let ${group.ref.id} use that version${to.reference === "number" ? "" : ` as its ${to.reference}`}`,
    },
    {
      kind: "change",
      id: `${idPrefix}:refresh`,
      change: { kind: "asg.instance-refresh", ...where, ...types },
      description: `replace the instances of ${group.ref.id} by ${to.type}`,
    },
  ];
}
