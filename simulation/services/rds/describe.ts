import {
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  GlobalClusterNotFoundFault,
  type DBCluster,
  type DBInstance,
  type DescribeDBClustersCommandInput,
  type DescribeDBClustersCommandOutput,
  type DescribeDBInstancesCommandInput,
  type DescribeDBInstancesCommandOutput,
  type DescribeGlobalClustersCommandInput,
  type DescribeGlobalClustersCommandOutput,
  type Filter,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-rds";
import type { AccountState } from "../../account/state.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { pageOf, type Page } from "../../account/page.ts";
import { isOwnedByAwsBackup, recoveryPointOf } from "./aws-backup.ts";
import { clusters, errors, globalClusters, instancesIn, membersThere, type DbCluster, type DbInstance } from "./cluster.ts";
import { commonDescription, tagList } from "./describe-common.ts";
import { describeStandalone } from "./describe-standalone.ts";
import { type StandaloneInstance, standaloneInstances } from "./standalone.ts";

export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxRecords?: number | undefined;
}

export function describeDbClusters(
  input: DescribeDBClustersCommandInput,
  { state, region, nowMs, scenario }: CallContext,
): Answer<DescribeDBClustersCommandOutput> {
  const all = state.of(clusters).in(region);
  const wanted = input.DBClusterIdentifier;
  const found =
    wanted === undefined
      ? filtered(all, input.Filters, { "db-cluster-id": ids, engine: (cluster) => [cluster.engine] })
      : all.filter((cluster) => ids(cluster).includes(wanted));
  if (wanted !== undefined && found.length === 0) throw new DBClusterNotFoundFault(refusal(`DBCluster ${wanted} not found.`, 404));
  const page = paged(found, input);
  return { DBClusters: page.items.map((cluster) => describeCluster(cluster, state, nowMs, isOwnedByAwsBackup(scenario, region))), ...marker(page) };
}

export function describeDbInstances(
  input: DescribeDBInstancesCommandInput,
  { state, region, nowMs, scenario }: CallContext,
): Answer<DescribeDBInstancesCommandOutput> {
  const all: readonly (DbInstance | StandaloneInstance)[] = [...instancesIn(state, region, nowMs), ...state.of(standaloneInstances).in(region)];
  const wanted = input.DBInstanceIdentifier;
  const clusterIds = (instance: DbInstance | StandaloneInstance): readonly string[] => {
    if (!("clusterId" in instance)) return [];
    const cluster = state.of(clusters).get(region, instance.clusterId);
    return cluster === undefined ? [instance.clusterId] : ids(cluster);
  };
  const found =
    wanted === undefined
      ? filtered(all, input.Filters, { "db-instance-id": ids, "db-cluster-id": clusterIds })
      : all.filter((instance) => ids(instance).includes(wanted));
  if (wanted !== undefined && found.length === 0) throw new DBInstanceNotFoundFault(refusal(`DBInstance ${wanted} not found.`, 404));
  const page = paged(found, input);
  const isOwned = isOwnedByAwsBackup(scenario, region);
  return {
    DBInstances: page.items.map((instance) =>
      "clusterId" in instance ? describeInstance(instance, state, nowMs) : describeStandalone(instance, state, nowMs, isOwned),
    ),
    ...marker(page),
  };
}

export function describeGlobalClusters(input: DescribeGlobalClustersCommandInput, { state }: CallContext): Answer<DescribeGlobalClustersCommandOutput> {
  const wanted = input.GlobalClusterIdentifier;
  const all = [...state.of(globalClusters).values()];
  const found =
    wanted === undefined
      ? filtered(all, input.Filters, { "db-cluster-id": (cluster) => cluster.memberArns.map((member) => member.arn) })
      : all.filter((cluster) => cluster.id === wanted);
  if (wanted !== undefined && found.length === 0) throw new GlobalClusterNotFoundFault(refusal(`Global cluster ${wanted} not found`, 404));
  const page = paged(found, input);
  const readers = page.items.map((cluster) => cluster.memberArns.filter((member) => !member.isWriter).map((member) => member.arn));
  return {
    GlobalClusters: page.items.map((cluster, index) => ({
      GlobalClusterIdentifier: cluster.id,
      GlobalClusterArn: cluster.arn,
      GlobalClusterResourceId: cluster.resourceId,
      Status: "available",
      Engine: cluster.engine,
      EngineVersion: cluster.engineVersion,
      StorageEncrypted: cluster.storageEncrypted,
      DeletionProtection: cluster.deletionProtection,
      GlobalClusterMembers: cluster.memberArns.map((member) => ({
        DBClusterArn: member.arn,
        IsWriter: member.isWriter,
        Readers: member.isWriter ? [...(readers[index] ?? [])] : [],
      })),
      TagList: tagList(cluster.tags),
    })),
    ...marker(page),
  };
}

export function listTagsForResource(input: ListTagsForResourceCommandInput, { state, region, nowMs }: CallContext): Answer<ListTagsForResourceCommandOutput> {
  const arn = input.ResourceName ?? "";
  const owners = [
    state.of(clusters).in(region),
    instancesIn(state, region, nowMs),
    state.of(standaloneInstances).in(region),
    state.of(globalClusters).values(),
  ];
  const owner = owners
    .flatMap((some): readonly { readonly arn: string; readonly tags: Readonly<Record<string, string>> }[] => [...some])
    .find((resource) => resource.arn === arn);
  if (owner !== undefined) return { TagList: tagList(owner.tags) };
  if (arn.includes(":db:")) throw new DBInstanceNotFoundFault(refusal(`DBInstance ${arn.split(":").at(-1) ?? ""} not found.`, 404));
  if (arn.includes(":cluster:")) throw new DBClusterNotFoundFault(refusal(`DBCluster ${arn.split(":").at(-1) ?? ""} not found.`, 404));
  throw errors.refuse("InvalidParameterValue", `The specified resource name does not match an RDS resource in this region: ${arn}`);
}

export function describeCluster(cluster: DbCluster, state: AccountState, atMs: number, isOwned: boolean): DBCluster {
  const current = cluster.state.at(atMs);
  const members = membersThere(state, cluster, atMs);
  const retained = cluster.backupRetentionDays.at(atMs);
  return {
    DBClusterIdentifier: cluster.id,
    DBClusterArn: cluster.arn,
    DbClusterResourceId: cluster.resourceId,
    Status: current?.status ?? "creating",
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    EngineMode: cluster.engineMode ?? "provisioned",
    StorageType: cluster.storageType ?? "aurora",
    DBClusterParameterGroup: cluster.parameterGroup ?? `default.${cluster.engine}`,
    Endpoint: cluster.endpoint,
    ReaderEndpoint: cluster.readerEndpoint,
    Port: cluster.port,
    MultiAZ: members.length > 1,
    BackupRetentionPeriod: retained,
    ...scalingConfiguration(cluster, atMs),
    PendingModifiedValues: cluster.backupRetentionDays.final() === retained ? {} : { BackupRetentionPeriod: cluster.backupRetentionDays.final() },
    DeletionProtection: cluster.deletionProtection,
    StorageEncrypted: cluster.storageEncrypted,
    ClusterCreateTime: new Date(state.bornMs),
    DBClusterMembers: members.map(({ id, promotionTier }) => ({
      DBInstanceIdentifier: id,
      IsClusterWriter: current?.writer === id,
      DBClusterParameterGroupStatus: "in-sync",
      PromotionTier: promotionTier,
    })),
    TagList: tagList(cluster.tags),
    ...(isOwned ? { AwsBackupRecoveryPointArn: recoveryPointOf(cluster) } : {}),
    ...(cluster.kmsKeyId === null ? {} : { KmsKeyId: cluster.kmsKeyId }),
    ...(cluster.globalClusterId === null ? {} : { GlobalClusterIdentifier: cluster.globalClusterId }),
    ...(cluster.isSecondary
      ? { ReplicationSourceIdentifier: writerOf(cluster, state), GlobalWriteForwardingStatus: "disabled", GlobalWriteForwardingRequested: false }
      : {}),
  };
}

export function describeInstance(instance: DbInstance, state: AccountState, atMs: number): DBInstance {
  const current = instance.state.at(atMs);
  const cluster = state.of(clusters).get(instance.region, instance.clusterId);
  return {
    ...commonDescription(instance, current, atMs),
    DBClusterIdentifier: instance.clusterId,
    PromotionTier: instance.promotionTier,
    TagList: tagList(instance.tags),
    ...(cluster === undefined
      ? {}
      : { Engine: cluster.engine, EngineVersion: cluster.engineVersion, Endpoint: { Address: instance.endpoint, Port: cluster.port } }),
  };
}

function scalingConfiguration({ capacityRange }: DbCluster, atMs: number): Pick<DBCluster, "ServerlessV2ScalingConfiguration"> {
  const range = capacityRange?.at(atMs);
  return range === undefined ? {} : { ServerlessV2ScalingConfiguration: { MinCapacity: range.minAcu, MaxCapacity: range.maxAcu } };
}

function writerOf(cluster: DbCluster, state: AccountState): string {
  const global = state.of(globalClusters).get(cluster.globalClusterId ?? "");
  return global?.memberArns.find((member) => member.isWriter)?.arn ?? "";
}

function ids(resource: { readonly id: string; readonly arn: string }): readonly string[] {
  return [resource.id, resource.arn];
}

function filtered<T>(
  all: readonly T[],
  filters: readonly Filter[] | undefined,
  values: Readonly<Record<string, (item: T) => readonly string[]>>,
): readonly T[] {
  return (filters ?? []).reduce((left: readonly T[], filter) => {
    const valuesOf = Object.hasOwn(values, filter.Name ?? "") ? values[filter.Name ?? ""] : undefined;
    if (valuesOf === undefined) throw errors.refuse("InvalidParameterValue", `Unrecognized filter name: ${filter.Name ?? ""}`);
    return left.filter((item) => valuesOf(item).some((value) => filter.Values?.includes(value)));
  }, all);
}

/** RDS takes 20 to 100 records a page. */
export function paged<T>(all: readonly T[], { Marker, MaxRecords = 100 }: PageRequest): Page<T> {
  if (MaxRecords < 20 || MaxRecords > 100)
    throw errors.refuse("InvalidParameterValue", `Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  const page = pageOf(all, Marker, MaxRecords);
  if (page === undefined) throw errors.refuse("InvalidParameterValue", "The marker is not valid");
  return page;
}

export function marker(page: Page<unknown>): { readonly Marker?: string } {
  return page.next === undefined ? {} : { Marker: page.next };
}
