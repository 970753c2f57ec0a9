import { PutBucketLifecycleConfigurationCommand, type TransitionDefaultMinimumObjectSize } from "@aws-sdk/client-s3";
import type { ChangeOf } from "../../../core/levers/change-kinds.ts";
import { lifecycleState, type S3Change } from "../../../core/levers/s3/changes.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { awsRuleOf, readLifecycle } from "./lifecycle.ts";

export const s3ChangeAdapters: { readonly [C in S3Change as C["kind"]]: ChangeAdapter<C> } = {
  "s3.lifecycle": {
    describe: async ({ s3 }, { bucket }) => ({ kind: "settled", value: lifecycleState(await readLifecycle(s3, bucket)) }),
    prepare: prepareLifecycle,
    permissions: { calls: ["PutBucketLifecycleConfiguration"], besides: [] },
  },
};

/** All rules and the default minimum size: the call replaces the one and resets the other. */
function prepareLifecycle(clients: RegionClients, { bucket, after: { rules, minimumObjectSize } }: ChangeOf<"s3.lifecycle">): PreparedUpdate {
  const command = new PutBucketLifecycleConfigurationCommand({
    Bucket: bucket,
    LifecycleConfiguration: { Rules: rules.map(awsRuleOf) },
    ...(minimumObjectSize === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimumObjectSize as TransitionDefaultMinimumObjectSize }),
  });
  return async () => {
    await clients.writers.s3.send(command);
  };
}
