import { capacities } from "../../../../contract/capacities.ts";
import { shellWord } from "../../model/shell-words.ts";
import { type ChangeFacts, nothingElse, sameValues, usualPatience, waitLine } from "../change-facts.ts";

/** ModifyDBInstance with ApplyImmediately: an outage of that instance. */
interface InstanceClassChange {
  readonly kind: "rds.instance-class";
  readonly region: string;
  readonly cluster: string;
  readonly instance: string;
  /** What the instance has to be when it is written to: the restart of one that has become the writer would be an outage. Absent: whatever it is. */
  readonly role?: "reader";
  readonly before: { readonly instanceClass: string };
  readonly after: { readonly instanceClass: string };
}

/** FailoverDBCluster to a named member. State: the writer's identifier. */
interface FailoverChange {
  readonly kind: "rds.failover";
  readonly region: string;
  readonly cluster: string;
  readonly before: { readonly writer: string };
  readonly after: { readonly writer: string };
}

/**
 * ModifyDBCluster: for how many days automated backups are kept. Fewer of them: what is older is gone at once, and more of them later bring
 * none of it back.
 */
interface BackupRetentionChange {
  readonly kind: "rds.backup-retention";
  readonly region: string;
  readonly cluster: string;
  readonly before: { readonly days: number };
  readonly after: { readonly days: number };
}

export type AuroraChange = InstanceClassChange | FailoverChange | BackupRetentionChange;

export const auroraChanges: { readonly [C in AuroraChange as C["kind"]]: ChangeFacts<C> } = {
  "rds.instance-class": {
    sized: (change) => ({
      size: change.after.instanceClass,
      family: capacities.rdsFamily(change.after.instanceClass),
      to: (size) => ({ ...change, after: { instanceClass: size } }),
    }),
    resourceOf: ({ region, cluster, instance }) => ({ kind: "aurora-cluster", region, id: cluster, part: instance }),
    same: sameValues,
    patienceMinutes: usualPatience,
    command: ({ region, instance, after }) =>
      `aws rds modify-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)} --db-instance-class ${shellWord(after.instanceClass)} --apply-immediately`,
    first: (change) => [availableLine(change, change.instance)],
    wait: (change) => [
      waitLine("until", describeInstance(change, change.instance), "DBInstances[0].DBInstanceClass", change.after.instanceClass),
      availableLine(change, change.instance),
    ],
    touches: nothingElse,
  },
  "rds.failover": {
    resourceOf: ({ region, cluster }) => ({ kind: "aurora-cluster", region, id: cluster }),
    same: sameValues,
    patienceMinutes: usualPatience,
    command: ({ region, cluster, after }) =>
      `aws rds failover-db-cluster --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)} --target-db-instance-identifier ${shellWord(after.writer)}`,
    first: (change) => [clusterLine(change), availableLine(change, change.after.writer)],
    wait: (change) => [
      waitLine("until", describeCluster(change), "DBClusters[0].DBClusterMembers[?IsClusterWriter].DBInstanceIdentifier", change.after.writer),
      clusterLine(change),
      availableLine(change, change.before.writer),
      availableLine(change, change.after.writer),
    ],
    touches: nothingElse,
  },
  "rds.backup-retention": {
    resourceOf: ({ region, cluster }) => ({ kind: "aurora-cluster", region, id: cluster }),
    same: sameValues,
    patienceMinutes: usualPatience,
    command: ({ region, cluster, after }) =>
      `aws rds modify-db-cluster --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)} --backup-retention-period ${after.days} --apply-immediately`,
    first: (change) => [clusterLine(change)],
    wait: (change) => [waitLine("until", describeCluster(change), "DBClusters[0].BackupRetentionPeriod", String(change.after.days)), clusterLine(change)],
    // Each cluster of a global database keeps its own backups.
    touches: nothingElse,
  },
};

function describeInstance({ region }: AuroraChange, instance: string): string {
  return `aws rds describe-db-instances --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)}`;
}

function describeCluster({ region, cluster }: AuroraChange): string {
  return `aws rds describe-db-clusters --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)}`;
}

function availableLine(change: AuroraChange, instance: string): string {
  return waitLine("until", describeInstance(change, instance), "DBInstances[0].DBInstanceStatus", "available");
}

function clusterLine(change: AuroraChange): string {
  return waitLine("until", describeCluster(change), "DBClusters[0].Status", "available");
}
