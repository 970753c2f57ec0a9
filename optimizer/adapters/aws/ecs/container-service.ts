import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Service } from "@aws-sdk/client-ecs";
import type { ContainerService } from "../../../core/levers/ecs/container-service.ts";
import { bornAs } from "../born-as.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import { UnsupportedResource } from "../resource-gone.ts";
import { seen } from "../seen.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { readTags } from "../tag-records.ts";
import { countsBefore } from "./counts-before.ts";
import { neighboursIn } from "./neighbours.ts";
import { placeOf, readService } from "./read-service.ts";
import { taskSizesBefore } from "./sizes-before.ts";
import { readServiceScaling } from "./service-scaling.ts";
import { readDefinition, taskDefinitionOf } from "./task-definition.ts";

export const containerServiceAdapter: ResourceAdapter<ContainerService> = {
  idsOf: ({ containerServices = [] }) => containerServices,
  describe: describeService,
  tagsOf: async (clientsOf, { region, id }) => [await tagsOf(await readService(clientsOf(region).ecs, placeOf(id)))],
  bornOf: async ({ ecs }, id) => (await readService(ecs, placeOf(id))).createdAt?.toISOString(),
};

async function describeService(clients: RegionClients, region: string, id: string, reading: Reading): Promise<ContainerService> {
  const place = placeOf(id);
  const found = await readService(clients.ecs, place);
  const arn = answered(found.serviceArn, "serviceArn");
  // Sets of tasks that somebody else's controller keeps have definitions of their own.
  if (found.taskDefinition === undefined) throw new UnsupportedResource(`${id} has task sets, and no task definition of its own`);
  const used = await readDefinition(clients.ecs, found.taskDefinition);
  const latest = await readDefinition(clients.ecs, used.family);
  const targetGroupArns = (found.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []).toSorted();
  const scaling = await seen("DescribeScalableTargets", () => readServiceScaling(clients.applicationAutoScaling, place));
  const { deploymentCircuitBreaker: breaker, strategy = "ROLLING" } = found.deploymentConfiguration ?? {};
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
    schedulingStrategy: found.schedulingStrategy ?? "REPLICA",
    launchType: found.launchType ?? null,
    capacityProviders: (found.capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []).toSorted(),
    zones: await seen("DescribeSubnets", () => zonesOf(clients, found)),
    targetGroupArns,
    classicBalancers: (found.loadBalancers ?? []).flatMap(({ loadBalancerName }) => loadBalancerName ?? []).toSorted(),
    loadBalancers: await balancersBefore(clients, targetGroupArns),
    task: taskDefinitionOf(used, latest.revision),
    sizesBefore: await seen("ListServiceDeployments, DescribeServiceDeployments and DescribeServiceRevisions", () =>
      taskSizesBefore(clients.ecs, { ...place, size: used.size, createdMs: found.createdAt?.getTime() }),
    ),
    countsBefore: await countsBefore({ clients, ...reading }, { found, place, scaling }),
    scaling,
    neighbours: await seen("ListServices", () => neighboursIn(clients.ecs, { family: used.family, serviceArn: arn }, reading.once)),
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

async function balancersBefore({ elbv2 }: RegionClients, arns: readonly string[]): Promise<readonly string[]> {
  if (arns.length === 0) return [];
  const { TargetGroups: found = [] } = await elbv2.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] }));
  const balancers = found.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
  return [...new Set(balancers.map((arn) => arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length)))].toSorted();
}

/** ECS writes `key` and `value` small. */
function tagsOf({ tags = [] }: Service): ReturnType<typeof readTags> {
  return readTags(async () => tags.map(({ key: Key, value: Value }) => ({ Key, Value })));
}
