import { describe, expect, it } from "vitest";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Decision } from "../../../../optimizer/core/model/rule.ts";
import { resourcesOf } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
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
