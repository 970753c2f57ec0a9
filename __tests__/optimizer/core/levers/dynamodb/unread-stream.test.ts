import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aStream, aTable, aWorld, primary, secondary, tableSees, tagged } from "../../../../support/world.ts";

const rule = ruleOf("dynamodb.unread-stream");
const { proposal, skipped } = decisionsOf(rule);
const label = "2024-01-01T00:00:00.000";
const world = (table = aTable(aStream())) => tableSees(aWorld().with(table), "tenants", "by-email", Number.NaN);

describe("dynamodb.unread-stream", () => {
  it("turns off a stream that nothing read and nothing is connected to, and says that it saves nothing", () => {
    const decision = proposal(world());
    expect(decision).toMatchObject({ from: "stream NEW_AND_OLD_IMAGES", to: "off", savings: { kind: "known", usd: 0 }, risk: 0 });
    expect(decision.warnings).toEqual(expect.arrayContaining([expect.stringContaining("saves $0"), expect.stringContaining("new ARN")]));
    expect(decision.evidence).toHaveLength(3);
    expect(decision.action.cannotComeBack).toContain("ARN");
    expect(decision.action.steps.map((step) => step.kind === "change" && [step.change.before, step.change.after])).toEqual([
      [{ viewType: "NEW_AND_OLD_IMAGES" }, { viewType: null }],
    ]);
    expect(decision.action.rollback.map(({ change }) => [change.before, change.after])).toEqual([[{ viewType: null }, { viewType: "NEW_AND_OLD_IMAGES" }]]);
    expect(decision.action.writeBack).toEqual([{ type: "aws_dynamodb_table", id: "tenants", property: "stream", operation: "set", value: "off" }]);
  });

  it.each([
    ["calls that brought nothing", metrics.dynamoCalls, `tenants/GetRecords`],
    ["calls, counted by label", metrics.dynamoCalls, `tenants/GetRecords/${label}`],
    ["records", metrics.dynamoStreamRecords, `tenants/GetRecords/${label}`],
  ])("keeps one that was read once: %s", (_, metric, resource) => {
    const once = world().sees(metric, resource, (hour, statistic) => (hour === 700 && statistic === "SampleCount" ? 1 : Number.NaN));
    expect(skipped(once)).toMatchObject({ code: "still-read", detail: expect.stringContaining("something reads its stream") });
  });

  it("keeps, guarded, one of which nothing is known in an hour: whatever reads it once a month may have read it then", () => {
    const hidden = world().turned((value, key, hour) => (key.namespace === "AWS/DynamoDB" && hour === 584 ? Number.NaN : value));
    expect(skipped(hidden)).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("nothing is known of one hour, from 2026-04-30 08:00 UTC on"),
    });
    expect(proposal(hidden.policed({ rules: { decision: "literal" } })).warnings).toContainEqual(expect.stringContaining("nothing is known of one hour"));
    // What was before it was turned on is none of it.
    const later = world(aTable(aStream("2026-04-08T12:30:00.000"))).turned((value, _, hour) => (hour < 60 ? Number.NaN : value));
    expect(proposal(later).to).toBe("off");
  });

  const denied = { kind: "unseen", reason: "ListPipes: AccessDeniedException: no" } as const;
  it.each([
    [aTable(), "already-there", "has no stream"],
    [aTable({ ...aStream(), streamConsumers: { kind: "seen", value: ["function archive (Disabled)"] } }), "still-read", "function archive (Disabled)"],
    [aTable({ ...aStream(), streamConsumers: denied }), "unreadable", "ListPipes: AccessDeniedException"],
    [aTable({ ...aStream(), status: "UPDATING" }), "unsupported", "the table is UPDATING"],
    [aTable({ ...aStream(), tags: tagged({ "tenant=id": "7" }) }), "tenant-resource", "tenant=id"],
    [aTable({ ...aStream(), globalTable: { kind: "seen", value: "2017.11.29" } }), "unsupported", "2017"],
    [aTable(aStream("2026-05-20T00:00:00.000")), "insufficient-data", "of its points"],
    [aTable(aStream("no time")), "insufficient-data", "of its points"],
    [aTable({ ...aStream(), createdAtMs: Date.UTC(2026, 4, 20) }), "insufficient-data", "of its points"],
  ])("skips %# with its reason", (table, code, detail) => {
    expect(skipped(world(table))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("takes silence for nothing while the table reports nothing", () => {
    expect(skipped(aWorld().with(aTable(aStream()))).code).toBe("insufficient-data");
  });

  it("never takes a global table's, which needs it, and asks for none of its series", () => {
    const replicas = [primary, secondary].map((region) => aTable({ ...aStream(), region, replicaRegions: [primary, secondary] }));
    const global = [primary, secondary].reduce((seen, region) => tableSees(seen, "tenants", "by-email", 0, region), aWorld().with(...replicas));
    expect(skipped(global)).toMatchObject({ code: "unsupported", detail: expect.stringContaining("a global table needs its stream") });
    expect(rule.demands(global.inventory, global.policy).some(({ dimensions }) => "Operation" in dimensions)).toBe(false);
  });
});
