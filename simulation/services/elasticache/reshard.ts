import {
  NodeGroupNotFoundFault,
  NodeGroupsPerReplicationGroupQuotaExceededFault,
  type ModifyReplicationGroupShardConfigurationCommandInput,
  type ModifyReplicationGroupShardConfigurationCommandOutput,
} from "@aws-sdk/client-elasticache";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { cacheDemand } from "./demand.ts";
import { describeGroup } from "./describe.ts";
import { invalidCombination, invalidValue, shardId, usableBytes, type GroupState, type ReplicationGroup, type Shard } from "./replication-group.ts";
import { changeable, changeTo, insufficientCapacity } from "./resize.ts";
import { reshardingSeconds } from "../../../contract/change-seconds.ts";

/** Nodes of one group (ElastiCache guide, quotas). */
const mostNodes = 90;
const bytesPerGib = 1_073_741_824;

/** Adds shards, or removes some of them by name, and moves slots until all shards have equally many. */
export function modifyShardConfiguration(
  input: ModifyReplicationGroupShardConfigurationCommandInput,
  context: MutationContext,
): () => Answer<ModifyReplicationGroupShardConfigurationCommandOutput> {
  const members = ["ReplicationGroupId", "NodeGroupCount", "ApplyImmediately", "NodeGroupsToRetain", "NodeGroupsToRemove"];
  refuseUnmodelled("ModifyReplicationGroupShardConfiguration", input, members);
  const { nowMs, scenario } = context;
  const { group, current } = changeable(context, input.ReplicationGroupId);
  const wanted = wantedCount(input, group, current);
  const before = current.shards.length;
  if (wanted > before) insufficientCapacity(context, "ModifyReplicationGroupShardConfiguration");
  const datasetGib = cacheDemand.of(scenario, group.region)?.datasetGib ?? 0;
  const shards = wanted > before ? grown(current.shards, wanted) : whatHolds(group, current, keptBy(input, current), datasetGib);
  const takesMs = reshardingSeconds({ dataGib: datasetGib, from: before, to: wanted }) * 1000;
  return () => {
    const resharding = { fromMs: nowMs, untilMs: nowMs + takesMs };
    changeTo(group, nowMs, takesMs, { ...current, resharding }, { ...current, shards });
    return { ReplicationGroup: describeGroup(group, nowMs) };
  };
}

function wantedCount(input: ModifyReplicationGroupShardConfigurationCommandInput, group: ReplicationGroup, current: GroupState): number {
  if (!group.clusterMode) throw invalidCombination(`Replication group ${group.id} has cluster mode disabled.`);
  if (input.ApplyImmediately !== true) throw invalidValue("ApplyImmediately must be true.");
  const wanted = input.NodeGroupCount ?? 0;
  if (wanted < 1 || wanted === current.shards.length)
    throw invalidValue(`NodeGroupCount ${wanted} is not valid for a group of ${current.shards.length} node groups.`);
  const nodes = wanted * (current.shards[0]?.nodes.length ?? 1);
  if (nodes > mostNodes) throw new NodeGroupsPerReplicationGroupQuotaExceededFault(refusal(`${nodes} nodes are more than the ${mostNodes} of one group.`));
  return wanted;
}

/** The shards that stay, named by what is retained or by what is removed: by one of both. */
function keptBy(
  { NodeGroupCount: wanted, NodeGroupsToRetain: retain, NodeGroupsToRemove: remove }: ModifyReplicationGroupShardConfigurationCommandInput,
  { shards }: GroupState,
): readonly Shard[] {
  if ((retain === undefined) === (remove === undefined))
    throw invalidCombination("Exactly one of NodeGroupsToRetain and NodeGroupsToRemove is required to decrease the number of node groups.");
  for (const id of [...(retain ?? []), ...(remove ?? [])]) {
    if (!shards.some((shard) => shard.id === id)) throw new NodeGroupNotFoundFault(refusal(`Node group ${id} not found.`, 404));
  }
  const kept = shards.filter(({ id }) => (retain === undefined ? !(remove ?? []).includes(id) : retain.includes(id)));
  if (kept.length !== wanted) throw invalidValue(`${kept.length} node groups would be left, NodeGroupCount says ${wanted}.`);
  return kept;
}

/** AWS stops moving slots where those that stay are full: then shards that were to go are still there. */
function whatHolds(group: ReplicationGroup, current: GroupState, kept: readonly Shard[], datasetGib: number): readonly Shard[] {
  const needed = Math.ceil((datasetGib * bytesPerGib) / usableBytes(group, current.nodeType));
  const others = current.shards.filter((shard) => !kept.includes(shard));
  const still = others.slice(0, Math.max(0, needed - kept.length));
  return current.shards.filter((shard) => kept.includes(shard) || still.includes(shard));
}

/** New shards take names that were never used: those of removed ones are not given again. */
function grown(shards: readonly Shard[], wanted: number): readonly Shard[] {
  const highest = Math.max(...shards.map(({ id }) => Number(id)));
  const nodes = shards[0]?.nodes ?? [1];
  const added = Array.from({ length: wanted - shards.length }, (_, at) => ({ id: shardId(highest + at + 1), nodes }));
  return [...shards, ...added];
}
