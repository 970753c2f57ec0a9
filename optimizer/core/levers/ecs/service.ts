import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import { certainly } from "../../model/certainly.ts";
import { percent } from "../../model/percent.ts";
import type { Decision, Skip } from "../../model/rule.ts";
import { unknownLatency } from "../../sizing/answering.ts";
import { chooseCandidate } from "../../sizing/choose-size.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { conditionText, isBelowLimit } from "../../sizing/evidence.ts";
import { riskOf } from "../../sizing/projection.ts";
import { knownSizes } from "../../sizing/sizes-before.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import type { ContainerService } from "./container-service.ts";
import { deploymentStuck } from "./deployment.ts";
import { candidateOf, costOf, type Resizing, runningNow, setText, shortlist, smallerThanToday } from "./fit.ts";
import { fineKeys, serviceChecks } from "./load.ts";
import { type ReplayedPolicy, scalingOf, wantedByHour } from "./scaling.ts";
import { serviceAction } from "./service-action.ts";
import type { ServiceStudy } from "./study.ts";
import { smallerSizes, tooSmallFor } from "./task-size.ts";

/** Services on Fargate with more, or larger, tasks than their load needs, even with one zone lost. */
export const serviceSize: StudyRule<ContainerService, ServiceStudy> = {
  id: "ecs.service",
  phase: 2,
  title: "Fewer and smaller tasks for services on Fargate",
  // A Compute Savings Plan may pay for a part of it, at a discount; it is bound to no size.
  cost: { service: "Amazon Elastic Container Service", commitment: "usage" },
  judgedBy: "load-balancers",
  changes: ["ecs.deployment", "ecs.desired-count", "ecs.scaling-bounds", "ecs.task-definition"],
  restsOn: (service) => ({
    // Policies move it all day.
    desiredCount: service.scaling.kind === "seen" && (service.scaling.value?.policies ?? []).length > 0 ? null : service.desiredCount,
    status: service.status,
    underWay: service.underWay,
    deploymentController: service.deploymentController,
    deploymentStrategy: service.deploymentStrategy,
    rollsBackFailures: service.rollsBackFailures,
    deploymentPercents: service.deploymentPercents ?? null,
    schedulingStrategy: service.schedulingStrategy,
    launchType: service.launchType,
    capacityProviders: service.capacityProviders,
    zones: service.zones,
    unevenZones: service.unevenZones ?? null,
    targetGroupArns: service.targetGroupArns,
    classicBalancers: service.classicBalancers,
    loadBalancers: service.loadBalancers,
    task: service.task,
    sizesBefore: service.sizesBefore ?? null,
    // Where the number is told by the hour, nothing rests on it: a task that came back by itself before the run is no difference.
    countsBefore: knownSizes(service.countsBefore),
    scaling: service.scaling,
    neighbours: service.neighbours,
    ranBeside: service.ranBeside ?? null,
    alsoBehind: service.alsoBehind ?? null,
  }),
  checks: ({ facts: { policy }, service }) => serviceChecks(policy, service),
  finer: ({ service }) => fineKeys(service),
  decide: (study, subject) => [decide(study, subject)],
};

function decide(study: ServiceStudy, subject: Subject): Decision {
  const { facts, service } = study;
  const choices = choicesOf(study, subject);
  if (choices.kind === "skip") return choices;
  const { policies, tasks, counts, sizes, hindrance } = choices;
  const usual = study.usual();
  const incomplete = firstIncompleteness(usual.series, facts.policy);
  if (incomplete !== undefined) return skip(subject, "insufficient-data", incomplete);
  if (!usual.evidence.every(isBelowLimit)) return skip(subject, "threshold-not-met", conditionText(usual.evidence), usual);

  const wanted = policies.length === 0 ? null : sizes.map((size) => wantedByHour(study, policies, size));
  const gap = wanted?.find((each) => typeof each === "string");
  if (gap !== undefined) return skip(subject, "insufficient-data", gap, usual);
  const price = facts.prices.fargate(service.ref.region, service.task.architecture);
  const resizing: Resizing = { study, counts, sizes, wanted: wanted?.filter((each) => typeof each !== "string") ?? null, price };
  const from = setText({ tasks, size: service.task.size });
  const sets = shortlist(resizing);
  const options = sets.map((set) => ({ to: set, candidate: candidateOf(resizing, set) }));
  const demand = study.demandOn(certainly(sets.at(-1), smallerThanToday).tasks);
  const evidence = [...usual.evidence, ...demand.evidence];
  const chosen = chooseCandidate(facts.policy, { from, options, unknown: demand.unknown, blind: [] });
  if (chosen.kind === "none") return skip(subject, chosen.code, chosen.detail, { evidence, refused: chosen.refused });
  const { to } = chosen;
  const before = runningNow(resizing);
  if (chosen.candidate.monthlySavings.kind === "known" && chosen.candidate.monthlySavings.usd <= 0)
    return skip(subject, "scaled", `${setByPolicies(policies)}, and would keep as much as today of smaller tasks: nothing would be saved`, usual);
  return {
    kind: "proposal",
    ...subject,
    from,
    to: chosen.candidate.target,
    reason: `${conditionText(usual.evidence)}; ${chosen.reason}`,
    evidence,
    chosen: chosen.candidate,
    refused: chosen.refused,
    risk: riskOf(chosen.candidate.projections),
    savings: chosen.candidate.monthlySavings,
    monthlyCost: { before: costOf(resizing, service.task.size, before), after: costOf(resizing, to.size, to.running) },
    warnings: [
      ...chosen.warnings,
      ...cautions(service, to.size, policies),
      ...(study.answering() === undefined ? [unknownLatency] : []),
      ...(hindrance === undefined ? [] : [`smaller tasks are not looked at: ${hindrance}`]),
    ],
    action: serviceAction(subject, service, to, { tasks, isScaled: policies.length > 0 }),
  };
}

interface Choices {
  readonly kind: "choices";
  /** Those that set the number of tasks; none where nobody but the service's settings does. */
  readonly policies: readonly ReplayedPolicy[];
  /** Tasks that there are whenever the load comes. */
  readonly tasks: number;
  readonly counts: readonly number[];
  readonly sizes: readonly TaskSize[];
  /** Why some smaller sizes would not hold its containers. */
  readonly hindrance: string | undefined;
}

/** Everything that can be said before looking at any load. */
function choicesOf({ facts: { policy }, service, size }: ServiceStudy, subject: Subject): Skip | Choices {
  const { targetTasks, targetCpu, targetMemoryMib } = policy.rules.ecsService;
  const { scaling: seen, task } = service;
  if (seen.kind === "unseen") return skip(subject, "unreadable", `what sets its number of tasks could not be seen: ${seen.reason}`);
  const scaling = scalingOf(seen.value);
  if (scaling.kind === "refused") return skip(subject, "scaled", scaling.detail);
  const target = { cpu: targetCpu, memoryMib: targetMemoryMib };
  // With policies it may stand at its minimum whenever the load comes; the minimum must carry it, and is what is lowered.
  const tasks = scaling.kind === "policies" ? scaling.minCount : service.desiredCount;
  if (tasks < 1) return skip(subject, "unsupported", "it may have no task at all: what would carry its load is not known");
  // Two in different zones are the fewest of which a lost zone leaves one.
  const least = Math.min(tasks, Math.max(targetTasks, size.zones > 1 ? 2 : 1));
  const smaller = smallerSizes(task.size, target).filter(({ cpu, memoryMib }) => cpu !== task.size.cpu || memoryMib !== task.size.memoryMib);
  if (least === tasks && smaller.length === 0)
    return skip(subject, "already-there", `${setText({ tasks, size: task.size })}: not more than ${setText({ tasks: targetTasks, size: target })}`);
  const stuck = deploymentStuck(service, tasks);
  // Whatever its containers ask for, it runs today.
  const sizes = [...(stuck === undefined ? smaller.filter((each) => tooSmallFor(task, each) === undefined) : []), task.size];
  const hindrances = stuck === undefined ? smaller.flatMap((each) => tooSmallFor(task, each) ?? []) : [stuck];
  if (least === tasks && sizes.length === 1) return skip(subject, "unsupported", [...new Set(hindrances)].join("; "));
  return {
    kind: "choices",
    policies: scaling.kind === "policies" ? scaling.policies : [],
    tasks,
    counts: Array.from({ length: tasks - least + 1 }, (_, index) => least + index),
    sizes,
    hindrance: hindrances[0],
  };
}

function setByPolicies(policies: readonly ReplayedPolicy[]): string {
  return `its policies ${policies.map(({ name }) => name).join(", ")} set its number of tasks`;
}

/** What to know of a service that may be made smaller all the same. */
function cautions({ task, loadBalancers }: ContainerService, { cpu, memoryMib }: TaskSize, policies: readonly ReplayedPolicy[]): readonly string[] {
  return [
    ...(cpu < task.size.cpu ? [`each task has ${percent(cpu / task.size.cpu)} of today's processors: requests get slower by what they compute`] : []),
    ...(memoryMib < task.size.memoryMib
      ? ["memory is taken to grow with each task's share of the load, but for what the line of memory by CPU shows a task to use without any"]
      : []),
    ...(policies.length > 0 ? [`${setByPolicies(policies)}: the saving is that of the numbers they would have kept through the baseline`] : []),
    ...(loadBalancers.length > 1 ? [`it stands behind ${loadBalancers.length} load balancers: harm at one of them is harm`] : []),
  ];
}
