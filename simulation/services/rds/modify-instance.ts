import {
  DBInstanceNotFoundFault,
  InsufficientDBInstanceCapacityFault,
  InvalidDBInstanceStateFault,
  type ModifyDBInstanceCommandInput,
  type ModifyDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { capacities } from "../../../contract/capacities.ts";
import { hasPerformanceInsights } from "../../../contract/performance-insights.ts";
import { UserError } from "../../../contract/user-error.ts";
import type { AccountState } from "../../account/state.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
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
  refuseUnmodelled("ModifyDBInstance", input, ["DBInstanceIdentifier", "DBInstanceClass", "ApplyImmediately"]);
  if (current.status !== "available") throw new InvalidDBInstanceStateFault(refusal(`Database instance is not in available state.`));
  const instanceClass = input.DBInstanceClass ?? current.instanceClass;
  if (capacities.rds(instanceClass) === undefined) {
    throw errors.refuse(
      "InvalidParameterCombination",
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${instanceClass}`,
    );
  }
  if (instance.performanceInsights && !hasPerformanceInsights(instanceClass)) throw withoutInsights();
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
export function promoteInstead(instance: DbInstance, state: AccountState, downMs: number): void {
  const cluster = state.of(clusters).get(instance.region, instance.clusterId);
  if (cluster === undefined || cluster.state.at(downMs)?.writer !== instance.id) return;
  const [reader] = promotable(cluster, state, downMs);
  if (reader !== undefined) failOver(cluster, reader, state, downMs);
}

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const dayMs = 86_400_000;

/** The next start of a weekly window `ddd:hh:mm-ddd:hh:mm` (UTC) strictly after `afterMs`. */
export function nextWindowStart(window: string, afterMs: number): number {
  const match = /^([a-z]{3}):(\d{2}):(\d{2})-/.exec(window.toLowerCase());
  const day = days.indexOf(match?.[1] ?? "");
  if (match === null || day === -1) {
    throw new UserError({
      code: "stack-document",
      message: `${JSON.stringify(window)} is no maintenance window`,
      hint: "write it as sun:05:00-sun:06:00, UTC",
    });
  }
  const midnightMs = Math.floor(afterMs / dayMs) * dayMs;
  // 1 January 1970 was a Thursday.
  const today = (Math.floor(afterMs / dayMs) + 4) % 7;
  const startMs = midnightMs + ((day - today + 7) % 7) * dayMs + Number(match[2]) * 3_600_000 + Number(match[3]) * 60_000;
  return startMs > afterMs ? startMs : startMs + 7 * dayMs;
}
