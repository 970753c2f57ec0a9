import {
  DecreaseReplicaCountCommand,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import { waitingWith } from "../../../core/levers/queued-settings.ts";
import { queuedGroupSettings, type RedisChange } from "../../../core/levers/redis/changes.ts";
import { queuedSettings } from "../aurora/modifications.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { answered } from "../answered.ts";
import { type GroupWithNodes, nodeGroupsOf, pendingOf, readGroup, statusOf } from "./replication-group.ts";

export const redisChangeAdapters: { readonly [C in RedisChange as C["kind"]]: ChangeAdapter<C> } = {
  "redis.shards": {
    describe: ({ elastiCache }, change) => shardsState(elastiCache, change),
    prepare: prepareShards,
    permissions: { calls: ["ModifyReplicationGroupShardConfiguration"], besides: [] },
  },
  "redis.replicas": {
    describe: ({ elastiCache }, change) => replicasState(elastiCache, change),
    prepare: prepareReplicas,
    permissions: { calls: ["DecreaseReplicaCount", "IncreaseReplicaCount"], besides: [] },
  },
  "redis.node-type": {
    describe: ({ elastiCache }, change) => nodeTypeState(elastiCache, change),
    prepare: prepareNodeType,
    carriesOutQueued: true,
    permissions: { calls: ["ModifyReplicationGroup"], besides: [] },
  },
};

type Unsettled = Extract<ChangeState, { readonly kind: "in-progress" | "mixed" }>;

/** Statuses that end by themselves are waited for; in these nothing moves any more. */
const stuckStatuses = /^(?:create-failed|incompatible-network|restore-failed)$/;

/**
 * Shards by their real ids. AWS may end resharding before all shards are gone, for want of memory: neither state, and it may be asked again. Once
 * the change was read back, such a number is somebody else's.
 */
async function shardsState(client: ElastiCacheClient, change: ChangeOf<"redis.shards">): Promise<ChangeState<typeof change>> {
  const found = await readGroup(client, change.replicationGroup);
  const unsettled = unsettledIn(found);
  if (unsettled !== undefined) return unsettled;
  const nodeGroups = nodeGroupsOf(found.group).map(({ id }) => id);
  const [least, most] = [change.before.nodeGroups.length, change.after.nodeGroups.length].toSorted((a, b) => a - b);
  if (nodeGroups.length > (least ?? 0) && nodeGroups.length < (most ?? 0))
    return { kind: "mixed", detail: `${change.replicationGroup} has ${nodeGroups.length} shards: it was resharded in part`, foreign: true };
  return blockedBy(found, nodeGroups.length === change.after.nodeGroups.length) ?? { kind: "settled", value: { nodeGroups } };
}

async function replicasState(client: ElastiCacheClient, change: ChangeOf<"redis.replicas">): Promise<ChangeState<typeof change>> {
  const found = await readGroup(client, change.replicationGroup);
  const unsettled = unsettledIn(found);
  if (unsettled !== undefined) return unsettled;
  const [replicasPerShard, ...others] = new Set(nodeGroupsOf(found.group).map(({ members }) => members.length - 1));
  if (replicasPerShard === undefined || others.length > 0)
    return { kind: "mixed", detail: `${change.replicationGroup} has shards with different numbers of replicas`, foreign: true };
  return blockedBy(found, replicasPerShard === change.after.replicasPerShard) ?? { kind: "settled", value: { replicasPerShard } };
}

async function nodeTypeState(client: ElastiCacheClient, change: ChangeOf<"redis.node-type">): Promise<ChangeState<typeof change>> {
  const found = await readGroup(client, change.replicationGroup);
  const unsettled = unsettledIn(found) ?? noted(found, change);
  if (unsettled !== undefined) return unsettled;
  const nodeType = answered(found.group.CacheNodeType, "CacheNodeType");
  const other = found.nodes.find(({ CacheNodeType }) => CacheNodeType !== nodeType);
  if (other !== undefined) return { kind: "in-progress", detail: `${other.CacheClusterId} is still ${other.CacheNodeType}` };
  const queued = queuedIn(found, change);
  return queued === undefined || (nodeType === change.after.nodeType && notedType(found) === undefined) ? { kind: "settled", value: { nodeType } } : queued;
}

/** What ends by itself: the group, or one of its nodes, comes, goes or changes; slots are moving. */
function unsettledIn(found: GroupWithNodes): Unsettled | undefined {
  const { group } = found;
  const status = statusOf(found);
  const name = `replication group ${group.ReplicationGroupId}`;
  if (stuckStatuses.test(status)) return { kind: "mixed", detail: `${name} is ${status}` };
  const progress = group.PendingModifiedValues?.Resharding?.SlotMigration?.ProgressPercentage;
  const share = progress === undefined ? {} : { share: progress / 100 };
  if (status !== "available") return { kind: "in-progress", detail: `${name} is ${status}`, ...share };
  if (group.PendingModifiedValues?.Resharding !== undefined) return { kind: "in-progress", detail: `slots of ${name} are moving`, ...share };
  return undefined;
}

/** The node type that AWS has noted and not begun to bring. */
function notedType({ nodes }: GroupWithNodes): string | undefined {
  return nodes.find(({ PendingModifiedValues: pending }) => pending?.CacheNodeType !== undefined)?.PendingModifiedValues?.CacheNodeType;
}

/** A type of the change itself that is noted is on its way; another one is somebody's who has queued it for the maintenance window. */
function noted(found: GroupWithNodes, { before, after }: ChangeOf<"redis.node-type">): Unsettled | undefined {
  const type = notedType(found);
  if (type !== before.nodeType && type !== after.nodeType) return undefined;
  return { kind: "in-progress", detail: `replication group ${found.group.ReplicationGroupId} is to become ${type}` };
}

/** What ModifyReplicationGroup would carry out along with ours (ElastiCache API reference, ApplyImmediately). */
function queuedIn({ group, nodes }: GroupWithNodes, change: ChangeOf<"redis.node-type">) {
  const ofNodes = nodes.flatMap((node) => queuedSettings(node.PendingModifiedValues, node));
  const all = [...queuedSettings(group.PendingModifiedValues, group), ...ofNodes];
  const settings = all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
  return settings.length === 0 ? undefined : waitingWith(`replication group ${group.ReplicationGroupId}`, queuedGroupSettings(change, settings));
}

/**
 * Other changes that wait for the maintenance window: with them the group is no longer as it was, and nothing is begun. Calls for shards and
 * replicas carry none of them out (ElastiCache API reference, ApplyImmediately of each), so that a way back goes ahead.
 */
function blockedBy(found: GroupWithNodes, isThere: boolean): Unsettled | undefined {
  const others = pendingOf(found);
  if (others.length === 0 || isThere) return undefined;
  return {
    kind: "mixed",
    detail: `replication group ${found.group.ReplicationGroupId} waits for its maintenance window with a change of ${others.join(", ")}`,
  };
}

/**
 * Fewer shards: those that the plan keeps stay, by the names they have now. More: AWS names them, and picks their zones.
 * `ApplyImmediately` has to be true for shards and replicas (ElastiCache API reference).
 */
async function prepareShards(clients: RegionClients, change: ChangeOf<"redis.shards">): Promise<PreparedUpdate> {
  const { group } = await readGroup(clients.elastiCache, change.replicationGroup);
  const present = nodeGroupsOf(group).map(({ id }) => id);
  const wanted = change.after.nodeGroups.length;
  const kept = [...present.filter((id) => change.after.nodeGroups.includes(id)), ...present.filter((id) => !change.after.nodeGroups.includes(id))];
  const command = new ModifyReplicationGroupShardConfigurationCommand({
    ReplicationGroupId: change.replicationGroup,
    NodeGroupCount: wanted,
    ApplyImmediately: true,
    ...(wanted < present.length ? { NodeGroupsToRetain: kept.slice(0, wanted).toSorted() } : {}),
  });
  return async () => {
    await clients.writers.elastiCache.send(command);
  };
}

/** One call for all shards alike; in which direction the account says. */
async function prepareReplicas(clients: RegionClients, change: ChangeOf<"redis.replicas">): Promise<PreparedUpdate> {
  const { group } = await readGroup(clients.elastiCache, change.replicationGroup);
  const most = Math.max(...nodeGroupsOf(group).map(({ members }) => members.length - 1));
  const input = { ReplicationGroupId: change.replicationGroup, NewReplicaCount: change.after.replicasPerShard, ApplyImmediately: true };
  return async () => {
    if (most > change.after.replicasPerShard) await clients.writers.elastiCache.send(new DecreaseReplicaCountCommand(input));
    else await clients.writers.elastiCache.send(new IncreaseReplicaCountCommand(input));
  };
}

/** At once, not in the maintenance window, when nobody polls. */
function prepareNodeType(clients: RegionClients, change: ChangeOf<"redis.node-type">): PreparedUpdate {
  const command = new ModifyReplicationGroupCommand({
    ReplicationGroupId: change.replicationGroup,
    CacheNodeType: change.after.nodeType,
    ApplyImmediately: true,
  });
  return async () => {
    await clients.writers.elastiCache.send(command);
  };
}
