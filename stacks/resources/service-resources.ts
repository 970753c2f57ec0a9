import type { Construct } from "constructs";
import { ContainerService } from "../../constructs/compute/container-service.ts";
import type { Firewall } from "../../constructs/network/firewall.ts";
import type { Network } from "../../constructs/network/network.ts";
import type { DataBucket } from "../../constructs/storage/data-bucket.ts";
import type { DataResources, EdgeResources, ServiceResources } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

/** What the service needs beside the stack itself. */
export interface ServiceContext {
  readonly keys: StackKeys;
  readonly network: Network;
  readonly firewall: Firewall;
  readonly edge: EdgeResources;
  readonly data: DataResources;
}

export function createService(scope: Construct, { names, stack }: StackContext, of: ServiceContext): ServiceResources {
  const { service: settings, loadBalancer } = stack.components;
  const position = loadBalancer.targetGroups.findIndex(({ key }) => key === settings?.targetGroup);
  const [definition, targetGroup] = [loadBalancer.targetGroups[position], of.edge.loadBalancer.targetGroups[position]];
  if (settings === null || definition === undefined || targetGroup === undefined) return {};
  const { tables, aurora, redis } = of.data;
  const { dataBucket } = of.edge;
  const service = new ContainerService(scope, "service", {
    names,
    settings,
    subnetIds: of.network.privateSubnetIds,
    firewall: of.firewall,
    target: { targetGroupArn: targetGroup.arn, port: definition.port },
    loadBalancer: of.edge.loadBalancer,
    logKeyArn: of.keys.of("logs").arn,
    grants: {
      tableArns: tables.map((table) => table.arn),
      secretArns: [aurora?.secretArn, redis?.secretArn].filter((arn) => arn !== undefined),
      keyArns: of.keys.ofApplications().map((key) => key.arn),
      bucketArns: dataBucket === undefined ? [] : [dataBucket.arn],
      bucketKeyArns: dataBucket === undefined ? [] : [of.keys.of("objects").arn],
      replicationGroupArns: redis === undefined ? [] : [redis.redis.replicationGroupArn],
    },
    environment: environmentOf(of.data, dataBucket),
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
