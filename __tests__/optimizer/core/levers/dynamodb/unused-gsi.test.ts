import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { anIndex, aTable, aWorld, primary, secondary, tableSees, tagged } from "../../../../support/world.ts";

const unusedGsi = ruleOf("dynamodb.unused-gsi");
const { decisions, proposal, skipped } = decisionsOf(unusedGsi);

const silent = tableSees(aWorld().with(aTable()), "tenants", "by-email", Number.NaN);
const global = { replicaRegions: [primary, secondary] };
const both = tableSees(
  tableSees(aWorld().with(aTable(global), aTable({ ...global, region: secondary })), "tenants", "by-email", Number.NaN),
  "tenants",
  "by-email",
  Number.NaN,
  secondary,
);
const literal = { rules: { decision: "literal" } };

describe("dynamodb.unused-gsi", () => {
  it("proposes to remove an index without any read while its table reports", () => {
    const decision = proposal(silent);
    expect(decision).toMatchObject({ part: "by-email", from: "by-email", to: "removed", risk: 0 });
    expect(decision.reason).toBe("no query in us-east-1 during the whole baseline");
    expect(decision.evidence[0]).toMatchObject({ statistic: "worst whole week", value: 0, limit: 25, completeness: 1 });
  });

  it("takes zero samples of an idle index for what they are", () => {
    expect(proposal(tableSees(aWorld().with(aTable()), "tenants", "by-email", 0)).to).toBe("removed");
  });

  it("does not read absence as zero without a witness", () => {
    const mute = aWorld().with(aTable());
    expect(skipped(mute)).toMatchObject({
      code: "insufficient-data",
      detail: "us-east-1: ConsumedReadCapacityUnits Sum has 0 % of its points, 90 % are needed",
    });
    const mostlyMute = silent.sees(metrics.dynamoWrites, "tenants", (hour) => (hour % 2 === 0 ? 10 : Number.NaN));
    expect(skipped(mostlyMute).code).toBe("insufficient-data");
  });

  it("accepts the table's own reads as a witness", () => {
    const readOnly = silent.sees(metrics.dynamoWrites, "tenants", Number.NaN).sees(metrics.dynamoReads, "tenants", 10);
    expect(proposal(readOnly).to).toBe("removed");
  });

  it("keeps an index with 50 queries in its worst week, however the weeks are cut", () => {
    // 25 read units within seven days that span two calendar weeks.
    const straddling = tableSees(aWorld().with(aTable()), "tenants", "by-email", (hour) => (hour === 160 ? 12.5 : hour === 200 ? 12.5 : Number.NaN));
    expect(skipped(straddling)).toMatchObject({ code: "threshold-not-met", detail: "read units in us-east-1 25 (worst whole week), must be below 25" });
  });

  it("keeps, guarded, an index with a single read; literal removes it with a warning", () => {
    const once = tableSees(aWorld().with(aTable()), "tenants", "by-email", (hour) => (hour === 100 ? 0.5 : Number.NaN));
    expect(skipped(once)).toMatchObject({ code: "still-read", detail: expect.stringContaining("read units in us-east-1, whole baseline: 0.5") });
    const decision = proposal(once.policed(literal));
    expect(decision.warnings).toContain("was read: read units in us-east-1, whole baseline: 0.5");
    expect(decision.reason).toBe("read units in us-east-1 0.5 (worst whole week), must be below 25");
  });

  it.each([
    [aTable({ billingMode: "PROVISIONED" }), "unsupported", "the table is provisioned"],
    [aTable({ status: "UPDATING" }), "unsupported", "the table is UPDATING, the index ACTIVE"],
    [aTable({ indexes: [anIndex("by-email", { status: "DELETING" })] }), "unsupported", "the table is ACTIVE, the index DELETING"],
    [aTable({ indexes: [] }), "already-there", "has no global secondary index"],
    [aTable({ tags: tagged({ tenant_id: "7" }) }), "tenant-resource", "tenant_id"],
    [aTable({ tags: { kind: "unreadable", reason: "denied" } }), "tenant-resource", "could not be read"],
  ])("skips %# with its reason", (table, code, detail) => {
    expect(skipped(tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN))).toMatchObject({
      code,
      detail: expect.stringContaining(detail),
    });
  });

  it("decides each index of a table apart", () => {
    const two = tableSees(tableSees(aWorld().with(aTable({ indexes: [anIndex("a"), anIndex("b")] })), "tenants", "a", Number.NaN), "tenants", "b", 5);
    expect(decisions(two).map(({ kind, part }) => [kind, part])).toEqual([
      ["proposal", "a"],
      ["skip", "b"],
    ]);
  });

  it("skips tables that AWS could not describe", () => {
    expect(skipped(aWorld().undescribed({ ref: aTable().ref, reason: "failed", detail: "timeout" }))).toMatchObject({ code: "unreadable", detail: "timeout" });
  });
});

describe("dynamodb.unused-gsi on a global table", () => {
  it("acts once, in the owner's region, and probes every replica", () => {
    const all = decisions(both);
    expect(all).toHaveLength(1);
    const { action } = proposal(both);
    expect(action.region).toBe(primary);
    const brownout = action.steps.find((step) => step.kind === "brownout");
    expect(new Set(brownout?.probes.map(({ region }) => region))).toEqual(new Set([primary, secondary]));
    expect(new Set(brownout?.probes.map(({ metric }) => metric)).size).toBe(3);
    expect(action.summary).toContain("in us-east-1, us-west-2");
  });

  it("acts in the first replica's region when the owner has none", () => {
    expect(proposal(both.ownedBy("eu-west-1")).action.region).toBe(primary);
  });

  it("is kept by a read in any region", () => {
    expect(skipped(both.sees(metrics.dynamoReads, "tenants/by-email", 1, secondary)).code).toBe("threshold-not-met");
    expect(skipped(both.sees(metrics.dynamoWrites, "tenants", Number.NaN, secondary))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringMatching(/^us-west-2: /),
    });
  });

  it("is a tenant's when any replica is", () => {
    const world = aWorld().with(aTable(global), aTable({ ...global, region: secondary, tags: tagged({ TenantId: "x" }) }));
    expect(decisions(world).map((decision) => decision.kind === "skip" && decision.code)).toEqual(["tenant-resource"]);
  });

  it("is left alone while a replica or its owner was not read", () => {
    expect(skipped(aWorld().with(aTable(global)))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("us-west-2") });
    expect(skipped(aWorld().with(aTable({ ...global, region: secondary })))).toMatchObject({
      code: "not-owner",
      detail: expect.stringContaining("us-east-1, which was not read"),
    });
  });

  it("saves storage and writes in every region", () => {
    const oneRegion = 4 * 0.25 + 500 * 730 * 0.000_000_625;
    expect(proposal(both).savings).toEqual({ kind: "known", usd: expect.closeTo(2 * oneRegion) });
    expect(proposal(both.priced({ dynamoDb: () => null })).savings).toEqual({
      kind: "unknown",
      reason: "no price is known for DynamoDB in us-east-1",
      others: [{ reason: "no price is known for DynamoDB in us-west-2" }],
    });
    const elsewhere = both.inventory.resources.find(({ ref }) => ref.region === secondary);
    expect(elsewhere).toBeDefined();
  });

  it("names what it does not know: the saving of a replica that lacks the index, or of unwritten counts", () => {
    const odd = tableSees(
      tableSees(aWorld().with(aTable(global), aTable({ ...global, region: secondary, indexes: [] })), "tenants", "by-email", 0),
      "tenants",
      "by-email",
      0,
      secondary,
    );
    expect(proposal(odd).savings).toMatchObject({ kind: "partly", unknown: [{ reason: "us-west-2 has no index by-email" }] });
    const noWrites = silent
      .sees(metrics.dynamoReads, "tenants/by-email", 0)
      .sees(metrics.dynamoWrites, "tenants", Number.NaN)
      .sees(metrics.dynamoWrites, "tenants/by-email", Number.NaN);
    expect(proposal(noWrites).savings).toMatchObject({ kind: "unknown", reason: expect.stringContaining("ConsumedWriteCapacityUnits") });
  });
});

describe("the action of dynamodb.unused-gsi", () => {
  const { action } = proposal(
    tableSees(
      aWorld().with(aTable({ indexes: [anIndex("by-email", { definition: { ...anIndex().definition, maxReadRequestUnits: 40 } })] })),
      "tenants",
      "by-email",
      0,
    ),
  );

  it("caps, browns out for the policy's minutes, then deletes", () => {
    expect(
      action.steps.map((step) => (step.kind === "change" ? [step.change.kind, step.change.before, step.change.after] : [step.kind, step.minutes])),
    ).toEqual([
      ["dynamodb.index-read-cap", { maxReadRequestUnits: 40 }, { maxReadRequestUnits: 1 }],
      ["brownout", 1440],
      ["dynamodb.index", expect.objectContaining({ name: "by-email", maxReadRequestUnits: 1 }), null],
    ]);
  });

  it("lifts the cap to what it was, or creates the index again first", () => {
    const lift = { kind: "dynamodb.index-read-cap", before: { maxReadRequestUnits: 1 }, after: { maxReadRequestUnits: 40 } };
    const brownout = action.steps.find((step) => step.kind === "brownout");
    expect(brownout?.lift.map(({ change }) => change)).toEqual([expect.objectContaining(lift)]);
    expect(action.rollback.map(({ change }) => change)).toEqual([
      expect.objectContaining({ kind: "dynamodb.index", before: null, after: expect.objectContaining({ name: "by-email" }) }),
      expect.objectContaining(lift),
    ]);
    expect(action.reversibility).toBe("slow");
  });

  it("writes the absence back under the table's name", () => {
    expect(action.id).toBe("dynamodb.unused-gsi:us-east-1:tenants:by-email");
    expect(action.writeBack).toEqual([{ type: "aws_dynamodb_table", id: "tenants", property: "absentIndexes", operation: "append", value: "by-email" }]);
  });
});
