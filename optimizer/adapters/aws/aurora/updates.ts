import { FailoverDBClusterCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import type { ChangeOf } from "../../../core/levers/change-kinds.ts";
import type { RegionClients } from "../client-factory.ts";
import type { PreparedUpdate } from "../prepared-update.ts";

/** Changes an instance's class at once, not in its maintenance window: the run has planned for the outage. */
export function prepareInstanceClass(clients: RegionClients, change: ChangeOf<"rds.instance-class">): PreparedUpdate {
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
export function prepareFailover(clients: RegionClients, change: ChangeOf<"rds.failover">): PreparedUpdate {
  const command = new FailoverDBClusterCommand({ DBClusterIdentifier: change.cluster, TargetDBInstanceIdentifier: change.after.writer });
  return async () => {
    await clients.writers.rds.send(command);
  };
}
