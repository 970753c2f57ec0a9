import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import type { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import type { Construct } from "constructs";

/** What becomes of a bucket's objects as they grow old. */
export interface LifecycleSettings {
  /** How long an overwritten or deleted object can be brought back. */
  readonly noncurrentRetentionDays: number;
  /** Where objects move to; nowhere when absent. */
  readonly transition?: LifecycleTransition;
}

export interface LifecycleTransition {
  readonly storageClass: "INTELLIGENT_TIERING" | "STANDARD_IA";
  /** After creation. Standard-IA takes nothing younger than 30 days. */
  readonly afterDays: number;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
export const leastDaysBeforeStandardIa = 30;
/** Standard-IA is billed for so many days at least: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html */
const leastDaysInStandardIa = 30;

/**
 * Standard-IA for objects that expire, as early as S3 takes them there; nothing when they would be gone before they have paid for it.
 * S3 refuses an expiration that is not later than the transition (InvalidArgument).
 */
export function transitionBefore(expirationDays: number): LifecycleTransition | undefined {
  return expirationDays < leastDaysBeforeStandardIa + leastDaysInStandardIa ? undefined : { storageClass: "STANDARD_IA", afterDays: leastDaysBeforeStandardIa };
}

export interface BucketLifecycleProps {
  readonly bucketId: string;
  readonly settings: LifecycleSettings;
  readonly versioning: S3BucketVersioningA;
}

/** The rules for all objects alike. Each has a filter, if an empty one: S3 takes no rule without (MalformedXML). A bucket has one such resource. */
export function bucketLifecycle(scope: Construct, id: string, { bucketId, settings, versioning }: BucketLifecycleProps): S3BucketLifecycleConfiguration {
  const { noncurrentRetentionDays, transition } = settings;
  const all = { status: "Enabled", filter: [{ prefix: "" }] };
  return new S3BucketLifecycleConfiguration(scope, id, {
    bucket: bucketId,
    rule: [
      {
        ...all,
        id: "old-versions",
        noncurrentVersionExpiration: [{ noncurrentDays: noncurrentRetentionDays }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
      ...(transition === undefined
        ? []
        : [{ ...all, id: "storage-class", transition: [{ days: transition.afterDays, storageClass: transition.storageClass }] }]),
    ],
    // AWS's own default, said: smaller ones cost more in either class than they save.
    transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    // Rules about versions mean nothing before there are any.
    dependsOn: [versioning],
  });
}
