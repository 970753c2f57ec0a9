import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedServerlessCluster {
  readonly clusterId: string;
  /** What the stack is made with. */
  readonly minAcu: number;
  readonly maxAcu: number;
}

/** Alarms on the cluster: the greatest figure of any member. Utilization is a share of the cluster's maximum, whatever that is. */
export function serverlessAlarms({ clusterId, minAcu, maxAcu }: WatchedServerlessCluster): readonly AlarmDefinition[] {
  const member = (name: string) =>
    ({ kind: "metric", metric: { namespace: "AWS/RDS", name, dimensions: { DBClusterIdentifier: clusterId }, stat: "Maximum" } }) as const;
  const lasting = { beyond: "above", periodSeconds: 300, periods: 3, datapoints: 3 } as const;
  return [
    {
      ...lasting,
      key: "aurora-capacity",
      description: "An instance of the database uses more than 90 % of the capacity it may reach",
      source: member("ACUUtilization"),
      threshold: 90,
    },
    {
      ...lasting,
      key: "aurora-cpu",
      description: "An instance of the database uses more than 85 % of its CPU",
      source: member("CPUUtilization"),
      threshold: 85,
    },
    {
      ...lasting,
      key: "aurora-connections",
      description: "More than 80 % of the connections that the cluster took when the alarm was made",
      source: member("DatabaseConnections"),
      threshold: Math.floor(0.8 * maxConnections(minAcu, maxAcu)),
      fitsClassAtCreation: true,
    },
    {
      ...lasting,
      key: "aurora-replica-lag",
      description: "A reader is more than a second behind the writer",
      source: member("AuroraReplicaLag"),
      threshold: 1000,
    },
  ];
}

/**
 * Default `max_connections` of Aurora PostgreSQL by the capacity that a cluster may reach. AWS lists 189 at one unit, 823 at 4, 1669 at 8, 3360 at
 * 16 and 5000 from 32 on, which lie on a line; and no more than 2000 where the capacity may go down to half a unit or less.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
function maxConnections(minAcu: number, maxAcu: number): number {
  const most = minAcu <= 0.5 ? 2000 : 5000;
  return Math.min(most, Math.floor(211.5 * maxAcu - 23));
}
