import { capacities } from "../../../../contract/capacities.ts";
import { shellWord } from "../../model/shell-words.ts";
import type { Policy } from "../../model/policy.ts";
import { type Queued, type QueuedSetting, queuedOf } from "../queued-settings.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, differingFields, nothingElse, unqueuedLine, usualPatience, waitLine } from "../change-facts.ts";

interface OfGroup {
  readonly region: string;
  readonly replicationGroup: string;
}

/**
 * ModifyReplicationGroupShardConfiguration: which shards there are. Fewer: AWS moves the others' slots evenly to those that are kept, by name.
 * More: AWS names the new ones itself, so that the way back restores how many there are, not what they are called.
 */
interface ShardsChange extends OfGroup {
  readonly kind: "redis.shards";
  readonly before: { readonly nodeGroups: readonly string[] };
  readonly after: { readonly nodeGroups: readonly string[] };
}

/** IncreaseReplicaCount or DecreaseReplicaCount, of every shard alike. */
interface ReplicasChange extends OfGroup {
  readonly kind: "redis.replicas";
  readonly before: { readonly replicasPerShard: number };
  readonly after: { readonly replicasPerShard: number };
}

/** ModifyReplicationGroup with ApplyImmediately: node by node, each shard's primary last. */
interface NodeTypeChange extends OfGroup {
  readonly kind: "redis.node-type";
  readonly before: { readonly nodeType: string };
  readonly after: { readonly nodeType: string };
}

export type RedisChange = ShardsChange | ReplicasChange | NodeTypeChange;

function groupOf({ region, replicationGroup }: OfGroup) {
  return { kind: "redis-replication-group", region, id: replicationGroup } as const;
}

/** AWS names no time for moving slots, and an operation under way can be neither stopped nor hurried: as long as four other changes. */
function reshardingPatience(_: unknown, settle: Policy["settle"]): number {
  return 4 * usualPatience(_, settle);
}

/** Sets back what somebody has queued for the maintenance window of a group. */
export function queuedGroupSettings({ region, replicationGroup }: OfGroup, settings: readonly QueuedSetting[]): Queued {
  const command = `aws elasticache modify-replication-group --region ${shellWord(region)} --replication-group-id ${shellWord(replicationGroup)}`;
  const options: Readonly<Record<string, string>> = { CacheNodeType: "--cache-node-type", EngineVersion: "--engine-version" };
  const option = (name: string, value: unknown): string | undefined =>
    options[name] !== undefined && typeof value === "string" ? `${options[name]} ${shellWord(value)}` : undefined;
  return queuedOf(settings, { command, option });
}

/** A group takes one change at a time. */
function availableLine({ region, replicationGroup }: OfGroup): readonly [string] {
  const describe = `aws elasticache describe-replication-groups --region ${shellWord(region)} --replication-group-id ${shellWord(replicationGroup)}`;
  return [waitLine("until", describe, "ReplicationGroups[0].Status", "available")];
}

export const redisChanges: { readonly [C in RedisChange as C["kind"]]: ChangeFacts<C> } = {
  "redis.shards": {
    resourceOf: groupOf,
    same: (one, other) => one.nodeGroups.length === other.nodeGroups.length,
    // AWS names shards itself: how many there are is all that can come back.
    unrestored: (prior, found) => differingFields({ shards: prior.nodeGroups.length }, { shards: found.nodeGroups.length }),
    feltBy: "requests",
    patienceMinutes: reshardingPatience,
    command: ({ region, replicationGroup, before, after }) =>
      [
        `aws elasticache modify-replication-group-shard-configuration --region ${shellWord(region)} --replication-group-id ${shellWord(replicationGroup)}`,
        `--node-group-count ${after.nodeGroups.length}`,
        ...(after.nodeGroups.length < before.nodeGroups.length ? [`--node-groups-to-retain ${after.nodeGroups.map(shellWord).join(" ")}`] : []),
        "--apply-immediately",
      ].join(" "),
    first: availableLine,
    wait: availableLine,
    touches: nothingElse,
  },
  "redis.replicas": {
    resourceOf: groupOf,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, replicationGroup, before, after }) =>
      `aws elasticache ${after.replicasPerShard < before.replicasPerShard ? "decrease" : "increase"}-replica-count --region ${shellWord(region)} --replication-group-id ${shellWord(replicationGroup)} --new-replica-count ${after.replicasPerShard} --apply-immediately`,
    first: availableLine,
    wait: availableLine,
    touches: nothingElse,
  },
  "redis.node-type": {
    sized: (change) => ({
      size: change.after.nodeType,
      family: capacities.redisFamily(change.after.nodeType),
      to: (size) => ({ ...change, after: { nodeType: size } }),
    }),
    resourceOf: groupOf,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, replicationGroup, after }) =>
      `aws elasticache modify-replication-group --region ${shellWord(region)} --replication-group-id ${shellWord(replicationGroup)} --cache-node-type ${shellWord(after.nodeType)} --apply-immediately`,
    first: availableLine,
    unqueued: ({ region, replicationGroup }) =>
      unqueuedLine(
        `aws elasticache describe-cache-clusters --region ${shellWord(region)}`,
        `CacheClusters[?ReplicationGroupId == '${replicationGroup}'].values(not_null(PendingModifiedValues, \`{}\`))[] | @`,
      ),
    wait: availableLine,
    touches: nothingElse,
  },
};
