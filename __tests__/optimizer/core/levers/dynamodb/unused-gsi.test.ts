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

  it("acts for all replicas in the owner's region, or in the first by name where the owner's has none", () => {
    const acting = (owner: string) => decisions(both.ownedBy(owner)).flatMap((each) => (each.kind === "proposal" ? [each.resource.region] : []));
    expect(acting(secondary)).toEqual([secondary]);
    for (const owner of [primary, "eu-west-1"]) expect(acting(owner), owner).toEqual([primary]);
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

  it("keeps, guarded, an index of which nothing is known in some hours: a job of every month may read it in just those", () => {
    // The last working days of April and May, 08:00 to 11:00.
    const isClosing = (hour: number): boolean => [584, 1280].some((start) => hour >= start && hour < start + 3);
    const read = tableSees(aWorld().with(aTable()), "tenants", "by-email", (hour) => (isClosing(hour) ? 4 : Number.NaN));
    expect(skipped(read).code).toBe("still-read");
    const hidden = read.turned((value, key, hour) => (key.namespace === "AWS/DynamoDB" && isClosing(hour) ? Number.NaN : value));
    expect(skipped(hidden)).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("us-east-1: ConsumedReadCapacityUnits Sum: nothing is known of 6 hours, from 2026-04-30 08:00 UTC on"),
    });
    expect(proposal(hidden.policed(literal)).warnings).toContainEqual(expect.stringContaining("nothing is known of 6 hours"));
    // Where the table reported then, an index that did not was not read.
    expect(proposal(silent.turned((value, key, hour) => (key.metric === "ConsumedReadCapacityUnits" && isClosing(hour) ? Number.NaN : value))).to).toBe(
      "removed",
    );
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

  const denied = { kind: "unseen", reason: "it: AccessDeniedException: no" } as const;
  it.each([
    [aTable({ foreignReplicas: ["eu-west-1"] }), "unsupported", "its replica in eu-west-1 belongs to another account"],
    [aTable({ globalTable: { kind: "seen", value: "2017.11.29" } }), "unsupported", "a global table of version 2017.11.29"],
    [aTable({ globalTable: denied }), "unreadable", "whether it is a global table of 2017 could not be seen in us-east-1: it: AccessDenied"],
    [aTable({ contributorInsights: denied }), "unreadable", "Contributor Insights could not be seen in us-east-1: it: AccessDenied"],
    [aTable({ scaling: denied }), "unreadable", "Application Auto Scaling changes the index could not be seen in us-east-1: it: AccessDenied"],
  ])("skips what cannot be changed from here or could not be looked at: %#", (table, code, detail) => {
    expect(skipped(tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("warns of scaling targets that stay without effect", () => {
    const suspended = { scaleIn: false, scaleOut: false, scheduled: false };
    const target = { resourceId: "table/tenants/index/by-email", dimension: "dynamodb:index:ReadCapacityUnits", minCapacity: 1, maxCapacity: 9, suspended };
    const other = { ...target, resourceId: "table/tenants/index/other" };
    const table = aTable({ scaling: { kind: "seen", value: [target, other] } });
    expect(proposal(tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN)).warnings).toContain(
      "its scaling target stays in Application Auto Scaling without effect: dynamodb:index:ReadCapacityUnits",
    );
  });

  it("warns of each of several scaling targets that stay", () => {
    const suspended = { scaleIn: false, scaleOut: false, scheduled: false };
    const value = ["Read", "Write"].map((kind) => ({
      resourceId: "table/tenants/index/by-email",
      dimension: `dynamodb:index:${kind}CapacityUnits`,
      minCapacity: 1,
      maxCapacity: 9,
      suspended,
    }));
    const table = aTable({ scaling: { kind: "seen", value } });
    expect(proposal(tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN)).warnings).toContain(
      "its scaling targets stay in Application Auto Scaling without effect: dynamodb:index:ReadCapacityUnits, dynamodb:index:WriteCapacityUnits",
    );
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

describe("the age of an index, for dynamodb.unused-gsi", () => {
  const days = (from: number, value: number) => (hour: number) => (hour < from * 24 ? Number.NaN : value);
  const detail = (text: string) => ({ code: "insufficient-data", detail: expect.stringContaining(text) });

  it("counts absence only since it first reported: one that is new in an old table proves little", () => {
    const young = silent.sees(metrics.dynamoWrites, "tenants/by-email", days(50, 500));
    expect(skipped(young)).toMatchObject(detail("us-east-1: the index is known to exist for the last 10 days only: ConsumedReadCapacityUnits Sum has 16.6 %"));
    expect(proposal(silent.sees(metrics.dynamoWrites, "tenants/by-email", days(5, 500))).to).toBe("removed");
    expect(skipped(silent.sees(metrics.dynamoWrites, "tenants/by-email", days(7, 500))).code).toBe("insufficient-data");
  });

  it("counts it only since it was made, even where one of its name reported before", () => {
    const remade = silent.sees(metrics.dynamoIndexProgress, "tenants/by-email", (hour) => (hour === 40 * 24 ? 80 : Number.NaN));
    expect(skipped(remade)).toMatchObject(detail("for the last 19 days only"));
  });

  it("counts it not before its table was made", () => {
    const table = aTable({ createdAtMs: Date.UTC(2026, 3, 6) + 30 * 86_400_000 });
    expect(skipped(tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN))).toMatchObject(detail("for the last 30 days only"));
  });

  it("takes an index that never reported anything for one that nothing is known of", () => {
    expect(skipped(silent.sees(metrics.dynamoWrites, "tenants/by-email", Number.NaN))).toMatchObject({
      code: "insufficient-data",
      detail: "us-east-1: ConsumedReadCapacityUnits Sum has 0 % of its points, 90 % are needed",
    });
  });

  it("asks when it was made in each region", () => {
    const asked = unusedGsi.demands(both.inventory, both.policy).filter(({ metric }) => metric === "OnlineIndexPercentageProgress");
    expect(new Set(asked.map(({ region }) => region))).toEqual(new Set([primary, secondary]));
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

describe("what dynamodb.unused-gsi captures of a global table's index", () => {
  const world = (here: object, there: object, insights: object = {}) => {
    const index = (overrides: object) => [anIndex("by-email", { definition: { ...anIndex().definition, ...overrides } })];
    const tables = [aTable({ ...global, indexes: index(here), ...insights }), aTable({ ...global, region: secondary, indexes: index(there), ...insights })];
    return [primary, secondary].reduce((seen, region) => tableSees(seen, "tenants", "by-email", 0, region), aWorld().with(...tables));
  };

  it("is as warm as its warmest replica", () => {
    const warm = (readUnits: number, writeUnits: number) => ({ warmThroughput: { readUnits, writeUnits } });
    const { action } = proposal(world(warm(20_000, 4_000), warm(12_000, 9_000)));
    expect(action.rollback[0]?.change.after).toMatchObject({ warmThroughput: { readUnits: 20_000, writeUnits: 9_000 } });
  });

  it("turns Contributor Insights on again in each region, last", () => {
    const { action } = proposal(world({}, {}, { contributorInsights: { kind: "seen", value: { "by-email": "THROTTLED_KEYS", other: "THROTTLED_KEYS" } } }));
    expect(action.rollback.map(({ change }) => `${change.kind} ${change.region}`)).toEqual([
      "dynamodb.index us-east-1",
      "dynamodb.index-read-cap us-east-1",
      "dynamodb.contributor-insights us-east-1",
      "dynamodb.contributor-insights us-west-2",
    ]);
    expect(action.rollback.at(-1)?.change).toMatchObject({ index: "by-email", before: { mode: null }, after: { mode: "THROTTLED_KEYS" } });
  });

  it("refuses limits that a replica has of its own", () => {
    for (const own of [{ maxReadRequestUnits: 7 }, { maxWriteRequestUnits: 7 }])
      expect(skipped(world({}, own))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("us-west-2 has limits of its own") });
  });

  it("prices the table's class", () => {
    const infrequent = aTable({ tableClass: "STANDARD_INFREQUENT_ACCESS" });
    expect(proposal(tableSees(aWorld().with(infrequent), "tenants", "by-email", Number.NaN)).savings).toEqual({
      kind: "known",
      usd: expect.closeTo(4 * 0.1 + 500 * 730 * 0.000_000_78),
    });
  });
});

describe("the action of dynamodb.unused-gsi", () => {
  const proposed = () =>
    proposal(
      tableSees(
        aWorld().with(aTable({ indexes: [anIndex("by-email", { definition: { ...anIndex().definition, maxReadRequestUnits: 40 } })] })),
        "tenants",
        "by-email",
        0,
      ),
    );

  it("caps, browns out for the policy's minutes, then deletes", () => {
    const { action } = proposed();
    expect(
      action.steps.map((step) => (step.kind === "change" ? [step.change.kind, step.change.before, step.change.after] : [step.kind, step.minutes])),
    ).toEqual([
      ["dynamodb.index-read-cap", { maxReadRequestUnits: 40 }, { maxReadRequestUnits: 1 }],
      ["brownout", 1440],
      ["dynamodb.index", expect.objectContaining({ name: "by-email", maxReadRequestUnits: 1 }), null],
    ]);
  });

  it("lifts the cap to what it was, or creates the index again first", () => {
    const { action } = proposed();
    const lift = { kind: "dynamodb.index-read-cap", before: { maxReadRequestUnits: 1 }, after: { maxReadRequestUnits: 40 } };
    const brownout = action.steps.find((step) => step.kind === "brownout");
    expect(brownout?.lift.map(({ change }) => change)).toEqual([expect.objectContaining(lift)]);
    expect(action.rollback.map(({ change }) => change)).toEqual([
      expect.objectContaining({ kind: "dynamodb.index", before: null, after: expect.objectContaining({ name: "by-email" }) }),
      expect.objectContaining(lift),
    ]);
    // 15 min to be set up, 17.5 to write 4 GiB at 4,000 KiB a second, and half a minute to lift the cap.
    expect(action).toMatchObject({ reversibility: "slow", undoMinutes: 33 });
  });

  it.each([
    { what: "small items, one write unit each", items: 36_000_000, bytes: 1_000, warm: undefined, minutes: 166 },
    { what: "items of 4 KiB, four write units each", items: 36_000_000, bytes: 36_000_000 * 4096, warm: undefined, minutes: 616 },
    { what: "items of an index that is warm", items: 36_000_000, bytes: 1_000, warm: 40_000, minutes: 31 },
  ])("says how long $what take to be written again", ({ items, bytes, warm, minutes }) => {
    const { definition } = anIndex();
    const warmThroughput = warm === undefined ? {} : { warmThroughput: { readUnits: 12_000, writeUnits: warm } };
    const index = anIndex("by-email", { definition: { ...definition, ...warmThroughput }, itemCount: items, sizeBytes: bytes });
    const seen = tableSees(aWorld().with(aTable({ indexes: [index] })), "tenants", "by-email", 0);
    expect(proposal(seen).action.undoMinutes).toBe(minutes);
  });

  it("counts the largest of its replicas, which are filled side by side", () => {
    const replica = (region: string, itemCount: number) => aTable({ ...global, region, indexes: [anIndex("by-email", { itemCount })] });
    const world = aWorld().with(replica(primary, 1), replica(secondary, 36_000_000));
    const seen = tableSees(tableSees(world, "tenants", "by-email", 0), "tenants", "by-email", 0, secondary);
    expect(proposal(seen).action.undoMinutes).toBe(166);
  });

  it("writes the absence back under the table's name", () => {
    const { action } = proposed();
    expect(action.id).toBe("dynamodb.unused-gsi:us-east-1:tenants:by-email");
    expect(action.writeBack).toEqual([{ type: "aws_dynamodb_table", id: "tenants", property: "absentIndexes", operation: "append", value: "by-email" }]);
  });
});
