import type { DatabaseInsightsMode } from "./database-insights.ts";

/** One instance of a cluster, by the identifier that stays with it when roles move. */
export interface AuroraInstanceSettings {
  /** 1 is the writer of a new primary cluster; also the order of promotion. */
  readonly position: number;
  readonly identifier: string;
  readonly instanceClass: string;
}

/** What blueprint and sizing say of a cluster. */
export interface AuroraSettings {
  readonly engineVersion: string;
  readonly databaseName: string;
  readonly masterUsername: string;
  readonly instances: readonly AuroraInstanceSettings[];
  readonly backupRetentionDays: number;
  readonly monitoringIntervalSeconds: 1 | 5 | 10 | 15 | 30 | 60;
  /** Its days of Performance Insights are in database-insights.ts. */
  readonly databaseInsights: DatabaseInsightsMode;
  /** Whether a secondary hands writes on to the primary. */
  readonly globalWriteForwarding: boolean;
  readonly logRetentionDays: number;
}

export const auroraEngine = "aurora-mysql";
export const auroraFamily = "aurora-mysql8.0";
export const auroraPort = 3306;
