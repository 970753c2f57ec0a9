import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ECSClient,
  type Service,
  type TaskDefinition as AwsDefinition,
} from "@aws-sdk/client-ecs";
import { sameJson } from "../../../../contract/canonical-json.ts";
import type { ChangeOf, ChangeState, Marks, Shortage } from "../../../core/levers/change-kinds.ts";
import { type ContainerServiceChange, sameCount } from "../../../core/levers/ecs/changes.ts";
import { taskText } from "../../../core/levers/ecs/task-size.ts";
import { ChangeRejected } from "../../../errors.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { neighboursIn } from "./neighbours.ts";
import { readService, shortageOf } from "./read-service.ts";
import { countOf, readTarget } from "./service-scaling.ts";
import { newestDefinition, noActiveRevision, readDefinition, type Revision } from "./task-definition.ts";

export const containerServiceChangeAdapters: { readonly [C in ContainerServiceChange as C["kind"]]: ChangeAdapter<C> } = {
  "ecs.task-definition": {
    describe: definitionState,
    prepare: prepareDefinition,
    reaches: reachedBySize,
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    permissions: { calls: ["RegisterTaskDefinition"], besides: ["ecs:TagResource", "iam:PassRole"] },
  },
  "ecs.deployment": { describe: deploymentState, prepare: prepareDeployment, permissions: { calls: ["UpdateService"], besides: [] } },
  "ecs.scaling-bounds": { describe: boundsState, prepare: prepareBounds, permissions: { calls: ["RegisterScalableTarget"], besides: [] } },
  "ecs.desired-count": { describe: countState, prepare: prepareCount, permissions: { calls: ["UpdateService"], besides: [] } },
};

/**
 * State of a family: the size of its newest active revision. Somebody may have deregistered all of them: what the service runs goes on and can be
 * copied, so that a way back registers one.
 */
async function definitionState({ ecs }: RegionClients, change: ChangeOf<"ecs.task-definition">): Promise<ChangeState<typeof change>> {
  const newest = await newestDefinition(ecs, change.family);
  if (newest === undefined) {
    // A service that is gone itself is told as gone.
    await readService(ecs, change);
    return { kind: "mixed", detail: noActiveRevision(change.family), foreign: true, lost: true };
  }
  const { size, revision } = newest;
  return { kind: "settled", value: size, marks: { revision } };
}

/** Other services of the family, and what the service has become since the plan: days may have passed, and its name may be another's. */
async function reachedBySize({ ecs }: RegionClients, change: ChangeOf<"ecs.task-definition">): Promise<readonly string[]> {
  const found = await readService(ecs, change);
  const others = await neighboursIn(ecs, { family: change.family, serviceArn: answered(found.serviceArn, "serviceArn") });
  return [...nowOtherwise(found), ...others.map((other) => `${other} runs a revision of ${change.family}, too`)];
}

/** What makes it a service that is not planned for (core/levers/ecs/eligibility.ts). */
function nowOtherwise({ serviceName: name, launchType, deploymentController, deploymentConfiguration }: Service): readonly string[] {
  const { strategy = "ROLLING", deploymentCircuitBreaker: breaker } = deploymentConfiguration ?? {};
  const controller = deploymentController?.type ?? "ECS";
  return [
    ...(controller === "ECS" ? [] : [`${controller} deploys ${name} by now, not ECS`]),
    ...(strategy === "ROLLING" ? [] : [`${name} is deployed ${strategy} by now`]),
    ...(launchType === undefined || launchType === "FARGATE" ? [] : [`tasks of ${name} run on ${launchType} by now, not on Fargate`]),
    ...(breaker?.enable === true && breaker.rollback === true ? [] : [`nobody undoes a deployment of ${name} that fails: its circuit breaker is off by now`]),
  ];
}

/** What AWS tells of a revision and does not take for another one; everything else is copied, also what this release does not know. */
const toldOnly: ReadonlySet<string> = new Set<keyof AwsDefinition | "deleteRequestedAt">([
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
]);

/** Copies the revision that the service runs, with its tags and another size. */
async function prepareDefinition({ ecs, writers }: RegionClients, change: ChangeOf<"ecs.task-definition">): Promise<PreparedUpdate> {
  const { taskDefinition: inUse } = await readService(ecs, change);
  const { definition, tags, family } = await readDefinition(ecs, answered(inUse, "taskDefinition"));
  if (family !== change.family) throw mismatch(`${change.service} runs ${family} by now, not ${change.family}`);
  const copied: Partial<AwsDefinition> = Object.fromEntries(Object.entries(definition).filter(([name]) => !toldOnly.has(name)));
  const command = new RegisterTaskDefinitionCommand({
    ...copied,
    family,
    containerDefinitions: answered(definition.containerDefinitions, "containerDefinitions"),
    cpu: String(change.after.cpu),
    memory: String(change.after.memoryMib),
    // AWS takes no empty list of tags.
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
  });
  return async () => {
    await writers.ecs.send(command);
  };
}

/**
 * State of a service's tasks: their size once ECS says that the deployment is over and no other revision is left. A deployment back
 * is mixed, since UpdateService takes its place at once; one that ECS itself undoes is waited for.
 */
async function deploymentState({ ecs }: RegionClients, change: ChangeOf<"ecs.deployment">): Promise<ChangeState<typeof change>> {
  const found = await readService(ecs, change);
  const { size, revision } = await readDefinition(ecs, answered(found.taskDefinition, "taskDefinition"));
  const { deployments = [] } = found;
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  if (primary?.rolloutState === "FAILED") return { kind: "mixed", detail: `deployment ${primary.id} failed: ${reasonOf(primary.rolloutStateReason)}` };
  const others = deployments.filter((each) => each !== primary);
  if (primary?.rolloutState === "COMPLETED" && others.length === 0) {
    const latest = await newestDefinition(ecs, change.family);
    // The stacks name the newest one: a service on an older one of the same size is to be brought to it.
    if (latest !== undefined && latest.revision !== revision && sameJson(latest.size, size))
      return { kind: "mixed", detail: `its tasks are of revision ${revision} of ${change.family}, of which ${latest.revision} is the newest` };
    return { kind: "settled", value: size, ...(sameJson(size, change.after) ? {} : lacking(found)) };
  }
  const { runningCount = 0, desiredCount = 0 } = primary ?? {};
  const detail = `deployment ${primary?.id} of ${taskText(size)} is ${primary?.rolloutState}: ${runningCount} of ${desiredCount} tasks run`;
  const isUndone = others.some(({ rolloutState }) => rolloutState === "FAILED");
  if (sameJson(size, change.after) || isUndone)
    return { kind: "in-progress", detail, ...(desiredCount > 0 ? { share: Math.min(1, runningCount / desiredCount) } : {}), ...lacking(found) };
  // One to a third size is somebody else's, and is never taken the place of.
  if (!sameJson(size, change.before)) return { kind: "settled", value: size };
  return { kind: "mixed", detail, foreign: true };
}

function lacking(service: Service): { readonly shortage?: Shortage } {
  const shortage = shortageOf(service);
  return shortage === undefined ? {} : { shortage };
}

/** To the revision that the step before registered; to the newest one where that had nothing to do. */
async function prepareDeployment({ ecs, writers }: RegionClients, change: ChangeOf<"ecs.deployment">, _: string, marks: Marks): Promise<PreparedUpdate> {
  const { cluster, service, family, after } = change;
  const revision = marks["revision"];
  const wanted = revision === undefined ? await newestDefinition(ecs, family) : await readDefinition(ecs, `${family}:${revision}`);
  if (wanted === undefined) throw mismatch(noActiveRevision(family));
  if (!sameJson(wanted.size, after)) throw mismatch(`revision ${wanted.revision} of ${family} has ${taskText(wanted.size)}, not ${taskText(after)}`);
  // A way back to more is tried again whatever became of an attempt, and whatever was deployed since.
  if (after.cpu <= change.before.cpu && after.memoryMib <= change.before.memoryMib) {
    const found = await readService(ecs, change);
    await refuseDeployed(ecs, found, { change, wanted });
    await refuseFailed(ecs, found, { change, wantedArn: wanted.arn });
  }
  const command = new UpdateServiceCommand({ cluster, service, taskDefinition: wanted.arn });
  return async () => {
    await writers.ecs.send(command);
  };
}

/** The revision was copied from the one that ran then: whoever deployed the service since would find an older program running again. */
async function refuseDeployed(
  client: ECSClient,
  { taskDefinition: inUse }: Service,
  { change, wanted }: { readonly change: ChangeOf<"ecs.deployment">; readonly wanted: Revision },
): Promise<void> {
  const running = await readDefinition(client, answered(inUse, "taskDefinition"));
  if (!sameJson(programsOf(running), programsOf(wanted)))
    throw mismatch(`${change.service} was deployed meanwhile: revision ${wanted.revision} of ${change.family} would bring back what ran before`);
}

/** What its containers run, without what AWS fills in by itself when a revision is registered again. */
function programsOf({ definition }: Revision): unknown {
  const byName = (one: { readonly name?: string | undefined }, other: typeof one): number => ((one.name ?? "") < (other.name ?? "") ? -1 : 1);
  return (definition.containerDefinitions ?? [])
    .map(({ name, image, command = [], entryPoint = [], environment = [], secrets = [] }) => ({
      name,
      image,
      command,
      entryPoint,
      environment: environment.toSorted(byName),
      secrets: secrets.toSorted(byName),
    }))
    .toSorted(byName);
}

const failedStatuses = ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"] as const;

/**
 * A deployment of this very revision that ECS gave up would fail again: its tasks do not come up at that size.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
async function refuseFailed(
  client: ECSClient,
  found: Service,
  { change: { cluster, service }, wantedArn }: { readonly change: ChangeOf<"ecs.deployment">; readonly wantedArn: string },
): Promise<void> {
  const { serviceDeployments = [] } = await client.send(new ListServiceDeploymentsCommand({ cluster, service, status: [...failedStatuses] }));
  const targets = serviceDeployments.flatMap(({ targetServiceRevisionArn: arn }) => arn ?? []);
  if (targets.length === 0) return;
  const { serviceRevisions = [] } = await client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: targets }));
  const failed = serviceRevisions.find(({ taskDefinition }) => taskDefinition === wantedArn);
  if (failed === undefined) return;
  const told = serviceDeployments.find(({ targetServiceRevisionArn }) => targetServiceRevisionArn === failed.serviceRevisionArn);
  const shortage = shortageOf(found);
  const isOfIt = shortage !== undefined && shortage.atMs >= (told?.createdAt?.getTime() ?? Number.POSITIVE_INFINITY);
  const reasons = [reasonOf(told?.statusReason), ...(isOfIt ? [shortage.words] : [])];
  throw new ChangeRejected("invalid", "DeploymentFailed", `ECS gave up the deployment of ${wantedArn} and undid it: ${reasons.join(" ")}`);
}

function reasonOf(told: string | undefined): string {
  return told ?? "for no reason that AWS tells";
}

async function boundsState({ applicationAutoScaling }: RegionClients, change: ChangeOf<"ecs.scaling-bounds">): Promise<ChangeState<typeof change>> {
  const target = await readTarget(applicationAutoScaling, change);
  if (target === undefined) return { kind: "missing", detail: `${change.service} has no scalable target` };
  return { kind: "settled", value: { minCount: answered(target.MinCapacity, "MinCapacity"), maxCount: answered(target.MaxCapacity, "MaxCapacity") } };
}

/** What is not named of a target stays as it is. */
function prepareBounds({ writers }: RegionClients, change: ChangeOf<"ecs.scaling-bounds">): PreparedUpdate {
  const { minCount, maxCount } = change.after;
  const command = new RegisterScalableTargetCommand({ ...countOf(change), MinCapacity: minCount, MaxCapacity: maxCount });
  return async () => {
    await writers.applicationAutoScaling.send(command);
  };
}

/** State of the number: on its way while tasks are to come or to go. Another number can be written over at once. */
async function countState({ ecs }: RegionClients, change: ChangeOf<"ecs.desired-count">): Promise<ChangeState<typeof change>> {
  const found = await readService(ecs, change);
  const { full } = change.after;
  const value = { desiredCount: answered(found.desiredCount, "desiredCount"), ...(full === undefined ? {} : { full }) };
  if (!sameCount(value, change.after) || isThere(found, change)) return { kind: "settled", value };
  const { runningCount = 0, pendingCount = 0 } = found;
  const detail = `${runningCount} of ${value.desiredCount} tasks of ${change.service} run, ${pendingCount} are to come`;
  return { kind: "in-progress", detail, ...lacking(found) };
}

/** Where policies move the number, tasks may come and go at any time: what counts is that the least is there. */
function isThere({ runningCount = 0, desiredCount = 0 }: Service, { after }: ChangeOf<"ecs.desired-count">): boolean {
  return after.full === undefined ? runningCount === desiredCount : runningCount >= after.desiredCount;
}

/** Policies that added tasks since the plan did so for a reason: none is taken from them, there and back. */
async function prepareCount({ ecs, writers }: RegionClients, change: ChangeOf<"ecs.desired-count">): Promise<PreparedUpdate> {
  const { cluster, service, before, after } = change;
  const present = answered((await readService(ecs, change)).desiredCount, "desiredCount");
  if (after.full !== undefined && after.desiredCount < before.desiredCount && present > after.full)
    throw new ChangeRejected("busy", "ScaledOut", `policies of ${service} keep ${present} tasks, more than ${after.full}: they need them now`);
  const desiredCount =
    after.full === undefined ? after.desiredCount : after.desiredCount < before.desiredCount ? after.desiredCount : Math.max(present, after.desiredCount);
  const command = new UpdateServiceCommand({ cluster, service, desiredCount });
  return async () => {
    await writers.ecs.send(command);
  };
}

function mismatch(message: string): ChangeRejected {
  return new ChangeRejected("invalid", "NotAsPlanned", message);
}
