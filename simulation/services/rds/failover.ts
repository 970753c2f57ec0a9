import {
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  type FailoverDBClusterCommandInput,
  type FailoverDBClusterCommandOutput,
} from "@aws-sdk/client-rds";
import type { AccountState } from "../../account/state.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { isOwnedByAwsBackup } from "./aws-backup.ts";
import { clusters, instances, isThere, type DbCluster, type DbInstance } from "./cluster.ts";
import { describeCluster } from "./describe.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

export const failoverMs = changeSeconds.auroraFailover * 1000;

export function failoverDbCluster(
  input: FailoverDBClusterCommandInput,
  { state, region, nowMs, scenario }: MutationContext,
): () => Answer<FailoverDBClusterCommandOutput> {
  refuseUnmodelled("FailoverDBCluster", input, ["DBClusterIdentifier", "TargetDBInstanceIdentifier"]);
  const wanted = input.DBClusterIdentifier ?? "";
  const cluster = state
    .of(clusters)
    .in(region)
    .find((candidate) => candidate.id === wanted || candidate.arn === wanted);
  if (cluster === undefined) throw new DBClusterNotFoundFault(refusal(`DBCluster ${wanted} not found.`, 404));
  if (cluster.isSecondary) throw invalidState("FailoverDBCluster is not supported for a secondary cluster of a global database. Use FailoverGlobalCluster.");
  const current = cluster.state.at(nowMs);
  if (current?.status !== "available") throw invalidState(`DB cluster ${cluster.id} is not in available state.`);
  const target = targetOf(cluster, state, input.TargetDBInstanceIdentifier, nowMs);
  refuseDuringChange(state.of(instances).get(region, current.writer ?? ""), nowMs);
  refuseDuringChange(target, nowMs);
  return () => {
    failOver(cluster, target, state, nowMs);
    return { DBCluster: describeCluster(cluster, state, nowMs, isOwnedByAwsBackup(scenario, region)) };
  };
}

/** From `atMs` on the cluster is failing over to the target; both are away until it is done. */
export function failOver(cluster: DbCluster, target: DbInstance, state: AccountState, atMs: number): void {
  const before = cluster.state.at(atMs);
  const writer = before?.writer ?? null;
  cluster.state.set(atMs, { status: "failing-over", writer });
  cluster.state.set(atMs + failoverMs, { status: "available", writer: target.id });
  for (const id of [writer, target.id]) {
    const instance = id === null ? undefined : state.of(instances).get(cluster.region, id);
    const current = instance?.state.at(atMs);
    // An instance that is being modified has an outage of its own, which is longer.
    if (instance === undefined || current === undefined || current.status === "modifying") continue;
    instance.state.set(atMs, { ...current, status: "rebooting", serving: false });
    instance.state.set(atMs + failoverMs, { ...current, status: "available", serving: true });
  }
}

/** Readers that could be promoted at a moment, in Aurora's order: promotion tier, then name. */
export function promotable(cluster: DbCluster, state: AccountState, atMs: number): readonly DbInstance[] {
  const writer = cluster.state.at(atMs)?.writer;
  return cluster.memberIds
    .flatMap((id) => (id === writer ? [] : (state.of(instances).get(cluster.region, id) ?? [])))
    .filter((instance) => instance.state.at(atMs)?.status === "available")
    .toSorted((a, b) => a.promotionTier - b.promotionTier || (a.id < b.id ? -1 : 1));
}

function targetOf(cluster: DbCluster, state: AccountState, wanted: string | undefined, nowMs: number): DbInstance {
  const [first] = promotable(cluster, state, nowMs);
  if (wanted === undefined) {
    if (first === undefined) throw invalidState(`DB cluster ${cluster.id} has no reader in available state to fail over to.`);
    return first;
  }
  const target = cluster.memberIds.includes(wanted) ? state.of(instances).get(cluster.region, wanted) : undefined;
  if (target === undefined || !isThere(target, nowMs))
    throw new DBInstanceNotFoundFault(refusal(`DBInstance ${wanted} not found in cluster ${cluster.id}.`, 404));
  if (cluster.state.at(nowMs)?.writer === wanted) throw invalidState(`DB instance ${wanted} is already the writer of ${cluster.id}.`);
  const status = target.state.at(nowMs)?.status;
  if (status !== "available")
    throw new InvalidDBInstanceStateFault(refusal(`Database instance ${wanted} is not in available state but ${status ?? "unknown"}.`));
  return target;
}

/** How a failover and a class change of the same instance meet, AWS does not document. */
function refuseDuringChange(instance: DbInstance | undefined, nowMs: number): void {
  const current = instance?.state.at(nowMs);
  if (current?.status === "modifying" || current?.pendingClass !== undefined)
    throw new NotSimulated("FailoverDBCluster while the writer or the target changes its class");
}

function invalidState(message: string): Error {
  return new InvalidDBClusterStateFault(refusal(message));
}
