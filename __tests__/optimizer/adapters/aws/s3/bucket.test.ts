import { GetBucketLifecycleConfigurationCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import { lifecycleState } from "../../../../../optimizer/core/levers/s3/changes.ts";
import { changeFacts, type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { buckets } from "../../../../../simulation/services/s3/bucket.ts";
import type { SimulatedAccount } from "../../../../../simulation/account/account.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { clientFactoryOf } from "../../../../support/simulated-run.ts";
import { accountScenario, clientsOf, deployedAccount } from "../../../../support/simulated-clients.ts";
import { names } from "../../../../support/terraform-fixture.ts";

const region = "us-east-1";
const inventoryOf = (account: SimulatedAccount, bucket: string = names.bucket, at = region) =>
  createInventoryReader(clientFactoryOf(account), account).describe(emptyDeployment(at, { dataBuckets: [bucket] }));
const rules = [
  { ID: "old-versions", Status: "Enabled", Filter: { Prefix: "" }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
  { ID: "storage-class", Status: "Enabled", Filter: { Prefix: "" }, Transitions: [{ Days: 0, StorageClass: "INTELLIGENT_TIERING" }] },
];

describe("a bucket that the outputs name", () => {
  let account: SimulatedAccount;
  beforeAll(() => {
    account = deployedAccount();
  });

  it("is described with all that the rule looks at, each by a call of its own", async () => {
    expect(await inventoryOf(account)).toEqual({
      undescribed: [],
      resources: [
        {
          kind: "s3-bucket",
          ref: { kind: "s3-bucket", region, id: names.bucket },
          arn: `arn:aws:s3:::${names.bucket}`,
          tags: { kind: "tags", tags: { Project: "tap" } },
          lifecycle: { kind: "seen", value: { rules, minimumObjectSize: "varies_by_storage_class" } },
          versioning: { kind: "seen", value: "Enabled" },
          archiveConfigurations: { kind: "seen", value: [] },
          requestMetrics: { kind: "seen", value: null },
        },
      ],
    });
  });

  it("is not described where it is not, or is in another region", async () => {
    expect((await inventoryOf(account, "nobodys")).undescribed).toMatchObject([{ reason: "not-found" }]);
    expect((await inventoryOf(account, names.bucket, "us-west-2")).undescribed).toMatchObject([
      { reason: "unsupported", detail: expect.stringContaining("is in us-east-1, not in us-west-2") },
    ]);
  });

  it("has no rules and no tags where S3 says that it has none", async () => {
    const bare = deployedAccount();
    const bucket = bare.state.of(buckets).get(region, names.bucket);
    bucket?.lifecycle.set(0, null);
    bare.state.of(buckets).add("bare", { ...bucket!, name: "bare", tags: {}, versioning: null });
    expect((await inventoryOf(bare, "bare")).resources).toMatchObject([
      { tags: { kind: "tags", tags: {} }, lifecycle: { kind: "seen", value: { rules: [] } }, versioning: { kind: "seen", value: "never" } },
    ]);
    expect(await createTagReader(clientFactoryOf(bare)).tagsOf([{ kind: "s3-bucket", region, id: "bare" }])).toEqual([{ kind: "tags", tags: {} }]);
  });

  it.each([
    ["GetBucketLifecycleConfiguration", "lifecycle"],
    ["GetBucketVersioning", "versioning"],
    ["ListBucketIntelligentTieringConfigurations", "archiveConfigurations"],
    ["ListBucketMetricsConfigurations", "requestMetrics"],
  ])("keeps what %s may not tell as unseen, with the call's name", async (command, fact) => {
    const denied = deployedAccount(accountScenario({ faults: [{ kind: "access-denied", from: 0, until: 10, commands: [command] }] as never }));
    expect((await inventoryOf(denied)).resources).toMatchObject([{ [fact]: { kind: "unseen", reason: expect.stringContaining(`${command}: AccessDenied`) } }]);
  });

  it("counts as a tenant's where its tags may not be read", async () => {
    const denied = deployedAccount(accountScenario({ faults: [{ kind: "access-denied", from: 0, until: 10, commands: ["GetBucketTagging"] }] as never }));
    expect((await inventoryOf(denied)).resources).toMatchObject([{ tags: { kind: "unreadable", reason: expect.stringContaining("AccessDenied") } }]);
  });
});

describe("a change of lifecycle rules", () => {
  const before = lifecycleState({ rules, minimumObjectSize: "varies_by_storage_class" });
  const after = lifecycleState({
    rules: [
      rules[0]!,
      {
        ...rules[1]!,
        Transitions: [
          { Days: 30, StorageClass: "STANDARD_IA" },
          { Date: "2031-01-01T00:00:00.000Z", StorageClass: "GLACIER" },
        ],
      },
    ],
    minimumObjectSize: "varies_by_storage_class",
  });
  const change: ChangeOf<"s3.lifecycle"> = { kind: "s3.lifecycle", region, bucket: names.bucket, before, after };

  it("writes all rules and the minimum size again, there and back", async () => {
    const account = deployedAccount();
    const clients = clientFactoryOf(account);
    const [reader, writer] = [createChangeReader(clients), createChangeWriter(clients)];
    expect(await reader.stateOf(change)).toEqual({ kind: "settled", value: before });
    await writer.apply(change, "token");
    expect(await reader.stateOf(change)).toEqual({ kind: "settled", value: after });
    expect(await clientsOf(account).s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: names.bucket }))).toMatchObject({
      TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
    });
    await writer.apply(inverse(change), "token");
    expect(await reader.stateOf(change)).toEqual({ kind: "settled", value: before });
  });

  it("is in place whatever order S3 gives the rules in", async () => {
    const account = deployedAccount();
    const plain = [rules[0]!, { ...rules[1]!, Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] }];
    const moved = { ...change, after: lifecycleState({ rules: plain, minimumObjectSize: "varies_by_storage_class" }) };
    await createChangeWriter(clientFactoryOf(account)).apply({ ...moved, after: { ...moved.after, rules: plain.toReversed() } }, "token");
    const found = await createChangeReader(clientFactoryOf(account)).stateOf(moved);
    expect(found).toMatchObject({ kind: "settled", value: { rules: [{ ID: "storage-class" }, { ID: "old-versions" }] } });
    expect(found.kind === "settled" && changeFacts(moved).same(found.value, moved.after)).toBe(true);
    expect(found.kind === "settled" && changeFacts(moved).same(found.value, moved.before)).toBe(false);
  });

  it("is refused by name where the bucket is gone or S3 says no", async () => {
    const writer = createChangeWriter(clientFactoryOf(deployedAccount()));
    await expect(writer.apply({ ...change, bucket: "nobodys" }, "token")).rejects.toMatchObject({ kind: "missing", awsName: "NoSuchBucket" });
    const early = lifecycleState({ rules: [{ ...rules[1]!, Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] }] });
    await expect(writer.apply({ ...change, after: early }, "token")).rejects.toMatchObject({ kind: "invalid", awsName: "InvalidArgument" });
  });
});
