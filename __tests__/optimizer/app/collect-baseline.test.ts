import { describe, expect, it } from "vitest";
import { baselineSpan, collectBaseline } from "../../../optimizer/app/collect-baseline.ts";
import type { RuleFacts } from "../../../optimizer/core/model/rule.ts";
import { aRule } from "../../support/small-rules.ts";
import { aTable, aWorld } from "../../support/world.ts";

const nowMs = Date.UTC(2026, 5, 5, 0, 20);

describe("collecting the baseline", () => {
  it("asks all rules by the same facts which finer series they want, so that rules on one kind of resource study each resource once", async () => {
    const world = aWorld().with(aTable());
    const given: RuleFacts[] = [];
    const refinements = (facts: RuleFacts): readonly never[] => {
      given.push(facts);
      return [];
    };
    const rules = (["x.first", "x.second", "x.third"] as const).map((id) => aRule(id, "dynamodb-table", 1, { refinements }));
    const { inventory: _inventory, baseline: _baseline, ...facts } = world.facts([]);
    await collectBaseline(
      { inventory: world.inventory, rules, facts, span: baselineSpan(nowMs, world.policy), budget: { maxUsd: 1, costExplorerRequests: 0 } },
      { read: async (_region, keys) => world.observe(keys), requestsMade: () => 0 },
      { tell: () => undefined },
    );
    expect(given).toHaveLength(3);
    expect(new Set(given).size).toBe(1);
  });
});
