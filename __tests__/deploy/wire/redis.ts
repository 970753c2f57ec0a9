import {
  CreateCacheParameterGroupCommand,
  CreateReplicationGroupCommand,
  DecreaseReplicaCountCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-elasticache";
import type { RedisChange } from "../../../optimizer/core/levers/redis/changes.ts";
import { replicasPerShard } from "../../../optimizer/core/levers/redis/replication-group.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

export const redisTrials: { readonly [C in RedisChange as C["kind"]]: TrialOf<C> } = {
  "redis.shards": {
    prepare: async (account) => {
      const { place, group, describe, shrink } = await madeGroup(account);
      const nodeGroups = group.nodeGroups.map(({ id }) => id);
      const change = { kind: "redis.shards", ...place, before: { nodeGroups }, after: { nodeGroups: ["0001", "0003"] } } as const;
      const named = "AWS names new shards itself";
      return {
        change,
        describe,
        sets: ["Group.NodeGroups", "Group.MemberClusters", "Nodes"],
        otherAfterwards: { "Group.NodeGroups": named, "Group.MemberClusters": named, Nodes: named },
        takesTime: true,
        refusals: [
          { because: "another change is under way", change, meanwhile: shrink, kind: "busy", name: "InvalidReplicationGroupStateFault" },
          {
            because: "a group has at most 90 shards",
            change: { ...change, after: { nodeGroups: Array.from({ length: 91 }, (_, index) => String(index + 1).padStart(4, "0")) } },
            kind: "no-capacity",
            name: "NodeGroupsPerReplicationGroupQuotaExceededFault",
          },
        ],
      };
    },
  },
  "redis.replicas": {
    prepare: async (account) => {
      const { place, group, describe, shrink } = await madeGroup(account);
      const before = { replicasPerShard: replicasPerShard(group) ?? 0 };
      const change = { kind: "redis.replicas", ...place, before, after: { replicasPerShard: 1 } } as const;
      return {
        change,
        describe,
        sets: ["Group.NodeGroups[].NodeGroupMembers", "Group.MemberClusters", "Nodes"],
        takesTime: true,
        refusals: [
          { because: "another change is under way", change, meanwhile: shrink, kind: "busy", name: "InvalidReplicationGroupStateFault" },
          { because: "a shard has at most 5", change: { ...change, after: { replicasPerShard: 6 } }, kind: "invalid", name: "InvalidParameterValueException" },
        ],
      };
    },
  },
  "redis.node-type": {
    prepare: async (account) => {
      const { place, group, describe, shrink } = await madeGroup(account);
      const change = { kind: "redis.node-type", ...place, before: { nodeType: group.nodeType }, after: { nodeType: "cache.r6g.2xlarge" } } as const;
      return {
        change,
        describe,
        sets: ["Group.CacheNodeType", "Nodes[].CacheNodeType"],
        takesTime: true,
        refusals: [
          { because: "another change is under way", change, meanwhile: shrink, kind: "busy", name: "InvalidReplicationGroupStateFault" },
          {
            because: "ListAllowedNodeTypeModifications does not name it",
            change: { ...change, after: { nodeType: "cache.t1.micro" } },
            kind: "invalid",
            name: "InvalidParameterValueException",
          },
          { because: "there is no such group", change: { ...change, replicationGroup: "gone" }, kind: "missing", name: "ReplicationGroupNotFoundFault" },
        ],
      };
    },
  },
};

async function madeGroup(account: WireAccount) {
  const { elastiCache } = account.clients;
  const { name } = account;
  await elastiCache.send(
    new CreateCacheParameterGroupCommand({ CacheParameterGroupName: name, CacheParameterGroupFamily: "redis7", Description: "of a trial" }),
  );
  await elastiCache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: name,
      ReplicationGroupDescription: "sessions",
      Engine: "redis",
      EngineVersion: "7.1",
      CacheNodeType: "cache.r6g.4xlarge",
      CacheParameterGroupName: name,
      NumNodeGroups: 4,
      ReplicasPerNodeGroup: 2,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      SnapshotRetentionLimit: 7,
      Tags: [{ Key: "Team", Value: "orders" }],
    }),
  );
  const describe = async () => {
    const { ReplicationGroups: [Group] = [] } = await elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: name }));
    const { CacheClusters = [] } = await elastiCache.send(new DescribeCacheClustersCommand({}));
    const { TagList } = await elastiCache.send(new ListTagsForResourceCommand({ ResourceName: Group?.ARN }));
    return { Group, Nodes: CacheClusters.filter(({ ReplicationGroupId }) => ReplicationGroupId === name), TagList };
  };
  const shrink = () => elastiCache.send(new DecreaseReplicaCountCommand({ ReplicationGroupId: name, NewReplicaCount: 1, ApplyImmediately: true }));
  const place = { region: account.region, replicationGroup: name } as const;
  return { place, describe, shrink, group: await account.inventory("redis-replication-group", { redisReplicationGroups: [name] }) };
}
