import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import { agentConfiguration } from "../constructs/compute/agent-configuration.ts";
import { autoScalingServiceRole } from "../constructs/compute/auto-scaling-service-role.ts";
import { Fleet } from "../constructs/compute/fleet.ts";
import { InstanceRole } from "../constructs/compute/instance-role.ts";
import { LoadBalancer } from "../constructs/edge/load-balancer.ts";
import { LogBucket } from "../constructs/edge/log-bucket.ts";
import { WebAcl } from "../constructs/edge/web-acl.ts";
import { encryptedLogGroup } from "../constructs/encryption/encrypted-log-group.ts";
import { Firewall } from "../constructs/network/firewall.ts";
import { FlowLogs } from "../constructs/network/flow-logs.ts";
import { Network } from "../constructs/network/network.ts";
import { createAurora, createRedis, createTables, type AuroraResources, type RedisResources, type TableResource } from "./data-resources.ts";
import { createObservability } from "./observability.ts";
import { createKeys, type StackKeys } from "./stack-keys.ts";
import type { GlobalResources, StackContext } from "./stack-context.ts";
import type { StackResources } from "./created-resources.ts";

/** Data first, since the instances' role names it; the fleet last. */
export function createResources(scope: Construct, context: StackContext): StackResources {
  const { names, stack, lifetime } = context;
  const { components } = stack;
  const serviceRole = autoScalingServiceRole(scope, "auto-scaling-service-role", names);
  const keys = createKeys(scope, context, serviceRole.arn);
  const network = new Network(scope, "network", { names, cidr: stack.cidr, zones: components.network.zones });
  const { vpcId } = network;
  new FlowLogs(scope, "flow-logs", { names, vpcId, keyArn: keys.logs.arn, retentionDays: components.network.flowLogRetentionDays });
  const edgeFirewall = new Firewall(scope, "edge-firewall", { names, vpcId, tier: "edge" });
  const appFirewall = new Firewall(scope, "app-firewall", { names, vpcId, tier: "app" });
  appFirewall.allowToInternet(443);
  for (const { port } of components.loadBalancer.targetGroups) appFirewall.allowFrom(edgeFirewall, port);
  const dataContext = { ...context, keys, network, appFirewall };
  const tables = createTables(scope, dataContext);
  const aurora = createAurora(scope, dataContext);
  const redis = createRedis(scope, dataContext);
  const logBucket = new LogBucket(scope, "log-bucket", { names, lifetime, retentionDays: components.accessLogRetentionDays });
  const loadBalancer = new LoadBalancer(scope, "load-balancer", {
    names,
    lifetime,
    settings: components.loadBalancer,
    vpcId,
    publicSubnetIds: network.publicSubnetIds,
    firewall: edgeFirewall,
    logBucket,
    ...(stack.certificateArn === undefined ? {} : { certificateArn: stack.certificateArn }),
  });
  new WebAcl(scope, "web-acl", { names, settings: components.webAcl, loadBalancerArn: loadBalancer.arn, logKeyArn: keys.logs.arn });
  const agent = agentConfiguration(scope, "agent-configuration", names);
  const instanceRole = createInstanceRole(scope, context, { keys, tables, aurora, redis, agent });
  const fleet = new Fleet(scope, "fleet", {
    names,
    settings: components.compute,
    subnetIds: network.privateSubnetIds,
    firewall: appFirewall,
    instanceProfileArn: instanceRole.profileArn,
    serviceLinkedRoleArn: serviceRole.arn,
    keyArn: keys.compute.arn,
    targetGroups: components.loadBalancer.targetGroups,
    loadBalancer,
    agentConfiguration: agent,
    tags: context.tags,
  });
  const resources = {
    names,
    network,
    logBucket,
    loadBalancer,
    fleet,
    dataKey: keys.tables,
    tables,
    ...(aurora === undefined ? {} : { aurora }),
    ...(redis === undefined ? {} : { redis }),
  };
  createObservability(scope, context, keys, resources);
  return resources;
}

interface Grantable {
  readonly keys: StackKeys;
  readonly tables: readonly TableResource[];
  readonly aurora: AuroraResources | undefined;
  readonly redis: RedisResources | undefined;
  readonly agent: SsmParameter;
}

function createInstanceRole(scope: Construct, { names, stack }: StackContext, { keys, tables, aurora, redis, agent }: Grantable): InstanceRole {
  const logGroup = encryptedLogGroup(scope, "application-logs", `/tap/${names.suffix}/app`, {
    keyArn: keys.logs.arn,
    retentionDays: stack.components.applicationLogRetentionDays,
  });
  return new InstanceRole(scope, "instance-role", {
    names,
    grants: {
      tableArns: tables.map((table) => table.arn),
      secretArns: [aurora?.secretArn, redis?.secretArn].filter((arn) => arn !== undefined),
      keyArns: [keys.tables.arn, keys.database.arn, keys.cache.arn],
      replicationGroupArns: redis === undefined ? [] : [redis.redis.replicationGroupArn],
      logGroupArn: logGroup.arn,
      agentParameterArn: agent.arn,
    },
  });
}

/** What later stacks refer to. */
export function globalsOf({ names, tables, aurora }: StackResources): GlobalResources {
  return {
    region: names.region,
    tableArns: Object.fromEntries(tables.filter((table) => table.owned).map((table) => [table.key, table.arn])),
    ...(aurora?.globalClusterId === undefined ? {} : { auroraGlobalClusterId: aurora.globalClusterId }),
  };
}
