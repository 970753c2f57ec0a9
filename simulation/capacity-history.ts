import type { AccountState } from "./account-state.ts";
import type { CapacityView, GroupCapacity, MemberCapacity } from "./capacity-view.ts";
import type { GroupInstance } from "./services/auto-scaling/group.ts";
import type { DbCluster } from "./services/rds/cluster.ts";

/** The account's timelines as the load model reads them. `current` gives the account as it is folded now. */
export function createCapacityHistory(current: () => AccountState): CapacityView {
  const capacityOf = rememberByFleet(groupCapacity);
  const changesOf = rememberByRevision(current, changesIn);
  const namesOf = rememberByRevision(current, namesIn);
  return {
    groupAt: (region, name, atMs) => {
      const fleet = current().autoScalingGroups.get(region, name)?.instances.at(atMs);
      return fleet === undefined ? null : capacityOf(fleet);
    },
    clusterAt: (region, id, atMs) => {
      const cluster = current().dbClusters.get(region, id);
      return cluster === undefined ? null : membersAt(current(), cluster, atMs);
    },
    indexAt: (region, table, name, atMs) => {
      const timeline = current().tables.get(region, table)?.core.indexes.get(name);
      const index = timeline?.at(atMs);
      return index === undefined || index === null ? null : { exists: true, maxReadRequestUnits: index.maxReadRequestUnits };
    },
    tableAt: (region, table, atMs) => {
      const core = current().tables.get(region, table)?.core;
      return core === undefined || core.status.at(atMs) === undefined ? null : { billingMode: core.billingMode };
    },
    redisAt: (region, id, atMs) => {
      const group = current().replicationGroups.get(region, id);
      if (group === undefined || atMs < current().bornMs) return null;
      return { nodeType: group.nodeType, shards: group.shards, replicasPerShard: group.replicasPerShard };
    },
    changesBetween: (region, startMs, endMs) => changesOf(region).filter((moment) => moment >= startMs && moment < endMs),
    backendOf: (region, loadBalancer) => backendOf(current(), region, loadBalancer),
    namesIn: namesOf,
  };
}

function groupCapacity(fleet: readonly GroupInstance[]): GroupCapacity {
  const serving = fleet.filter((instance) => instance.lifecycleState === "InService");
  const instances: Record<string, number> = {};
  for (const { instanceType } of serving) instances[instanceType] = (instances[instanceType] ?? 0) + 1;
  return { instances, zones: new Set(serving.map((instance) => instance.zone)).size };
}

/** Fleets never change once made, so what was made of one holds as long as it lives. */
function rememberByFleet(make: (fleet: readonly GroupInstance[]) => GroupCapacity): (fleet: readonly GroupInstance[]) => GroupCapacity {
  const known = new WeakMap<readonly GroupInstance[], GroupCapacity>();
  return (fleet) => {
    const made = known.get(fleet) ?? make(fleet);
    known.set(fleet, made);
    return made;
  };
}

/** Every moment at which something of the region changes its capacity, ascending, planned ones included. */
function changesIn(state: AccountState, region: string): readonly number[] {
  const timelines = [
    ...state.autoScalingGroups.in(region).map((group) => group.instances),
    ...state.dbClusters.in(region).map((cluster) => cluster.state),
    ...state.dbInstances.in(region).map((instance) => instance.state),
    ...state.tables.in(region).flatMap((table) => [...table.core.indexes.values()]),
  ];
  return [...new Set(timelines.flatMap((timeline) => timeline.moments()))].sort((a, b) => a - b);
}

function rememberByRevision<T>(current: () => AccountState, make: (state: AccountState, region: string) => T): (region: string) => T {
  let revision = -1;
  const known = new Map<string, T>();
  return (region) => {
    const state = current();
    if (state.revision !== revision) known.clear();
    revision = state.revision;
    const made = known.get(region) ?? make(state, region);
    known.set(region, made);
    return made;
  };
}

function membersAt(state: AccountState, cluster: DbCluster, atMs: number): readonly MemberCapacity[] | null {
  const roles = cluster.state.at(atMs);
  if (roles === undefined) return null;
  return cluster.memberIds.flatMap((identifier): MemberCapacity[] => {
    const member = state.dbInstances.get(cluster.region, identifier)?.state.at(atMs);
    if (member === undefined) return [];
    return [{ identifier, instanceClass: member.instanceClass, role: roles.writer === identifier ? "writer" : "reader", available: member.serving }];
  });
}

function backendOf(state: AccountState, region: string, loadBalancer: string): ReturnType<CapacityView["backendOf"]> {
  const balancer = state.loadBalancers.in(region).find((candidate) => candidate.fullName === loadBalancer);
  if (balancer === undefined) return { autoScalingGroup: null, cluster: null };
  const group = state.autoScalingGroups.in(region).find((candidate) => candidate.targetGroupArns.some((arn) => balancer.targetGroupArns.includes(arn)));
  // Nothing in AWS links an application to its database: a stack's application uses the cluster of its own stack.
  const stack = stackOf(balancer.address);
  const cluster = state.dbClusters.in(region).find((candidate) => stackOf(candidate.address) === stack);
  return { autoScalingGroup: group?.name ?? null, cluster: cluster?.id ?? null };
}

function namesIn(state: AccountState, region: string): ReturnType<CapacityView["namesIn"]> {
  const nameOfTarget = new Map(state.targetGroups.in(region).map((group) => [group.arn, group.fullName]));
  return {
    loadBalancers: state.loadBalancers
      .in(region)
      .map((balancer) => ({ fullName: balancer.fullName, targetGroups: balancer.targetGroupArns.flatMap((arn) => nameOfTarget.get(arn) ?? []) })),
    autoScalingGroups: state.autoScalingGroups.in(region).map((group) => group.name),
    clusters: state.dbClusters.in(region).map((cluster) => cluster.id),
    // Every index that ever was: its metrics outlive it.
    tables: state.tables.in(region).map(({ core }) => ({ name: core.name, indexes: [...core.indexes.keys()] })),
    replicationGroups: state.replicationGroups.in(region).map((group) => group.id),
  };
}

function stackOf(address: string): string {
  return address.slice(0, address.indexOf("/"));
}
