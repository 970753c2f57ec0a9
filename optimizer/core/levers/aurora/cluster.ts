import type { Described, Tags } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { SizesBefore } from "../../sizing/sizes-before.ts";
import type { ResourceFacts } from "../resource-facts.ts";
import type { MemberDefinition } from "./member-definition.ts";

export interface AuroraMember {
  readonly identifier: string;
  readonly arn: string;
  readonly role: "writer" | "reader";
  readonly instanceClass: string;
  readonly sizesBefore?: SizesBefore;
  readonly promotionTier: number;
  readonly status: string;
  readonly tags: Tags;
  /** Its parameter group; plans of older releases say nothing of it. */
  readonly parameterGroup?: string;
  /** What AWS has noted for the instance and not done yet, each in words. */
  readonly waiting?: readonly string[];
  readonly createdAtMs?: number;
  /** What it would be made again by. */
  readonly definition?: MemberDefinition;
}

/** Maintenance of a cluster or an instance. `isPlanned`: AWS has a date for it, or somebody asked for it. */
export interface Maintenance {
  readonly resource: string;
  readonly action: string;
  readonly isPlanned: boolean;
}

/** What stands around a cluster, each read with its own API. */
export interface Surroundings {
  readonly maintenance: Seen<readonly Maintenance[]>;
  readonly customEndpoints: Seen<readonly string[]>;
  readonly blueGreenDeployments: Seen<readonly string[]>;
  readonly proxies: Seen<readonly string[]>;
  /** Bounds between which reader auto scaling keeps the number of readers, in words. */
  readonly readerScaling: Seen<readonly string[]>;
  /** Parameters that somebody has set and that follow the memory of the class by default, as `name = value`. Absent in plans of older releases. */
  readonly memoryParameters?: Seen<readonly string[]>;
}

/** Aurora capacity units between which each instance of the class db.serverless moves by its load. */
export interface AcuRange {
  readonly minAcu: number;
  readonly maxAcu: number;
}

/** The class of an instance whose capacity follows its load. */
export const serverlessClass = "db.serverless";

export interface AuroraCluster extends Described {
  readonly kind: "aurora-cluster";
  readonly engine: "aurora-mysql" | "aurora-postgresql";
  readonly engineVersion: string;
  readonly status: string;
  /** Set for a member of a global database. */
  readonly globalClusterId?: string;
  /** A secondary cluster of a global database has readers only and no writer of its own. */
  readonly globalRole: "none" | "primary" | "secondary";
  readonly members: readonly AuroraMember[];
  readonly backupRetentionDays: number;
  /** `provisioned`, or one of the modes of which nothing is known here; absent in plans of older releases, as all that follows. */
  readonly engineMode?: string;
  readonly storage?: "standard" | "io-optimized";
  /** What AWS has noted for the cluster and not done yet, each in words. */
  readonly waiting?: readonly string[];
  /** The recovery point by which AWS Backup owns the cluster's automated backups; absent where it does not. */
  readonly awsBackup?: string;
  readonly surroundings?: Surroundings;
  /** Absent where the cluster has no range, so that none of its members can be serverless. */
  readonly serverless?: AcuRange;
}

export const auroraClusterFacts: ResourceFacts<AuroraCluster> = {
  word: "Aurora",
  partWord: "",
  tags: ({ tags, members }) => [tags, ...members.map((member) => member.tags)],
  restsOnAlways: ({ tags, members }) => ({ tags, memberTags: members.map(({ identifier, tags: own }) => ({ identifier, tags: own })) }),
  form: ({ engine, engineMode, storage, globalRole, awsBackup, members, surroundings }) => ({
    engine,
    engineMode,
    storage,
    globalRole,
    isOfAwsBackup: awsBackup !== undefined,
    serverlessMembers: members
      .filter(({ instanceClass }) => instanceClass === serverlessClass)
      .map(({ identifier }) => identifier)
      .toSorted(),
    customEndpoints: surroundings?.customEndpoints,
    readerScaling: surroundings?.readerScaling,
    blueGreenDeployments: surroundings?.blueGreenDeployments,
  }),
  otherZones: () => "another zone: create an instance there and make it the writer; the zones are those of the cluster's subnet group",
};
