import {
  DecreaseReplicaCountCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ModifyReplicationGroupShardConfigurationCommandInput,
} from "@aws-sdk/client-elasticache";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { noCapacity, type Opened, type Refusal, refusalsOf } from "./refusal.ts";
import { withResources } from "./with-resources.ts";

const api = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference";
const none = "no-such-group";
const gone = { kind: "missing", name: "ReplicationGroupNotFoundFault" } as const;

const shardIds = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => String(at + 1).padStart(4, "0"));
const shards = (count: number, replicationGroup: string = names.redis): ChangeOf<"redis.shards"> => ({
  kind: "redis.shards",
  region: east,
  replicationGroup,
  before: { nodeGroups: shardIds(2) },
  after: { nodeGroups: shardIds(count) },
});
const replicas = (replicasPerShard: number, replicationGroup: string = names.redis): ChangeOf<"redis.replicas"> => ({
  kind: "redis.replicas",
  region: east,
  replicationGroup,
  before: { replicasPerShard: 1 },
  after: { replicasPerShard },
});
export const nodeType = (after: string, replicationGroup: string = names.redis): ChangeOf<"redis.node-type"> => ({
  kind: "redis.node-type",
  region: east,
  replicationGroup,
  before: { nodeType: "cache.r6g.4xlarge" },
  after: { nodeType: after },
});

const retype =
  (group: string) =>
  ({ clients }: Opened) =>
    clients.elastiCache.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: group, CacheNodeType: "cache.r6g.2xlarge", ApplyImmediately: true }));
const retyping = retype(names.redis);
const reshard =
  (input: Partial<ModifyReplicationGroupShardConfigurationCommandInput>) =>
  ({ clients }: Opened) =>
    clients.elastiCache.send(
      new ModifyReplicationGroupShardConfigurationCommand({ ReplicationGroupId: names.redis, NodeGroupCount: 1, ApplyImmediately: true, ...input }),
    );
const decrease =
  (count: number, group: string = names.redis) =>
  ({ clients }: Opened) =>
    clients.elastiCache.send(new DecreaseReplicaCountCommand({ ReplicationGroupId: group, NewReplicaCount: count, ApplyImmediately: true }));
const increase =
  (count: number, group: string = names.redis) =>
  ({ clients }: Opened) =>
    clients.elastiCache.send(new IncreaseReplicaCountCommand({ ReplicationGroupId: group, NewReplicaCount: count, ApplyImmediately: true }));

const multiAz = withResources({
  aws_elasticache_replication_group: ({ redis }) => ({ redis: { ...redis, automatic_failover_enabled: true, multi_az_enabled: true } }),
});

const busy = { error: "InvalidReplicationGroupStateFault", status: 400, when: "the group is not available", given: retyping, met: "busy" } as const;
const scarce = { error: "InsufficientCacheClusterCapacityFault", status: 400, when: "the zone has no node of the type", met: "no-capacity" } as const;
const value = { error: "InvalidParameterValueException", status: 400, met: "invalid" } as const;
const combination = { error: "InvalidParameterCombinationException", status: 400, met: "invalid" } as const;
const absent = { error: "ReplicationGroupNotFoundFault", status: 404, when: "the group is not there", met: "missing" } as const;

const resharding = refusalsOf("ModifyReplicationGroupShardConfiguration", `${api}/API_ModifyReplicationGroupShardConfiguration.html`, [
  { ...absent, asked: { send: reshard({ ReplicationGroupId: none }), instead: shards(1, none), reads: gone } },
  { ...busy, asked: { change: shards(1) } },
  { ...scarce, scenario: noCapacity("ModifyReplicationGroupShardConfiguration"), asked: { change: shards(3) } },
  {
    error: "NodeGroupsPerReplicationGroupQuotaExceededFault",
    status: 400,
    when: "more nodes than a group takes",
    asked: { change: shards(46) },
    met: "no-capacity",
  },
  { ...value, when: "as many shards as there are", asked: { change: shards(2) } },
  { ...combination, when: "fewer shards, without saying which", asked: { send: reshard({}), never: "it names those that stay" } },
  {
    ...value,
    when: "other shards named than the number leaves",
    asked: { send: reshard({ NodeGroupsToRetain: ["0001", "0002"] }), never: "it names as many as are to stay" },
  },
  {
    ...value,
    when: "in the maintenance window",
    asked: { send: reshard({ ApplyImmediately: false, NodeGroupsToRetain: ["0001"] }), never: "it asks for it at once" },
  },
]);

const decreases = refusalsOf("DecreaseReplicaCount", `${api}/API_DecreaseReplicaCount.html`, [
  { ...absent, asked: { send: decrease(0, none), instead: replicas(0, none), reads: gone } },
  { ...busy, asked: { change: replicas(0) } },
  { ...combination, when: "no replica, with Multi-AZ", stacks: multiAz, asked: { change: replicas(0) } },
  {
    error: "NoOperationFault",
    status: 400,
    when: "as many replicas as there are",
    asked: { send: decrease(1), never: "it asks for fewer than it has just read" },
    met: "busy",
  },
  { ...value, when: "more replicas than there are", asked: { send: decrease(2), never: "it asks for fewer than it has just read" } },
]);

const increases = refusalsOf("IncreaseReplicaCount", `${api}/API_IncreaseReplicaCount.html`, [
  { ...absent, asked: { send: increase(2, none), instead: replicas(2, none), reads: gone } },
  { ...busy, asked: { change: replicas(2) } },
  { ...scarce, scenario: noCapacity("IncreaseReplicaCount"), asked: { change: replicas(2) } },
  { error: "NoOperationFault", status: 400, when: "as many replicas as there are", asked: { change: replicas(1) }, met: "busy" },
  { ...value, when: "more than five replicas", asked: { change: replicas(6) } },
]);

const modifications = refusalsOf("ModifyReplicationGroup", `${api}/API_ModifyReplicationGroup.html`, [
  { ...absent, asked: { send: retype(none), instead: nodeType("cache.r6g.2xlarge", none), reads: gone } },
  { ...busy, asked: { change: nodeType("cache.r6g.xlarge") } },
  { ...scarce, scenario: noCapacity("ModifyReplicationGroup"), asked: { change: nodeType("cache.r6g.2xlarge") } },
  {
    ...value,
    when: "a node type that AWS does not allow the group",
    source: `${api}/API_ListAllowedNodeTypeModifications.html`,
    asked: { change: nodeType("cache.m5.large") },
  },
]);

export const elastiCacheRefusals: readonly Refusal[] = [...resharding, ...decreases, ...increases, ...modifications];
