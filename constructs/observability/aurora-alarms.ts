import { capacities } from "../../contract/capacities.ts";
import type { AlarmDefinition } from "./alarm-definition.ts";

export interface WatchedCluster {
  readonly clusterId: string;
  /** The classes of the members that the stack is made with. */
  readonly instanceClasses: readonly string[];
  /** The class whose figures are taken where those of all members are unknown, so that no adopted class takes an alarm away. */
  readonly blueprintClass: string;
  /** The primary's region, in a secondary. */
  readonly replicatesFrom?: string;
}

const gib = 1024 ** 3;

/** Alarms on the cluster, whichever instances it has: the greatest figure of any member, against what the smallest member can take. */
export function auroraAlarms({ clusterId, instanceClasses, blueprintClass, replicatesFrom }: WatchedCluster): readonly AlarmDefinition[] {
  const smallest = (figure: (instanceClass: string) => number | undefined): number | undefined => {
    const known = instanceClasses.map(figure).filter((value) => value !== undefined);
    return known.length === 0 ? figure(blueprintClass) : Math.min(...known);
  };
  const maxConnections = smallest(capacities.auroraMysqlMaxConnections);
  const memoryGib = smallest((instanceClass) => capacities.rds(instanceClass)?.memoryGib);
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
            description: "More than 80 % of the connections that the smallest instance took when the alarm was made",
            source: member("DatabaseConnections", "Maximum"),
            beyond: "above",
            threshold: Math.floor(0.8 * maxConnections),
            fitsClassAtCreation: true,
            ...lasting,
          } as const,
        ]),
    ...(memoryGib === undefined
      ? []
      : [
          {
            key: "aurora-memory",
            description: "Less memory free than 5 % of what the smallest instance had when the alarm was made",
            source: member("FreeableMemory", "Minimum"),
            beyond: "below",
            threshold: Math.round(0.05 * memoryGib * gib),
            fitsClassAtCreation: true,
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

/**
 * What would be lost if the primary's region went now. By query: CloudWatch has it by cluster and by the region that it comes from, and
 * a failover makes that another one. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
function globalLag(clusterId: string, sourceRegion: string): AlarmDefinition {
  return {
    key: "aurora-global-lag",
    description: `This region is more than five seconds behind ${sourceRegion}`,
    source: { kind: "query", sql: `SELECT MAX(AuroraGlobalDBReplicationLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${clusterId}'` },
    beyond: "above",
    threshold: 5000,
    periodSeconds: 60,
    periods: 5,
    datapoints: 5,
  };
}
