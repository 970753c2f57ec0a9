/** One member of a serverless cluster; its capacity follows its load within the cluster's range. */
export interface ServerlessInstanceSettings {
  /** 1 is the writer of a new cluster; also the order of promotion. */
  readonly position: number;
  readonly identifier: string;
}

/** What blueprint, user and sizing say of an Aurora PostgreSQL cluster on Serverless v2. */
export interface ServerlessClusterSettings {
  readonly engineVersion: string;
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
  return `${postgresEngine}${engineVersion.split(".")[0]}`;
}

/** In steps of half a unit. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html */
export const acuLimits = { step: 0.5, leastMaximum: 1, most: 256 } as const;
