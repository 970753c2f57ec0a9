import type { Construct } from "constructs";
import { AlarmTopic } from "../constructs/observability/alarm-topic.ts";
import { Alarms } from "../constructs/observability/alarms.ts";
import { auroraAlarms } from "../constructs/observability/aurora-alarms.ts";
import { dashboard, type Chart } from "../constructs/observability/dashboard.ts";
import { edgeAlarms, fleetAlarms } from "../constructs/observability/edge-alarms.ts";
import { redisAlarms } from "../constructs/observability/redis-alarms.ts";
import { tableAlarms } from "../constructs/observability/table-alarms.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";
import type { StackResources } from "./created-resources.ts";

type Watched = Pick<StackResources, "loadBalancer" | "fleet" | "tables" | "aurora" | "redis">;

/**
 * Alarms and a dashboard of all that the stack has. What they say comes from the blueprint's sizes, never from adopted ones:
 * see docs/decisions/0003.
 */
export function createObservability(scope: Construct, context: StackContext, keys: StackKeys, watched: Watched): void {
  const { names, alarmEmail } = context;
  const topic = new AlarmTopic(scope, "alarm-topic", { names, keyArn: keys.alarms.arn, ...(alarmEmail === undefined ? {} : { email: alarmEmail }) });
  const alarms = new Alarms(scope, "alarms", { names, topic, definitions: definitionsOf(context, watched) });
  dashboard(scope, "dashboard", { names, charts: chartsOf(watched), alarmArns: [alarms.compositeArn, ...alarms.arns] });
}

function definitionsOf({ stack, fromPrimary }: StackContext, { loadBalancer, fleet, tables, aurora, redis }: Watched) {
  const { components, builtFor } = stack;
  const instanceClass = builtFor.aurora?.instances[0]?.instanceClass;
  return [
    ...edgeAlarms({
      fullName: loadBalancer.fullName,
      targetGroups: components.loadBalancer.targetGroups.map(({ key }, index) => ({ key, fullName: loadBalancer.targetGroups[index]?.arnSuffix ?? "" })),
    }),
    ...fleetAlarms(fleet.groupName),
    ...tables.flatMap(tableAlarms),
    ...(aurora === undefined || instanceClass === undefined
      ? []
      : auroraAlarms({ clusterId: aurora.cluster.clusterId, instanceClass, ...(fromPrimary === undefined ? {} : { replicatesFrom: fromPrimary.region }) })),
    ...(redis === undefined
      ? []
      : redisAlarms({
          replicationGroupId: redis.redis.replicationGroupId,
          shards: Math.max(builtFor.redis?.shards ?? 0, components.redis?.shards ?? 0),
          replicasPerShard: Math.max(builtFor.redis?.replicasPerShard ?? 0, components.redis?.replicasPerShard ?? 0),
        })),
  ];
}

function chartsOf({ loadBalancer, fleet, tables, aurora, redis }: Watched): readonly Chart[] {
  const balancer = ["LoadBalancer", loadBalancer.fullName] as const;
  const group = ["AutoScalingGroupName", fleet.groupName] as const;
  return [
    { title: "Requests", stat: "Sum", metrics: [["AWS/ApplicationELB", "RequestCount", ...balancer]] },
    {
      title: "5xx",
      stat: "Sum",
      metrics: [
        ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", ...balancer],
        ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", ...balancer],
      ],
    },
    { title: "Response time, p99", stat: "p99", metrics: [["AWS/ApplicationELB", "TargetResponseTime", ...balancer]] },
    {
      title: "Fleet, %",
      stat: "Average",
      metrics: [
        ["AWS/EC2", "CPUUtilization", ...group],
        ["CWAgent", "mem_used_percent", ...group],
      ],
    },
    { title: "Instances", stat: "Average", metrics: [["AWS/AutoScaling", "GroupInServiceInstances", ...group]] },
    ...(aurora === undefined ? [] : auroraCharts(aurora.cluster.clusterId)),
    ...(redis === undefined ? [] : [redisChart(redis.redis.replicationGroupId)]),
    ...tables.map(({ name }) => ({
      title: `${name}: read units`,
      stat: "Sum",
      metrics: [
        ["AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", name] as const,
        { search: `SEARCH('{AWS/DynamoDB,GlobalSecondaryIndexName,TableName} TableName="${name}" MetricName="ConsumedReadCapacityUnits"', 'Sum', 300)` },
      ],
    })),
  ];
}

function auroraCharts(clusterId: string): readonly Chart[] {
  const cluster = ["DBClusterIdentifier", clusterId] as const;
  return [
    {
      title: "Database: CPU, %",
      stat: "Maximum",
      metrics: ["WRITER", "READER"].map((role) => ["AWS/RDS", "CPUUtilization", ...cluster, "Role", role] as const),
    },
    { title: "Database: connections", stat: "Maximum", metrics: [["AWS/RDS", "DatabaseConnections", ...cluster]] },
    { title: "Database: replica lag, ms", stat: "Maximum", metrics: [["AWS/RDS", "AuroraReplicaLag", ...cluster]] },
  ];
}

function redisChart(groupId: string): Chart {
  return {
    title: "Cache: engine CPU, %",
    stat: "Maximum",
    metrics: [{ search: `SEARCH('{AWS/ElastiCache,CacheClusterId,CacheNodeId} ${groupId} MetricName="EngineCPUUtilization"', 'Maximum', 300)` }],
  };
}
