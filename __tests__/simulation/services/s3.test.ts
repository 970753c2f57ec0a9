import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { buckets } from "../../../simulation/services/s3/bucket.ts";
import { unitsUsed } from "../../../simulation/services/s3/load.ts";
import { bucketSeries } from "../../../simulation/services/s3/metrics.ts";
import { tickMs } from "../../../simulation/load/tick.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const Bucket = names.bucket;
const account = deployedAccount();
const s3 = clientsOf(account).s3;
const all = { ID: "all", Status: "Enabled", Filter: { Prefix: "" } } as const;
const put = (rules: readonly LifecycleRule[], of: SimulatedAccount = account) =>
  clientsOf(of).s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [...rules] } }));
const read = (of: SimulatedAccount) => clientsOf(of).s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));

describe("a simulated bucket", () => {
  it("tells its settings each by a call of its own", async () => {
    expect(await s3.send(new GetBucketLocationCommand({ Bucket }))).not.toHaveProperty("LocationConstraint");
    expect(await s3.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: "Enabled" });
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "Project", Value: "tap" }]);
    expect((await s3.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket }))).IntelligentTieringConfigurationList).toEqual([]);
    expect((await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }))).MetricsConfigurationList).toEqual([]);
    expect(await read(account)).toMatchObject({
      Rules: [
        { ID: "old-versions", NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
        { ID: "storage-class", Transitions: [{ Days: 0, StorageClass: "INTELLIGENT_TIERING" }] },
      ],
      TransitionDefaultMinimumObjectSize: "varies_by_storage_class",
    });
  });

  it("is in one region: the others answer where, and nothing else", async () => {
    const west = clientsOf(account, "us-west-2").s3;
    expect(await west.send(new GetBucketLocationCommand({ Bucket }))).not.toHaveProperty("LocationConstraint");
    await expect(west.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: "PermanentRedirect", $metadata: { httpStatusCode: 301 } });
    await expect(s3.send(new GetBucketVersioningCommand({ Bucket: "nobodys" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.send(new GetBucketLocationCommand({ Bucket: "nobodys" }))).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  it("replaces all rules at once, and forgets the minimum size that is not said again", async () => {
    const own = deployedAccount();
    await put([{ ...all, Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }], Expiration: { Date: new Date("2030-01-01T00:00:00Z") } }], own);
    expect(await read(own)).toMatchObject({
      Rules: [{ ID: "all", Expiration: { Date: new Date("2030-01-01T00:00:00Z") } }],
      TransitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    });
  });

  const move = (Days: number, StorageClass: "STANDARD_IA" | "ONEZONE_IA" | "GLACIER") => ({ Days, StorageClass });
  it.each<[string, string, readonly LifecycleRule[]]>([
    ["Standard-IA before 30 days", "InvalidArgument", [{ ...all, Transitions: [move(29, "STANDARD_IA")] }]],
    ["One Zone-IA before 30 days", "InvalidArgument", [{ ...all, Transitions: [move(0, "ONEZONE_IA")] }]],
    ["an end that is not later than the transition", "InvalidArgument", [{ ...all, Transitions: [move(30, "STANDARD_IA")], Expiration: { Days: 30 } }]],
    ["another class after less than 30 days", "InvalidArgument", [{ ...all, Transitions: [move(30, "STANDARD_IA"), move(59, "GLACIER")] }]],
    ["two rules of one name", "InvalidArgument", [1, 2].map((days) => ({ ...all, Expiration: { Days: days } }))],
    ["no rules", "MalformedXML", []],
    ["a rule that does nothing", "MalformedXML", [all]],
    ["a rule without filter", "MalformedXML", [{ ID: "a", Status: "Enabled", Expiration: { Days: 1 } }]],
    ["a rule with filter and prefix", "MalformedXML", [{ ...all, Prefix: "", Expiration: { Days: 1 } }]],
    [
      "some rules with a filter and others with a prefix",
      "MalformedXML",
      [
        { ...all, Expiration: { Days: 1 } },
        { ID: "b", Status: "Enabled", Prefix: "", Expiration: { Days: 1 } },
      ],
    ],
    ["several conditions without And", "MalformedXML", [{ ...all, Filter: { Prefix: "a", ObjectSizeGreaterThan: 1 }, Expiration: { Days: 1 } }]],
    ["a transition at no time", "MalformedXML", [{ ...all, Transitions: [{ StorageClass: "GLACIER" }] }]],
    ["more than 1,000 rules", "MalformedXML", Array.from({ length: 1001 }, (_, at) => ({ ...all, ID: `${at}`, Expiration: { Days: 1 } }))],
  ])("refuses %s", async (_, name, rules) => {
    await expect(put(rules)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect((await read(account)).Rules).toHaveLength(2);
  });

  it("without rules or tags says so by name", async () => {
    const bare = deployedAccount();
    const bucket = bare.state.of(buckets).get("us-east-1", Bucket);
    bucket?.lifecycle.set(0, null);
    await expect(read(bare)).rejects.toMatchObject({ name: "NoSuchLifecycleConfiguration", $metadata: { httpStatusCode: 404 } });
    bare.state.of(buckets).add("bare", { ...bucket!, name: "bare", tags: {} });
    await expect(clientsOf(bare).s3.send(new GetBucketTaggingCommand({ Bucket: "bare" }))).rejects.toMatchObject({ name: "NoSuchTagSet" });
  });

  it.each([
    ["access-denied", "AccessDenied", 403],
    ["throttling", "SlowDown", 503],
  ])("answers %s in S3's own words", async (kind, name, status) => {
    const faulty = deployedAccount(accountScenario({ faults: [{ kind, from: 0, until: 10, commands: ["GetBucketTagging"] }] as never }));
    await expect(clientsOf(faulty).s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });
});

describe("what is stored in a simulated bucket", () => {
  const demand = { frequentGib: 1000, objects: 500, newGibPerDay: 10, getsPerDay: 2880, downloadedGibPerDay: 5, requestMetrics: "whole" };
  const load = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01 }, buckets: { [Bucket]: demand } };
  const scenario = accountScenario({ regions: { "us-east-1": load } });
  const used = deployedAccount(scenario);
  const startMs = used.nowMs();
  const dayMs = 86_400_000;

  /** What is published at the beginning of a day, or the sum of the first tick of it. */
  function sample(metric: string, dimensions: Readonly<Record<string, string>>, day: number): number {
    const model = createLoadModel(scenario, used.state, []);
    const asked = {
      region: "us-east-1",
      namespace: "AWS/S3",
      metric,
      dimensions: new Map(Object.entries({ BucketName: Bucket, ...dimensions })),
      nowMs: used.nowMs(),
    };
    const samples = { count: 0, location: 0, scale: 0 };
    bucketSeries(model, asked)?.fill((startMs + day * dayMs) / tickMs, samples);
    return samples.count * samples.location;
  }

  const gib = 1024 ** 3;

  it("moves what comes by the rule that is in place when it is old enough, and nothing that was moved before", async () => {
    await put([{ ...all, Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] }], used);
    advanceMinutes(used, 40 * 24 * 60);
    const bytes = (type: string, day: number) => Math.round(sample("BucketSizeBytes", { StorageType: type }, day) / gib);
    expect(["IntelligentTieringFAStorage", "StandardStorage", "StandardIAStorage"].map((type) => bytes(type, -10))).toEqual([900, 0, 0]);
    expect(["IntelligentTieringFAStorage", "StandardStorage", "StandardIAStorage"].map((type) => bytes(type, 40))).toEqual([1000, 290, 110]);
    expect(sample("NumberOfObjects", { StorageType: "AllStorageTypes" }, 40)).toBe(700);
  });

  it("is told once a day, and requests only under the id of whoever turned them on", () => {
    expect(sample("BucketSizeBytes", { StorageType: "IntelligentTieringFAStorage" }, 0.5)).toBe(0);
    expect(sample("GetRequests", { FilterId: "whole" }, 0.5)).toBe(10);
    expect(sample("BytesDownloaded", { FilterId: "whole" }, 0.5)).toBeCloseTo((5 * gib) / 288, 3);
    expect(sample("GetRequests", { FilterId: "other" }, 0.5)).toBe(0);
  });

  it("is billed by class: a day of what is stored, of monitoring, and of what is read of Standard-IA", () => {
    const model = createLoadModel(scenario, used.state, []);
    const units = Object.fromEntries(unitsUsed(model, "us-east-1", startMs + 40 * dayMs, startMs + 41 * dayMs).map((each) => [each.usage, each.units]));
    const month = 24 / 730;
    expect(units["TimedStorage-INT-FA-ByteHrs"]).toBeCloseTo(1000 * month, 6);
    expect(units["TimedStorage-ByteHrs"]).toBeCloseTo(290 * month, 6);
    expect(units["TimedStorage-SIA-ByteHrs"]).toBeCloseTo(110 * month, 6);
    expect(units["Monitoring-Automation-INT"]).toBeCloseTo(700 * (1000 / 1400) * month, 6);
    expect(units["Retrieval-SIA"]).toBeCloseTo((5 * 110) / 1400, 6);
    expect(unitsUsed(model, "us-west-2", startMs, startMs + dayMs)).toEqual([]);
  });
});
