import { PutBucketLifecycleConfigurationCommand, type TransitionDefaultMinimumObjectSize } from "@aws-sdk/client-s3";
import type { ChangeOf } from "../../../core/levers/change-kinds.ts";
import { lifecycleState, type S3Change, s3Changes } from "../../../core/levers/s3/changes.ts";
import { ChangeRejected } from "../../../errors.ts";
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

/**
 * All rules and the default minimum size: the call replaces the one and resets the other, whatever they are by then, and takes no condition. So
 * they are read once more: a rule that somebody added since the describe would be lost.
 */
async function prepareLifecycle(clients: RegionClients, { bucket, before, after }: ChangeOf<"s3.lifecycle">): Promise<PreparedUpdate> {
  const present = lifecycleState(await readLifecycle(clients.s3, bucket));
  if (!s3Changes["s3.lifecycle"].same(present, before))
    throw new ChangeRejected("busy", "PreconditionFailed", `the lifecycle of ${bucket} was changed just now`);
  const { rules, minimumObjectSize } = after;
  const command = new PutBucketLifecycleConfigurationCommand({
    Bucket: bucket,
    LifecycleConfiguration: { Rules: rules.map(awsRuleOf) },
    ...(minimumObjectSize === undefined ? {} : { TransitionDefaultMinimumObjectSize: minimumObjectSize as TransitionDefaultMinimumObjectSize }),
  });
  return async () => {
    await clients.writers.s3.send(command);
  };
}
