import type { StackOutputs } from "../../contract/outputs.ts";
import { stackComponentIds } from "./stack-component-ids.ts";
import { stackExports } from "./stack-exports.ts";
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
    public_subnet_ids: [...network.publicSubnetIds],
    ...(network.privateSubnetIds.length === 0 ? {} : { private_subnet_ids: [...network.privateSubnetIds] }),
    ...(network.isolatedSubnetIds.length === 0 ? {} : { isolated_subnet_ids: [...network.isolatedSubnetIds] }),
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
    ...mysqlOutputs(resources),
    ...dataBucketOutputs(resources),
    logs_bucket_name: logBucket.name,
    logs_bucket_arn: logBucket.arn,
    kms_key_arn: dataKey.arn,
    kms_key_id: dataKey.keyId,
    components: stackComponentIds(
      stack.components,
      resources.tables.filter((table) => table.owned).map((table) => table.key),
      names,
    ),
    exports: stackExports(resources),
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

function mysqlOutputs({ mysql }: StackResources): Partial<StackOutputs> {
  if (mysql === undefined) return {};
  const { instance, secretArn } = mysql;
  return {
    rds_instance_id: instance.instanceId,
    rds_endpoint: instance.endpoint,
    rds_address: instance.address,
    ...(secretArn === undefined ? {} : { rds_secret_arn: secretArn }),
  };
}

function dataBucketOutputs({ dataBucket }: StackResources): Partial<StackOutputs> {
  return dataBucket === undefined ? {} : { data_bucket_name: dataBucket.name, data_bucket_arn: dataBucket.arn };
}
