import { ModifyDBClusterCommand } from "@aws-sdk/client-rds";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east, west } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { failingOver, ownedByAwsBackup, rdsApi, rescaling, resizing } from "./rds-instances.ts";
import { type Refusal, refusalsOf } from "./refusal.ts";

const none = "no-such-cluster";
const ofCluster = (cluster: string) => ({ region: east, cluster });

const failover = (writer: string, where: { readonly region: string; readonly cluster: string } = ofCluster(names.cluster)): ChangeOf<"rds.failover"> => ({
  kind: "rds.failover",
  ...where,
  before: { writer: names.instance(1) },
  after: { writer },
});
const backups = (days: number, cluster: string = names.cluster): ChangeOf<"rds.backup-retention"> => ({
  kind: "rds.backup-retention",
  ...ofCluster(cluster),
  before: { days: 30 },
  after: { days },
});
const range = (minAcu: number, maxAcu: number): ChangeOf<"rds.serverless-capacity"> => ({
  kind: "rds.serverless-capacity",
  ...ofCluster(names.cluster),
  before: { minAcu: 4, maxAcu: 16 },
  after: { minAcu, maxAcu },
});

const failovers = refusalsOf("FailoverDBCluster", `${rdsApi}/API_FailoverDBCluster.html`, [
  {
    error: "DBClusterNotFoundFault",
    status: 404,
    when: "the cluster is not there",
    asked: { change: failover(names.instance(2), ofCluster(none)) },
    met: "missing",
  },
  {
    error: "InvalidDBClusterStateFault",
    status: 400,
    when: "the cluster is failing over",
    given: failingOver,
    asked: { change: failover(names.instance(3)) },
    met: "busy",
  },
  { error: "InvalidDBClusterStateFault", status: 400, when: "the target writes already", asked: { change: failover(names.instance(1)) }, met: "busy" },
  {
    error: "InvalidDBClusterStateFault",
    status: 400,
    when: "a secondary cluster of a global database, which has no writer",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html",
    asked: { change: failover(names.instance(1), { region: west, cluster: names.cluster }) },
    met: "busy",
  },
  {
    error: "InvalidDBInstanceStateFault",
    status: 400,
    when: "the target is not available",
    given: resizing,
    asked: { change: failover(names.instance(3)) },
    met: "busy",
  },
]);

const serverless = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html";

const modifications = refusalsOf("ModifyDBCluster", `${rdsApi}/API_ModifyDBCluster.html`, [
  {
    error: "DBClusterNotFoundFault",
    status: 404,
    when: "the cluster is not there",
    asked: {
      send: ({ clients }) => clients.rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: none, BackupRetentionPeriod: 14, ApplyImmediately: true })),
      instead: backups(14, none),
      reads: { kind: "missing", name: "DBClusterNotFoundFault" },
    },
    met: "missing",
  },
  { error: "InvalidDBClusterStateFault", status: 400, when: "the cluster is not available", given: rescaling, asked: { change: backups(14) }, met: "busy" },
  { error: "InvalidParameterValue", status: 400, when: "backups for less than a day", asked: { change: backups(0) }, met: "invalid" },
  { error: "InvalidParameterValue", status: 400, when: "backups for more than 35 days", asked: { change: backups(36) }, met: "invalid" },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "other days for backups that AWS Backup owns",
    ...ownedByAwsBackup,
    asked: { change: backups(14) },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "a maximum below 1 capacity unit",
    source: serverless,
    asked: { change: range(0.5, 0.5) },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "a maximum above 256 capacity units",
    source: serverless,
    asked: { change: range(4, 257) },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "capacity units that are no half steps",
    source: serverless,
    asked: { change: range(1.3, 16) },
    met: "invalid",
  },
  { error: "InvalidParameterValue", status: 400, when: "a minimum above the maximum", source: serverless, asked: { change: range(8, 4) }, met: "invalid" },
]);

export const rdsClusterRefusals: readonly Refusal[] = [...failovers, ...modifications];
