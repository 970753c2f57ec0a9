import { ModifyDBInstanceCommand, type RDSClient } from "@aws-sdk/client-rds";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import type { RdsChange } from "../../../core/levers/rds/changes.ts";
import { answered } from "../answered.ts";
import { queuedForInstance } from "../aurora/modifications.ts";
import { instanceBusy, instanceNoted, instanceUnsettled, keepsClass } from "../aurora/unsettled.ts";
import type { RegionClients } from "../client-factory.ts";
import { ChangeRejected } from "../../../errors.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { readInstance } from "./instance.ts";

export const rdsChangeAdapters: { readonly [C in RdsChange as C["kind"]]: ChangeAdapter<C> } = {
  "rds.instance-backup-retention": {
    describe: ({ rds }, change) => retentionState(rds, change),
    prepare: prepareRetention,
    permissions: { calls: ["ModifyDBInstance"], besides: [] },
  },
  "rds.standalone-class": {
    describe: ({ rds }, change) => classState(rds, change),
    prepare: prepareClass,
    carriesOutQueued: true,
    permissions: { calls: ["ModifyDBInstance"], besides: [] },
  },
};

/** State of an instance's retention, once nothing of it is pending. What else waits for the maintenance window goes on waiting, since ours is not "at once". */
async function retentionState(client: RDSClient, change: ChangeOf<"rds.instance-backup-retention">): Promise<ChangeState<typeof change>> {
  const instance = await readInstance(client, change.instance);
  const unsettled = instanceBusy(instance);
  if (unsettled !== undefined) return unsettled;
  const pending = instance.PendingModifiedValues?.BackupRetentionPeriod;
  if (pending !== undefined) return { kind: "in-progress", detail: `instance ${change.instance} is to keep its backups for ${pending} days` };
  const value = { days: answered(instance.BackupRetentionPeriod, "BackupRetentionPeriod") };
  const noted = instanceNoted(instance);
  return noted === undefined ? { kind: "settled", value } : { ...noted, meanwhile: value };
}

/**
 * From one number of days to another AWS applies it as soon as possible, whatever is asked for; with ApplyImmediately it would apply all that
 * waits for the maintenance window besides (RDS API reference, ModifyDBInstance, BackupRetentionPeriod and ApplyImmediately).
 */
function prepareRetention(clients: RegionClients, change: ChangeOf<"rds.instance-backup-retention">): PreparedUpdate {
  const command = new ModifyDBInstanceCommand({ DBInstanceIdentifier: change.instance, BackupRetentionPeriod: change.after.days });
  return async () => {
    await clients.writers.rds.send(command);
  };
}

/**
 * State of an instance's class. What else waits for the maintenance window would be carried out along with ours (RDS API reference,
 * ModifyDBInstance, ApplyImmediately): with it the instance is no longer as it was.
 */
async function classState(client: RDSClient, change: ChangeOf<"rds.standalone-class">): Promise<ChangeState<typeof change>> {
  const instance = await readInstance(client, change.instance);
  const unsettled = instanceUnsettled(instance, change);
  if (unsettled !== undefined) return unsettled;
  const instanceClass = answered(instance.DBInstanceClass, "DBInstanceClass");
  const queued = queuedForInstance(instance, change.region);
  return queued === undefined || keepsClass(instance, change.after) ? { kind: "settled", value: { instanceClass } } : queued;
}

/** At once, not in the maintenance window: the run has planned for the outage of a failover, not for that of an instance without a standby. */
async function prepareClass(clients: RegionClients, change: ChangeOf<"rds.standalone-class">): Promise<PreparedUpdate> {
  if (change.multiAz && (await readInstance(clients.rds, change.instance)).MultiAZ !== true)
    throw new ChangeRejected("invalid", "NotAsPlanned", `${change.instance} has no standby any more, so that it would be away for minutes`);
  const command = new ModifyDBInstanceCommand({
    DBInstanceIdentifier: change.instance,
    DBInstanceClass: change.after.instanceClass,
    ApplyImmediately: true,
  });
  return async () => {
    await clients.writers.rds.send(command);
  };
}
