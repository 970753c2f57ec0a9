import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, type ChangedResource, nothingElse, optionsSet, usualPatience, waitLine } from "../change-facts.ts";

interface OfService {
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
}

/** RegisterTaskDefinition copied from the revision that the service runs, with another size. State: the size of the family's newest revision. */
interface TaskDefinitionChange extends OfService {
  readonly kind: "ecs.task-definition";
  readonly family: string;
  readonly before: TaskSize;
  readonly after: TaskSize;
}

/** UpdateService to that revision: its tasks are replaced by ECS. State: the size of the tasks, once all are of one revision. */
interface DeploymentChange extends OfService {
  readonly kind: "ecs.deployment";
  readonly family: string;
  readonly before: TaskSize;
  readonly after: TaskSize;
}

export interface CountBounds {
  readonly minCount: number;
  readonly maxCount: number;
}

/** RegisterScalableTarget of a target that is there: how few and how many tasks its policies may keep. */
interface ScalingBoundsChange extends OfService {
  readonly kind: "ecs.scaling-bounds";
  readonly before: CountBounds;
  readonly after: CountBounds;
}

interface TaskCount {
  readonly desiredCount: number;
  /** Where policies move the number: so many or more count as all of them, fewer as fewer. */
  readonly full?: number;
}

/** UpdateService: how many tasks there are to be. State: that number, once so many run. */
interface DesiredCountChange extends OfService {
  readonly kind: "ecs.desired-count";
  readonly before: TaskCount;
  readonly after: TaskCount;
}

export type ContainerServiceChange = TaskDefinitionChange | DeploymentChange | ScalingBoundsChange | DesiredCountChange;

export const containerServiceChanges: { readonly [C in ContainerServiceChange as C["kind"]]: ChangeFacts<C> } = {
  "ecs.task-definition": {
    resourceOf: serviceOf,
    same: sameJson,
    feltBy: { nobody: "a revision runs nowhere before a service is pointed at it" },
    // Whoever deploys the service registers another revision: one of the size that it was given is watched on.
    markedByOthers: true,
    patienceMinutes: usualPatience,
    command: registerCommand,
    // What is copied is what the service runs; and the revision is deployed right after it was registered, before somebody registers another one.
    first: stableLines,
    wait: { notNeeded: "a revision is there when the call is answered" },
    // Services that run another revision of the family are refused when it is planned, and looked for again before it is registered.
    touches: nothingElse,
  },
  "ecs.deployment": {
    resourceOf: serviceOf,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    // A family without a number is its newest revision.
    command: (change, { revision } = {}) =>
      `${updateCommand(change)} --task-definition ${shellWord(revision === undefined ? change.family : `${change.family}:${revision}`)}`,
    first: stableLines,
    wait: stableLines,
    touches: nothingElse,
  },
  "ecs.scaling-bounds": {
    resourceOf: serviceOf,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, cluster, service, before, after }) =>
      [
        `aws application-autoscaling register-scalable-target --region ${shellWord(region)} --service-namespace ecs --resource-id ${shellWord(`service/${cluster}/${service}`)} --scalable-dimension ecs:service:DesiredCount`,
        ...optionsSet(before, after, { minCount: "--min-capacity", maxCount: "--max-capacity" }),
      ].join(" "),
    first: { notNeeded: "a target takes other bounds at any time" },
    wait: { notNeeded: "bounds hold when the call is answered" },
    touches: nothingElse,
  },
  "ecs.desired-count": {
    resourceOf: serviceOf,
    same: sameCount,
    movedByPolicies: ({ after }) => after.full !== undefined,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: (change) => `${updateCommand(change)} --desired-count ${change.after.desiredCount}`,
    first: { notNeeded: "a service takes another number at any time, a deployment included" },
    // Where policies move the number, another one may run at any time.
    wait: (change) =>
      change.after.full === undefined
        ? [waitLine("until", describeCommand(change), "services[0].runningCount", String(change.after.desiredCount))]
        : stableLines(change),
    touches: nothingElse,
  },
};

export function sameCount(one: TaskCount, other: TaskCount): boolean {
  const full = one.full ?? other.full;
  if (full === undefined) return one.desiredCount === other.desiredCount;
  return one.desiredCount >= full === other.desiredCount >= full;
}

function serviceOf({ region, cluster, service }: ContainerServiceChange): ChangedResource {
  return { kind: "ecs-service", region, id: `${cluster}/${service}` };
}

function updateCommand({ region, cluster, service }: OfService): string {
  return `aws ecs update-service --region ${shellWord(region)} --cluster ${shellWord(cluster)} --service ${shellWord(service)}`;
}

/** What DescribeTaskDefinition tells besides what RegisterTaskDefinition takes. */
const toldOnly = "taskDefinitionArn,.revision,.status,.requiresAttributes,.compatibilities,.registeredAt,.registeredBy,.deregisteredAt";

/**
 * Copied from the revision that the service runs: the newest one may be somebody else's, that nobody has deployed. With jq, since the CLI's own
 * queries can leave nothing out of what they do not name.
 */
function registerCommand(change: TaskDefinitionChange): string {
  const { region, after } = change;
  const { cpu, memoryMib } = after;
  const inUse = `"$(${describeCommand(change)} --query 'services[0].taskDefinition' --output text)"`;
  const describe = `aws ecs describe-task-definition --region ${shellWord(region)} --task-definition ${inUse} --include TAGS`;
  const copied = [
    ".taskDefinition.tags = .tags",
    ".taskDefinition",
    `del(.${toldOnly})`,
    "if .tags == [] then del(.tags) else . end",
    `.cpu = "${cpu}"`,
    `.memory = "${memoryMib}"`,
  ].join(" | ");
  return `aws ecs register-task-definition --region ${shellWord(region)} --cli-input-json "$(${describe} | jq ${shellWord(copied)})"`;
}

function describeCommand({ region, cluster, service }: OfService): string {
  return `aws ecs describe-services --region ${shellWord(region)} --cluster ${shellWord(cluster)} --services ${shellWord(service)}`;
}

function stableLines(change: OfService): readonly [string] {
  return [waitLine("while", describeCommand(change), "services[0].deployments[].rolloutState", "IN_PROGRESS")];
}
