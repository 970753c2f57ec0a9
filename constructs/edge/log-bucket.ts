import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import type { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import { isRecoverable, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import type { Statement } from "../policy-document.ts";
import { bucketAccess } from "../storage/bucket-access.ts";
import { transitionBefore } from "../storage/bucket-lifecycle.ts";
import { elbAccount } from "./elb-accounts.ts";

export interface LogBucketProps {
  readonly names: Names;
  readonly lifetime: Lifetime;
  readonly retentionDays: number;
  /** Names of the buckets whose server access logs come here, too. */
  readonly loggedBuckets?: readonly string[];
}

/** Access logs lie under this key prefix, by account and region. */
export const accessLogPrefix = "alb";
/** Server access logs of buckets lie here. */
export const serverLogPrefix = "s3";

/**
 * Where the load balancer of the same region writes its access logs. Encrypted with S3's own key: with a customer key the
 * delivery is refused. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class LogBucket extends Construct {
  readonly name: string;
  readonly arn: string;
  /** Whoever makes the load balancer write here has to wait for it. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, { names, lifetime, retentionDays, loggedBuckets = [] }: LogBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", { bucket: names.bucket("logs"), forceDestroy: !isRecoverable(lifetime) });
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    this.expireObjects(bucket, retentionDays);
    this.policy = bucketAccess(this, bucket, [...loadBalancersMayWrite(bucket.arn, names), ...bucketsMayWrite(bucket.arn, names, loggedBuckets)]);
  }

  private expireObjects(bucket: S3Bucket, retentionDays: number): void {
    const versioning = new S3BucketVersioningA(this, "versioning", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
    const transition = transitionBefore(retentionDays);
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "expire-logs",
          status: "Enabled",
          filter: [{ prefix: "" }],
          ...(transition === undefined ? {} : { transition: [{ days: transition.afterDays, storageClass: transition.storageClass }] }),
          expiration: [{ days: retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}

/** Both ways that AWS delivers by: as the service everywhere, and as an account of its own in older regions. */
function loadBalancersMayWrite(bucketArn: string, { region, accountId }: Names): readonly Statement[] {
  const write = { Effect: "Allow", Action: "s3:PutObject", Resource: `${bucketArn}/${accessLogPrefix}/AWSLogs/${accountId}/*` } as const;
  const account = elbAccount(region);
  return [
    {
      Sid: "LoadBalancerAccessLogs",
      ...write,
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` } },
    },
    ...(account === undefined ? [] : [{ Sid: "LoadBalancerAccount", ...write, Principal: { AWS: `arn:aws:iam::${account}:root` } }]),
  ];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
function bucketsMayWrite(bucketArn: string, { accountId }: Names, buckets: readonly string[]): readonly Statement[] {
  if (buckets.length === 0) return [];
  return [
    {
      Sid: "ServerAccessLogs",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: `${bucketArn}/${serverLogPrefix}/*`,
      Principal: { Service: "logging.s3.amazonaws.com" },
      Condition: {
        ArnLike: { "aws:SourceArn": buckets.map((bucket) => `arn:aws:s3:::${bucket}`) },
        StringEquals: { "aws:SourceAccount": accountId },
      },
    },
  ];
}
