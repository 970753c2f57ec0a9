import { DescribeServicesCommand, paginateListClusters, paginateListServices, type ECSClient } from "@aws-sdk/client-ecs";
import type { ReadOnce } from "../service-adapters.ts";

/** DescribeServices takes up to ten a call. */
const servicesPerCall = 10;

interface Used {
  readonly arn: string;
  readonly family: string;
  readonly targetGroupArns: readonly string[];
}

/** Every service of the region with the family it runs, cluster by cluster. */
async function allServices(client: ECSClient): Promise<readonly Used[]> {
  const clusters: string[] = [];
  for await (const page of paginateListClusters({ client }, {})) clusters.push(...(page.clusterArns ?? []));
  const used: Used[] = [];
  for (const cluster of clusters) {
    const arns: string[] = [];
    for await (const page of paginateListServices({ client }, { cluster })) arns.push(...(page.serviceArns ?? []));
    for (let first = 0; first < arns.length; first += servicesPerCall) {
      const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: arns.slice(first, first + servicesPerCall) }));
      used.push(
        ...services.flatMap(({ serviceArn: arn = "", taskDefinition, status, loadBalancers = [] }) =>
          status === "INACTIVE"
            ? []
            : { arn, family: familyOf(taskDefinition), targetGroupArns: loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) },
        ),
      );
    }
  }
  return used;
}

/** Other services that run a revision of the family, in words. */
export async function neighboursIn(
  client: ECSClient,
  { family, serviceArn }: { readonly family: string; readonly serviceArn: string },
  once: ReadOnce = (_, read) => read(),
): Promise<readonly string[]> {
  const all = await once("ECS services", () => allServices(client));
  return inWords(all.filter((other) => other.arn !== serviceArn && other.family === family));
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
