import type { Action, ChangeStep, Disruption, SizingChange } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { inverse } from "../change-kinds.ts";
import type { RedisChange } from "./changes.ts";
import { keptShards, type RedisShape, shapeText } from "./fit.ts";
import type { RedisReplicationGroup } from "./replication-group.ts";
import { changeSeconds, reshardingSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** Each shard's primary hands over once: "approximately 1 second" in cluster mode (ElastiCache guide, "Migrating previous generation nodes"). */
const handOverSeconds = 5;

interface Resizing {
  readonly from: RedisShape;
  readonly to: RedisShape;
  /** Of all its shards together. */
  readonly dataGib: number;
}

/**
 * Shards, then replicas, then node type: keys move while the nodes are large, and fewer nodes are replaced. The way back is the other way
 * round, so that larger nodes are there before anything is moved.
 */
export function sizeAction(subject: Subject, group: RedisReplicationGroup, { from, to, dataGib }: Resizing): Action {
  const id = actionId(subject);
  const changes = changesOf(group, from, to);
  const step = (way: "forward" | "rollback", change: RedisChange): ChangeStep => ({
    kind: "change",
    id: `${id}#${way}:${change.kind.replace("redis.", "")}`,
    change,
    description: wordsOf(group.ref.id, change),
  });
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: group.ref.region,
    resource: group.ref,
    summary: `${group.ref.id}: ${shapeText(from)} → ${shapeText(to)}`,
    steps: changes.map((change) => step("forward", change)),
    rollback: changes.toReversed().map((change) => step("rollback", inverse(change))),
    reversibility: "slow",
    undoMinutes: minutesOf(changes.reduce((sum, change) => sum + secondsBack(change, dataGib), 0)),
    disruptions: disruptionsOf(group, from, to),
    writeBack: writeBackOf(group, from, to),
  };
}

function changesOf(group: RedisReplicationGroup, from: RedisShape, to: RedisShape): readonly RedisChange[] {
  const of = { region: group.ref.region, replicationGroup: group.ref.id };
  const nodeGroups = group.nodeGroups.map(({ id }) => id);
  return [
    ...(to.shards === from.shards
      ? []
      : [{ kind: "redis.shards", ...of, before: { nodeGroups }, after: { nodeGroups: keptShards(group, to.shards) } } as const]),
    ...(to.replicas === from.replicas
      ? []
      : [{ kind: "redis.replicas", ...of, before: { replicasPerShard: from.replicas }, after: { replicasPerShard: to.replicas } } as const]),
    ...(to.nodeType === from.nodeType
      ? []
      : [{ kind: "redis.node-type", ...of, before: { nodeType: from.nodeType }, after: { nodeType: to.nodeType } } as const]),
  ];
}

/** A group takes one change at a time, so that their times add up. */
function secondsBack(change: RedisChange, dataGib: number): number {
  switch (change.kind) {
    case "redis.shards":
      return reshardingSeconds({ dataGib, from: change.after.nodeGroups.length, to: change.before.nodeGroups.length });
    case "redis.replicas":
      return change.before.replicasPerShard > change.after.replicasPerShard ? changeSeconds.redisReplicasAdded : changeSeconds.redisReplicasRemoved;
    case "redis.node-type":
      return changeSeconds.redisNodeType;
  }
}

function wordsOf(id: string, change: RedisChange): string {
  switch (change.kind) {
    case "redis.shards":
      return `${id}: ${change.before.nodeGroups.length} → ${change.after.nodeGroups.length} shards`;
    case "redis.replicas":
      return `${id}: ${change.before.replicasPerShard} → ${change.after.replicasPerShard} replicas a shard`;
    case "redis.node-type":
      return `${id}: ${change.before.nodeType} → ${change.after.nodeType}`;
  }
}

function disruptionsOf({ ref }: RedisReplicationGroup, from: RedisShape, to: RedisShape): readonly Disruption[] {
  if (to.nodeType === from.nodeType) return [];
  return [{ kind: "failover", seconds: handOverSeconds, detail: `connections to each primary of ${ref.id} break once, while its node is replaced` }];
}

function writeBackOf({ ref }: RedisReplicationGroup, from: RedisShape, to: RedisShape): readonly SizingChange[] {
  const set = (property: string, before: string | number, value: string | number): readonly SizingChange[] =>
    before === value ? [] : [{ type: "aws_elasticache_replication_group", id: ref.id, property, operation: "set", value }];
  return [...set("shards", from.shards, to.shards), ...set("replicasPerShard", from.replicas, to.replicas), ...set("nodeType", from.nodeType, to.nodeType)];
}
