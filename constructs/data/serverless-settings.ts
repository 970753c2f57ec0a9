import type { RdsClusterParameterGroupParameter } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group/index.js";

/** One member of a serverless cluster; its capacity follows its load within the cluster's range. */
export interface ServerlessInstanceSettings {
  /** 1 is the writer of a new cluster; also the order of promotion. */
  readonly position: number;
  readonly identifier: string;
}

/** What blueprint, user and sizing say of an Aurora PostgreSQL cluster on Serverless v2. */
export interface ServerlessClusterSettings {
  readonly engineVersion: string;
  /** Whether the version is of another major version than the blueprint's: AWS makes such an upgrade only where it is allowed. */
  readonly majorUpgrade: boolean;
  readonly databaseName: string;
  readonly masterUsername: string;
  readonly instances: readonly ServerlessInstanceSettings[];
  /** Aurora capacity units, some 2 GiB of memory each, of every member. */
  readonly minAcu: number;
  readonly maxAcu: number;
  readonly backupRetentionDays: number;
  readonly monitoringIntervalSeconds: 1 | 5 | 10 | 15 | 30 | 60;
  readonly performanceInsightsDays: number;
  readonly logRetentionDays: number;
}

export const postgresEngine = "aurora-postgresql";
export const postgresPort = 5432;
/** The class of every member; the capacity range stands in the cluster. */
export const serverlessClass = "db.serverless";

/** Parameter group family of an engine version: `17.7` is of `aurora-postgresql17`. */
export function postgresFamily(engineVersion: string): string {
  return `${postgresEngine}${majorOf(engineVersion)}`;
}

/** `17` of `17.7`. */
export function majorOf(engineVersion: string): string {
  return engineVersion.replace(/\..*$/, "");
}

/**
 * From version 17 on it is the engine's own value, and a parameter equal to it is read back as another one, which Terraform would
 * change at each apply. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
 */
export function encryptedConnections(engineVersion: string): readonly RdsClusterParameterGroupParameter[] {
  // Some older versions take it at a restart only; members start with it anyway.
  return Number(majorOf(engineVersion)) >= 17 ? [] : [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }];
}

/** In steps of half a unit. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html */
export const acuLimits = { step: 0.5, leastMaximum: 1, most: 256 } as const;
