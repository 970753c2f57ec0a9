import { describe, expect, it } from "vitest";
import { mergeSizing } from "../../../../../optimizer/core/adoption/merge-sizing.ts";
import { revertedChange } from "../../../../../optimizer/core/adoption/reverted-change.ts";
import { changeFacts } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { Bucket } from "../../../../../optimizer/core/levers/s3/bucket.ts";
import { emptySizing } from "../../../../../contract/sizing.ts";
import { aBucket, aLifecycle, aTieringRule, bucketSees, oldVersions } from "../../../../support/buckets.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("s3.lifecycle");
const { proposal, skipped } = decisionsOf(rule);
const dayHours = 24;

/** 10 TiB at the baseline's start and 100 GiB a day since. */
const growing = (hour: number): number => 10_240 + (100 * hour) / dayHours;

function world(bucket: Bucket = aBucket(), load: Partial<Parameters<typeof bucketSees>[1]> = {}): World {
  return bucketSees(aWorld().with(bucket), { frequent: growing, ...load });
}

describe("s3.lifecycle", () => {
  it("moves new objects to Standard-IA where the lower tiers stay empty and little is read, and counts what can still move alone", () => {
    const decision = proposal(world());
    expect(decision).toMatchObject({ from: "INTELLIGENT_TIERING", to: "STANDARD_IA after 30 days", risk: 0 });
    // A month brings 100 × 730 ÷ 24 GB. Of the 16,140 GB that are stored at the end, 100 GB a day are read by 1,000 requests.
    const newGb = (100 * 730) / 24;
    const stored = growing(59 * dayHours);
    const before = newGb * 0.021;
    const after = newGb * (0.0125 + (((100 * 730) / 24 / stored) * 0.01 + ((1000 * 730) / 24 / stored) * 0.000_000_6));
    expect(decision.monthlyCost).toEqual({
      before: { kind: "known", usd: expect.closeTo(before, 6) },
      after: { kind: "known", usd: expect.closeTo(after, 6) },
    });
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(before - after, 6) });
    expect(decision.warnings.join("; ")).toContain("what is in Intelligent-Tiering stays there");
    expect(decision.warnings.join("; ")).toContain("at most $0.25 a month");
    // No more of them than its bytes make at 128 KiB each, since smaller ones are not monitored: 16,140 GB are 132,218,880.
    expect(proposal(world(aBucket(), { objects: 1e12 })).warnings.join("; ")).toContain("at most $330.55 a month");
  });

  it("writes all rules back, each with a filter and with the default minimum size, and takes the whole configuration back on the way back", () => {
    const legacy = [oldVersions, aTieringRule()].map(({ Filter: filter, ...each }) => ({ ...each, Prefix: filter?.Prefix ?? "" }));
    const { action } = proposal(world(aBucket({ lifecycle: aLifecycle(...legacy) })));
    const [step] = action.steps;
    const change = step?.kind === "change" ? step.change : undefined;
    expect(change).toMatchObject({
      kind: "s3.lifecycle",
      before: { rules: legacy, minimumObjectSize: "all_storage_classes_128K", transition: { storageClass: "INTELLIGENT_TIERING", afterDays: 0 } },
      after: {
        rules: [oldVersions, { ...aTieringRule(), Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }] }],
        minimumObjectSize: "all_storage_classes_128K",
      },
    });
    expect(action.rollback.map((back) => back.change)).toEqual([{ ...change, before: change?.after, after: change?.before }]);
    expect(action).toMatchObject({ reversibility: "immediate", cannotComeBack: expect.stringContaining("stays there") });
  });

  it("is adopted as where all objects of the bucket move to, and the adoption is taken back to where they moved before", () => {
    const { action } = proposal(world());
    const [written] = action.writeBack;
    if (written === undefined) throw new Error("nothing is written back");
    expect(mergeSizing(emptySizing, "dataBucket", written)).toEqual({ version: 1, dataBucket: { transition: { storageClass: "STANDARD_IA", afterDays: 30 } } });
    expect(revertedChange(action, written)).toEqual({ ...written, value: { storageClass: "INTELLIGENT_TIERING", afterDays: 0 } });
  });

  it("writes no size of a rule that is about a part of the bucket", () => {
    const { action } = proposal(world(aBucket({ lifecycle: aLifecycle(aTieringRule({ Filter: { Prefix: "video/" } })) })));
    expect(action.writeBack).toEqual([]);
    expect(action.steps[0]?.description).toContain("under video/");
  });

  // 30 days before the end, 12,740 GB of the sixty-first day's 16,140 were there: 5 % of their 267.54 dollars are 13.38, which 1,573.8 GB in the infrequent tier save.
  const oldGb = growing(29 * dayHours);
  const atLimit = (oldGb * 0.021 * 0.05) / (0.021 - 0.0125);
  it.each([
    ["under", 0.99, "proposal"],
    ["at", 1.0001, "skip"],
    ["over", 1.5, "skip"],
  ] as const)("is decided by what the lower tiers save: %s the limit", (_, factor, kind) => {
    const part = atLimit * factor;
    const split = world(aBucket(), { frequent: (hour) => growing(hour) - part, infrequent: part });
    const [decision] = rule.decide(split.facts(rule));
    expect(decision?.kind).toBe(kind);
    if (decision?.kind === "skip") expect(decision).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("saved by the lower tiers") });
  });

  it.each([
    [
      "young objects alone, which no tier can have moved yet",
      { frequent: (hour: number) => (hour < 31 * dayHours ? 0 : hour * 100) },
      "insufficient-data",
      "for 30 days",
    ],
    ["nothing new, since what is in Intelligent-Tiering cannot move", { frequent: 10_000 }, "does-not-fit", "did not grow"],
    ["less and less", { frequent: (hour: number) => 20_000 - hour }, "does-not-fit", "did not grow"],
    ["growth that has ended", { frequent: (hour: number) => Math.min(12_000, growing(hour)) }, "does-not-fit", "did not grow"],
    ["more reads than the cheaper bytes save", { downloaded: (hour: number) => growing(hour) / 20 }, "does-not-fit", "reads included"],
    ["small reads, whose requests cost more than the bytes", { gets: 300_000_000, downloaded: 1 }, "does-not-fit", "reads included"],
    ["reads that were not counted on many days", { downloaded: (hour: number) => (hour % 48 === 0 ? 100 : Number.NaN) }, "insufficient-data", "of its points"],
    ["no figures of what is stored", { frequent: Number.NaN, objects: Number.NaN }, "insufficient-data", "of its points"],
  ])("refuses %s", (_, load, code, detail) => {
    expect(skipped(world(aBucket(), load))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("says of versioned and of other buckets which objects are billed on", () => {
    const warned = (versioning: "Enabled" | "never") => proposal(world(aBucket({ versioning: { kind: "seen", value: versioning } }))).warnings.join("; ");
    expect(warned("Enabled")).toContain("objects deleted for good within 30 days");
    expect(warned("never")).toContain("objects deleted or overwritten within 30 days");
  });

  it("refuses what S3 would, or what would cost more than it looks", () => {
    expect(skipped(world(aBucket({ lifecycle: aLifecycle(aTieringRule({ Expiration: { Days: 59 } })) })))).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("deletes objects before they have been in Standard-IA"),
    });
  });

  it("waits for 30 days of figures: none younger can show a benefit", () => {
    const { policy } = aWorld();
    const young = bucketSees(
      aWorld()
        .policed({ ...policy, baselineDays: 30 })
        .with(aBucket()),
      { frequent: growing },
    );
    expect(skipped(young)).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("for 30 days") });
    const old = bucketSees(
      aWorld()
        .policed({ ...policy, baselineDays: 31 })
        .with(aBucket()),
      { frequent: growing },
    );
    expect(proposal(old).to).toBe("STANDARD_IA after 30 days");
  });

  it("leaves the smallest size that moves to S3 where the bucket says none", () => {
    const command = (lifecycle: Bucket["lifecycle"]): string => {
      const [step] = proposal(world(aBucket({ lifecycle }))).action.steps;
      return step?.kind === "change" ? changeFacts(step.change).command(step.change) : "";
    };
    expect(command(aLifecycle(aTieringRule()))).toMatch(
      / --transition-default-minimum-object-size "\$\(aws s3api get-bucket-lifecycle-configuration [^|]+ --output text\)"$/,
    );
    expect(command({ kind: "seen", value: { rules: [aTieringRule()] } })).not.toContain("minimum");
  });

  const denied = { kind: "unseen", reason: "the call: AccessDenied: no" } as const;
  it.each([
    ["no rule to Intelligent-Tiering", { lifecycle: aLifecycle(oldVersions) }, "already-there", "no rule"],
    ["no rules at all", { lifecycle: aLifecycle() }, "already-there", "no rule"],
    ["a rule that is turned off", { lifecycle: aLifecycle(aTieringRule({ Status: "Disabled" })) }, "already-there", "no rule"],
    ["rules that may not be looked at", { lifecycle: denied }, "unreadable", "AccessDenied"],
    ["versions that may not be looked at", { versioning: denied }, "unreadable", "AccessDenied"],
    ["archive tiers that may not be looked at", { archiveConfigurations: denied }, "unreadable", "AccessDenied"],
    ["request metrics that may not be looked at", { requestMetrics: denied }, "unreadable", "AccessDenied"],
    ["a tenant's", { tags: tagged({ TenantId: "" }) }, "tenant-resource", "TenantId"],
    [
      "a tenant's objects, which a rule picks by their tag",
      { lifecycle: aLifecycle(aTieringRule({ Filter: { Tag: { Key: "tenant-id", Value: "7" } } })) },
      "tenant-resource",
      'rule storage-class (some objects) picks objects by a tag: tag "tenant-id" marks it',
    ],
    [
      "a tenant's objects among all, which another rule tells of",
      {
        lifecycle: aLifecycle(aTieringRule(), {
          ID: "acme",
          Status: "Disabled",
          Filter: { And: { Prefix: "acme/", Tags: [{ Key: "CustomerTenant", Value: "7" }] } },
          Expiration: { Days: 400 },
        }),
      },
      "tenant-resource",
      "rule acme (under acme/) picks",
    ],
    ["tags that may not be looked at", { tags: { kind: "unreadable", reason: "AccessDenied" } }, "tenant-resource", "could not be read"],
    ["archived objects", { archiveConfigurations: { kind: "seen", value: ["cold"] } }, "unsupported", "cold"],
    ["no request metrics of the whole bucket", { requestMetrics: { kind: "seen", value: null } }, "cannot-judge", "turn on request metrics"],
  ] as const)("skips %s", (_, overrides, code, detail) => {
    expect(skipped(world(aBucket(overrides as Partial<Bucket>)))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("moves objects that are apart from a tenant's by their prefix, and writes the tenant's rule as it is", () => {
    const theirs = { ID: "acme", Status: "Enabled", Filter: { And: { Prefix: "acme/", Tags: [{ Key: "tenant", Value: "7" }] } }, Expiration: { Days: 9 } };
    const { action } = proposal(world(aBucket({ lifecycle: aLifecycle(aTieringRule({ Filter: { Prefix: "video/" } }), theirs) })));
    expect(action.steps).toMatchObject([{ change: { after: { rules: [{ ID: "storage-class" }, theirs] } } }]);
  });

  it("says nothing of cheaper where no price is known", () => {
    expect(skipped(world().priced({ s3: () => null }))).toMatchObject({ code: "cannot-judge", detail: expect.stringContaining("no price is known") });
  });

  it("follows the policy's day and limit", () => {
    const later = { rules: { s3Lifecycle: { afterDays: 60, maxBenefitShare: 0.01 } } };
    expect(proposal(world().policed(later)).to).toBe("STANDARD_IA after 60 days");
    const some = { frequent: (hour: number) => growing(hour) - atLimit / 2, infrequent: atLimit / 2 };
    expect(skipped(world(aBucket(), some).policed(later)).code).toBe("threshold-not-met");
    expect(() => world().policed({ rules: { s3Lifecycle: { afterDays: 29 } } })).toThrow();
  });

  it("asks for the bytes of each tier and for objects by the day, as S3 reports them, and for all that is read", () => {
    const asked = rule.demands(world().inventory, aWorld().policy).map(({ metric, statistic, periodSeconds, dimensions }) => ({
      what: [metric, statistic, periodSeconds].join(" "),
      of: dimensions["StorageType"] ?? dimensions["FilterId"],
    }));
    const stored = (of: string) => ({ what: "BucketSizeBytes Average 86400", of });
    expect(asked).toEqual(
      expect.arrayContaining([
        ...["FA", "IA", "AIA", "AA", "DAA"].map((tier) => stored(`IntelligentTiering${tier}Storage`)),
        { what: "NumberOfObjects Average 86400", of: "AllStorageTypes" },
        { what: "BytesDownloaded Sum 86400", of: "EntireBucket" },
        { what: "GetRequests Sum 86400", of: "EntireBucket" },
      ]),
    );
  });

  it("asks nothing of CloudWatch for a bucket without such a rule", () => {
    expect(rule.demands(world(aBucket({ lifecycle: aLifecycle(oldVersions) })).inventory, aWorld().policy)).toEqual([]);
    expect(new Set(rule.demands(world().inventory, aWorld().policy).map(({ periodSeconds }) => periodSeconds))).toEqual(new Set([86_400]));
  });
});
