import { type Metric, metrics, seriesKey } from "../../metrics/catalogue.ts";
import { witnessKeys } from "../../metrics/absence.ts";
import type { Baseline, SeriesKey } from "../../model/observation.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { readSeries, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Studies, Study } from "../lever.ts";
import { type Bucket, bucketFacts } from "./bucket.ts";
import { tieringRules } from "./lifecycle-rules.ts";

/** A bucket and what CloudWatch tells of it. */
export interface BucketStudy extends Study {
  readonly facts: RuleFacts;
  readonly bucket: Bucket;
}

export const bucketStudies: Studies<"s3-bucket", BucketStudy> = {
  kind: "s3-bucket",
  otherSizes: () => [],
  looksCloser: false,
  series: (bucket) => {
    if (bucket.lifecycle.kind === "unseen" || tieringRules(bucket.lifecycle.value).length === 0) return [];
    const keys = [...tiers.map(({ storageType }) => storedKey(bucket, storageType)), objectsKey(bucket), ...requestKeys(bucket)];
    return keys.flatMap((key) => [key, ...witnessKeys(key)]);
  },
  study: (facts, bucket) => () => {
    const tenant = tenantReason(bucketFacts.tags(bucket), facts.policy.tenantTags);
    return { facts, bucket, refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant } };
  },
};

/** S3 reports what is stored once a day (https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html). */
const daySeconds = 24 * 60 * 60;

/** The tiers of Intelligent-Tiering, by the StorageType of their bytes and their price. */
const tiers = [
  { storageType: "IntelligentTieringFAStorage", price: "frequentGbMonth" },
  { storageType: "IntelligentTieringIAStorage", price: "infrequentGbMonth" },
  { storageType: "IntelligentTieringAIAStorage", price: "archiveInstantGbMonth" },
  { storageType: "IntelligentTieringAAStorage", price: "archiveGbMonth" },
  { storageType: "IntelligentTieringDAAStorage", price: "deepArchiveGbMonth" },
] as const;

function storedKey({ ref }: Bucket, storageType: string): SeriesKey {
  return seriesKey(metrics.s3StoredBytes, ref.region, { BucketName: ref.id, StorageType: storageType }, "Average", daySeconds);
}

/** Objects of all classes together: S3 does not report them apart. */
function objectsKey({ ref }: Bucket): SeriesKey {
  return seriesKey(metrics.s3Objects, ref.region, { BucketName: ref.id, StorageType: "AllStorageTypes" }, "Average", daySeconds);
}

function requestKeys({ ref, requestMetrics }: Bucket): readonly SeriesKey[] {
  if (requestMetrics.kind === "unseen" || requestMetrics.value === null) return [];
  const dimensions = { BucketName: ref.id, FilterId: requestMetrics.value };
  return [metrics.s3DownloadedBytes, metrics.s3Gets].map((metric: Metric) => seriesKey(metric, ref.region, dimensions, "Sum", daySeconds));
}

/** Bytes of a tier, and what a GB of them costs. */
export interface StoredBytes extends Series {
  readonly price: (typeof tiers)[number]["price"];
}

/** Bytes of each tier at the end of each day, in the order of `tiers`; nothing in a tier is 0 where S3 reported the bucket. */
export function storedBytes(baseline: Baseline, bucket: Bucket): readonly StoredBytes[] {
  return tiers.map(({ storageType, price }) => ({ ...readSeries(baseline, storedKey(bucket, storageType)), name: `BucketSizeBytes of ${storageType}`, price }));
}

export function objectCount(baseline: Baseline, bucket: Bucket): Series {
  return readSeries(baseline, objectsKey(bucket));
}

/** What was downloaded each day, in bytes and in requests; empty where no request metrics of the whole bucket are turned on. */
export function downloads(baseline: Baseline, bucket: Bucket): readonly Series[] {
  return requestKeys(bucket).map((key) => readSeries(baseline, key));
}
