import {
  DescribeDBClustersCommand,
  paginateDescribeDBInstances,
  paginateDescribeGlobalClusters,
  type DBCluster,
  type DBClusterMember,
  type DBInstance,
  type GlobalCluster,
  type RDSClient,
  type ServerlessV2ScalingConfigurationInfo,
} from "@aws-sdk/client-rds";
import { type AcuRange, type AuroraCluster, type AuroraMember, serverlessClass } from "../../../core/levers/aurora/cluster.ts";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import { tagsOf } from "../tag-records.ts";
import { bornAs } from "../born-as.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import type { History } from "../history.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";
import { rangesBefore } from "./classes-before.ts";
import { allSizes } from "../sizes-before.ts";
import { instanceBefore } from "./instance-before.ts";
import { definitionOf } from "./member-definition.ts";
import { modificationsOf } from "./modifications.ts";
import { readSurroundings } from "./surroundings.ts";

export const auroraClusterAdapter: ResourceAdapter<AuroraCluster> = {
  idsOf: ({ auroraClusters }) => auroraClusters,
  describe: describeAuroraCluster,
  tagsOf: async (clientsOf, { region, id }) => {
    const { rds } = clientsOf(region);
    const [cluster, members] = await Promise.all([readCluster(rds, id), readMembers(rds, id)]);
    return [tagsOf(cluster.TagList), ...members.map(({ TagList }) => tagsOf(TagList))];
  },
  bornOf: async ({ rds }, id, part) =>
    part === undefined ? (await readCluster(rds, id)).DbClusterResourceId : bornOfMembers(await readMembers(rds, id))[part],
};

/**
 * By their names. A member that is deleted and made again has another id, whatever else it has of its own:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html, DbiResourceId.
 */
function bornOfMembers(instances: readonly DBInstance[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    instances.flatMap(({ DBInstanceIdentifier: name, DbiResourceId: born }) => (name === undefined || born === undefined ? [] : [[name, born]])),
  );
}

/** Describes a cluster; roles are told by the cluster's member list, never by names. Tags come with the descriptions. */
async function describeAuroraCluster(clients: RegionClients, region: string, identifier: string, reading: Reading): Promise<AuroraCluster> {
  const client = clients.rds;
  const cluster = await readCluster(client, identifier);
  const { Engine: engine } = cluster;
  if (engine !== "aurora-mysql" && engine !== "aurora-postgresql") throw new UnsupportedResource(`${identifier} has the engine ${engine}`);
  const arn = answered(cluster.DBClusterArn, "DBClusterArn");
  const global = await globalClusterOf(client, arn);
  const instances = await readMembers(client, identifier);
  const described = await allInOrder(instances.map((instance) => memberWithHistory({ clients, ...reading }, cluster, instance)));
  const members = described.toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1));
  const surroundings = await readSurroundings(clients, {
    identifier,
    arn,
    memberArns: members.map((member) => member.arn),
    parameterGroup: cluster.DBClusterParameterGroup,
    memberParameterGroups: [...new Set(members.flatMap(({ parameterGroup }) => parameterGroup ?? []))].toSorted(),
  });
  return {
    kind: "aurora-cluster",
    ref: { kind: "aurora-cluster", region, id: identifier },
    arn,
    ...bornAs(cluster.DbClusterResourceId),
    partsBorn: bornOfMembers(instances),
    tags: tagsOf(cluster.TagList),
    engine,
    engineVersion: answered(cluster.EngineVersion, "EngineVersion"),
    status: answered(cluster.Status, "Status"),
    ...(global === undefined ? {} : { globalClusterId: global.id }),
    globalRole: global?.role ?? "none",
    members,
    backupRetentionDays: answered(cluster.BackupRetentionPeriod, "BackupRetentionPeriod"),
    engineMode: cluster.EngineMode ?? "provisioned",
    storage: cluster.StorageType === "aurora-iopt1" ? "io-optimized" : "standard",
    waiting: modificationsOf(cluster.PendingModifiedValues),
    ...(cluster.AwsBackupRecoveryPointArn === undefined ? {} : { awsBackup: cluster.AwsBackupRecoveryPointArn }),
    surroundings,
    ...serverlessOf(cluster),
  };
}

function serverlessOf({ ServerlessV2ScalingConfiguration: range }: DBCluster): Pick<AuroraCluster, "serverless"> {
  return range === undefined ? {} : { serverless: rangeOf(range) };
}

export function rangeOf({ MinCapacity, MaxCapacity }: ServerlessV2ScalingConfigurationInfo): AcuRange {
  return { minAcu: answered(MinCapacity, "MinCapacity"), maxAcu: answered(MaxCapacity, "MaxCapacity") };
}

export async function readCluster(client: RDSClient, identifier: string): Promise<DBCluster> {
  const { DBClusters: clusters = [] } = await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }));
  const [cluster] = clusters;
  if (cluster === undefined) throw new ResourceGone(`no Aurora cluster ${identifier}`);
  return cluster;
}

export async function readMembers(client: RDSClient, cluster: string): Promise<readonly DBInstance[]> {
  const instances: DBInstance[] = [];
  for await (const page of paginateDescribeDBInstances({ client }, { Filters: [{ Name: "db-cluster-id", Values: [cluster] }] })) {
    instances.push(...(page.DBInstances ?? []));
  }
  return instances;
}

function memberOf({ DBClusterMembers: all = [] }: DBCluster, instance: DBInstance): AuroraMember {
  const member = all.find(({ DBInstanceIdentifier: id }) => id === instance.DBInstanceIdentifier);
  return {
    identifier: answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier"),
    arn: answered(instance.DBInstanceArn, "DBInstanceArn"),
    role: member?.IsClusterWriter === true ? "writer" : "reader",
    instanceClass: answered(instance.DBInstanceClass, "DBInstanceClass"),
    promotionTier: answered(member?.PromotionTier ?? instance.PromotionTier, "PromotionTier"),
    status: answered(instance.DBInstanceStatus, "DBInstanceStatus"),
    tags: tagsOf(instance.TagList),
    ...parameterGroupOf(instance),
    waiting: [...modificationsOf(instance.PendingModifiedValues), ...parametersWaiting(member, instance)],
    ...(instance.InstanceCreateTime === undefined ? {} : { createdAtMs: instance.InstanceCreateTime.getTime() }),
    definition: definitionOf(instance),
  };
}

async function memberWithHistory(history: History<"rds">, cluster: DBCluster, instance: DBInstance): Promise<AuroraMember> {
  const before = await instanceBefore(history, instance);
  const isServerless = instance.DBInstanceClass === serverlessClass;
  return { ...memberOf(cluster, instance), sizesBefore: isServerless ? allSizes([before, await rangesBefore(history, cluster)]) : before };
}

function parameterGroupOf({ DBParameterGroups: [group] = [] }: DBInstance): { readonly parameterGroup?: string } {
  return group?.DBParameterGroupName === undefined ? {} : { parameterGroup: group.DBParameterGroupName };
}

/** Parameters that wait for a restart, which ours would be. */
function parametersWaiting(member: DBClusterMember | undefined, { DBParameterGroups: groups = [] }: DBInstance): readonly string[] {
  return [
    ...groups.map(({ DBParameterGroupName: name, ParameterApplyStatus: status }) => ({ name: `parameter group ${name}`, status })),
    { name: "the cluster's parameter group", status: member?.DBClusterParameterGroupStatus },
  ].flatMap(({ name, status }) => (status === undefined || status === "in-sync" ? [] : [`parameters of ${name} (${status})`]));
}

async function globalClusterOf(client: RDSClient, arn: string): Promise<{ readonly id: string; readonly role: "primary" | "secondary" } | undefined> {
  for await (const page of paginateDescribeGlobalClusters({ client }, {})) {
    const found = (page.GlobalClusters ?? []).map((global) => membershipOf(global, arn)).find((membership) => membership !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function membershipOf(global: GlobalCluster, arn: string): { readonly id: string; readonly role: "primary" | "secondary" } | undefined {
  const member = (global.GlobalClusterMembers ?? []).find(({ DBClusterArn }) => DBClusterArn === arn);
  if (member === undefined || global.GlobalClusterIdentifier === undefined) return undefined;
  return { id: global.GlobalClusterIdentifier, role: member.IsWriter === true ? "primary" : "secondary" };
}
