import type { QueueableSetting } from "../../account/queued-setting.ts";
import { RDSServiceException } from "@aws-sdk/client-rds";
import { serviceErrors } from "../../account/service-error.ts";
import { type AccountState, regionalStore, type Owned, type Store } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";

export const errors = serviceErrors(RDSServiceException, "query");

/** A class that Performance Insights does not watch, for an instance on which it is turned on. */
export function withoutInsights(): Error {
  return errors.refuse("InvalidParameterCombination", "Performance Insights not supported for this configuration, please disable for this instance and retry.");
}

export interface ClusterState {
  readonly status: "available" | "modifying" | "failing-over";
  /** `null` for a secondary cluster of a global database: all its members read. */
  readonly writer: string | null;
}

/** Capacity units that an instance of the class db.serverless has at least and at most. */
export interface CapacityRange {
  readonly minAcu: number;
  readonly maxAcu: number;
}

export interface DbCluster extends Owned {
  readonly id: string;
  readonly resourceId: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly engineMode?: string;
  /** `aurora-iopt1`: I/O-Optimized; absent: AWS's own. */
  readonly storageType?: string;
  /** Absent where the stack names none: the engine's own. */
  readonly parameterGroup?: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  readonly backupRetentionDays: Timeline<number>;
  /** Absent where the stack gives the cluster none. */
  readonly capacityRange?: Timeline<CapacityRange>;
  readonly deletionProtection: boolean;
  readonly storageEncrypted: boolean;
  readonly kmsKeyId: string | null;
  readonly globalClusterId: string | null;
  /** Member of a global database that does not take writes. */
  readonly isSecondary: boolean;
  readonly memberIds: readonly string[];
  readonly state: Timeline<ClusterState>;
}

export interface InstanceState {
  readonly instanceClass: string;
  readonly status: "available" | "modifying" | "rebooting" | "creating" | "deleting" | "deleted";
  /** Whether connections are served. */
  readonly serving: boolean;
  readonly pendingClass?: string;
}

export interface DbInstance extends Owned {
  readonly id: string;
  readonly clusterId: string;
  readonly resourceId: string;
  readonly promotionTier: number;
  readonly zone: string;
  readonly endpoint: string;
  /** UTC, `ddd:hh:mm-ddd:hh:mm`. */
  readonly maintenanceWindow: string;
  readonly parameterGroup?: string;
  readonly performanceInsights: boolean;
  readonly monitoringSeconds: number;
  readonly settings: InstanceSettings;
  readonly state: Timeline<InstanceState>;
}

/** What is kept of an instance and told again; nothing here acts on it. */
export interface InstanceSettings {
  readonly createdMs: number;
  readonly subnetGroup: string | null;
  readonly monitoringRoleArn: string | null;
  readonly insightsDays: number;
  readonly insightsKeyArn: string | null;
  readonly caCertificate: QueueableSetting;
  readonly isPubliclyAccessible: boolean;
  readonly upgradesMinorVersions: boolean;
  readonly copiesTagsToSnapshots: boolean;
}

/** What AWS takes where nothing is said (RDS API reference, CreateDBInstance). */
export const instanceDefaults = { promotionTier: 1, insightsDays: 7, caCertificate: "rds-ca-rsa2048-g1" } as const;

export interface GlobalCluster {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly address: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly storageEncrypted: boolean;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly memberArns: readonly { readonly arn: string; readonly isWriter: boolean }[];
}

/** An instance that is there at a moment, in whatever state; its name is free again once it is deleted. */
export function isThere(instance: DbInstance, atMs: number): boolean {
  return (instance.state.at(atMs)?.status ?? "deleted") !== "deleted";
}

export function instancesIn(state: AccountState, region: string, atMs: number): readonly DbInstance[] {
  return state
    .of(instances)
    .in(region)
    .filter((instance) => isThere(instance, atMs));
}

/** Members of a cluster that are there at a moment. */
export function membersThere(state: AccountState, cluster: DbCluster, atMs: number): readonly DbInstance[] {
  return cluster.memberIds.flatMap((id) => state.of(instances).get(cluster.region, id) ?? []).filter((instance) => isThere(instance, atMs));
}

export const clusters = regionalStore<DbCluster>();
export const instances = regionalStore<DbInstance>();
/** Global databases have no region: by identifier. */
export const globalClusters: Store<Map<string, GlobalCluster>> = { begin: () => new Map<string, GlobalCluster>() };
