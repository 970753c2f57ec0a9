import {
  InsufficientCacheClusterCapacityFault,
  InvalidReplicationGroupStateFault,
  NoOperationFault,
  type DecreaseReplicaCountCommandInput,
  type DecreaseReplicaCountCommandOutput,
  type IncreaseReplicaCountCommandInput,
  type IncreaseReplicaCountCommandOutput,
  type ModifyReplicationGroupCommandInput,
  type ModifyReplicationGroupCommandOutput,
} from "@aws-sdk/client-elasticache";
import { capacities } from "../../../contract/capacities.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { nextWindowStart } from "../../account/maintenance-window.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { describeGroup, knownGroup } from "./describe.ts";
import { invalidCombination, invalidValue, nodeNumbers, replicasOf, type GroupState, type ReplicationGroup } from "./replication-group.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

/** ElastiCache API reference, CreateReplicationGroup, ReplicasPerNodeGroup. */
const mostReplicas = 5;

/** A group that may be changed now, and what it is. */
export function changeable(
  { state, region, nowMs }: MutationContext,
  id: string | undefined,
): { readonly group: ReplicationGroup; readonly current: GroupState } {
  const group = knownGroup(state, region, id);
  const current = group.state.at(nowMs);
  if (current?.status !== "available")
    throw new InvalidReplicationGroupStateFault(refusal(`Replication group ${group.id} must be in available state to be modified.`));
  return { group, current };
}

export function insufficientCapacity(context: MutationContext, command: string): void {
  if (launchableFrom(context.scenario, context.region, command, context.nowMs) > context.nowMs)
    throw new InsufficientCacheClusterCapacityFault(refusal("The requested cache node type is not available in the specified Availability Zone."));
}

/** `modifying` until the change is there. */
export function changeTo({ state }: ReplicationGroup, nowMs: number, takesMs: number, current: GroupState, next: GroupState): void {
  state.set(nowMs, { ...current, status: "modifying" });
  state.set(nowMs + takesMs, next);
}

export function decreaseReplicaCount(input: DecreaseReplicaCountCommandInput, context: MutationContext): () => Answer<DecreaseReplicaCountCommandOutput> {
  refuseUnmodelled("DecreaseReplicaCount", input, ["ReplicationGroupId", "NewReplicaCount", "ApplyImmediately"]);
  const { group, current } = changeable(context, input.ReplicationGroupId);
  const { before, wanted } = replicaCounts(input, current);
  if (wanted > before) throw invalidValue(`New replica count ${wanted} is greater than the current one, ${before}.`);
  if (wanted === 0 && group.multiAz) throw invalidCombination("At least one replica is required while Multi-AZ is enabled.");
  return () => resized(group, context, changeSeconds.redisReplicasRemoved * 1000, withReplicas(current, wanted));
}

export function increaseReplicaCount(input: IncreaseReplicaCountCommandInput, context: MutationContext): () => Answer<IncreaseReplicaCountCommandOutput> {
  refuseUnmodelled("IncreaseReplicaCount", input, ["ReplicationGroupId", "NewReplicaCount", "ApplyImmediately"]);
  const { group, current } = changeable(context, input.ReplicationGroupId);
  const { before, wanted } = replicaCounts(input, current);
  if (wanted < before) throw invalidValue(`New replica count ${wanted} is less than the current one, ${before}.`);
  if (wanted > mostReplicas) throw invalidValue(`The maximum number of replicas of a node group is ${mostReplicas}.`);
  insufficientCapacity(context, "IncreaseReplicaCount");
  return () => resized(group, context, changeSeconds.redisReplicasAdded * 1000, withReplicas(current, wanted));
}

function replicaCounts(
  { NewReplicaCount: wanted, ApplyImmediately: immediately }: DecreaseReplicaCountCommandInput,
  current: GroupState,
): { readonly before: number; readonly wanted: number } {
  if (immediately !== true) throw invalidValue("ApplyImmediately must be true.");
  if (wanted === undefined || wanted < 0) throw invalidValue(`New replica count ${wanted} is not valid.`);
  const before = replicasOf(current) ?? 0;
  if (wanted === before) throw new NoOperationFault(refusal(`All node groups have ${wanted} replicas already.`));
  return { before, wanted };
}

function withReplicas(current: GroupState, replicas: number): GroupState {
  return { ...current, shards: current.shards.map(({ id }) => ({ id, nodes: nodeNumbers(replicas + 1) })) };
}

/** Another node type, of all nodes at once, or another engine version, now or in the maintenance window. At once, whatever is queued is carried out, too. */
export function modifyReplicationGroup(input: ModifyReplicationGroupCommandInput, context: MutationContext): () => Answer<ModifyReplicationGroupCommandOutput> {
  refuseUnmodelled("ModifyReplicationGroup", input, ["ReplicationGroupId", "CacheNodeType", "EngineVersion", "ApplyImmediately"]);
  const { group, current } = changeable(context, input.ReplicationGroupId);
  const nodeType = input.CacheNodeType ?? current.nodeType;
  if (!capacities.redisFamily(current.nodeType).includes(nodeType))
    throw invalidValue(`The specified cache node type ${nodeType} is not one that ${group.id} can be scaled to.`);
  const immediately = input.ApplyImmediately === true;
  if (!immediately && nodeType !== current.nodeType) throw new NotSimulated("another node type in the maintenance window");
  if (nodeType !== current.nodeType) insufficientCapacity(context, "ModifyReplicationGroup");
  return () => {
    const { nowMs } = context;
    const takesMs = changeSeconds.redisNodeType * 1000;
    const windowMs = nextWindowStart(group.maintenanceWindow, nowMs);
    const isUpgraded = group.engineVersion.ask({ wanted: input.EngineVersion, immediately, nowMs, windowMs, takesMs });
    if (nodeType !== current.nodeType || isUpgraded) return resized(group, context, takesMs, { ...current, nodeType });
    return { ReplicationGroup: describeGroup(group, nowMs) };
  };
}

function resized(group: ReplicationGroup, { nowMs }: MutationContext, takesMs: number, next: GroupState) {
  const current = group.state.at(nowMs);
  if (current !== undefined) changeTo(group, nowMs, takesMs, current, next);
  return { ReplicationGroup: describeGroup(group, nowMs) };
}
