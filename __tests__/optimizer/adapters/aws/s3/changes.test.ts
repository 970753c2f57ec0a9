import { GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { awsRuleOf } from "../../../../../optimizer/adapters/aws/s3/lifecycle.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { lifecycleState } from "../../../../../optimizer/core/levers/s3/changes.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const s3 = answersOf(S3Client);

beforeEach(() => {
  s3.reset();
});

const expiry = { ID: "old", Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Date: "2031-01-01T00:00:00.000Z" } };
const change: ChangeOf<"s3.lifecycle"> = {
  kind: "s3.lifecycle",
  region: "us-east-1",
  bucket: "data",
  before: lifecycleState({ rules: [expiry] }),
  after: lifecycleState({
    rules: [expiry, { ID: "move", Status: "Enabled", Filter: { Prefix: "" }, Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] }],
    minimumObjectSize: "all_storage_classes_128K",
  }),
};
const asAwsTakesIt = { ...expiry, Expiration: { Date: new Date("2031-01-01T00:00:00.000Z") } };

describe("a bucket's lifecycle", () => {
  it("is settled as AWS tells it, with no rules where it has none", async () => {
    const reader = createChangeReader(clients);
    s3.on(GetBucketLifecycleConfigurationCommand, { Bucket: "data" }).resolves({ Rules: [asAwsTakesIt] });
    expect(await reader.stateOf(change)).toEqual({ kind: "settled", value: change.before });
    s3.on(GetBucketLifecycleConfigurationCommand).rejects(Object.assign(new Error("none"), { name: "NoSuchLifecycleConfiguration" }));
    expect(await reader.stateOf(change)).toMatchObject({ kind: "settled", value: { rules: [] } });
  });

  it("is put as a whole, there and back, with the minimum size only where one was set", async () => {
    s3.on(PutBucketLifecycleConfigurationCommand).resolves({});
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({ Rules: [asAwsTakesIt] });
    const writer = createChangeWriter(clients);
    await writer.apply(change, "run-1|step-1");
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({
      Rules: [asAwsTakesIt, ...change.after.rules.slice(1).map(awsRuleOf)],
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    });
    await writer.apply(inverse(change), "run-1|step-2");
    expect(s3.commandCalls(PutBucketLifecycleConfigurationCommand).map(({ args }) => args[0].input)).toEqual([
      {
        Bucket: "data",
        LifecycleConfiguration: { Rules: [asAwsTakesIt, change.after.rules[1]] },
        TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
      },
      { Bucket: "data", LifecycleConfiguration: { Rules: [asAwsTakesIt] } },
    ]);
  });

  it("is not put over a rule that somebody added since it was described", async () => {
    const theirs = { ID: "theirs", Status: "Enabled" as const, Filter: { Prefix: "logs/" }, Expiration: { Days: 5 } };
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({ Rules: [asAwsTakesIt, theirs] });
    await expect(createChangeWriter(clients).apply(change, "run-1|step-1")).rejects.toMatchObject({ kind: "busy", awsName: "PreconditionFailed" });
    expect(s3.commandCalls(PutBucketLifecycleConfigurationCommand)).toEqual([]);
  });
});
