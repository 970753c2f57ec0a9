import {
  InsufficientDBInstanceCapacityFault,
  InvalidDBInstanceStateFault,
  type ModifyDBInstanceCommandInput,
  type ModifyDBInstanceCommandOutput,
} from "@aws-sdk/client-rds";
import { changeSeconds } from "../../../contract/change-seconds.ts";
import { capacities } from "../../../contract/capacities.ts";
import { hasPerformanceInsights } from "../../../contract/performance-insights.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { isOwnedByAwsBackup, refuseOwnedRetention } from "./aws-backup.ts";
import { askCertificate } from "./certificate.ts";
import { errors, withoutInsights } from "./cluster.ts";
import { describeStandalone } from "./describe-standalone.ts";
import type { StandaloneInstance } from "./standalone.ts";

const retentionTakesMs = changeSeconds.backupRetention * 1000;
/** RDS API reference, ModifyDBInstance, BackupRetentionPeriod. */
const mostDays = 35;

/** Changes an instance outside of clusters. From one number of days to another it is applied as soon as possible, whether "at once" or not. */
export function modifyStandalone(
  instance: StandaloneInstance,
  input: ModifyDBInstanceCommandInput,
  context: MutationContext,
): () => Answer<ModifyDBInstanceCommandOutput> {
  refuseUnmodelled("ModifyDBInstance of an instance outside of clusters", input, [
    "DBInstanceIdentifier",
    "DBInstanceClass",
    "BackupRetentionPeriod",
    "CACertificateIdentifier",
    "ApplyImmediately",
  ]);
  const { state, region, nowMs, scenario } = context;
  const { BackupRetentionPeriod: days, DBInstanceClass: wanted } = input;
  if (days !== undefined && !(Number.isInteger(days) && days >= 0 && days <= mostDays))
    throw errors.refuse("InvalidParameterValue", `Invalid backup retention period: ${days}. Must be between 0 and ${mostDays} days.`);
  const current = instance.state.at(nowMs);
  if (current?.status !== "available") throw new InvalidDBInstanceStateFault(refusal("Database instance is not in available state."));
  const isOwned = isOwnedByAwsBackup(scenario, region);
  if (isOwned) refuseOwnedRetention(instance, days, instance.backupRetentionDays.at(nowMs));
  // An outage, and nothing that replicas are made from any more.
  if (days !== undefined && days !== instance.backupRetentionDays.final() && (days === 0 || instance.backupRetentionDays.at(nowMs) === 0))
    throw new NotSimulated("backups that begin or end");
  const changesClass = wanted !== undefined && wanted !== current.instanceClass;
  if (changesClass) checkClass(instance, wanted, input.ApplyImmediately === true, context);
  return () => {
    askCertificate(instance, input, nowMs);
    if (changesClass) changeClass(instance, current.instanceClass, wanted, nowMs);
    if (days !== undefined && days !== instance.backupRetentionDays.final()) instance.backupRetentionDays.set(nowMs + retentionTakesMs, days);
    return { DBInstance: describeStandalone(instance, state, nowMs, isOwned) };
  };
}

function checkClass(instance: StandaloneInstance, wanted: string, isImmediate: boolean, { scenario, region, nowMs }: MutationContext): void {
  if (capacities.rds(wanted) === undefined)
    throw errors.refuse(
      "InvalidParameterCombination",
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${wanted}, Engine=${instance.engine ?? "mysql"}`,
    );
  if (instance.performanceInsights && !hasPerformanceInsights(wanted)) throw withoutInsights();
  if (!isImmediate) throw new NotSimulated("a class change in the maintenance window of an instance outside of clusters");
  if (launchableFrom(scenario, region, "ModifyDBInstance", nowMs) > nowMs)
    throw new InsufficientDBInstanceCapacityFault(refusal(`Cannot modify the instance: insufficient capacity for ${wanted} in ${instance.zone}`));
}

/** In Multi-AZ the standby is replaced first, takes over, and the old primary is replaced; without one the instance moves to another host. */
function changeClass({ multiAz, state }: StandaloneInstance, before: string, after: string, nowMs: number): void {
  const { untilOutage, outage, settling } = multiAz ? changeSeconds.rdsMultiAzClass : changeSeconds.rdsSingleAzClass;
  const downMs = nowMs + untilOutage * 1000;
  const upMs = downMs + outage * 1000;
  const waiting = { instanceClass: before, pendingClass: after, status: "modifying" } as const;
  state.set(nowMs, { ...waiting, serving: true });
  state.set(downMs, { ...waiting, serving: false });
  state.set(upMs, { instanceClass: after, status: "modifying", serving: true });
  state.set(upMs + settling * 1000, { instanceClass: after, status: "available", serving: true });
}
