import { exportKey } from "../../contract/resource-names.ts";
import type { StackOutputs } from "../../contract/outputs.ts";
import { stackComponentIds } from "./stack-component-ids.ts";
import type { StackSettings } from "../settings/settings-model.ts";
import type { StackResources } from "../resources/created-resources.ts";

/** The outputs of a stack; values are tokens mostly. An absent component has none, and no secret ever is one. */
export function stackOutputs(stack: StackSettings, resources: StackResources): StackOutputs {
  const { names, network, logBucket, loadBalancer, dataKey } = resources;
  return {
    stack_region: stack.region,
    stack_name: stack.name,
    environment_suffix: names.suffix,
    vpc_id: network.vpcId,
    public_subnet_ids: network.publicSubnetIds,
    private_subnet_ids: network.privateSubnetIds,
    isolated_subnet_ids: network.isolatedSubnetIds,
    alb_arn: loadBalancer.arn,
    alb_dns_name: loadBalancer.dnsName,
    alb_full_name: loadBalancer.fullName,
    alb_protocol: loadBalancer.protocol,
    target_group_full_names: loadBalancer.targetGroups.map((group) => group.arnSuffix),
    ...fleetOutputs(resources),
    ...serviceOutputs(resources),
    ...functionOutputs(resources),
    dynamodb_tables: tableOutputs(resources),
    ...auroraOutputs(resources),
    ...redisOutputs(resources),
    ...bucketOutputs(resources),
    logs_bucket_name: logBucket.name,
    logs_bucket_arn: logBucket.arn,
    kms_key_arn: dataKey.arn,
    kms_key_id: dataKey.keyId,
    components: stackComponentIds(
      stack.components,
      resources.tables.filter((table) => table.owned).map((table) => table.key),
      names,
    ),
    exports: exportsOf(resources),
  };
}

function fleetOutputs({ fleet }: StackResources): Partial<StackOutputs> {
  return fleet === undefined ? {} : { asg_name: fleet.groupName, asg_arn: fleet.groupArn, launch_template_id: fleet.launchTemplateId };
}

function serviceOutputs({ service }: StackResources): Partial<StackOutputs> {
  return service === undefined ? {} : { ecs_cluster_name: service.clusterName, ecs_service_names: [service.serviceName] };
}

function functionOutputs({ functions }: StackResources): Partial<StackOutputs> {
  return functions.length === 0 ? {} : { function_names: functions.map(({ made }) => made.functionName) };
}

function bucketOutputs({ dataBucket }: StackResources): Partial<StackOutputs> {
  return dataBucket === undefined ? {} : { data_bucket_name: dataBucket.name, data_bucket_arn: dataBucket.arn };
}

function tableOutputs({ tables }: StackResources): NonNullable<StackOutputs["dynamodb_tables"]> {
  return Object.fromEntries(tables.map(({ key, name, arn, streamArn }) => [key, { name, arn, ...(streamArn === undefined ? {} : { stream_arn: streamArn }) }]));
}

function auroraOutputs({ aurora }: StackResources): Partial<StackOutputs> {
  if (aurora === undefined) return {};
  return {
    aurora_cluster_id: aurora.cluster.clusterId,
    aurora_endpoint: aurora.cluster.endpoint,
    aurora_reader_endpoint: aurora.cluster.readerEndpoint,
    ...(aurora.globalClusterId === undefined ? {} : { aurora_global_cluster_id: aurora.globalClusterId }),
    ...(aurora.secretArn === undefined ? {} : { aurora_secret_arn: aurora.secretArn }),
  };
}

function redisOutputs({ redis }: StackResources): Partial<StackOutputs> {
  if (redis === undefined) return {};
  return {
    redis_replication_group_id: redis.redis.replicationGroupId,
    redis_configuration_endpoint: redis.redis.configurationEndpoint,
    redis_auth_secret_arn: redis.secretArn,
  };
}

/** What other applications look up by name. */
function exportsOf({
  names,
  network,
  logBucket,
  loadBalancer,
  fleet,
  service,
  dataKey,
  tables,
  aurora,
  redis,
  dataBucket,
}: StackResources): Readonly<Record<string, string>> {
  const entries: readonly (readonly [string, string, string])[] = [
    ["vpc", "id", network.vpcId],
    ["alb", "arn", loadBalancer.arn],
    ["alb", "dns-name", loadBalancer.dnsName],
    ...(fleet === undefined ? [] : ([["asg", "name", fleet.groupName]] as const)),
    ...(service === undefined
      ? []
      : ([
          ["cluster", "name", service.clusterName],
          ["service", "name", service.serviceName],
        ] as const)),
    ...(dataBucket === undefined ? [] : ([["data-bucket", "name", dataBucket.name]] as const)),
    ["logs-bucket", "name", logBucket.name],
    ["kms-key", "arn", dataKey.arn],
    ...tables.map(({ key, arn }) => [`${key}-table`, "arn", arn] as const),
    ...(aurora === undefined
      ? []
      : ([
          ["aurora", "endpoint", aurora.cluster.endpoint],
          ["aurora", "reader-endpoint", aurora.cluster.readerEndpoint],
        ] as const)),
    ...(redis === undefined ? [] : ([["redis", "configuration-endpoint", redis.redis.configurationEndpoint]] as const)),
  ];
  return Object.fromEntries(entries.map(([resource, attribute, value]) => [exportKey(names.suffix, resource, attribute), value]));
}
