import { RDSServiceException } from "@aws-sdk/client-rds";
import { serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type Owned, type Store } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";

export const errors = serviceErrors(RDSServiceException, "query");

export interface ClusterState {
  readonly status: "available" | "failing-over";
  /** `null` for a secondary cluster of a global database: all its members read. */
  readonly writer: string | null;
}

export interface DbCluster extends Owned {
  readonly id: string;
  readonly resourceId: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly engineMode?: string;
  /** `aurora-iopt1`: I/O-Optimized; absent: AWS's own. */
  readonly storageType?: string;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  readonly backupRetentionDays: Timeline<number>;
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
  readonly status: "available" | "modifying" | "rebooting";
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
  readonly state: Timeline<InstanceState>;
}

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

export const clusters = regionalStore<DbCluster>();
export const instances = regionalStore<DbInstance>();
/** Global databases have no region: by identifier. */
export const globalClusters: Store<Map<string, GlobalCluster>> = { begin: () => new Map<string, GlobalCluster>() };
