import { capacities } from "../../../../contract/capacities.ts";
import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, nothingElse, unqueuedLine, usualPatience, waitLine } from "../change-facts.ts";
import type { AcuRange } from "./cluster.ts";
import { creationOf, type MemberDefinition } from "./member-definition.ts";

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

/**
 * DeleteDBInstance (`after` null) or CreateDBInstance (`before` null) of one reader. Made again it has the same identifier and endpoint, and
 * another resource id: what is kept by that id, such as the history of Performance Insights, is not its own any more.
 */
interface MemberChange {
  readonly kind: "rds.member";
  readonly region: string;
  readonly cluster: string;
  readonly instance: string;
  readonly before: MemberDefinition | null;
  readonly after: MemberDefinition | null;
}

/** ModifyDBCluster: the capacity units between which each serverless instance of the cluster moves, at once and without a restart. */
interface ServerlessCapacityChange {
  readonly kind: "rds.serverless-capacity";
  readonly region: string;
  readonly cluster: string;
  readonly before: AcuRange;
  readonly after: AcuRange;
}

export type AuroraChange = InstanceClassChange | FailoverChange | BackupRetentionChange | MemberChange | ServerlessCapacityChange;

export const auroraChanges: { readonly [C in AuroraChange as C["kind"]]: ChangeFacts<C> } = {
  "rds.instance-class": {
    sized: (change) => ({
      size: change.after.instanceClass,
      family: capacities.rdsFamily(change.after.instanceClass),
      to: (size) => ({ ...change, after: { instanceClass: size } }),
    }),
    resourceOf: ({ region, cluster, instance }) => ({ kind: "aurora-cluster", region, id: cluster, part: instance }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, instance, after }) =>
      `aws rds modify-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)} --db-instance-class ${shellWord(after.instanceClass)} --apply-immediately`,
    first: (change) => [availableLine(change, change.instance)],
    unqueued: (change) => unqueuedLine(describeInstance(change, change.instance), "values(not_null(DBInstances[0].PendingModifiedValues, `{}`))"),
    wait: (change) => [
      waitLine("until", describeInstance(change, change.instance), "DBInstances[0].DBInstanceClass", change.after.instanceClass),
      availableLine(change, change.instance),
    ],
    touches: nothingElse,
  },
  "rds.failover": {
    resourceOf: ({ region, cluster }) => ({ kind: "aurora-cluster", region, id: cluster }),
    same: sameJson,
    feltBy: "requests",
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
  "rds.member": {
    resourceOf: ({ region, cluster, instance }) => ({ kind: "aurora-cluster", region, id: cluster, part: instance }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, cluster, instance, after }) =>
      after === null
        ? `aws rds delete-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)} --skip-final-snapshot`
        : `aws rds create-db-instance --region ${shellWord(region)} --cli-input-json ${shellWord(JSON.stringify(creationOf(cluster, instance, after)))}`,
    // One that is still being deleted has its name for as long.
    first: (change) => [change.after === null ? availableLine(change, change.instance) : goneLine(change), clusterLine(change)],
    wait: (change) => [change.after === null ? goneLine(change) : availableLine(change, change.instance), clusterLine(change)],
    touches: nothingElse,
  },
  "rds.backup-retention": {
    resourceOf: ({ region, cluster }) => ({ kind: "aurora-cluster", region, id: cluster }),
    same: sameJson,
    feltBy: { nobody: "requests read no backups" },
    patienceMinutes: usualPatience,
    command: ({ region, cluster, after }) =>
      `aws rds modify-db-cluster --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)} --backup-retention-period ${after.days} --apply-immediately`,
    first: (change) => [clusterLine(change)],
    unqueued: unqueuedCluster,
    wait: (change) => [waitLine("until", describeCluster(change), "DBClusters[0].BackupRetentionPeriod", String(change.after.days)), clusterLine(change)],
    // Each cluster of a global database keeps its own backups.
    touches: nothingElse,
  },
  "rds.serverless-capacity": {
    resourceOf: ({ region, cluster }) => ({ kind: "aurora-cluster", region, id: cluster }),
    same: sameJson,
    patienceMinutes: usualPatience,
    command: ({ region, cluster, after: { minAcu, maxAcu } }) =>
      `aws rds modify-db-cluster --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)} --serverless-v2-scaling-configuration MinCapacity=${minAcu},MaxCapacity=${maxAcu} --apply-immediately`,
    first: (change) => [clusterLine(change)],
    unqueued: unqueuedCluster,
    wait: (change) => [waitLine("until", describeCluster(change), rangeReached(change.after), "true"), clusterLine(change)],
    feltBy: "requests",
    touches: nothingElse,
  },
};

/** Compared by the CLI itself: whether it prints a whole number of units as 4 or 4.0 is not promised. */
function rangeReached({ minAcu, maxAcu }: AcuRange): string {
  const range = "DBClusters[0].ServerlessV2ScalingConfiguration";
  return `to_string(${range}.MinCapacity == \`${minAcu}\` && ${range}.MaxCapacity == \`${maxAcu}\`)`;
}

/** Asks every half minute, for half an hour at most; there is no state that the other lines could ask for once it is gone. */
function goneLine({ region, instance }: MemberChange): string {
  return `aws rds wait db-instance-deleted --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)}`;
}

function describeInstance({ region }: AuroraChange, instance: string): string {
  return `aws rds describe-db-instances --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)}`;
}

function describeCluster({ region, cluster }: AuroraChange): string {
  return `aws rds describe-db-clusters --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)}`;
}

function unqueuedCluster(change: AuroraChange): string {
  return unqueuedLine(describeCluster(change), "values(not_null(DBClusters[0].PendingModifiedValues, `{}`))");
}

function availableLine(change: AuroraChange, instance: string): string {
  return waitLine("until", describeInstance(change, instance), "DBInstances[0].DBInstanceStatus", "available");
}

function clusterLine(change: AuroraChange): string {
  return waitLine("until", describeCluster(change), "DBClusters[0].Status", "available");
}
