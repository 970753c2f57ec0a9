import {
  CacheClusterNotFoundFault,
  CacheParameterGroupNotFoundFault,
  ReplicationGroupNotFoundFault,
  type CacheCluster,
  type DescribeCacheClustersCommandInput,
  type DescribeCacheClustersCommandOutput,
  type DescribeCacheParametersCommandInput,
  type DescribeCacheParametersCommandOutput,
  type DescribeReplicationGroupsCommandInput,
  type DescribeReplicationGroupsCommandOutput,
  type ListAllowedNodeTypeModificationsCommandInput,
  type ListAllowedNodeTypeModificationsCommandOutput,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
  type NodeGroup,
  type NodeGroupMember,
} from "@aws-sdk/client-elasticache";
import { capacities } from "../../../contract/capacities.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import type { AccountState } from "../../account/state.ts";
import { refusal } from "../../account/service-error.ts";
import { pageOf } from "../../account/page.ts";
import { allSlots, invalidValue, nodeName, replicationGroups, type ReplicationGroup, type Shard } from "./replication-group.ts";

export function describeReplicationGroups(
  input: DescribeReplicationGroupsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeReplicationGroupsCommandOutput> {
  const wanted = input.ReplicationGroupId;
  const found = state
    .of(replicationGroups)
    .in(region)
    .filter((group) => wanted === undefined || group.id === wanted);
  if (wanted !== undefined && found.length === 0) {
    throw new ReplicationGroupNotFoundFault(refusal(`ReplicationGroup ${wanted} not found.`, 404));
  }
  const page = pageOf(found, input.Marker, input.MaxRecords ?? 100);
  if (page === undefined) throw invalidValue("The marker is not valid");
  return { ReplicationGroups: page.items.map((group) => describeGroup(group, nowMs)), ...(page.next === undefined ? {} : { Marker: page.next }) };
}

/** The tags of a group, or of one of its nodes: AWS gives nodes the group's tags. */
export function listTagsForResource(input: ListTagsForResourceCommandInput, { state, region, nowMs }: CallContext): Answer<ListTagsForResourceCommandOutput> {
  const group = state
    .of(replicationGroups)
    .in(region)
    .find((candidate) => candidate.arn === input.ResourceName || clustersOf(candidate, nowMs).some(({ ARN }) => ARN === input.ResourceName));
  if (group === undefined) throw new ReplicationGroupNotFoundFault(refusal(`${input.ResourceName ?? ""} is either not present or not available.`, 404));
  return { TagList: Object.entries(group.tags).map(([Key, Value]) => ({ Key, Value })) };
}

type Described = NonNullable<DescribeReplicationGroupsCommandOutput["ReplicationGroups"]>[number];

export function describeGroup(group: ReplicationGroup, atMs: number): Described {
  const current = group.state.at(atMs);
  const shards = current?.shards ?? [];
  return {
    ReplicationGroupId: group.id,
    ARN: group.arn,
    Description: group.description,
    ReplicationGroupCreateTime: new Date(group.createdMs),
    Engine: group.engine,
    Status: current?.status ?? "creating",
    CacheNodeType: current?.nodeType,
    ClusterEnabled: group.clusterMode,
    AutomaticFailover: group.automaticFailover ? "enabled" : "disabled",
    MultiAZ: group.multiAz ? "enabled" : "disabled",
    DataTiering: "disabled",
    TransitEncryptionEnabled: group.transitEncryption,
    AtRestEncryptionEnabled: group.atRestEncryption,
    NodeGroups: shards.map((shard, at) => ({ ...nodeGroup(group, shard, current?.status ?? "creating"), ...slotsText(group, shards.length, at) })),
    MemberClusters: shards.flatMap((shard) => shard.nodes.map((node) => nodeName(group, shard, node))),
    PendingModifiedValues:
      current?.resharding === undefined ? {} : { Resharding: { SlotMigration: { ProgressPercentage: progress(current.resharding, atMs) } } },
    ...(group.clusterMode ? { ConfigurationEndpoint: { Address: group.endpoint, Port: group.port } } : {}),
    ...(group.kmsKeyId === null ? {} : { KmsKeyId: group.kmsKeyId }),
  };
}

function progress({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }, atMs: number): number {
  return Math.min(100, Math.max(0, ((atMs - fromMs) / (untilMs - fromMs)) * 100));
}

/** Slots of the shard at a place, as AWS tells them in cluster mode: equal parts, unless somebody shared them out otherwise and none have moved. */
function slotsText({ clusterMode, slots }: ReplicationGroup, shards: number, at: number): { readonly Slots?: string } {
  if (!clusterMode) return {};
  const counts = slots?.length === shards ? slots : undefined;
  const before = (place: number): number =>
    counts === undefined ? Math.round((allSlots * place) / shards) : counts.slice(0, place).reduce((sum, count) => sum + count, 0);
  return { Slots: `${before(at)}-${before(at + 1) - 1}` };
}

function nodeGroup(group: ReplicationGroup, shard: Shard, status: string): NodeGroup {
  return {
    NodeGroupId: shard.id,
    Status: status,
    NodeGroupMembers: shard.nodes.map((node) => ({
      CacheClusterId: nodeName(group, shard, node),
      CacheNodeId: "0001",
      ...zoneOf(group, node),
      ...(group.clusterMode ? {} : { CurrentRole: node === 1 ? "primary" : "replica" }),
    })),
  };
}

function zoneOf({ zones }: ReplicationGroup, node: number): Pick<NodeGroupMember, "PreferredAvailabilityZone"> {
  const zone = zones[(node - 1) % Math.max(1, zones.length)];
  return zone === undefined ? {} : { PreferredAvailabilityZone: zone };
}

/** Each node of a group is a cache cluster of its own to AWS. */
export function describeCacheClusters(
  input: DescribeCacheClustersCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeCacheClustersCommandOutput> {
  refuseUnmodelled("DescribeCacheClusters", input, ["CacheClusterId", "Marker", "MaxRecords"]);
  const all = state
    .of(replicationGroups)
    .in(region)
    .flatMap((group) => clustersOf(group, nowMs));
  const found = all.filter(({ CacheClusterId }) => input.CacheClusterId === undefined || CacheClusterId === input.CacheClusterId);
  if (input.CacheClusterId !== undefined && found.length === 0)
    throw new CacheClusterNotFoundFault(refusal(`CacheCluster not found: ${input.CacheClusterId}`, 404));
  const page = pageOf(found, input.Marker, input.MaxRecords ?? 100);
  if (page === undefined) throw invalidValue("The marker is not valid");
  return { CacheClusters: [...page.items], ...(page.next === undefined ? {} : { Marker: page.next }) };
}

function clustersOf(group: ReplicationGroup, atMs: number): readonly CacheCluster[] {
  const current = group.state.at(atMs);
  return (current?.shards ?? []).flatMap((shard) =>
    shard.nodes.map((node) => ({
      CacheClusterId: nodeName(group, shard, node),
      ARN: nodeArn(group, nodeName(group, shard, node)),
      ReplicationGroupId: group.id,
      CacheClusterStatus: current?.status ?? "creating",
      CacheNodeType: current?.nodeType,
      Engine: group.engine,
      EngineVersion: group.engineVersion.valueAt(atMs),
      NumCacheNodes: 1,
      PendingModifiedValues: pendingVersion(group, atMs),
      CacheParameterGroup: { CacheParameterGroupName: group.parameterGroup, ParameterApplyStatus: "in-sync", CacheNodeIdsToReboot: [] },
    })),
  );
}

function pendingVersion({ engineVersion }: ReplicationGroup, atMs: number): NonNullable<CacheCluster["PendingModifiedValues"]> {
  const queued = engineVersion.queuedAt(atMs);
  return queued === undefined ? {} : { EngineVersion: queued };
}

function nodeArn({ arn }: ReplicationGroup, name: string): string {
  return arn.replace(/replicationgroup:.*$/, `cluster:${name}`);
}

/** Only what reserves memory: the others are not modelled, and nobody asks for them. */
export function describeCacheParameters(
  input: DescribeCacheParametersCommandInput,
  { state, region }: CallContext,
): Answer<DescribeCacheParametersCommandOutput> {
  refuseUnmodelled("DescribeCacheParameters", input, ["CacheParameterGroupName", "Marker", "MaxRecords"]);
  const group = state
    .of(replicationGroups)
    .in(region)
    .find(({ parameterGroup }) => parameterGroup === input.CacheParameterGroupName);
  if (group === undefined) throw new CacheParameterGroupNotFoundFault(refusal(`CacheParameterGroup not found: ${input.CacheParameterGroupName}`, 404));
  return {
    Parameters: [
      { ParameterName: "reserved-memory-percent", ParameterValue: String(group.reservedPercent), DataType: "integer" },
      { ParameterName: "reserved-memory", ParameterValue: String(group.reservedBytes), DataType: "integer" },
    ],
  };
}

/** Node types of the same family. AWS offers those of other families, too. */
export function listAllowedNodeTypeModifications(
  input: ListAllowedNodeTypeModificationsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<ListAllowedNodeTypeModificationsCommandOutput> {
  refuseUnmodelled("ListAllowedNodeTypeModifications", input, ["ReplicationGroupId"]);
  const current = knownGroup(state, region, input.ReplicationGroupId).state.at(nowMs)?.nodeType ?? "";
  const family = capacities.redisFamily(current);
  const place = family.indexOf(current);
  return { ScaleDownModifications: family.slice(0, Math.max(0, place)), ScaleUpModifications: family.slice(place + 1) };
}

export function knownGroup(state: AccountState, region: string, id: string | undefined): ReplicationGroup {
  const group = state.of(replicationGroups).get(region, id ?? "");
  if (group === undefined) throw new ReplicationGroupNotFoundFault(refusal(`ReplicationGroup ${id ?? ""} not found.`, 404));
  return group;
}
