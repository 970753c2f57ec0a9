import { DescribeServicesCommand, paginateListClusters, paginateListServices, type ECSClient, type LoadBalancer, type Service } from "@aws-sdk/client-ecs";
import type { ReadOnce } from "../service-adapters.ts";

/** DescribeServices takes up to ten a call. */
const servicesPerCall = 10;

interface Used {
  readonly arn: string;
  readonly families: readonly string[];
  readonly targetGroupArns: readonly string[];
}

/** Every service of the region with the families it runs, cluster by cluster. */
async function allServices(client: ECSClient): Promise<readonly Used[]> {
  const clusters: string[] = [];
  for await (const page of paginateListClusters({ client }, {})) clusters.push(...(page.clusterArns ?? []));
  const used: Used[] = [];
  for (const cluster of clusters) {
    const arns: string[] = [];
    for await (const page of paginateListServices({ client }, { cluster })) arns.push(...(page.serviceArns ?? []));
    for (let first = 0; first < arns.length; first += servicesPerCall) {
      const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: arns.slice(first, first + servicesPerCall) }));
      used.push(...services.filter(({ status }) => status !== "INACTIVE").map(usedBy));
    }
  }
  return used;
}

/**
 * A service that somebody else's controller deploys has a definition and target groups in each of its task sets; one under way, in each deployment;
 * one that is deployed blue and green, a second target group. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
 */
function usedBy({ serviceArn: arn = "", taskDefinition, loadBalancers = [], taskSets = [], deployments = [] }: Service): Used {
  const definitions = [taskDefinition, ...taskSets.map((set) => set.taskDefinition), ...deployments.map((deployment) => deployment.taskDefinition)];
  const balancers = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  return { arn, families: definitions.map(familyOf), targetGroupArns: balancers.flatMap(targetGroupsOf) };
}

function targetGroupsOf({ targetGroupArn, advancedConfiguration }: LoadBalancer): readonly string[] {
  return [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined);
}

/** Other services that run a revision of the family, in words. */
export async function neighboursIn(
  client: ECSClient,
  { family, serviceArn }: { readonly family: string; readonly serviceArn: string },
  once: ReadOnce = (_, read) => read(),
): Promise<readonly string[]> {
  const all = await once("ECS services", () => allServices(client));
  return inWords(all.filter((other) => other.arn !== serviceArn && other.families.includes(family)));
}

/** Other services whose tasks are registered with the same target groups, in words. */
export async function servicesBehind(
  client: ECSClient,
  { targetGroupArns, serviceArn }: { readonly targetGroupArns: readonly string[]; readonly serviceArn: string },
  once: ReadOnce = (_, read) => read(),
): Promise<readonly string[]> {
  const all = await once("ECS services", () => allServices(client));
  return inWords(all.filter((other) => other.arn !== serviceArn && other.targetGroupArns.some((arn) => targetGroupArns.includes(arn))));
}

function inWords(services: readonly Used[]): readonly string[] {
  return services.map(({ arn }) => `service ${arn.slice(arn.indexOf(":service/") + ":service/".length)}`).toSorted();
}

/** `…:task-definition/app:7` */
function familyOf(arn = ""): string {
  return arn.slice(arn.lastIndexOf("/") + 1, arn.lastIndexOf(":"));
}
