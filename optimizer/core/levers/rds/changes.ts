import { capacities } from "../../../../contract/capacities.ts";
import { shellWord } from "../../model/shell-words.ts";
import { type Queued, type QueuedSetting, queuedOf } from "../queued-settings.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, nothingElse, unqueuedLine, usualPatience, waitLine } from "../change-facts.ts";

/**
 * ModifyDBInstance of an instance outside of clusters: for how many days automated backups are kept. Fewer of them: what is older is gone, and
 * more of them later bring none of it back.
 */
interface BackupRetentionChange {
  readonly kind: "rds.instance-backup-retention";
  readonly region: string;
  readonly instance: string;
  readonly before: { readonly days: number };
  readonly after: { readonly days: number };
}

/** ModifyDBInstance with ApplyImmediately, outside of clusters: a failover to the standby, or an outage where there is none. */
interface ClassChange {
  readonly kind: "rds.standalone-class";
  readonly region: string;
  readonly instance: string;
  /** Whether it has a standby, which it must still have when it is written to. */
  readonly multiAz: boolean;
  readonly before: { readonly instanceClass: string };
  readonly after: { readonly instanceClass: string };
}

export type RdsChange = BackupRetentionChange | ClassChange;

export const rdsChanges: { readonly [C in RdsChange as C["kind"]]: ChangeFacts<C> } = {
  "rds.instance-backup-retention": {
    resourceOf: ({ region, instance }) => ({ kind: "rds-instance", region, id: instance }),
    same: sameJson,
    feltBy: { nobody: "requests read no backups" },
    patienceMinutes: usualPatience,
    // Not at once: AWS applies this as soon as possible anyway, and "at once" would apply all that waits for the maintenance window, too.
    command: ({ region, instance, after }) =>
      `aws rds modify-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)} --backup-retention-period ${after.days}`,
    first: (change) => [availableLine(change)],
    wait: (change) => [waitLine("until", describeInstance(change), "DBInstances[0].BackupRetentionPeriod", String(change.after.days)), availableLine(change)],
    // A replica keeps backups of its own.
    touches: nothingElse,
  },
  "rds.standalone-class": {
    sized: (change) => ({
      size: change.after.instanceClass,
      family: capacities.rdsFamily(change.after.instanceClass),
      to: (size) => ({ ...change, after: { instanceClass: size } }),
    }),
    resourceOf: ({ region, instance }) => ({ kind: "rds-instance", region, id: instance }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, instance, after }) =>
      `aws rds modify-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)} --db-instance-class ${shellWord(after.instanceClass)} --apply-immediately`,
    first: (change) => [availableLine(change)],
    unqueued: (change) => unqueuedLine(describeInstance(change), "values(not_null(DBInstances[0].PendingModifiedValues, `{}`))"),
    wait: (change) => [waitLine("until", describeInstance(change), "DBInstances[0].DBInstanceClass", change.after.instanceClass), availableLine(change)],
    touches: nothingElse,
  },
};

/** Sets back what somebody has queued for the maintenance window of an instance, inside of a cluster, too. */
export function queuedInstanceSettings(region: string, instance: string, settings: readonly QueuedSetting[]): Queued {
  const command = `aws rds modify-db-instance --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)}`;
  return queuedOf(settings, { command, option: rdsOption });
}

/** The same of a cluster. */
export function queuedClusterSettings(region: string, cluster: string, settings: readonly QueuedSetting[]): Queued {
  const command = `aws rds modify-db-cluster --region ${shellWord(region)} --db-cluster-identifier ${shellWord(cluster)}`;
  return queuedOf(settings, { command, option: rdsOption });
}

/** Options of AWS's CLI that take what DescribeDBInstances and DescribeDBClusters tell of the same setting. */
const valueOptions: Readonly<Record<string, string>> = {
  AllocatedStorage: "--allocated-storage",
  BackupRetentionPeriod: "--backup-retention-period",
  CACertificateIdentifier: "--ca-certificate-identifier",
  DBInstanceClass: "--db-instance-class",
  EngineVersion: "--engine-version",
  Iops: "--iops",
  LicenseModel: "--license-model",
  StorageThroughput: "--storage-throughput",
  StorageType: "--storage-type",
};
const switchOptions: Readonly<Record<string, string>> = {
  DedicatedLogVolume: "dedicated-log-volume",
  IAMDatabaseAuthenticationEnabled: "enable-iam-database-authentication",
  MultiAZ: "multi-az",
};

function rdsOption(name: string, value: unknown): string | undefined {
  const [option, flag] = [valueOptions[name], switchOptions[name]];
  if (option !== undefined && (typeof value === "string" || typeof value === "number")) return `${option} ${shellWord(String(value))}`;
  if (flag === undefined || typeof value !== "boolean") return undefined;
  return value ? `--${flag}` : `--no-${flag}`;
}

function describeInstance({ region, instance }: RdsChange): string {
  return `aws rds describe-db-instances --region ${shellWord(region)} --db-instance-identifier ${shellWord(instance)}`;
}

function availableLine(change: RdsChange): string {
  return waitLine("until", describeInstance(change), "DBInstances[0].DBInstanceStatus", "available");
}
