/** Major versions only: minor ones are AWS's to install, in the maintenance window. */
export const mysqlVersions = ["8.0", "8.4"] as const;

export type MysqlVersion = (typeof mysqlVersions)[number];

/** What blueprint and sizing say of an RDS MySQL database: the instance that takes writes, and its replicas in other regions. */
export interface MysqlSettings {
  readonly engineVersion: MysqlVersion;
  /** Whether the version is of another major version than the blueprint's: AWS makes such an upgrade only where it is allowed. */
  readonly majorUpgrade: boolean;
  readonly databaseName: string;
  readonly masterUsername: string;
  readonly instanceClass: string;
  /** Storage of the source in GiB. A replica gets as much. */
  readonly storageGib: number;
  /** How far the storage may grow by itself. */
  readonly maxStorageGib: number;
  /** A standby in another zone, for the instance that takes writes. */
  readonly multiAz: boolean;
  readonly backupRetentionDays: number;
  readonly monitoringIntervalSeconds: 1 | 5 | 10 | 15 | 30 | 60;
  readonly logRetentionDays: number;
}

export const mysqlPort = 3306;

/** A ceiling less than a tenth above the storage is refused: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html */
export function canGrowTo(storageGib: number, maxStorageGib: number): boolean {
  return maxStorageGib >= storageGib * 1.1;
}
