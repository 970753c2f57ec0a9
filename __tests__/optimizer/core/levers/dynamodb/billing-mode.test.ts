import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aProvisionedTable, capacitySees } from "../../../../support/provisioned-tables.ts";
import { anIndex, aWorld, primary, secondary, tagged } from "../../../../support/world.ts";

const rule = ruleOf("dynamodb.billing-mode");
const { proposal, skipped } = decisionsOf(rule);
const hours = 730;

/** A table of 100 units each, of which so many are consumed. */
const world = (reads: number, writes: number, table = aProvisionedTable()) => capacitySees(aWorld().with(table), "orders", { reads, writes });

describe("dynamodb.billing-mode", () => {
  it("prices both modes by the hours as they were", () => {
    const decision = proposal(world(2, 1));
    const capacity = hours * 100 * (0.000_13 + 0.000_65);
    const requests = hours * 3600 * (2 * 0.000_000_125 + 0.000_000_625);
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(capacity - requests) });
    expect(decision.monthlyCost).toEqual({ before: { kind: "known", usd: expect.closeTo(capacity) }, after: { kind: "known", usd: expect.closeTo(requests) } });
    expect(decision).toMatchObject({ from: "PROVISIONED", to: "PAY_PER_REQUEST" });
  });

  it("asks for less than 20 % of each, strictly", () => {
    expect(skipped(world(20, 1))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("reads consumed of what is provisioned 20 %") });
    expect(skipped(world(1, 20)).code).toBe("threshold-not-met");
    expect(proposal(world(19.9, 1)).to).toBe("PAY_PER_REQUEST");
    expect(proposal(world(30, 1).policed({ rules: { dynamodbBillingMode: { maxConsumedShare: 0.5 } } })).to).toBe("PAY_PER_REQUEST");
  });

  it("keeps a table whose requests would have cost more, though little of it is consumed", () => {
    // A read unit that is used for more than 0.00013 ÷ (3600 × 0.000000125) = 28.9 % of the time is cheaper provisioned.
    const dear = world(19, 19).priced({
      dynamoDb: () => ({
        writeRequestUnit: 0.000_001_25,
        readRequestUnit: 0.000_000_25,
        storageGbMonth: 0.25,
        readCapacityHour: 0.000_13,
        writeCapacityHour: 0.000_65,
      }),
    });
    expect(skipped(dear)).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringMatching(/^its requests would have cost \$\d+\.\d\d a month, its capacity cost/),
    });
  });

  it("prices requests that grow as they will be two weeks on: a capacity costs the same then, they cost a third more", () => {
    const growing = (daily: number) =>
      world(15, 15)
        .turned((value, { metric }, hour) => (metric.startsWith("Consumed") ? value * daily ** (hour / 24 - 60) : value))
        .policed({ rules: { dynamodbBillingMode: { maxConsumedShare: 0.5 } } });
    const day = proposal(growing(1.005)).monthlyCost;
    expect(day?.after).toEqual({ kind: "known", usd: expect.closeTo(hours * 3600 * 15 * 0.000_000_75 * 1.005 ** 14, 0) });
    expect(proposal(growing(1.005)).reason).toContain("a month, as it grows, two weeks on, its capacity cost");
    expect(proposal(world(24, 24).policed({ rules: { dynamodbBillingMode: { maxConsumedShare: 0.5 } } })).to).toBe("PAY_PER_REQUEST");
    const dearer = growing(1.02).turned((value, { metric }) => (metric.startsWith("Consumed") ? value * (24 / 15) : value));
    expect(skipped(dearer)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("a month, as it grows, two weeks on, its capacity cost") });
  });

  it("reads what was provisioned hour by hour: scaled down at night, it cost less", () => {
    const scaled = capacitySees(aWorld().with(aProvisionedTable()), "orders", { reads: 1, writes: 1, provisioned: (hour) => (hour % 24 < 12 ? 10 : 100) });
    expect(proposal(scaled).monthlyCost?.before).toEqual({ kind: "known", usd: expect.closeTo(hours * 55 * 0.000_78) });
  });

  it("holds a capacity where nothing was reported, and takes the least before", () => {
    const gaps = capacitySees(aWorld().with(aProvisionedTable()), "orders", {
      reads: 1,
      writes: 1,
      provisioned: (hour) => (hour === 100 ? 40 : hour === 800 ? 60 : Number.NaN),
    });
    expect(proposal(gaps).monthlyCost?.before).toEqual({ kind: "known", usd: expect.closeTo((hours * (40 * 800 + 60 * 640) * 0.000_78) / 1440) });
    const unknown = capacitySees(aWorld().with(aProvisionedTable()), "orders", { reads: 1, writes: 1, provisioned: Number.NaN });
    expect(skipped(unknown)).toMatchObject({ code: "insufficient-data", detail: "what reads was provisioned for in the baseline is not known" });
  });

  it("counts an index with its own capacity", () => {
    const table = aProvisionedTable(100, 100, {
      indexes: [anIndex("by-day")],
      capacity: { table: { read: 100, write: 100 }, indexes: { "by-day": { read: 50, write: 50 } } },
    });
    const busy = capacitySees(world(1, 1, table), "orders/by-day", { reads: 1, writes: 30, provisioned: 50 });
    expect(skipped(busy)).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("writes of index by-day") });
    const idle = capacitySees(world(1, 1, table), "orders/by-day", { reads: 1, writes: 1, provisioned: 50 });
    expect(proposal(idle).monthlyCost?.before).toEqual({ kind: "known", usd: expect.closeTo(hours * 150 * 0.000_78) });
    expect(proposal(idle).action.rollback[0]?.change.after).toMatchObject({
      mode: "PROVISIONED",
      capacity: { indexes: { "by-day": { read: 50, write: 50 } } },
    });
  });

  it("tells what the other table class would have cost, and does not choose it", () => {
    expect(proposal(world(2, 1)).refused).toMatchObject([{ target: "PAY_PER_REQUEST, STANDARD_INFREQUENT_ACCESS", fits: false }]);
  });

  it("says of a table of Standard-IA that no reserved capacity pays for it, which cannot be had of that class", () => {
    const said = (tableClass: "STANDARD" | "STANDARD_INFREQUENT_ACCESS") => proposal(world(2, 1, aProvisionedTable(100, 100, { tableClass })));
    expect(said("STANDARD_INFREQUENT_ACCESS").commitment).toBe("usage");
    expect(said("STANDARD").commitment).toBeUndefined();
    expect(said("STANDARD_INFREQUENT_ACCESS").warnings.join()).not.toContain("reserved");
    expect(said("STANDARD").warnings.join()).toContain("reserved");
  });

  it("tells by how much the other table class would have cost less, or more: its requests, and what the table and its indexes hold", () => {
    const gib = 1024 ** 3;
    const requests = { STANDARD: 2 * 0.000_000_125 + 0.000_000_625, STANDARD_INFREQUENT_ACCESS: 2 * 0.000_000_155 + 0.000_000_78 };
    const saved = (tableClass: keyof typeof requests, indexGib: number) => {
      const table = aProvisionedTable(100, 100, {
        tableClass,
        sizeBytes: 10 * gib,
        indexes: indexGib === 0 ? [] : [anIndex("by-day", { sizeBytes: indexGib * gib })],
        capacity: { table: { read: 100, write: 100 }, indexes: indexGib === 0 ? {} : { "by-day": { read: 0, write: 0 } } },
      });
      const seen = world(2, 1, table);
      const [other] = proposal(indexGib === 0 ? seen : capacitySees(seen, "orders/by-day", { reads: 0, writes: 0, provisioned: 1 })).refused;
      return other?.monthlySavings;
    };
    const more = hours * 3600 * (requests.STANDARD_INFREQUENT_ACCESS - requests.STANDARD);
    expect(saved("STANDARD", 0)).toEqual({ kind: "known", usd: expect.closeTo(10 * (0.25 - 0.1) - more, 6) });
    expect(saved("STANDARD", 5)).toEqual({ kind: "known", usd: expect.closeTo(15 * (0.25 - 0.1) - more, 6) });
    expect(saved("STANDARD_INFREQUENT_ACCESS", 5)).toEqual({ kind: "known", usd: expect.closeTo(more - 15 * (0.25 - 0.1), 6) });
  });

  it("tells nothing of the other table class where its price is not known", () => {
    const known = world(2, 1).facts(rule).prices;
    const alone = world(2, 1).priced({ dynamoDb: (region, tableClass) => (tableClass === "STANDARD" ? known.dynamoDb(region, tableClass) : null) });
    expect(proposal(alone).refused).toEqual([]);
  });

  it("leaves out of the share what was provisioned in hours of which nothing is known to be consumed", () => {
    const until = (units: number) => (hour: number) => (hour < 1400 ? units : Number.NaN);
    const [reads, writes] = proposal(capacitySees(aWorld().with(aProvisionedTable()), "orders", { reads: until(2), writes: until(1) })).evidence;
    expect([reads?.value, writes?.value]).toEqual([expect.closeTo(2, 9), expect.closeTo(1, 9)]);
  });

  const denied = { kind: "unseen", reason: "DescribeScalableTargets: AccessDeniedException: no" } as const;
  it.each([
    [aProvisionedTable(100, 100, { billingMode: "PAY_PER_REQUEST" }), "already-there", "is on demand"],
    [aProvisionedTable(100, 100, { status: "UPDATING" }), "unsupported", "the table is UPDATING"],
    [aProvisionedTable(100, 100, { indexes: [anIndex("a", { status: "CREATING" })] }), "unsupported", "index a is CREATING"],
    [aProvisionedTable(100, 100, { scaling: denied }), "unreadable", "could not be seen: DescribeScalableTargets"],
    [aProvisionedTable(100, 100, { lastOnDemandMs: Date.UTC(2026, 4, 1) }), "insufficient-data", "was on demand for a part"],
    [aProvisionedTable(100, 100, { tags: tagged({ TenantName: "acme" }) }), "tenant-resource", "TenantName"],
  ])("skips %# with its reason", (table, code, detail) => {
    expect(skipped(world(1, 1, table))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("leaves a global table alone, whose scaling AWS would forget", () => {
    const both = [primary, secondary].map((region) => aProvisionedTable(100, 100, { region, replicaRegions: [primary, secondary] }));
    expect(skipped(capacitySees(aWorld().with(...both), "orders", { reads: 1, writes: 1 }))).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("auto scaling"),
    });
  });

  it("takes silence for nothing, an unknown price for no saving, and more than an on-demand table takes for too much", () => {
    expect(skipped(world(1, 1).sees(metrics.dynamoReads, "orders", Number.NaN).sees(metrics.dynamoWrites, "orders", Number.NaN)).code).toBe(
      "insufficient-data",
    );
    expect(skipped(world(1, 1).priced({ dynamoDb: () => null })).code).toBe("cannot-judge");
    const peak = capacitySees(aWorld().with(aProvisionedTable()), "orders", { reads: (hour) => (hour === 500 ? 50_000 : 1), writes: 1, provisioned: 1e6 });
    expect(skipped(peak)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("50000 units a second in its busiest hour") });
  });

  it("suspends scaling before and lets it scale as it did after, on the way back", () => {
    const target = { resourceId: "table/orders", dimension: "dynamodb:table:ReadCapacityUnits", minCapacity: 1, maxCapacity: 9 };
    const table = aProvisionedTable(100, 100, {
      scaling: { kind: "seen", value: [{ ...target, suspended: { scaleIn: false, scaleOut: false, scheduled: true } }] },
    });
    const { action } = proposal(world(1, 1, table));
    expect(action.steps.map((step) => step.kind === "change" && step.change.kind)).toEqual(["dynamodb.scaling-suspension", "dynamodb.billing-mode"]);
    expect(action.rollback.map(({ change }) => change.kind)).toEqual(["dynamodb.billing-mode", "dynamodb.scaling-suspension"]);
    expect(action.rollback[1]?.change.after).toEqual({ scaleIn: false, scaleOut: false, scheduled: true });
    expect(action.rollback[0]?.change.after).toMatchObject({ isScaled: true });
    expect(action.writeBack).toEqual([{ type: "aws_dynamodb_table", id: "orders", property: "billingMode", operation: "set", value: "PAY_PER_REQUEST" }]);
  });
});
