import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedInstance {
  readonly instanceId: string;
  /** It follows an instance of another region. */
  readonly isReplica: boolean;
}

/**
 * The requirement's thresholds, whatever the class: db.t3.micro takes hardly more than 80 connections at all, one for 12 MiB of memory.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html and CHAP_Limits.html
 */
export function mysqlAlarms({ instanceId, isReplica }: WatchedInstance): readonly AlarmDefinition[] {
  const metric = (name: string, stat: string) =>
    ({ kind: "metric", metric: { namespace: "AWS/RDS", name, dimensions: { DBInstanceIdentifier: instanceId }, stat } }) as const;
  const lasting = { beyond: "above", periodSeconds: 300, periods: 2, datapoints: 2 } as const;
  return [
    {
      key: "mysql-cpu",
      description: "The database uses more than 80 % of its CPU for ten minutes",
      source: metric("CPUUtilization", "Average"),
      threshold: 80,
      ...lasting,
    },
    {
      key: "mysql-connections",
      description: "The database has more than 80 connections",
      source: metric("DatabaseConnections", "Average"),
      threshold: 80,
      ...lasting,
    },
    ...(isReplica
      ? [
          {
            key: "mysql-replica-lag",
            description: "The replica is more than a minute behind its source, or no longer follows it",
            // -1 means that nothing is copied at all.
            source: { kind: "formula", expression: "IF(lag < 0, 86400, lag)", metrics: { lag: metric("ReplicaLag", "Maximum").metric } },
            threshold: 60,
            ...lasting,
          } as const,
        ]
      : []),
  ];
}
