import { capacities } from "../../contract/capacities.ts";
import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedInstance {
  readonly instanceId: string;
  /** That the stack is made with. */
  readonly instanceClass: string;
  /** It follows an instance of another region. */
  readonly isReplica: boolean;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export function mysqlAlarms({ instanceId, instanceClass, isReplica }: WatchedInstance): readonly AlarmDefinition[] {
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
      description: "The database has more than 80 connections, or, where that fits its class ill, than 80 % of what it took when the alarm was made",
      source: metric("DatabaseConnections", "Average"),
      threshold: connectionsThreshold(instanceClass),
      fitsClassAtCreation: true,
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

/** The requirement's. */
const askedFor = 80;

/**
 * What was asked for, where that is between half and four fifths of what the class takes: db.t3.micro never reaches it, and a large class
 * is past it all day. RDS takes a connection for each 12,582,880 bytes, after the quarter GiB or so that it keeps for itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
 */
function connectionsThreshold(instanceClass: string): number {
  const memoryGib = capacities.rds(instanceClass)?.memoryGib;
  if (memoryGib === undefined) return askedFor;
  const connections = ((memoryGib - 0.25) * 1024 ** 3) / 12_582_880;
  return askedFor >= 0.5 * connections && askedFor <= 0.8 * connections ? askedFor : Math.floor(0.8 * connections);
}
