import type { Described } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { SizesBefore } from "../../sizing/sizes-before.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/** A DB instance that belongs to no cluster; in Multi-AZ with a standby that nobody can read from. */
export interface RdsInstance extends Described {
  readonly kind: "rds-instance";
  /** `mysql`, `postgres`, … */
  readonly engine: string;
  readonly engineVersion: string;
  readonly status: string;
  readonly instanceClass: string;
  readonly sizesBefore?: SizesBefore;
  readonly multiAz: boolean;
  /** The instance that it is a read replica of: an ARN where that is in another region. */
  readonly replicaOf: string | null;
  /** Whether Performance Insights is turned on. */
  readonly performanceInsights: boolean;
  /** Its read replicas: ARNs where they are in another region. */
  readonly replicas: readonly string[];
  /** 0: there are no automated backups. */
  readonly backupRetentionDays: number;
  /** The recovery point by which AWS Backup owns the instance's automated backups; null where it does not. */
  readonly awsBackup: string | null;
  /** What AWS has noted for the instance and not done yet, each in words. */
  readonly waiting: readonly string[];
  /** Parameters that wait for a restart, each in words. */
  readonly waitingForRestart: readonly string[];
  /** Parameters that somebody has set and that follow the memory of the class by default, as `name = value`. */
  readonly memoryParameters: Seen<readonly string[]>;
  /** Classes that AWS offers for the engine's version, with a standby where the instance has one. */
  readonly orderableClasses: Seen<readonly string[]>;
  readonly maintenance: Seen<readonly Maintenance[]>;
  readonly blueGreenDeployments: Seen<readonly string[]>;
  readonly proxies: Seen<readonly string[]>;
}

/** `isPlanned`: AWS has a date for it, or somebody asked for it. */
interface Maintenance {
  readonly action: string;
  readonly isPlanned: boolean;
}

export const rdsInstanceFacts: ResourceFacts<RdsInstance> = {
  word: "RDS",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags }) => ({ tags }),
  form: ({ engine, multiAz, replicaOf, awsBackup, blueGreenDeployments }) => ({
    engine,
    multiAz,
    replicaOf,
    isOfAwsBackup: awsBackup !== null,
    blueGreenDeployments,
  }),
  otherZones: ({ multiAz }) =>
    multiAz
      ? "another zone: AWS places the instance and its standby in the zones of the subnet group, which can be given more of them"
      : "another zone: a restored snapshot or a promoted replica can be placed in one",
};
