import type { AccountState } from "../../account/state.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";
import type { InstanceSettings, InstanceState } from "./cluster.ts";

/** A DB instance outside of clusters. */
export interface StandaloneInstance extends Owned {
  readonly id: string;
  readonly resourceId: string;
  /** Null for a replica, which has the engine of its source. */
  readonly engine: string | null;
  readonly engineVersion: string | null;
  readonly zone: string;
  readonly host: string;
  readonly port: number;
  /** With a standby in another zone. */
  readonly multiAz: boolean;
  /** ARN or identifier, as the stack says it. */
  readonly replicaOf: string | null;
  /** UTC, `ddd:hh:mm-ddd:hh:mm`. */
  readonly maintenanceWindow: string;
  readonly backupWindow: string;
  readonly parameterGroup: string | null;
  /** Null for a replica, which has as much as its source. */
  readonly storageGib: number | null;
  readonly maxStorageGib: number | null;
  readonly storageType: string;
  readonly kmsKeyId: string | null;
  readonly deletionProtection: boolean;
  readonly performanceInsights: boolean;
  readonly monitoringSeconds: number;
  readonly settings: InstanceSettings;
  readonly backupRetentionDays: Timeline<number>;
  readonly state: Timeline<InstanceState>;
}

export const standaloneInstances = regionalStore<StandaloneInstance>();

/** The instance that a replica copies; a replica in the same region names it by its identifier. */
export function sourceOf({ region, replicaOf }: StandaloneInstance, state: AccountState): StandaloneInstance | undefined {
  if (replicaOf === null) return undefined;
  return state
    .of(standaloneInstances)
    .all()
    .find((other) => other.arn === replicaOf || (other.region === region && other.id === replicaOf));
}

export function replicasOf(instance: StandaloneInstance, state: AccountState): readonly StandaloneInstance[] {
  return state
    .of(standaloneInstances)
    .all()
    .filter((other) => sourceOf(other, state) === instance);
}
