import { DeleteDBInstanceCommand, FailoverDBClusterCommand, ModifyDBClusterCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { idle, noCapacity, type Opened, type Refusal, refusalsOf } from "./refusal.ts";
import { withResources } from "./with-resources.ts";

export const rdsApi = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference";
const [big, small] = ["db.r6g.4xlarge", "db.r6g.xlarge"];
const third = names.instance(3);

export const resizing = ({ clients }: Opened) =>
  clients.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: third, DBInstanceClass: small, ApplyImmediately: true }));

export const failingOver = ({ clients }: Opened) => clients.rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster }));

/** The cluster is `modifying`, its members stay available. */
export const rescaling = ({ clients }: Opened) =>
  clients.rds.send(
    new ModifyDBClusterCommand({
      DBClusterIdentifier: names.cluster,
      ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 8 },
      ApplyImmediately: true,
    }),
  );

export const classOf = (instance: string, instanceClass: string): ChangeOf<"rds.instance-class"> => ({
  kind: "rds.instance-class",
  region: east,
  cluster: names.cluster,
  instance,
  before: { instanceClass: big },
  after: { instanceClass },
});
const mysqlClass = (instanceClass: string): ChangeOf<"rds.standalone-class"> => ({
  kind: "rds.standalone-class",
  region: east,
  instance: names.mysql,
  multiAz: true,
  before: { instanceClass: "db.m6g.2xlarge" },
  after: { instanceClass },
});
const mysqlBackups = (days: number, instance: string = names.mysql): ChangeOf<"rds.instance-backup-retention"> => ({
  kind: "rds.instance-backup-retention",
  region: east,
  instance,
  before: { days: 30 },
  after: { days },
});

/** Of both AWS tells Performance Insights. */
const watched = withResources({
  aws_rds_cluster_instance: (members) => ({ ...members, three: { ...members["three"], performance_insights_enabled: true } }),
  aws_db_instance: ({ mysql }) => ({ mysql: { ...mysql, performance_insights_enabled: true } }),
});
const insights = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html";

export const ownedByAwsBackup = {
  scenario: { regions: { [east]: { ...idle, database: { writeVcpuSeconds: 0, readVcpuSeconds: 0, around: { awsBackup: true } } } } },
  source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html",
} as const;

const modifications = refusalsOf("ModifyDBInstance", `${rdsApi}/API_ModifyDBInstance.html`, [
  {
    error: "DBInstanceNotFoundFault",
    status: 404,
    when: "the member of a cluster is not there",
    asked: {
      send: ({ clients }) =>
        clients.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "no-such-instance", DBInstanceClass: small, ApplyImmediately: true })),
      instead: classOf("no-such-instance", small),
      reads: { kind: "missing", name: "ResourceGone" },
    },
    met: "missing",
  },
  {
    error: "InvalidDBInstanceStateFault",
    status: 400,
    when: "the member is not available",
    given: resizing,
    asked: { change: classOf(third, "db.r6g.2xlarge") },
    met: "busy",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that AWS does not offer to the engine, of a member",
    asked: { change: classOf(third, "db.r6g.gigantic") },
    met: "invalid",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that Performance Insights does not watch, while it is on, of a member",
    source: insights,
    stacks: watched,
    asked: { change: classOf(third, "db.t3.small") },
    met: "invalid",
  },
  {
    error: "InsufficientDBInstanceCapacityFault",
    status: 400,
    when: "the zone has no instance of the class, of a member",
    scenario: noCapacity("ModifyDBInstance"),
    asked: { change: classOf(third, small) },
    met: "no-capacity",
  },
  {
    error: "DBInstanceNotFoundFault",
    status: 404,
    when: "the instance outside of clusters is not there",
    asked: { change: mysqlBackups(14, "no-such-instance") },
    met: "missing",
  },
  {
    error: "InvalidDBInstanceStateFault",
    status: 400,
    when: "the instance outside of clusters is not available",
    given: ({ clients }) =>
      clients.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, DBInstanceClass: "db.m6g.large", ApplyImmediately: true })),
    asked: { change: mysqlBackups(14) },
    met: "busy",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that AWS does not offer to the engine, outside of clusters",
    asked: { change: mysqlClass("db.m6g.gigantic") },
    met: "invalid",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that Performance Insights does not watch, while it is on, outside of clusters",
    source: insights,
    stacks: watched,
    asked: { change: mysqlClass("db.t3.small") },
    met: "invalid",
  },
  {
    error: "InsufficientDBInstanceCapacityFault",
    status: 400,
    when: "the zone has no instance of the class, outside of clusters",
    scenario: noCapacity("ModifyDBInstance"),
    asked: { change: mysqlClass("db.m6g.xlarge") },
    met: "no-capacity",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "backups for more than 35 days, outside of clusters",
    asked: { change: mysqlBackups(36) },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "other days for backups that AWS Backup owns, outside of clusters",
    ...ownedByAwsBackup,
    asked: { change: mysqlBackups(14) },
    met: "invalid",
  },
]);

const definition: NonNullable<ChangeOf<"rds.member">["after"]> = {
  engine: "aurora-mysql",
  instanceClass: big,
  availabilityZone: null,
  promotionTier: 2,
  parameterGroup: null,
  subnetGroup: null,
  maintenanceWindow: null,
  isPubliclyAccessible: false,
  upgradesMinorVersions: true,
  copiesTagsToSnapshots: false,
  monitoring: null,
  performanceInsights: null,
  caCertificate: null,
  tags: {},
};
type Definition = typeof definition;

const made = (after: Partial<Definition> = {}, cluster: string = names.cluster): ChangeOf<"rds.member"> => ({
  kind: "rds.member",
  region: east,
  cluster,
  instance: third,
  before: null,
  after: { ...definition, ...after },
});
const removed = (instance: string): ChangeOf<"rds.member"> => ({
  kind: "rds.member",
  region: east,
  cluster: names.cluster,
  instance,
  before: definition,
  after: null,
});

const deleting = ({ clients }: Opened) => clients.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: third, SkipFinalSnapshot: true }));
const gone = async (opened: Opened): Promise<void> => {
  await deleting(opened);
  opened.account.advanceTo(opened.account.nowMs() + 30 * 60_000);
};

/** As many members as there were when one more was refused. */
const sixteenAndOne = fixtureWithMembers(17);

function fixtureWithMembers(count: number) {
  const positions = Array.from({ length: count }, (_, index) => index + 1);
  return withResources({
    aws_rds_cluster_instance: ({ one }) =>
      Object.fromEntries(positions.map((position) => [`m${position}`, { ...one, identifier: names.instance(position), promotion_tier: 1 }])),
  });
}

const creations = refusalsOf("CreateDBInstance", `${rdsApi}/API_CreateDBInstance.html`, [
  {
    error: "DBInstanceAlreadyExistsFault",
    status: 400,
    when: "the name is taken, as long as the instance is being deleted, too",
    given: deleting,
    asked: { change: made() },
    met: "busy",
  },
  {
    error: "DBClusterNotFoundFault",
    status: 404,
    when: "the cluster is not there",
    given: gone,
    asked: { change: made({}, "no-such-cluster") },
    met: "missing",
  },
  {
    error: "InvalidDBClusterStateFault",
    status: 400,
    when: "the cluster is not available",
    given: async (opened) => {
      await gone(opened);
      await rescaling(opened);
    },
    asked: { change: made() },
    met: "busy",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that AWS does not offer to the engine",
    given: gone,
    asked: { change: made({ instanceClass: "db.r6g.gigantic" }) },
    met: "invalid",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "another engine than the cluster's",
    given: gone,
    asked: { change: made({ engine: "aurora-postgresql" }) },
    met: "invalid",
  },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a class that Performance Insights does not watch, with it turned on",
    source: insights,
    given: gone,
    asked: { change: made({ instanceClass: "db.t3.small", performanceInsights: { retentionDays: 7, kmsKeyArn: null } }) },
    met: "invalid",
  },
  {
    error: "InvalidParameterValue",
    status: 400,
    when: "a promotion tier outside of 0 to 15",
    given: gone,
    asked: { change: made({ promotionTier: 16 }) },
    met: "invalid",
  },
  {
    error: "DBParameterGroupNotFoundFault",
    status: 404,
    when: "the parameter group is not there",
    given: gone,
    asked: { change: made({ parameterGroup: "no-such-group" }) },
    met: "invalid",
  },
  {
    error: "InsufficientDBInstanceCapacityFault",
    status: 400,
    when: "the zone has no instance of the class",
    scenario: noCapacity("CreateDBInstance"),
    given: gone,
    asked: { change: made() },
    met: "no-capacity",
  },
  {
    error: "InstanceQuotaExceededFault",
    status: 400,
    when: "more members than a cluster takes",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html",
    stacks: sixteenAndOne,
    given: gone,
    asked: { change: made() },
    met: "no-capacity",
  },
]);

const deletions = refusalsOf("DeleteDBInstance", `${rdsApi}/API_DeleteDBInstance.html`, [
  { error: "DBInstanceNotFoundFault", status: 404, when: "the member is not there any more", given: gone, asked: { change: removed(third) }, met: "missing" },
  { error: "InvalidDBInstanceStateFault", status: 400, when: "the member is not available", given: resizing, asked: { change: removed(third) }, met: "busy" },
  { error: "InvalidDBClusterStateFault", status: 400, when: "the cluster is not available", given: rescaling, asked: { change: removed(third) }, met: "busy" },
  {
    error: "InvalidParameterCombination",
    status: 400,
    when: "a final snapshot of a member",
    asked: {
      send: ({ clients }) => clients.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: third, FinalDBSnapshotIdentifier: "last" })),
      never: "it asks for none: the data are the cluster's",
    },
    met: "invalid",
  },
]);

export const rdsInstanceRefusals: readonly Refusal[] = [...modifications, ...creations, ...deletions];
