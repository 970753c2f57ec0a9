import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { sharedIndexes } from "../../../../../optimizer/core/levers/dynamodb/consolidation-fit.ts";
import type { DynamoTable, KeyAttribute } from "../../../../../optimizer/core/levers/dynamodb/table.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { seriesId } from "../../../../../optimizer/core/model/observation.ts";
import type { Decision } from "../../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../../optimizer/core/planning/decide-all.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aProvisionedTable, capacitySees } from "../../../../support/provisioned-tables.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import type { Signal } from "../../../../support/courses.ts";
import { anIndex, aStream, aTable, aWorld, primary, secondary, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("dynamodb.table-consolidation");
const { advised, decisions } = decisionsOf(rule);

const noiseOf = (seed: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: 1440 }, () => random.uniform());
};
const shared = noiseOf(1);
/** Units a second of requests that come with `noise`, busiest at an hour of the day. */
const load =
  (units: number, noise: readonly number[], busiest = 12): Signal =>
  (hour) =>
    units * (1 + 0.5 * Math.cos(((hour - busiest) * Math.PI) / 12)) * (0.8 + 0.4 * (noise[Math.floor(hour)] ?? 0));

const key = (hash: KeyAttribute["attributeType"] = "S", range?: KeyAttribute["attributeType"]): readonly KeyAttribute[] => [
  { name: "pk", keyType: "HASH", attributeType: hash },
  ...(range === undefined ? [] : [{ name: "sk", keyType: "RANGE", attributeType: range } as const]),
];

/** `orders` is larger than `returns`, and both are used by the same requests; `carts` by others. */
function world(changed: Partial<DynamoTable> = {}, mode: "PROVISIONED" | "PAY_PER_REQUEST" = "PROVISIONED"): World {
  const made = (name: string, sizeBytes: number, overrides: Partial<DynamoTable> = {}) =>
    mode === "PROVISIONED"
      ? aProvisionedTable(100, 100, { name, sizeBytes, itemCount: 1e6, ...overrides })
      : aTable({ name, sizeBytes, itemCount: 1e6, indexes: [], ...overrides });
  const tables = aWorld().with(made("carts", 4e8, { key: key("N") }), made("orders", 8e8), made("returns", 5e8, changed));
  return [
    ["carts", load(20, noiseOf(2))],
    ["orders", load(40, shared)],
    ["returns", load(10, shared)],
  ].reduce((seen, [name, units]) => capacitySees(seen, name as string, { reads: units as Signal, writes: 1 }), tables);
}

const told = (one: World): Readonly<Record<string, string>> =>
  Object.fromEntries(
    decisions(one).map((decision) => [decision.resource.id, decision.kind === "skip" ? `${decision.code}: ${decision.detail}` : decision.kind]),
  );

describe("dynamodb.table-consolidation", () => {
  it("advises to keep in the larger table what the same requests use, and says of the smaller one nothing more", () => {
    const advice = advised(world());
    expect(advice).toMatchObject({ resource: { id: "orders" }, others: [{ id: "returns" }], summary: "keep what returns holds in orders" });
    expect(advice.reason).toMatch(/over 1440 hours.*rank correlation of 1\.00;/);
    expect(told(world())).toEqual({ carts: expect.stringMatching(/^no-counterpart: orders has a partition key of another type; returns /), orders: "advice" });
  });

  it("has nothing that could be carried out", () => {
    const advice = advised(world());
    expect(rule.judgedBy).toBe("never-executed");
    expect(JSON.stringify(advice)).not.toMatch(/"(action|followUps|steps|change|writeBack)":/);
    // @ts-expect-error an advice has no action
    expect(advice.action).toBeUndefined();
    expect(decideAll([rule], world().facts(rule)).filter((decision: Decision) => decision.kind === "proposal")).toEqual([]);
  });

  it("says what a person has to look at, each with its command for these tables", () => {
    const [trail, query, ...policies] = advised(world()).toFindOut;
    expect(trail?.command).toBe("aws cloudtrail get-event-selectors --region us-east-1 --trail-name <your trail>");
    expect(query?.command).toContain(`requestParameters.tableName in ["orders", "returns"]`);
    expect(query?.command).toContain(`--start-time ${Date.UTC(2026, 3, 6) / 1000} --end-time ${Date.UTC(2026, 5, 5) / 1000}`);
    expect(policies.map(({ command }) => command)).toEqual(
      ["orders", "returns"].map(
        (name) => `aws dynamodb get-resource-policy --region us-east-1 --resource-arn arn:aws:dynamodb:us-east-1:123456789012:table/${name}`,
      ),
    );
  });
});

describe("what one table would save at most", () => {
  const hours = 730;
  const readHour = 0.000_13;
  /** Reads of two tables of equal busiest hours, provisioned for so much each. */
  const two = (ofOrders: Signal, ofReturns: Signal, provisioned = 100) =>
    capacitySees(capacitySees(world(), "orders", { reads: ofOrders, writes: 1, provisioned }), "returns", { reads: ofReturns, writes: 1, provisioned });
  const savedBy = (one: World) => advised(one.policed({ rules: { dynamodbTableConsolidation: { minRankCorrelation: 0 } } })).savesAtMost;

  it("is nothing where both are busiest in the same hour, and the smaller peak where one is idle while the other is busy", () => {
    const noisy = load(40, shared);
    expect(savedBy(two(noisy, noisy))).toEqual({ kind: "known", usd: expect.closeTo(0, 9) });
    const byDay: Signal = (hour) => (hour % 24 < 12 ? 60 : 1) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    const byNight: Signal = (hour) => (hour % 24 < 12 ? 1 : 50) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    // 60 + 50 units apart, 61 together.
    expect(savedBy(two(byDay, byNight))).toEqual({ kind: "known", usd: expect.closeTo((60 + 50 - 61) * readHour * hours, 3) });
  });

  it("is no more than what is paid today above what both need, and never below nothing", () => {
    const byDay: Signal = (hour) => (hour % 24 < 12 ? 60 : 1) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    const byNight: Signal = (hour) => (hour % 24 < 12 ? 1 : 50) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    expect(savedBy(two(byDay, byNight, 35))).toEqual({ kind: "known", usd: expect.closeTo((70 - 61) * readHour * hours, 2) });
    expect(savedBy(two(byDay, byNight, 20))).toEqual({ kind: "known", usd: 0 });
  });

  it("is all that each needs of its own where nobody knows what is provisioned", () => {
    const byDay: Signal = (hour) => (hour % 24 < 12 ? 60 : 1) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    const byNight: Signal = (hour) => (hour % 24 < 12 ? 1 : 50) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    expect(savedBy(two(byDay, byNight, Number.NaN))).toEqual({ kind: "known", usd: expect.closeTo((60 + 50 - 61) * readHour * hours, 3) });
  });

  it("is $0 on demand, and says so", () => {
    const advice = advised(world({}, "PAY_PER_REQUEST"));
    expect(advice.savesAtMost).toEqual({ kind: "known", usd: 0 });
    expect(advice.reason).toContain("nothing is paid by the table: it saves no money");
  });

  it("is unknown without a price, never nothing", () => {
    expect(advised(world().priced({ dynamoDb: () => null })).savesAtMost).toEqual({
      kind: "unknown",
      what: "DynamoDB capacity in us-east-1",
      reason: "price unknown",
    });
  });

  it("counts indexes that could be one, each with the capacity of its own", () => {
    const indexed = (name: string) => [anIndex(name)];
    const capacity = (name: string) => ({ table: { read: 100, write: 100 }, indexes: { [name]: { read: 100, write: 100 } } });
    const day: Signal = (hour) => (hour % 24 < 12 ? 40 : 0);
    const night: Signal = (hour) => (hour % 24 < 12 ? 0 : 40);
    const tables = aWorld().with(
      aProvisionedTable(100, 100, { name: "carts", key: key("N") }),
      aProvisionedTable(100, 100, { name: "orders", sizeBytes: 8e8, indexes: indexed("a"), capacity: capacity("a") }),
      aProvisionedTable(100, 100, { name: "returns", sizeBytes: 5e8, indexes: indexed("b"), capacity: capacity("b") }),
    );
    const seen = [
      ["carts", 1],
      ["orders", load(40, shared)],
      ["returns", load(40, shared)],
      ["orders/a", day],
      ["returns/b", night],
    ].reduce((one, [part, reads]) => capacitySees(one, part as string, { reads: reads as Signal, writes: 1 }), tables);
    expect(savedBy(seen)).toEqual({ kind: "known", usd: expect.closeTo(40 * readHour * hours, 2) });
    expect(advised(seen.policed({ rules: { dynamodbTableConsolidation: { minRankCorrelation: 0 } } })).reason).toContain("indexes 1 instead of 2");
  });
});

describe("indexes that could be one", () => {
  const index = (type: "ALL" | "KEYS_ONLY" | "INCLUDE", attributeType: KeyAttribute["attributeType"] = "S") => ({
    indexes: [
      anIndex("by-email", {
        definition: {
          ...anIndex().definition,
          key: [{ name: `email-${attributeType}`, keyType: "HASH", attributeType }],
          projection: { type, nonKeyAttributes: type === "INCLUDE" ? ["a"] : [] },
        },
      }),
    ],
  });
  const [a, b] = [aTable({ name: "a", ...index("ALL") }), aTable({ name: "b", ...index("ALL") })];

  it("have keys of the same types and show the same of their items", () => {
    expect(sharedIndexes(a, b)).toHaveLength(1);
    expect(sharedIndexes(aTable(index("KEYS_ONLY")), aTable(index("KEYS_ONLY")))).toHaveLength(1);
    expect(sharedIndexes(a, aTable(index("KEYS_ONLY")))).toEqual([]);
    expect(sharedIndexes(a, aTable(index("ALL", "N")))).toEqual([]);
    expect(sharedIndexes(aTable(index("INCLUDE")), aTable(index("INCLUDE")))).toEqual([]);
    expect(sharedIndexes(a, aTable({ indexes: [] }))).toEqual([]);
  });
});

describe("tables that are left as they are", () => {
  const seenNone = { kind: "unseen", reason: "DescribeTimeToLive: AccessDeniedException: no" } as const;
  it.each<[string, Partial<DynamoTable>, string]>([
    ["busy with a change", { status: "UPDATING" }, "unsupported: the table is UPDATING"],
    ["with an index being made", { indexes: [anIndex("a", { status: "CREATING" })] }, "unsupported: index a is CREATING"],
    ["with a stream", aStream(), "unsupported: has a stream"],
    ["with a local index", { localIndexes: ["by-day"] }, "unsupported: has the local index by-day"],
    ["whose expiry could not be seen", { expiryAttribute: seenNone }, "unreadable: how long it keeps its items could not be seen: DescribeTimeToLive"],
    ["whose backups could not be seen", { recoveryDays: seenNone }, "unreadable: how long it keeps its items"],
    ["without items", { itemCount: 0 }, "insufficient-data: AWS counts no items in it"],
    ["of a tenant", { tags: tagged({ TenantName: "acme" }) }, 'tenant-resource: tag "TenantName"'],
    ["whose tags could not be read", { tags: { kind: "unreadable", reason: "denied" } }, "tenant-resource: tags could not be read"],
    ["of another table class", { tableClass: "STANDARD_INFREQUENT_ACCESS" }, "no-counterpart: carts is of another table class; orders is of"],
    ["with another key to its encryption", { kmsKeyArn: "arn:aws:kms:key/1" }, "orders is encrypted with another key"],
    ["whose items expire", { expiryAttribute: { kind: "seen", value: "until" } }, "orders lets its items expire otherwise"],
    ["that cannot be restored", { recoveryDays: { kind: "seen", value: 0 } }, "orders can be restored otherwise"],
    ["with a partition key of another type", { key: key("B") }, "orders has a partition key of another type"],
    ["of another team", { tags: tagged({ "cost-center": "7" }) }, 'orders differs in the tag "cost-center"'],
    ["of another data class", { tags: tagged({ DataClassification: "restricted" }) }, 'orders differs in the tag "DataClassification"'],
    ["with far larger items", { sizeBytes: 9e9 }, "orders has items of 800 bytes, this one of 9000"],
    ["with a key attribute of another type", { indexes: [anIndex("a", indexOn("pk", "N"))] }, "orders has the key attribute pk of another type"],
    ["with too many indexes", { indexes: Array.from({ length: 21 }, (_, at) => anIndex(`i${at}`)) }, "would make it 21 indexes, a table has 20 at most"],
  ])("%s", (_, changed, words) => {
    const found = told(world(changed));
    expect(found["returns"]).toContain(words);
    expect(Object.values(found)).not.toContain("advice");
  });

  function indexOn(name: string, attributeType: KeyAttribute["attributeType"]) {
    return { definition: { ...anIndex().definition, key: [{ name, keyType: "HASH" as const, attributeType }] } };
  }

  it("tags that say nothing of who owns what keep nothing apart", () => {
    expect(advised(world({ tags: tagged({ Name: "returns", TableType: "events" }) })).others).toHaveLength(1);
  });

  it("number keys fit one table only where a sort key can tell the items apart", () => {
    const numbered = (...ranges: readonly (KeyAttribute["attributeType"] | undefined)[]) => {
      const [orders, returns] = ranges;
      const tables = world().inventory.resources.map((each) =>
        each.kind !== "dynamodb-table" ? each : { ...each, key: each.ref.id === "carts" ? key("S") : key("N", each.ref.id === "orders" ? orders : returns) },
      );
      const seen = world().facts(rule);
      return rule.decide({ ...seen, inventory: { ...seen.inventory, resources: tables } }).some(({ kind }) => kind === "advice");
    };
    expect(numbered(undefined, undefined)).toBe(false);
    expect(numbered("N", "N")).toBe(false);
    expect(numbered("S", "N")).toBe(false);
    expect(numbered("S", "S")).toBe(true);
    expect(numbered("N", undefined)).toBe(true);
  });

  it("the one with a sort key takes in the one without, though it is the smaller", () => {
    const advice = advised(world({ key: key("S", "S") }));
    expect(advice).toMatchObject({ resource: { id: "returns" }, others: [{ id: "orders" }] });
    expect(advice.warnings[0]).toContain("a sort key of one value, which orders has none of");
  });

  it("loads that share their office hours alone: the figure is told", () => {
    const apart = capacitySees(world(), "returns", { reads: load(10, noiseOf(7)), writes: 1 });
    expect(told(apart)["returns"]).toMatch(/^no-counterpart: moves with orders by −?-?0\.0\d beyond the usual week, 0\.5 is needed$/);
    const own = decisions(apart).find(({ resource }) => resource.id === "returns");
    expect(own?.evidence).toMatchObject([{ unit: "Correlation", completeness: 1 }]);
    expect(own?.evidence[0]?.series).toContain(
      seriesId({
        region: primary,
        namespace: "AWS/DynamoDB",
        metric: "ConsumedReadCapacityUnits",
        dimensions: { TableName: "orders" },
        statistic: "Sum",
        periodSeconds: 3600,
      }),
    );
  });

  it("a load that never differs from its usual week", () => {
    const steady = capacitySees(world(), "returns", { reads: 10, writes: 1 });
    expect(told(steady)).toMatchObject({
      returns: expect.stringContaining("never differs from its usual week"),
      orders: expect.stringContaining("with returns, of which nothing can be said: its load never differs"),
    });
  });

  it("one that was throttled, be it a write of an index, once", () => {
    const throttled = world().sees(metrics.dynamoWriteThrottles, "returns", (hour) => (hour === 700 ? 3 : Number.NaN));
    expect(told(throttled)["returns"]).toContain("was throttled 3 times in the baseline");
  });

  it("one whose figures are missing: silence is no load", () => {
    const silent = world().sees(metrics.dynamoReads, "returns", Number.NaN).sees(metrics.dynamoWrites, "returns", Number.NaN);
    expect(told(silent)["returns"]).toMatch(/^insufficient-data: units of returns has 0 %/);
    expect(told(silent)["orders"]).toContain("of which nothing can be said: units of returns");
  });

  it("more together than one table takes", () => {
    const busy = [
      ["orders", load(25_000, shared)],
      ["returns", load(20_000, shared)],
    ].reduce((seen, [name, reads]) => capacitySees(seen, name as string, { reads: reads as Signal, writes: 1, provisioned: 1e6 }), world());
    expect(told(busy)["returns"]).toMatch(/both together took \d{5} units of reads a second in their busiest hour, a table takes 40000/);
  });

  it("no more reads, and no more writes, than one table takes of either, though all of them together are more", () => {
    const busy = ["orders", "returns"].reduce(
      (seen, name) => capacitySees(seen, name, { reads: load(11_000, shared), writes: load(10_500, shared), provisioned: 1e6 }),
      world(),
    );
    expect(told(busy)["orders"]).toBe("advice");
  });

  it("one beside tables that are apart from every other, whatever it looks like", () => {
    const streams = world().inventory.resources.map((each) => (each.ref.id === "returns" || each.kind !== "dynamodb-table" ? each : { ...each, ...aStream() }));
    const seen = world().facts(rule);
    const found = rule.decide({ ...seen, inventory: { ...seen.inventory, resources: streams } });
    expect(found.find(({ resource }) => resource.id === "returns")).toMatchObject({
      code: "no-counterpart",
      detail: "no other table of its region could take it in",
    });
  });

  it("one that fits none of those nearest by name: some are told, the others counted, and those further away were not compared", () => {
    // The last of them belongs to whom the first does: twenty others are between them.
    const names = Array.from({ length: 22 }, (_, at) => `t${String(at).padStart(2, "0")}`);
    const tables = names.map((name, at) => aTable({ name, indexes: [], tags: tagged({ "cost-center": String(at % 21) }) }));
    const many = names.reduce((seen, name) => capacitySees(seen, name, { reads: load(5, shared), writes: 1 }), aWorld().with(...tables));
    const words = told(many);
    expect(words["t00"]).toMatch(/^no-counterpart: t01 differs in the tag "cost-center"; t02 .+; t03 .+; and 18 more$/);
    expect(words["t21"]).toMatch(/^no-counterpart: t00 is not compared with it: more than 20 are between them by name; t01 differs in/);
  });

  it("two tables where three are looked for; a tenant's table and one of another region are none of them", () => {
    const two = (third: Partial<DynamoTable> & { readonly region?: string }) => {
      const [carts, ...rest] = world().inventory.resources;
      const moved = aProvisionedTable(1, 1, { name: "carts", ...third });
      const seen = world().facts(rule);
      return rule.decide({ ...seen, inventory: { ...seen.inventory, resources: carts === undefined ? rest : [moved, ...rest] } });
    };
    const detail = "is one of 2 tables of its region that may be looked at, 3 are needed";
    for (const third of [{ tags: tagged({ tenant: "x" }) }, { region: secondary }])
      expect(two(third).filter(({ resource }) => resource.id !== "carts")).toMatchObject([
        { code: "no-counterpart", detail },
        { code: "no-counterpart", detail },
      ]);
    expect(advised(world().policed({ rules: { dynamodbTableConsolidation: { minTables: 2 } } })).others).toHaveLength(1);
  });

  it("a global table, in each of its regions once", () => {
    const both = [primary, secondary].map((region) => aTable({ name: "global", region, replicaRegions: [primary, secondary] }));
    expect(decisions(aWorld().with(...both))).toMatchObject([{ code: "unsupported", detail: expect.stringContaining("a global table") }]);
  });
});

describe("several tables that could go together", () => {
  /** Four that the same requests use: what of them is one pair, what another. */
  const four = ["a", "b", "c", "d"].reduce(
    (seen, name, at) => capacitySees(seen, name, { reads: load(10 * (at + 1), shared), writes: 1 }),
    aWorld().with(...["a", "b", "c", "d"].map((name, at) => aProvisionedTable(100, 100, { name, sizeBytes: (9 - at) * 1e8, itemCount: 1e6 }))),
  );

  it("are in one pair each, whatever the order they are listed in", () => {
    const advice = decisions(four).filter((decision) => decision.kind === "advice");
    const named = advice.flatMap(({ resource, others }) => [resource.id, ...others.map(({ id }) => id)]);
    expect(named.toSorted()).toEqual(["a", "b", "c", "d"]);
    expect(decideAll([rule], four.reversed().facts(rule))).toEqual(decideAll([rule], four.facts(rule)));
  });

  it("of three, the third waits for the pair", () => {
    const three = (one: World) => {
      const seen = one.facts(rule);
      return rule.decide({ ...seen, inventory: { ...seen.inventory, resources: seen.inventory.resources.filter(({ ref }) => ref.id !== "d") } });
    };
    const found = three(four);
    expect(found.filter(({ kind }) => kind === "advice")).toHaveLength(1);
    expect(found.filter(({ kind }) => kind === "skip")).toMatchObject([
      { code: "no-counterpart", detail: expect.stringContaining("one pair is looked at a time") },
    ]);
  });

  it("are asked for their loads only where there is another to compare with, and for throttling only where all else speaks for it", () => {
    const loads = (one: World) => rule.demands(one.inventory, one.policy).filter(({ metric }) => metric === "ConsumedReadCapacityUnits");
    const plain = (name: string, overrides: Partial<DynamoTable> = {}) => aTable({ name, indexes: [], ...overrides });
    expect(new Set(loads(aWorld().with(plain("a"), plain("b"))).map(seriesId)).size).toBe(2);
    expect(loads(aWorld().with(plain("a"), plain("b", { tableClass: "STANDARD_INFREQUENT_ACCESS" })))).toEqual([]);

    const refined = (one: World) => {
      const keys = rule.demands(one.inventory, one.policy);
      const observations = new Map(one.observe(keys).map((each) => [seriesId(each.key), each]));
      const facts = one.facts(rule);
      return rule
        .refinements({ ...facts, baseline: { ...facts.baseline, observations } })
        .map(({ metric, dimensions }) => `${metric} ${dimensions["TableName"] ?? ""}`);
    };
    // Of provisioned tables the rule on their mode asks for it anyway.
    const onDemand = world({}, "PAY_PER_REQUEST");
    expect(refined(onDemand)).toEqual(["orders", "returns"].flatMap((name) => [`ReadThrottleEvents ${name}`, `WriteThrottleEvents ${name}`]));
    expect(refined(capacitySees(onDemand, "returns", { reads: load(10, noiseOf(7)), writes: 1 }))).toEqual([]);
  });

  it("say nothing of what could not be asked for: throttling that is not known is not none", () => {
    const facts = world().facts(rule);
    const observations = new Map(
      [...facts.baseline.observations].filter(
        ([
          ,
          {
            key: { metric },
          },
        ]) => !metric.endsWith("ThrottleEvents"),
      ),
    );
    expect(rule.decide({ ...facts, baseline: { ...facts.baseline, observations } }).filter(({ resource }) => resource.id !== "carts")).toMatchObject([
      { code: "insufficient-data", detail: expect.stringContaining("whether it was throttled is not known") },
      { code: "insufficient-data" },
    ]);
  });

  it("are compared with those that follow by name, hundreds of them in a moment", () => {
    const names = Array.from({ length: 60 }, (_, at) => `t${String(at).padStart(2, "0")}`);
    const many = names.reduce(
      (seen, name) => seen.sees(metrics.dynamoReads, name, (hour, statistic) => 3600 * load(5, shared)(hour, statistic)).sees(metrics.dynamoWrites, name, 1),
      aWorld().with(...names.map((name) => aTable({ name, indexes: [] }))),
    );
    const advice = decisions(many).filter(({ kind }) => kind === "advice");
    expect(advice.length).toBeGreaterThanOrEqual(20);
  });
});
