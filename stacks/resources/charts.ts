import type { Chart } from "../../constructs/observability/dashboard.ts";
import type { Watched } from "./created-resources.ts";

/** What the dashboard of a region shows, component by component. */
export function chartsOf({ loadBalancer, fleet, tables, aurora, redis, mysql }: Watched): readonly Chart[] {
  const balancer = ["LoadBalancer", loadBalancer.fullName] as const;
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
    ...(fleet === undefined ? [] : fleetCharts(fleet.groupName)),
    ...(aurora === undefined ? [] : auroraCharts(aurora.cluster.clusterId)),
    ...(redis === undefined ? [] : [redisChart(redis.redis.replicationGroupId)]),
    ...(mysql === undefined ? [] : mysqlCharts(mysql.instance.instanceId)),
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

function fleetCharts(groupName: string): readonly Chart[] {
  const group = ["AutoScalingGroupName", groupName] as const;
  return [
    {
      title: "Fleet, %",
      stat: "Average",
      metrics: [
        ["AWS/EC2", "CPUUtilization", ...group],
        ["CWAgent", "mem_used_percent", ...group],
      ],
    },
    { title: "Instances", stat: "Average", metrics: [["AWS/AutoScaling", "GroupInServiceInstances", ...group]] },
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

function mysqlCharts(instanceId: string): readonly Chart[] {
  const instance = ["DBInstanceIdentifier", instanceId] as const;
  return [
    { title: "Database: CPU, %", stat: "Average", metrics: [["AWS/RDS", "CPUUtilization", ...instance]] },
    { title: "Database: connections", stat: "Maximum", metrics: [["AWS/RDS", "DatabaseConnections", ...instance]] },
    { title: "Database: storage free, bytes", stat: "Minimum", metrics: [["AWS/RDS", "FreeStorageSpace", ...instance]] },
  ];
}

function redisChart(groupId: string): Chart {
  return {
    title: "Cache: engine CPU, %",
    stat: "Maximum",
    metrics: [{ search: `SEARCH('{AWS/ElastiCache,CacheClusterId,CacheNodeId} ${groupId} MetricName="EngineCPUUtilization"', 'Maximum', 300)` }],
  };
}
