import { FailoverDBClusterCommand, ModifyDBClusterCommand, ModifyDBInstanceCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { AuroraChange } from "../../../core/levers/aurora/changes.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import type { RegionClients } from "../client-factory.ts";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import { ChangeRejected } from "../../../errors.ts";
import { ResourceGone } from "../resource-gone.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { answered } from "../answered.ts";
import { rangeOf, readCluster, readMembers } from "./cluster.ts";
import { memberAdapter } from "./member.ts";
import { queuedForCluster, queuedForInstance } from "./modifications.ts";
import { clusterUnsettled, instanceBusy, instanceNoted, instanceUnsettled, keepsClass, writerOf } from "./unsettled.ts";

export const auroraChangeAdapters: { readonly [C in AuroraChange as C["kind"]]: ChangeAdapter<C> } = {
  "rds.instance-class": {
    describe: ({ rds }, change) => instanceClassState(rds, change),
    prepare: prepareInstanceClass,
    carriesOutQueued: true,
    permissions: { calls: ["ModifyDBInstance"], besides: [] },
  },
  "rds.failover": {
    describe: ({ rds }, change) => writerState(rds, change),
    prepare: prepareFailover,
    permissions: { calls: ["FailoverDBCluster"], besides: [] },
  },
  "rds.backup-retention": {
    describe: ({ rds }, change) => retentionState(rds, change),
    prepare: prepareRetention,
    carriesOutQueued: true,
    permissions: { calls: ["ModifyDBCluster"], besides: [] },
  },
  "rds.serverless-capacity": {
    describe: ({ rds }, change) => capacityState(rds, change),
    prepare: prepareCapacity,
    carriesOutQueued: true,
    permissions: { calls: ["ModifyDBCluster"], besides: [] },
  },
  "rds.member": memberAdapter,
};

/**
 * State of one instance's class. A modification that AWS has only noted yet is in progress. Others that wait for the maintenance window
 * would be carried out along with ours (RDS API reference, ModifyDBInstance, ApplyImmediately): with them the instance is no longer as it was.
 */
async function instanceClassState(client: RDSClient, change: ChangeOf<"rds.instance-class">): Promise<ChangeState<typeof change>> {
  // All members, since those who look at several changes or at their tags need them as well, and ask once.
  const [cluster, members] = await allInOrder([readCluster(client, change.cluster), readMembers(client, change.cluster)]);
  const instance = members.find(({ DBInstanceIdentifier: id }) => id === change.instance);
  if (instance === undefined) throw new ResourceGone(`no instance ${change.instance} in cluster ${change.cluster}`);
  const unsettled = clusterUnsettled(cluster) ?? instanceUnsettled(instance, change);
  if (unsettled !== undefined) return unsettled;
  const instanceClass = answered(instance.DBInstanceClass, "DBInstanceClass");
  const queued = queuedForInstance(instance, change.region);
  return queued === undefined || keepsClass(instance, change.after) ? { kind: "settled", value: { instanceClass } } : queued;
}

/** State of a cluster's writer, once the cluster and all members are available. A failover carries out no class that is noted for a member. */
async function writerState(client: RDSClient, change: ChangeOf<"rds.failover">): Promise<ChangeState<typeof change>> {
  const [cluster, members] = await allInOrder([readCluster(client, change.cluster), readMembers(client, change.cluster)]);
  const unsettled = clusterUnsettled(cluster) ?? members.map((member) => instanceBusy(member)).find((state) => state !== undefined);
  if (unsettled !== undefined) return unsettled;
  const writer = writerOf(cluster);
  if (writer === undefined) return { kind: "mixed", detail: `cluster ${change.cluster} has no writer` };
  const noted = members.map((member) => instanceNoted(member)).find((state) => state !== undefined);
  return noted === undefined ? { kind: "settled", value: { writer } } : { ...noted, meanwhile: { writer } };
}

/** State of a cluster's retention. What else waits for the maintenance window may be carried out along with ours, as with an instance. */
async function retentionState(client: RDSClient, change: ChangeOf<"rds.backup-retention">): Promise<ChangeState<typeof change>> {
  const cluster = await readCluster(client, change.cluster);
  const unsettled = clusterUnsettled(cluster);
  if (unsettled !== undefined) return unsettled;
  const pending = cluster.PendingModifiedValues;
  if (pending?.BackupRetentionPeriod !== undefined)
    return { kind: "in-progress", detail: `cluster ${change.cluster} is to keep its backups for ${pending.BackupRetentionPeriod} days` };
  const days = answered(cluster.BackupRetentionPeriod, "BackupRetentionPeriod");
  const queued = queuedForCluster(cluster, change.region);
  return queued === undefined || days === change.after.days ? { kind: "settled", value: { days } } : queued;
}

/** State of a serverless cluster's range. AWS notes nowhere that another one is on its way, but in the cluster's status. */
async function capacityState(client: RDSClient, change: ChangeOf<"rds.serverless-capacity">): Promise<ChangeState<typeof change>> {
  const cluster = await readCluster(client, change.cluster);
  const unsettled = clusterUnsettled(cluster);
  if (unsettled !== undefined) return unsettled;
  if (cluster.ServerlessV2ScalingConfiguration === undefined) return { kind: "missing", detail: `cluster ${change.cluster} has no range of capacity units` };
  const value = rangeOf(cluster.ServerlessV2ScalingConfiguration);
  const queued = queuedForCluster(cluster, change.region);
  return queued === undefined || sameJson(value, change.after) ? { kind: "settled", value } : queued;
}

/**
 * Changes an instance's class at once, not in its maintenance window: the run has planned for the outage of a reader, not for that of the
 * writer which it may have become.
 */
async function prepareInstanceClass(clients: RegionClients, change: ChangeOf<"rds.instance-class">): Promise<PreparedUpdate> {
  if (change.role === "reader" && writerOf(await readCluster(clients.rds, change.cluster)) === change.instance) {
    throw new ChangeRejected("invalid", "NotAsPlanned", `${change.instance} is the writer of ${change.cluster} by now, not a reader`);
  }
  const command = new ModifyDBInstanceCommand({
    DBInstanceIdentifier: change.instance,
    DBInstanceClass: change.after.instanceClass,
    ApplyImmediately: true,
  });
  return async () => {
    await clients.writers.rds.send(command);
  };
}

/** Makes a named member the writer; without a name Aurora would choose by promotion tier. */
function prepareFailover(clients: RegionClients, change: ChangeOf<"rds.failover">): PreparedUpdate {
  const command = new FailoverDBClusterCommand({ DBClusterIdentifier: change.cluster, TargetDBInstanceIdentifier: change.after.writer });
  return async () => {
    await clients.writers.rds.send(command);
  };
}

/** Changes how long backups are kept at once: AWS would do so in the maintenance window otherwise, when nobody polls. */
function prepareRetention(clients: RegionClients, change: ChangeOf<"rds.backup-retention">): PreparedUpdate {
  const command = new ModifyDBClusterCommand({
    DBClusterIdentifier: change.cluster,
    BackupRetentionPeriod: change.after.days,
    ApplyImmediately: true,
  });
  return async () => {
    await clients.writers.rds.send(command);
  };
}

/** Both at once: the call takes a minimum or a maximum alone, too, and another one's change of the other would pass unseen. */
function prepareCapacity(clients: RegionClients, { cluster, after }: ChangeOf<"rds.serverless-capacity">): PreparedUpdate {
  const command = new ModifyDBClusterCommand({
    DBClusterIdentifier: cluster,
    ServerlessV2ScalingConfiguration: { MinCapacity: after.minAcu, MaxCapacity: after.maxAcu },
    ApplyImmediately: true,
  });
  return async () => {
    await clients.writers.rds.send(command);
  };
}
