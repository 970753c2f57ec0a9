import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import type { Construct } from "constructs";
import { policyDocument, type Statement } from "../policy-document.ts";

/**
 * Nobody but this account and who `allowed` names reaches the bucket, and all of them over TLS only; access lists have no say. The
 * last of the three is returned: whoever needs the bucket to be closed, or opened to itself, waits for it.
 */
export function bucketAccess(scope: Construct, bucket: S3Bucket, allowed: readonly Statement[] = []): S3BucketPolicy {
  const accessBlock = new S3BucketPublicAccessBlock(scope, "public-access-block", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  // One after the other: S3 refuses two such changes of a bucket at once (OperationAborted).
  const ownership = new S3BucketOwnershipControls(scope, "ownership", {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
    dependsOn: [accessBlock],
  });
  return new S3BucketPolicy(scope, "policy", {
    bucket: bucket.id,
    policy: policyDocument(onlyOverTls(bucket.arn), ...allowed),
    dependsOn: [ownership],
  });
}

/** Both ARNs: with the bucket's alone every object would still be readable in clear text. */
function onlyOverTls(bucketArn: string): Statement {
  return {
    Sid: "OnlyOverTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
