import { capacities } from "../../contract/capacities.ts";
import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedCluster {
  readonly clusterId: string;
  /** Of the blueprint, before any sizing. */
  readonly instanceClass: string;
  /** The primary's region, in a secondary. */
  readonly replicatesFrom?: string;
}

const gib = 1024 ** 3;

/**
 * Of the cluster, whichever instances it has: the greatest of any member. Thresholds are those of the smallest class of the family,
 * so that they hold at each size that may be adopted, and none of them changes with it.
 */
export function auroraAlarms({ clusterId, instanceClass, replicatesFrom }: WatchedCluster): readonly AlarmDefinition[] {
  const smallest = capacities.rdsFamily(instanceClass)[0] ?? instanceClass;
  const maxConnections = capacities.auroraMysqlMaxConnections(smallest);
  const memoryGib = capacities.rds(smallest)?.memoryGib;
  const member = (name: string, stat: string) =>
    ({ kind: "metric", metric: { namespace: "AWS/RDS", name, dimensions: { DBClusterIdentifier: clusterId }, stat } }) as const;
  const lasting = { periodSeconds: 300, periods: 3, datapoints: 3 } as const;
  return [
    {
      key: "aurora-cpu",
      description: "An instance of the database uses more than 85 % of its CPU",
      source: member("CPUUtilization", "Maximum"),
      beyond: "above",
      threshold: 85,
      ...lasting,
    },
    ...(maxConnections === undefined
      ? []
      : [
          {
            key: "aurora-connections",
            description: `More than 80 % of the ${maxConnections} connections that ${smallest} takes`,
            source: member("DatabaseConnections", "Maximum"),
            beyond: "above",
            threshold: 0.8 * maxConnections,
            ...lasting,
          } as const,
        ]),
    ...(memoryGib === undefined
      ? []
      : [
          {
            key: "aurora-memory",
            description: `Less memory free than 5 % of ${smallest}`,
            source: member("FreeableMemory", "Minimum"),
            beyond: "below",
            threshold: Math.round(0.05 * memoryGib * gib),
            ...lasting,
          } as const,
        ]),
    {
      key: "aurora-replica-lag",
      description: "A reader is more than a second behind the writer",
      source: member("AuroraReplicaLag", "Maximum"),
      beyond: "above",
      threshold: 1000,
      ...lasting,
    },
    ...(replicatesFrom === undefined ? [] : [globalLag(clusterId, replicatesFrom)]),
  ];
}

/** What would be lost if the primary's region went now. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html */
function globalLag(clusterId: string, sourceRegion: string): AlarmDefinition {
  return {
    key: "aurora-global-lag",
    description: `This region is more than five seconds behind ${sourceRegion}`,
    source: {
      kind: "metric",
      metric: {
        namespace: "AWS/RDS",
        name: "AuroraGlobalDBReplicationLag",
        dimensions: { DBClusterIdentifier: clusterId, SourceRegion: sourceRegion },
        stat: "Maximum",
      },
    },
    beyond: "above",
    threshold: 5000,
    periodSeconds: 60,
    periods: 5,
    datapoints: 5,
  };
}
