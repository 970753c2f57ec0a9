import type { Construct } from "constructs";
import { ContainerService } from "../../constructs/compute/container-service.ts";
import type { Firewall } from "../../constructs/network/firewall.ts";
import type { NetworkPlaces } from "../../constructs/network/network-places.ts";
import type { DataBucket } from "../../constructs/storage/data-bucket.ts";
import { applicationGrants, type ApplicationStores } from "./application-grants.ts";
import type { DataResources, ServiceResources } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";

/** What the service needs beside the stack itself. */
export interface ServiceContext extends ApplicationStores {
  readonly network: NetworkPlaces;
  readonly firewall: Firewall;
}

export function createService(scope: Construct, { names, stack }: StackContext, of: ServiceContext): ServiceResources {
  const { service: settings, loadBalancer } = stack.components;
  const position = loadBalancer.targetGroups.findIndex(({ key }) => key === settings?.targetGroup);
  const [definition, targetGroup] = [loadBalancer.targetGroups[position], of.edge.loadBalancer.targetGroups[position]];
  if (settings === null || definition === undefined || targetGroup === undefined) return {};
  const service = new ContainerService(scope, "service", {
    names,
    settings,
    subnetIds: of.network.appSubnetIds,
    firewall: of.firewall,
    roads: of.network.roads,
    target: { targetGroupArn: targetGroup.arn, port: definition.port },
    loadBalancer: of.edge.loadBalancer,
    logKeyArn: of.keys.of("logs").arn,
    grants: applicationGrants(of),
    environment: environmentOf(of.data, of.edge.dataBucket),
  });
  return { service };
}

/** Names, addresses and the ARNs of secrets; a secret's value the application asks for itself, as it changes while tasks run. */
function environmentOf({ tables, aurora, redis }: DataResources, dataBucket: DataBucket | undefined): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(tables.map(({ key, name }) => [`TABLE_${key.toUpperCase().replaceAll("-", "_")}`, name])),
    ...(aurora === undefined ? {} : { DATABASE_HOST: aurora.cluster.endpoint, DATABASE_READER_HOST: aurora.cluster.readerEndpoint }),
    ...(aurora?.secretArn === undefined ? {} : { DATABASE_SECRET_ARN: aurora.secretArn }),
    ...(redis === undefined ? {} : { CACHE_HOST: redis.redis.configurationEndpoint, CACHE_SECRET_ARN: redis.secretArn }),
    ...(dataBucket === undefined ? {} : { DATA_BUCKET: dataBucket.name }),
  };
}
