import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import { queuedClusterSettings, queuedInstanceSettings } from "../../../core/levers/rds/changes.ts";
import { type QueuedSetting, waitingWith } from "../../../core/levers/queued-settings.ts";
import { answered } from "../answered.ts";

/** Names of the modifications that wait for a maintenance window. AWS answers empty values for the rest. */
export function pendingNames(pending: object = {}): readonly string[] {
  const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.entries(pending).flatMap(([name, value]) => (isEmpty(value) ? [] : [name]));
}

/** The same in words; a password's value is shown to nobody. */
export function modificationsOf(pending: object = {}): readonly string[] {
  return pendingNames(pending).map((name) => `a change of ${name}`);
}

/** What somebody else has queued for an instance's maintenance window, beside what is on its way there; undefined where nothing is. */
export function queuedForInstance(instance: DBInstance, region: string) {
  const id = answered(instance.DBInstanceIdentifier, "DBInstanceIdentifier");
  const settings = queuedSettings(instance.PendingModifiedValues, instance);
  return settings.length === 0 ? undefined : waitingWith(`instance ${id}`, queuedInstanceSettings(region, id, settings));
}

/** The same of a cluster. That AWS leaves it alone when another setting of the cluster is changed at once, its documents do not say. */
export function queuedForCluster(cluster: DBCluster, region: string) {
  const id = answered(cluster.DBClusterIdentifier, "DBClusterIdentifier");
  const settings = queuedSettings(cluster.PendingModifiedValues, cluster);
  return settings.length === 0 ? undefined : waitingWith(`cluster ${id}`, queuedClusterSettings(region, id, settings));
}

/** Each with its present value, as far as AWS tells it under the same name. */
export function queuedSettings(pending: object | undefined, present: object): readonly QueuedSetting[] {
  const values = new Map<string, unknown>(Object.entries(present));
  const wanted = new Map<string, unknown>(Object.entries(pending ?? {}));
  return pendingNames(pending).map((name) => ({ name, present: values.get(name), wanted: wanted.get(name) }));
}
