import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedServerlessCluster {
  readonly clusterId: string;
  /** Of the blueprint, before any sizing. */
  readonly minAcu: number;
}

/**
 * Default `max_connections` of Aurora PostgreSQL by the greatest capacity that a cluster may reach, which sets it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
 */
const connectionsByMaxAcu: readonly (readonly [maxAcu: number, connections: number])[] = [
  [4, 823],
  [8, 1669],
  [16, 3360],
  [32, 5000],
];
const connectionsAtOneAcu = 189;

/**
 * Of the cluster, the greatest of any member. Utilization is a share of whatever maximum the cluster has; connections are measured
 * by a cluster whose maximum is the blueprint's minimum: no smaller one is worth adopting, and so no size changes an alarm.
 */
export function serverlessAlarms({ clusterId, minAcu }: WatchedServerlessCluster): readonly AlarmDefinition[] {
  const connections = fewestConnections(minAcu);
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
      description: `More than 80 % of the ${connections} connections that the smallest such cluster takes`,
      source: member("DatabaseConnections"),
      threshold: Math.floor(0.8 * connections),
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

/** Of the largest known cluster that is not larger; AWS has no maximum below one unit. */
function fewestConnections(maxAcu: number): number {
  return Math.max(connectionsAtOneAcu, ...connectionsByMaxAcu.filter(([acu]) => acu <= maxAcu).map(([, connections]) => connections));
}
