import {
  DBInstanceNotFoundFault,
  InsufficientDBInstanceCapacityFault,
  InvalidDBInstanceStateFault,
  type ModifyDBInstanceCommandInput,
  type ModifyDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { capacities } from "../../../contract/capacities.ts";
import type { AccountState } from "../../account-state.ts";
import { launchableFrom } from "../../fault-schedule.ts";
import { refuseUnmodelled } from "../../not-simulated.ts";
import type { Answer, MutationContext } from "../../service-handler.ts";
import { refusal, serviceError } from "../../service-error.ts";
import type { DbInstance } from "./cluster.ts";
import { describeInstance } from "./describe.ts";
import { failOver, promotable } from "./failover.ts";
import { nextWindowStart } from "./maintenance-window.ts";

/** Orders of magnitude of a class change of an Aurora instance; AWS promises none. */
const outageStartsMs = 120_000;
const outageMs = 300_000;
const settlesMs = 60_000;

/** Changes an instance's class: at once, or in its next maintenance window. Either way the instance is away for minutes. */
export function modifyDbInstance(input: ModifyDBInstanceCommandInput, context: MutationContext): () => Answer<ModifyDBInstanceCommandOutput> {
  const { state, region, nowMs, scenario } = context;
  refuseUnmodelled("ModifyDBInstance", input, ["DBInstanceIdentifier", "DBInstanceClass", "ApplyImmediately"]);
  const wanted = input.DBInstanceIdentifier ?? "";
  const instance = state.dbInstances.get(region, wanted);
  const current = instance?.state.at(nowMs);
  if (instance === undefined || current === undefined) throw new DBInstanceNotFoundFault(refusal(`DBInstance ${wanted} not found.`, 404));
  if (current.status !== "available") throw new InvalidDBInstanceStateFault(refusal(`Database instance is not in available state.`));
  const instanceClass = input.DBInstanceClass ?? current.instanceClass;
  if (capacities.rds(instanceClass) === undefined) {
    throw serviceError(
      "rds",
      "InvalidParameterCombination",
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${instanceClass}`,
    );
  }
  const changes = instanceClass !== current.instanceClass || current.pendingClass !== undefined;
  const immediately = input.ApplyImmediately === true;
  if (changes && immediately && launchableFrom(scenario, region, "ModifyDBInstance", nowMs) > nowMs) {
    throw new InsufficientDBInstanceCapacityFault(refusal(`Cannot modify the instance: insufficient capacity for ${instanceClass} in ${instance.zone}`));
  }
  return () => {
    if (changes && immediately) changeClass(instance, instanceClass, state, nowMs);
    else if (changes) {
      const { pendingClass: _superseded, ...kept } = current;
      instance.state.set(nowMs, instanceClass === current.instanceClass ? kept : { ...kept, pendingClass: instanceClass });
      if (instanceClass !== current.instanceClass) changeClass(instance, instanceClass, state, nextWindowStart(instance.maintenanceWindow, nowMs));
    }
    return { DBInstance: describeInstance(instance, state, nowMs) };
  };
}

function changeClass(instance: DbInstance, instanceClass: string, state: AccountState, atMs: number): void {
  const before = instance.state.at(atMs);
  if (before === undefined) return;
  const pending = { instanceClass: before.instanceClass, pendingClass: instanceClass, status: "modifying" } as const;
  const downMs = atMs + outageStartsMs;
  const upMs = downMs + outageMs;
  instance.state.set(atMs, { ...pending, serving: true });
  instance.state.set(downMs, { ...pending, serving: false });
  instance.state.set(upMs, { instanceClass, status: "modifying", serving: true });
  instance.state.set(upMs + settlesMs, { instanceClass, status: "available", serving: true });
  promoteInstead(instance, state, downMs);
}

/** A writer that goes away while readers are there is replaced by one of them, as in any failure of a writer. */
function promoteInstead(instance: DbInstance, state: AccountState, downMs: number): void {
  const cluster = state.dbClusters.get(instance.region, instance.clusterId);
  if (cluster === undefined || cluster.state.at(downMs)?.writer !== instance.id) return;
  const [reader] = promotable(cluster, state, downMs);
  if (reader !== undefined) failOver(cluster, reader, state, downMs);
}
