import { DescribeReplicationGroupsCommand, ListTagsForResourceCommand, type ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { RedisReplicationGroup } from "../../../core/levers/redis/replication-group.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { readTags } from "../tag-records.ts";
import { answered } from "../answered.ts";
import type { ResourceAdapter } from "../service-adapters.ts";
import { ResourceGone } from "../resource-gone.ts";

export const redisReplicationGroupAdapter: ResourceAdapter<RedisReplicationGroup> = {
  idsOf: ({ redisReplicationGroups }) => redisReplicationGroups,
  describe: ({ elastiCache }, region, id) => describeReplicationGroup(elastiCache, region, id),
  tagsOf: async (clientsOf, { region, id }) => {
    const { elastiCache } = clientsOf(region);
    const { ReplicationGroups: groups = [] } = await elastiCache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
    return [await readReplicationGroupTags(elastiCache, answered(groups[0]?.ARN, "ARN"))];
  },
};

/** Describes a replication group with its real node-group ids and member clusters, which no arithmetic can tell after resharding. */
async function describeReplicationGroup(client: ElastiCacheClient, region: string, id: string): Promise<RedisReplicationGroup> {
  const { ReplicationGroups: groups = [] } = await client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
  const [group] = groups;
  if (group === undefined) throw new ResourceGone(`no replication group ${id}`);
  const arn = answered(group.ARN, "ARN");
  const nodeGroups = (group.NodeGroups ?? []).map(({ NodeGroupId: nodeGroupId, NodeGroupMembers: members = [] }) => ({
    id: answered(nodeGroupId, "NodeGroupId"),
    members: members.flatMap(({ CacheClusterId }) => CacheClusterId ?? []).toSorted(),
  }));
  return {
    kind: "redis-replication-group",
    ref: { kind: "redis-replication-group", region, id },
    arn,
    tags: await readReplicationGroupTags(client, arn),
    nodeType: answered(group.CacheNodeType, "CacheNodeType"),
    clusterMode: group.ClusterEnabled === true,
    status: answered(group.Status, "Status"),
    nodeGroups: nodeGroups.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function readReplicationGroupTags(client: ElastiCacheClient, arn: string): Promise<Tags> {
  return readTags(async () => (await client.send(new ListTagsForResourceCommand({ ResourceName: arn }))).TagList);
}
