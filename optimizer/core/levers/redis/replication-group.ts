import type { Described, Tags } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { SizesBefore } from "../../sizing/sizes-before.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/** One shard, as ElastiCache names it; after resharding no arithmetic can tell the names. */
export interface RedisNodeGroup {
  readonly id: string;
  /** Its nodes, the primary among them, by name. */
  readonly members: readonly string[];
  /** Zones of those nodes, in the same order. Absent where AWS does not tell them, and in inventories of older plans. */
  readonly zones?: readonly string[];
  /** Hash slots it keeps, of the 16,384 of all. Absent without cluster mode, and in inventories of older plans. */
  readonly slots?: number;
}

/** A service update of AWS that the group has not got yet. `isPlanned`: AWS has set about it, or has a maintenance window for it. */
export interface ServiceUpdate {
  readonly name: string;
  /** AWS's word, e.g. `scheduled`. */
  readonly status: string;
  readonly isPlanned: boolean;
}

export interface RedisReplicationGroup extends Described {
  readonly kind: "redis-replication-group";
  /** `valkey`; absent of Redis OSS, and in plans of older releases. */
  readonly engine?: string;
  readonly nodeType: string;
  /** Other node types, numbers of shards and of replicas. */
  readonly sizesBefore?: SizesBefore;
  readonly clusterMode: boolean;
  readonly status: string;
  /** By id, the lowest first. */
  readonly nodeGroups: readonly RedisNodeGroup[];
  /** A replica takes over by itself where a primary fails; Multi-AZ insists on one. */
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
  /** Part of the data lies on disk (r6gd nodes). */
  readonly dataTiering: boolean;
  /** Member of a Global Datastore: AWS wants the same shards and node type in all of its regions, and changes them there together. */
  readonly globalDatastore: string | null;
  /** Share of `maxmemory` that the engine must leave free (parameter `reserved-memory-percent`); null where it is set in bytes, or not at all. */
  readonly reservedMemoryPercent: number | null;
  /** What is under way or waits for the maintenance window, in words. */
  readonly pending: readonly string[];
  /** Node types that AWS offers for it now (ListAllowedNodeTypeModifications). */
  readonly smallerNodeTypes: readonly string[];
  /** What Application Auto Scaling changes of it, e.g. its shards: it would undo what a rule does. */
  readonly scaled: Seen<readonly string[]>;
  /** Absent in plans of older releases. */
  readonly serviceUpdates?: Seen<readonly ServiceUpdate[]>;
  /** Tags of its nodes, which are clusters of their own to AWS. */
  readonly memberTags: readonly Tags[];
}

export function nodeNames({ nodeGroups }: Pick<RedisReplicationGroup, "nodeGroups">): readonly string[] {
  return nodeGroups.flatMap(({ members }) => members);
}

/** Replicas of each shard; undefined where shards differ, or one has no node. */
export function replicasPerShard({ nodeGroups }: RedisReplicationGroup): number | undefined {
  const counts = new Set(nodeGroups.map(({ members }) => members.length - 1));
  const [replicas] = counts;
  return counts.size === 1 && replicas !== undefined && replicas >= 0 ? replicas : undefined;
}

/** Nodes of a shard that are in one zone, where others of it are elsewhere. */
export interface SharedZone {
  readonly shard: string;
  readonly zone: string;
  readonly nodes: number;
}

/** The most that any shard has in one zone while it stands in several: so few left, AWS chooses which, might be those alone. */
export function fullestZone({ nodeGroups }: RedisReplicationGroup): SharedZone | undefined {
  const shared = nodeGroups.flatMap(({ id, zones = [] }): readonly SharedZone[] => {
    const named = [...new Set(zones)];
    return named.length < 2 ? [] : named.map((zone) => ({ shard: id, zone, nodes: zones.filter((other) => other === zone).length }));
  });
  return shared.toSorted((a, b) => b.nodes - a.nodes)[0];
}

/** Whether somebody gave shards more or fewer slots than equal parts are, which differ by one at most. Where AWS tells none, nothing speaks for it. */
export function hasUnevenSlots({ nodeGroups }: RedisReplicationGroup): boolean {
  const counts = nodeGroups.flatMap(({ slots }) => slots ?? []);
  return counts.length > 1 && Math.max(...counts) - Math.min(...counts) > 1;
}

export const redisReplicationGroupFacts: ResourceFacts<RedisReplicationGroup> = {
  word: "Redis",
  partWord: "",
  tags: ({ tags, memberTags }) => [tags, ...memberTags],
  restsOnAlways: ({ tags, memberTags }) => ({ tags, memberTags }),
  form: ({ clusterMode, automaticFailover, multiAz, dataTiering, globalDatastore, reservedMemoryPercent, scaled }) => ({
    clusterMode,
    automaticFailover,
    multiAz,
    dataTiering,
    globalDatastore,
    reservedMemoryPercent,
    scaled,
  }),
  otherZones: () => "another zone: add a replica there; the zones are those of the group's subnet group",
};
