import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import { serverLogPrefix, type LogBucket } from "../edge/log-bucket.ts";
import { isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import { bucketLifecycle, type LifecycleSettings } from "./bucket-lifecycle.ts";
import { bucketAccess } from "./bucket-access.ts";

/** What blueprint and sizing say of the bucket for the application's own objects. */
export type DataBucketSettings = LifecycleSettings;

export interface DataBucketProps {
  readonly names: Names;
  readonly lifetime: Lifetime;
  readonly settings: DataBucketSettings;
  readonly keyArn: string;
  readonly logBucket: LogBucket;
}

/** A token within: the account is part of it. */
export function dataBucketName(names: Names): string {
  return names.bucket("data");
}

/** The application's objects: encrypted with the stack's own key, every version kept for a while, each access logged. */
export class DataBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, lifetime, settings, keyArn, logBucket }: DataBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", { bucket: dataBucketName(names), forceDestroy: !isRecoverable(lifetime) });
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      // A bucket key asks KMS once for many objects, not once for each.
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn }, bucketKeyEnabled: true }],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
    bucketLifecycle(this, "lifecycle", { bucketId: bucket.id, settings, versioning });
    bucketAccess(this, bucket);
    new S3BucketLoggingA(this, "logging", {
      bucket: bucket.id,
      targetBucket: logBucket.name,
      targetPrefix: `${serverLogPrefix}/`,
      dependsOn: [logBucket.policy],
    });
  }
}
