import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { lifecycleState, type S3Change } from "../../../optimizer/core/levers/s3/changes.ts";
import { movedToStandardIa } from "../../../optimizer/core/levers/s3/lifecycle-rules.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

export const s3Trials: { readonly [C in S3Change as C["kind"]]: TrialOf<C> } = {
  "s3.lifecycle": {
    prepare: async (account) => {
      const { bucket, describe } = await madeBucket(account);
      if (bucket.lifecycle.kind === "unseen") throw new Error(bucket.lifecycle.reason);
      const configuration = bucket.lifecycle.value;
      const change = {
        kind: "s3.lifecycle",
        region: account.region,
        bucket: account.name,
        before: lifecycleState(configuration),
        after: lifecycleState(movedToStandardIa(configuration, 30)),
      } as const;
      return {
        change,
        describe,
        sets: ["Lifecycle.Rules[].Transitions"],
        takesTime: false,
        refusals: [
          {
            because: "objects move to Standard-IA after 30 days at the earliest",
            change: { ...change, after: lifecycleState(movedToStandardIa(configuration, 29)) },
            kind: "invalid",
            name: "InvalidArgument",
          },
          {
            because: "there is no such bucket",
            change: { ...change, bucket: `${account.name}-gone` },
            meanwhile: async () => {
              await account.clients.s3.send(new CreateBucketCommand({ Bucket: `${account.name}-gone` }));
              await account.clients.s3.send(new DeleteBucketCommand({ Bucket: `${account.name}-gone` }));
            },
            kind: "missing",
            name: "NoSuchBucket",
          },
        ],
      };
    },
  },
};

/** With rules of every sort beside the one that is changed, and a default minimum size that is not S3's own: one call writes all of it. */
async function madeBucket(account: WireAccount) {
  const { s3 } = account.clients;
  const Bucket = account.name;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "Team", Value: "orders" }] } }));
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
      LifecycleConfiguration: {
        Rules: [
          { ID: "tiering", Status: "Enabled", Filter: {}, Transitions: [{ Days: 0, StorageClass: "INTELLIGENT_TIERING" }] },
          {
            ID: "old-versions",
            Status: "Enabled",
            Filter: {},
            NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
          { ID: "reports", Status: "Enabled", Filter: { Prefix: "reports/" }, Expiration: { Days: 400 } },
        ],
      },
    }),
  );
  const describe = async () => {
    const { $metadata: _, ...Lifecycle } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    return { Lifecycle, TagSet, Status };
  };
  return { describe, bucket: await account.inventory("s3-bucket", { dataBuckets: [Bucket] }) };
}
