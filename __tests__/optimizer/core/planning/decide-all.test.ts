import { describe, expect, it } from "vitest";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Decision, RuleFacts } from "../../../../optimizer/core/model/rule.ts";
import { resourcesOf } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { seriesId } from "../../../../optimizer/core/model/observation.ts";
import { decideAll, sortInventory, uniqueKeys } from "../../../../optimizer/core/planning/decide-all.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { sampleProposal, sampleSkip } from "../../../support/sample-run.ts";
import { aGroup, anIndex, aTable, aWorld, primary, secondary, tagged, type World } from "../../../support/world.ts";

/** Gives every group another version of its template. */
const templates = aRule("test.template", "auto-scaling-group", 1, {
  decide: ({ inventory }) =>
    resourcesOf(inventory, "auto-scaling-group").map(({ ref, launchTemplateId }) =>
      proposalOf(ref, {
        kind: "ec2.launch-template-version",
        region: ref.region,
        autoScalingGroup: ref.id,
        launchTemplateId,
        before: { instanceType: "a" },
        after: { instanceType: "b" },
      }),
    ),
});

/** Removes the index of every table. */
const removals = aRule("test.index", "dynamodb-table", 1, {
  decide: ({ inventory }) =>
    resourcesOf(inventory, "dynamodb-table").map(({ ref }) =>
      proposalOf(ref, { kind: "dynamodb.index", region: ref.region, table: ref.id, index: "by-email", before: anIndex().definition, after: null }),
    ),
});

function proposalOf(ref: Parameters<typeof aProposal>[1], change: Change): Decision {
  return aProposal({ id: "test.rule", phase: 1 }, ref, {}, { steps: [{ kind: "change", id: "change", change, description: "" }] });
}

function codes(rule: typeof templates, world: World): readonly (readonly [string, string])[] {
  return decideAll([rule], world.facts(rule)).map((decision) => [decision.resource.id, decision.kind === "skip" ? decision.code : "proposal"]);
}

describe("a change that touches more than its own resource", () => {
  const mine = aGroup({ name: "mine" });
  const other = (overrides: Parameters<typeof aGroup>[0]) => aWorld().with(mine, aGroup({ name: "other", ...overrides }));

  it("is proposed where everything it touches was read and belongs to nobody", () => {
    expect(codes(templates, other({}))).toEqual([
      ["mine", "proposal"],
      ["other", "proposal"],
    ]);
  });

  it("is refused where another group on the same launch template is a tenant's", () => {
    const [decision] = decideAll([templates], other({ tags: tagged({ TenantId: "7" }) }).facts(templates));
    expect(decision).toMatchObject({
      kind: "skip",
      code: "tenant-resource",
      detail: expect.stringMatching(/^it would also change group other in us-east-1: tag "TenantId"/),
    });
  });

  it("does not touch groups of another template or region", () => {
    const tags = tagged({ TenantId: "7" });
    expect(codes(templates, other({ tags, launchTemplateId: "lt-2" }))[0]).toEqual(["mine", "proposal"]);
    expect(codes(templates, other({ tags, region: secondary }))[0]).toEqual(["mine", "proposal"]);
  });

  it("is refused where a replica of the table was not read", () => {
    const table = (region: string) => aTable({ region, replicaRegions: [primary, secondary] });
    expect(codes(removals, aWorld().with(table(primary), table(secondary)))).toEqual([
      ["tenants", "proposal"],
      ["tenants", "proposal"],
    ]);
    const [decision] = decideAll([removals], aWorld().with(table(primary)).facts(removals));
    expect(decision).toMatchObject({ kind: "skip", code: "unreadable", detail: "it would also change table tenants in us-west-2, which was not read" });
  });
});

it("a proposal that is refused for what it touches keeps what it rests on", () => {
  const { evidence, refused } = sampleProposal();
  const seen = { ...templates, decide: (facts: RuleFacts) => templates.decide(facts).map((decision) => ({ ...decision, evidence, refused })) };
  const world = aWorld().with(aGroup({ name: "mine" }), aGroup({ name: "other", tags: tagged({ TenantId: "7" }) }));
  expect(decideAll([seen], world.facts(seen))[0]).toMatchObject({ code: "tenant-resource", evidence, refused });
  const far = { ...removals, decide: (facts: RuleFacts) => removals.decide(facts).map((decision) => ({ ...decision, evidence, refused })) };
  const half = aWorld().with(aTable({ replicaRegions: [primary, secondary] }));
  expect(decideAll([far], half.facts(far))[0]).toMatchObject({ code: "unreadable", evidence, refused });
});

describe("an inventory", () => {
  const [first, second] = [aGroup({ name: "a" }), aGroup({ name: "b" })];
  const lost = ["a", "b"].map((name) => ({ ref: aTable({ name }).ref, reason: "failed" as const, detail: name }));
  const inOrder = aWorld()
    .with(first, second)
    .undescribed(...lost).inventory;

  it("that is in order stays the same, so that what is known of it stays known", () => {
    expect(sortInventory(inOrder)).toBe(inOrder);
    const empty = aWorld().inventory;
    expect(sortInventory(empty)).toBe(empty);
    const twice = aWorld().with(first, first).inventory;
    expect(sortInventory(twice)).toBe(twice);
  });

  it("is put in order where its resources or what could not be described are in none", () => {
    const { resources, undescribed } = inOrder;
    expect(sortInventory({ ...inOrder, resources: resources.toReversed() })).toEqual(inOrder);
    expect(sortInventory({ ...inOrder, undescribed: undescribed.toReversed() })).toEqual(inOrder);
  });
});

describe("decisions", () => {
  const named = (id: typeof templates.id, phase: 1 | 2) => aRule(id, "auto-scaling-group", phase);

  it("come by phase, rule, region and resource, in whatever order rules and resources are", () => {
    const rules = [named("test.b", 1), named("test.c", 2), named("test.a", 2), named("test.d", 1)];
    const world = aWorld().with(aGroup({ name: "z" }), aGroup({ name: "a", region: secondary }), aGroup({ name: "b" }));
    const places = ["us-east-1 b", "us-east-1 z", "us-west-2 a"];
    const inOrder = ["test.b", "test.d", "test.a", "test.c"].flatMap((rule) => places.map((place) => `${rule} ${place}`));
    for (const all of [rules, rules.toReversed()])
      for (const each of [world, world.reversed()])
        expect(decideAll(all, each.facts(all)).map(({ rule, resource }) => `${rule} ${resource.region} ${resource.id}`)).toEqual(inOrder);
  });

  it("about parts of a resource come by part, after one about the whole of it", () => {
    const parts = ["b", undefined, "a"];
    const rule = aRule("test.parts", "dynamodb-table", 1, {
      decide: ({ inventory }) =>
        resourcesOf(inventory, "dynamodb-table").flatMap(({ ref }) =>
          parts.map((part) => sampleSkip({ rule: "test.parts", resource: ref, ...(part === undefined ? {} : { part }) })),
        ),
    });
    expect(decideAll([rule], aWorld().with(aTable()).facts(rule)).map(({ part }) => part)).toEqual([undefined, "a", "b"]);
  });
});

describe("keys of series", () => {
  it("are each asked for once, in one order", () => {
    const key = (id: string, statistic: "Maximum" | "Average" = "Maximum") => seriesKey(metrics.ec2Cpu, primary, { AutoScalingGroupName: id }, statistic, 3600);
    const inOrder = [key("a", "Average"), key("a"), key("b")].toSorted((one, other) => (seriesId(one) < seriesId(other) ? -1 : 1));
    expect(uniqueKeys([key("b"), key("a"), key("b"), key("a", "Average"), key("a")])).toEqual(inOrder);
    expect(uniqueKeys([key("a"), key("a", "Average"), key("b")])).toEqual(inOrder);
  });
});
