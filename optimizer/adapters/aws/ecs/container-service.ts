import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand, type Service, type Tag } from "@aws-sdk/client-ecs";
import type { ContainerService } from "../../../core/levers/ecs/container-service.ts";
import { bornAs } from "../born-as.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import { UnsupportedResource } from "../resource-gone.ts";
import { seen } from "../seen.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { readTags } from "../tag-records.ts";
import { countsBefore } from "./counts-before.ts";
import { readTraffic, tagsOfTraffic } from "../traffic.ts";
import { neighboursIn, servicesBehind } from "./neighbours.ts";
import { placeOf, readService } from "./read-service.ts";
import { taskSizesBefore } from "./sizes-before.ts";
import { readServiceScaling } from "./service-scaling.ts";
import { newestDefinition, noActiveRevision, readDefinition, taskDefinitionOf } from "./task-definition.ts";
import { unevenZonesOf } from "./task-zones.ts";
import { tasksRunBeside } from "./tasks-run.ts";

export const containerServiceAdapter: ResourceAdapter<ContainerService> = {
  idsOf: ({ containerServices = [] }) => containerServices,
  describe: describeService,
  tagsOf: async (clientsOf, { region, id }) => {
    const clients = clientsOf(region);
    const found = await readService(clients.ecs, placeOf(id));
    const used = found.taskDefinition === undefined ? undefined : await readDefinition(clients.ecs, found.taskDefinition);
    const ofTraffic = await tagsOfTraffic(clients.elbv2, targetGroupsOf(found));
    return [await tagsOf(found), ...(await surroundingTags(clients, found, used?.tags ?? [])), ...ofTraffic];
  },
  bornOf: async ({ ecs }, id) => (await readService(ecs, placeOf(id))).createdAt?.toISOString(),
};

async function describeService(clients: RegionClients, region: string, id: string, reading: Reading): Promise<ContainerService> {
  const place = placeOf(id);
  const found = await readService(clients.ecs, place);
  const arn = answered(found.serviceArn, "serviceArn");
  // Sets of tasks that somebody else's controller keeps have definitions of their own.
  if (found.taskDefinition === undefined) throw new UnsupportedResource(`${id} has task sets, and no task definition of its own`);
  const used = await readDefinition(clients.ecs, found.taskDefinition);
  const latest = await newestDefinition(clients.ecs, used.family);
  if (latest === undefined) throw new UnsupportedResource(noActiveRevision(used.family));
  const targetGroupArns = targetGroupsOf(found);
  const traffic = await readTraffic(clients.elbv2, targetGroupArns);
  const scaling = await seen("DescribeScalableTargets", () => readServiceScaling(clients.applicationAutoScaling, place));
  const zones = await seen("DescribeSubnets", () => zonesOf(clients, found));
  const { deploymentCircuitBreaker: breaker, strategy = "ROLLING", minimumHealthyPercent = 100, maximumPercent = 200 } = found.deploymentConfiguration ?? {};
  return {
    kind: "ecs-service",
    ref: { kind: "ecs-service", region, id },
    arn,
    ...bornAs(found.createdAt),
    tags: await tagsOf(found),
    cluster: place.cluster,
    name: place.service,
    status: answered(found.status, "status"),
    desiredCount: answered(found.desiredCount, "desiredCount"),
    underWay: underWayOf(found),
    deploymentController: found.deploymentController?.type ?? "ECS",
    deploymentStrategy: strategy,
    rollsBackFailures: breaker?.enable === true && breaker.rollback === true,
    deploymentPercents: { minimumHealthy: minimumHealthyPercent, maximum: maximumPercent },
    schedulingStrategy: found.schedulingStrategy ?? "REPLICA",
    launchType: found.launchType ?? null,
    capacityProviders: (found.capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []).toSorted(),
    zones,
    ...(zones.kind === "seen" && zones.value.length > 1
      ? { unevenZones: await seen("ListTasks and DescribeTasks", () => unevenZonesOf(clients.ecs, place, zones.value.length)) }
      : {}),
    targetGroupArns,
    classicBalancers: (found.loadBalancers ?? []).flatMap(({ loadBalancerName }) => loadBalancerName ?? []).toSorted(),
    loadBalancers: traffic.loadBalancers,
    surroundingTags: [...(await surroundingTags(clients, found, used.tags)), ...traffic.tags],
    task: taskDefinitionOf(used, latest.revision),
    sizesBefore: await seen("ListServiceDeployments, DescribeServiceDeployments and DescribeServiceRevisions", () =>
      taskSizesBefore(clients.ecs, { ...place, size: used.size, createdMs: found.createdAt?.getTime() }),
    ),
    countsBefore: await countsBefore({ clients, ...reading }, { found, place, scaling }),
    scaling,
    neighbours: await seen("ListServices", () => neighboursIn(clients.ecs, { family: used.family, serviceArn: arn }, reading.once)),
    ranBeside: await tasksRunBeside(clients.cloudTrail, reading.once, used.family),
    alsoBehind: await seen("ListServices", () => servicesBehind(clients.ecs, { targetGroupArns, serviceArn: arn }, reading.once)),
  };
}

function underWayOf({ deployments = [], desiredCount = 0, runningCount = 0, pendingCount = 0 }: Service): string | null {
  const moving = deployments.find(({ rolloutState, status }) => rolloutState !== "COMPLETED" || status !== "PRIMARY");
  if (moving !== undefined) return `its deployment ${moving.id} is ${moving.rolloutState ?? moving.status}`;
  return runningCount === desiredCount && pendingCount === 0 ? null : `${runningCount} of its ${desiredCount} tasks run, ${pendingCount} are to come`;
}

/** Of its subnets, over which Fargate spreads its tasks. */
async function zonesOf({ ec2 }: RegionClients, { networkConfiguration: network }: Service): Promise<readonly string[]> {
  const SubnetIds = network?.awsvpcConfiguration?.subnets ?? [];
  if (SubnetIds.length === 0) return [];
  const { Subnets: found = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
  return [...new Set(found.map(({ AvailabilityZone }) => answered(AvailabilityZone, "AvailabilityZone")))].toSorted();
}

function targetGroupsOf({ loadBalancers = [] }: Service): readonly string[] {
  return loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []).toSorted();
}

/** Tags of the task definition, which gets a revision, and of the cluster. */
async function surroundingTags({ ecs }: RegionClients, { clusterArn }: Service, ofDefinition: readonly Tag[]): Promise<readonly Tags[]> {
  const ofCluster = readTags(async () => {
    if (clusterArn === undefined) return [];
    const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [clusterArn], include: ["TAGS"] }));
    return clusters.flatMap(({ tags = [] }) => tags).map(asListed);
  });
  return [await readTags(async () => ofDefinition.map(asListed)), await ofCluster];
}

function tagsOf({ tags = [] }: Service): Promise<Tags> {
  return readTags(async () => tags.map(asListed));
}

/** ECS writes `key` and `value` small. */
function asListed({ key: Key, value: Value }: Tag) {
  return { Key, Value };
}
