import { describe, expect, it } from "vitest";
import { baselineSpan, collectBaseline } from "../../../optimizer/app/collect-baseline.ts";
import { capacities } from "../../../contract/capacities.ts";
import { deployments, largeAccount, observe } from "../../../bench/planning/large-account.ts";
import { rules as allRules } from "../../../optimizer/core/levers/rules.ts";
import { maxPointsPerCall, metricBatches, pointsOf } from "../../../optimizer/core/metrics/metric-batches.ts";
import { CollectedSeries } from "../../../optimizer/core/model/collected-series.ts";
import { seriesId, type SeriesKey } from "../../../optimizer/core/model/observation.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { RuleFacts } from "../../../optimizer/core/model/rule.ts";
import { decideAll, sortInventory } from "../../../optimizer/core/planning/decide-all.ts";
import type { MetricReader } from "../../../optimizer/ports/metrics.ts";
import { account } from "../../support/account-of-every-rule.ts";
import { somePrices } from "../../support/some-prices.ts";
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

const span = baselineSpan(nowMs, defaultPolicy);
const budget = { maxUsd: Number.POSITIVE_INFINITY, costExplorerRequests: 0 };
const silent = { tell: () => undefined };

/** A reader of made-up figures that keeps what it was asked for at a time. */
function aReader(): MetricReader & { readonly asked: { readonly region: string; readonly keys: readonly SeriesKey[] }[] } {
  const asked: { readonly region: string; readonly keys: readonly SeriesKey[] }[] = [];
  return {
    asked,
    read: async (region, keys, over) => {
      asked.push({ region, keys });
      return keys.map((key) => observe(key, over));
    },
    requestsMade: () => 0,
  };
}

describe("the calls that a baseline takes", () => {
  const facts = { policy: defaultPolicy, capacities, prices: somePrices, ownerRegion: deployments.deployments[0]!.region };

  it.each([1, 2, 4, 9, 20, 45, 100, 300])(
    "are as few as their points allow, in each region, for %i resources",
    async (count) => {
      const reader = aReader();
      const inventory = sortInventory({ accountId: "123456789012", resources: largeAccount(count), undescribed: [], failedRegions: {} });
      await collectBaseline({ inventory, rules: allRules, facts, span, budget }, reader, silent);
      const calls = reader.asked.reduce((sum, { keys }) => sum + metricBatches(keys, span).length, 0);
      // A call is made in one region.
      const fewest = [...new Set(reader.asked.map(({ region }) => region))].map((region) => {
        const keys = reader.asked.filter((each) => each.region === region).flatMap((each) => each.keys);
        return Math.ceil(keys.reduce((sum, key) => sum + pointsOf(key, span), 0) / maxPointsPerCall);
      });
      expect(calls).toBeLessThanOrEqual(1.05 * fewest.reduce((sum, each) => sum + each, 0));
    },
    180_000,
  );

  it("read every series once, and what 5-minute ones leave room for together with them", async () => {
    const reader = aReader();
    const inventory = sortInventory({ accountId: "123456789012", resources: largeAccount(40), undescribed: [], failedRegions: {} });
    const { observations } = await collectBaseline({ inventory, rules: allRules, facts, span, budget }, reader, silent);
    const ids = reader.asked.flatMap(({ keys }) => keys.map(seriesId));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...observations.keys()].toSorted()).toEqual(ids.toSorted());
    const withFine = reader.asked.filter(({ keys }) => keys.some(({ periodSeconds }) => periodSeconds === 300));
    expect(withFine.flatMap(({ keys }) => keys.filter(({ periodSeconds }) => periodSeconds === 3600))).not.toEqual([]);
  });
});

describe("rules that look closer", () => {
  const world = account(35);
  const whole = world.facts(allRules);
  const { baseline: atOnce, ...facts } = whole;
  const demanded = (which: typeof allRules): readonly SeriesKey[] => which.flatMap((rule) => rule.demands(world.inventory, world.policy));
  const [closer, others] = [allRules.filter(({ looksCloser }) => looksCloser), allRules.filter(({ looksCloser }) => !looksCloser)];
  const baselineOf = (keys: readonly SeriesKey[]) => ({
    span: atOnce.span,
    observations: new CollectedSeries(world.observe(keys).map((one) => [seriesId(one.key), one])),
    metricRequests: 0,
  });

  it("miss nothing of what is read after they were asked", () => {
    const baseline = baselineOf(demanded(closer));
    const { missed } = baseline.observations.watch(() => closer.flatMap((rule) => rule.refinements({ ...facts, baseline })));
    const later = demanded(others).map(seriesId);
    expect(missed.size).toBeGreaterThan(0);
    expect(later.filter((id) => missed.has(id))).toEqual([]);
  });

  it("are all that ask for series of 5 minutes", () => {
    const baseline = baselineOf(demanded(allRules));
    const refined = others.flatMap((rule) => rule.refinements({ ...facts, baseline }));
    expect(refined.filter(({ periodSeconds }) => periodSeconds < 3600)).toEqual([]);
  });

  it("decide the same as if everything were read at once", async () => {
    const baseline = await collectBaseline(
      { inventory: world.inventory, rules: allRules, facts, span: atOnce.span, budget },
      { read: async (_region, keys) => world.observe(keys), requestsMade: () => 0 },
      silent,
    );
    expect([...baseline.observations.keys()].toSorted()).toEqual([...atOnce.observations.keys()].toSorted());
    expect(decideAll(allRules, { ...whole, baseline })).toEqual(decideAll(allRules, whole));
  });
});
