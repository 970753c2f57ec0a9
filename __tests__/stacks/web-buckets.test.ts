import { describe, expect, it } from "vitest";
import { resources, type StackDocument } from "../support/synthesized-stacks.ts";
import { web } from "../support/web-stacks.ts";

const production = web();
const staging = web({ environment: "staging" });
const both = ["primary", "secondary"] as const;

/** What the bucket of this construct has of a type. */
function ofBucket(stack: StackDocument, bucket: "data" | "log", type: string) {
  const found = resources(stack, type).filter(({ address }) => address.includes(`.${bucket}-bucket_`));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type}`);
  return found[0].values;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition: unknown;
}

function statements(policy: unknown): readonly Statement[] {
  return (JSON.parse(String(policy)) as { readonly Statement: readonly Statement[] }).Statement;
}

describe.each(both)("the data bucket of %s", (name) => {
  const stack = production[name];

  it("has a name that no other bucket of AWS has", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket")["bucket"]).toBe(`tap-prod-data-\${data.aws_caller_identity.caller.account_id}-${regionOf(name)}`);
  });

  it("is encrypted with the stack's own key, which it asks for seldom", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket_server_side_encryption_configuration")["rule"]).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: expect.stringContaining("aws_kms_key.objects-key") },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("keeps what was overwritten, for a while", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
    expect(ofBucket(stack, "data", "aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      { status: "Enabled", filter: [{ prefix: "" }], noncurrent_version_expiration: [{ noncurrent_days: 90 }] },
    ]);
  });

  it("is closed to the public, to other owners, and to clear text, for the bucket as for its objects", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(ofBucket(stack, "data", "aws_s3_bucket_ownership_controls")["rule"]).toEqual({ object_ownership: "BucketOwnerEnforced" });
    const arn = expect.stringMatching(/^\$\{aws_s3_bucket\.data-bucket_\w+\.arn\}$/);
    const objects = expect.stringMatching(/^\$\{aws_s3_bucket\.data-bucket_\w+\.arn\}\/\*$/);
    expect(statements(ofBucket(stack, "data", "aws_s3_bucket_policy")["policy"])).toEqual([
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, objects],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("logs each access to the log bucket, which lets it alone do so", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket_logging")).toMatchObject({
      target_bucket: expect.stringContaining("aws_s3_bucket.log-bucket"),
      target_prefix: "s3/",
      depends_on: [expect.stringContaining("aws_s3_bucket_policy.log-bucket")],
    });
    const delivery = statements(ofBucket(stack, "log", "aws_s3_bucket_policy")["policy"]).find(({ Sid }) => Sid === "ServerAccessLogs");
    expect(delivery).toEqual({
      Sid: "ServerAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: expect.stringMatching(/\.arn\}\/s3\/\*$/),
      Condition: {
        ArnLike: { "aws:SourceArn": [`arn:aws:s3:::tap-prod-data-\${data.aws_caller_identity.caller.account_id}-${regionOf(name)}`] },
        StringEquals: { "aws:SourceAccount": "${data.aws_caller_identity.caller.account_id}" },
      },
    });
  });

  it("is an output, as is the log bucket", () => {
    expect(Object.keys(stack.output)).toEqual(expect.arrayContaining(["data_bucket_name", "data_bucket_arn", "logs_bucket_name", "logs_bucket_arn"]));
  });

  it("may be read and written by the instances, and no other bucket", () => {
    const role = resources(stack, "aws_iam_role_policy").find(({ values }) => values["name"] === "app");
    const granted = statements(role?.values["policy"]);
    expect(granted.find(({ Sid }) => Sid === "Objects")).toMatchObject({
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: [expect.stringContaining("aws_s3_bucket.data-bucket")],
    });
    expect(granted.find(({ Sid }) => Sid === "ObjectKeys")).toMatchObject({
      Action: ["kms:GenerateDataKey"],
      Resource: [expect.stringContaining("aws_kms_key.objects-key")],
    });
  });

  it("goes with all it holds in staging, and stays in production", () => {
    expect(ofBucket(stack, "data", "aws_s3_bucket")["force_destroy"]).toBe(false);
    expect(ofBucket(staging[name], "data", "aws_s3_bucket")["force_destroy"]).toBe(true);
  });
});

function regionOf(name: "primary" | "secondary"): string {
  return name === "primary" ? "us-east-1" : "us-west-2";
}
