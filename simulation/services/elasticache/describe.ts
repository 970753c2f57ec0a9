import {
  ReplicationGroupNotFoundFault,
  type DescribeReplicationGroupsCommandInput,
  type DescribeReplicationGroupsCommandOutput,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
  type NodeGroup,
} from "@aws-sdk/client-elasticache";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { pageOf } from "../../account/page.ts";
import { errors, replicationGroups, type ReplicationGroup } from "./replication-group.ts";

export function describeReplicationGroups(
  input: DescribeReplicationGroupsCommandInput,
  { state, region }: CallContext,
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
  if (page === undefined) throw errors.refuse("InvalidParameterValue", "The marker is not valid");
  return { ReplicationGroups: page.items.map(describe), ...(page.next === undefined ? {} : { Marker: page.next }) };
}

export function listTagsForResource(input: ListTagsForResourceCommandInput, { state, region }: CallContext): Answer<ListTagsForResourceCommandOutput> {
  const group = state
    .of(replicationGroups)
    .in(region)
    .find((candidate) => candidate.arn === input.ResourceName);
  if (group === undefined) throw new ReplicationGroupNotFoundFault(refusal(`${input.ResourceName ?? ""} is either not present or not available.`, 404));
  return { TagList: Object.entries(group.tags).map(([Key, Value]) => ({ Key, Value })) };
}

function describe(group: ReplicationGroup): NonNullable<DescribeReplicationGroupsCommandOutput["ReplicationGroups"]>[number] {
  const nodeGroups = Array.from({ length: group.shards }, (_, shard) => nodeGroup(group, shard));
  return {
    ReplicationGroupId: group.id,
    ARN: group.arn,
    Description: group.description,
    Engine: group.engine,
    Status: "available",
    CacheNodeType: group.nodeType,
    ClusterEnabled: group.clusterMode,
    AutomaticFailover: group.automaticFailover ? "enabled" : "disabled",
    MultiAZ: group.multiAz ? "enabled" : "disabled",
    TransitEncryptionEnabled: group.transitEncryption,
    AtRestEncryptionEnabled: group.atRestEncryption,
    NodeGroups: nodeGroups,
    MemberClusters: nodeGroups.flatMap((shard) => (shard.NodeGroupMembers ?? []).flatMap((member) => member.CacheClusterId ?? [])),
    ...(group.clusterMode ? { ConfigurationEndpoint: { Address: group.endpoint, Port: group.port } } : {}),
    ...(group.kmsKeyId === null ? {} : { KmsKeyId: group.kmsKeyId }),
  };
}

function nodeGroup(group: ReplicationGroup, shard: number): NodeGroup {
  const shardId = String(shard + 1).padStart(4, "0");
  return {
    NodeGroupId: shardId,
    Status: "available",
    NodeGroupMembers: Array.from({ length: group.replicasPerShard + 1 }, (_, node) => ({
      // As AWS names them: with the shard's number only in cluster mode.
      CacheClusterId: group.clusterMode ? `${group.id}-${shardId}-${String(node + 1).padStart(3, "0")}` : `${group.id}-${String(node + 1).padStart(3, "0")}`,
      CacheNodeId: "0001",
      ...(group.clusterMode ? {} : { CurrentRole: node === 0 ? "primary" : "replica" }),
    })),
  };
}
