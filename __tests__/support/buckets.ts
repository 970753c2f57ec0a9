import type { Bucket, LifecycleRule } from "../../optimizer/core/levers/s3/bucket.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { Signal } from "./courses.ts";
import { primary, type World } from "./world.ts";

export const gib = 1024 ** 3;

export function aTieringRule(overrides: Partial<LifecycleRule> = {}): LifecycleRule {
  return { ID: "storage-class", Status: "Enabled", Filter: { Prefix: "" }, Transitions: [{ Days: 0, StorageClass: "INTELLIGENT_TIERING" }], ...overrides };
}

export const oldVersions: LifecycleRule = {
  ID: "old-versions",
  Status: "Enabled",
  Filter: { Prefix: "" },
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

export function aLifecycle(...rules: readonly LifecycleRule[]): Bucket["lifecycle"] {
  return { kind: "seen", value: { rules, minimumObjectSize: "all_storage_classes_128K" } };
}

/** As the stacks make it: all objects to Intelligent-Tiering at once, with request metrics turned on by hand. */
export function aBucket(overrides: Partial<Bucket> = {}): Bucket {
  return {
    kind: "s3-bucket",
    ref: { kind: "s3-bucket", region: primary, id: "data" },
    arn: "arn:aws:s3:::data",
    tags: { kind: "tags", tags: {} },
    lifecycle: aLifecycle(oldVersions, aTieringRule()),
    versioning: { kind: "seen", value: "Enabled" },
    archiveConfigurations: { kind: "seen", value: [] },
    requestMetrics: { kind: "seen", value: "EntireBucket" },
    ...overrides,
  };
}

interface BucketLoad {
  /** GiB in the frequent tier, by hour since the baseline's start. */
  readonly frequent: number | Signal;
  readonly infrequent?: number | Signal;
  readonly archiveInstant?: number;
  /** GiB and requests a day. */
  readonly downloaded?: number | Signal;
  readonly gets?: number;
  readonly objects?: number | Signal;
}

/** What CloudWatch has of a bucket; a tier that is not named has no points, as S3 reports none without bytes. */
export function bucketSees(world: World, load: BucketLoad): World {
  const { frequent, infrequent = Number.NaN, archiveInstant = Number.NaN, downloaded = 100, gets = 1000, objects = 100_000 } = load;
  const bytes =
    (of: number | Signal): Signal =>
    (hour, statistic) =>
      (typeof of === "number" ? of : of(hour, statistic)) * gib;
  return world
    .sees(metrics.s3StoredBytes, "data/IntelligentTieringFAStorage", bytes(frequent))
    .sees(metrics.s3StoredBytes, "data/IntelligentTieringIAStorage", bytes(infrequent))
    .sees(metrics.s3StoredBytes, "data/IntelligentTieringAIAStorage", bytes(archiveInstant))
    .sees(metrics.s3Objects, "data/AllStorageTypes", objects)
    .sees(metrics.s3DownloadedBytes, "data/EntireBucket", bytes(downloaded))
    .sees(metrics.s3Gets, "data/EntireBucket", gets);
}
