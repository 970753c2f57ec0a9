import {
  DBInstanceNotFoundFault,
  InsufficientDBInstanceCapacityFault,
  InvalidDBInstanceStateFault,
  type ModifyDBInstanceCommandInput,
  type ModifyDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { capacities } from "../../../contract/capacities.ts";
import { hasPerformanceInsights } from "../../../contract/performance-insights.ts";
import type { AccountState } from "../../account/state.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { nextWindowStart } from "../../account/maintenance-window.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { askCertificate } from "./certificate.ts";
import { clusters, errors, instances, withoutInsights, type DbInstance } from "./cluster.ts";
import { describeInstance } from "./describe.ts";
import { failOver, promotable } from "./failover.ts";
import { modifyStandalone } from "./modify-standalone.ts";
import { standaloneInstances } from "./standalone.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

const outageStartsMs = changeSeconds.auroraClass.untilOutage * 1000;
const outageMs = changeSeconds.auroraClass.outage * 1000;
const settlesMs = changeSeconds.auroraClass.settling * 1000;

/** Changes an instance's class: at once, or in its next maintenance window. Either way the instance is away for minutes. */
export function modifyDbInstance(input: ModifyDBInstanceCommandInput, context: MutationContext): () => Answer<ModifyDBInstanceCommandOutput> {
  const { state, region, nowMs, scenario } = context;
  const standalone = state.of(standaloneInstances).get(region, input.DBInstanceIdentifier ?? "");
  if (standalone !== undefined) return modifyStandalone(standalone, input, context);
  const wanted = input.DBInstanceIdentifier ?? "";
  const instance = state.of(instances).get(region, wanted);
  const current = instance?.state.at(nowMs);
  if (instance === undefined || current === undefined || current.status === "deleted")
    throw new DBInstanceNotFoundFault(refusal(`DBInstance ${wanted} not found.`, 404));
  refuseUnmodelled("ModifyDBInstance", input, ["DBInstanceIdentifier", "DBInstanceClass", "CACertificateIdentifier", "ApplyImmediately"]);
  if (current.status !== "available") throw new InvalidDBInstanceStateFault(refusal(`Database instance is not in available state.`));
  const immediately = input.ApplyImmediately === true;
  // At once, whatever is queued is carried out, too; to ask for the present class takes another one off the queue.
  const instanceClass = input.DBInstanceClass ?? (immediately ? current.pendingClass : undefined) ?? current.instanceClass;
  if (capacities.rds(instanceClass) === undefined) {
    throw errors.refuse(
      "InvalidParameterCombination",
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${instanceClass}`,
    );
  }
  if (instance.performanceInsights && !hasPerformanceInsights(instanceClass)) throw withoutInsights();
  const changes = instanceClass !== current.instanceClass;
  const isCancelled = input.DBInstanceClass === current.instanceClass && current.pendingClass !== undefined;
  if (changes && immediately && launchableFrom(scenario, region, "ModifyDBInstance", nowMs) > nowMs) {
    throw new InsufficientDBInstanceCapacityFault(refusal(`Cannot modify the instance: insufficient capacity for ${instanceClass} in ${instance.zone}`));
  }
  return () => {
    askCertificate(instance, input, nowMs);
    const { pendingClass: _superseded, ...kept } = current;
    if (isCancelled) instance.state.set(nowMs, kept);
    else if (changes && immediately) changeClass(instance, instanceClass, state, nowMs);
    else if (changes) {
      instance.state.set(nowMs, { ...kept, pendingClass: instanceClass });
      changeClass(instance, instanceClass, state, nextWindowStart(instance.maintenanceWindow, nowMs));
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
export function promoteInstead(instance: DbInstance, state: AccountState, downMs: number): void {
  const cluster = state.of(clusters).get(instance.region, instance.clusterId);
  if (cluster === undefined || cluster.state.at(downMs)?.writer !== instance.id) return;
  const [reader] = promotable(cluster, state, downMs);
  if (reader !== undefined) failOver(cluster, reader, state, downMs);
}
