import { describe, expect, it } from "vitest";
import { deployments, largeAccount } from "../../../../bench/planning/large-account.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { allSlotKeys, balancerSlotKeys } from "../../../../optimizer/core/metrics/balancer-slots.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import {
  billedForecast,
  billedMetrics,
  maxPointsPerCall,
  maxSeriesPerCall,
  metricBatches,
  pointsOf,
} from "../../../../optimizer/core/metrics/metric-batches.ts";
import { type SeriesKey, seriesId, type Span } from "../../../../optimizer/core/model/observation.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { uniqueKeys } from "../../../../optimizer/core/planning/decide-all.ts";

const span: Span = { startMs: 0, endMs: 60 * 24 * 3_600_000 };

/** What a plan asks of one region: everything hourly, and the load balancers' slots. */
function asked(resources: readonly Resource[]): readonly SeriesKey[] {
  const inventory = { accountId: "123456789012", resources, undescribed: [], failedRegions: {} };
  const slots = resources.flatMap((resource) => (resource.kind === "load-balancer" ? allSlotKeys(balancerSlotKeys(resource, 900)) : []));
  return uniqueKeys([...rules.flatMap((rule) => rule.demands(inventory, defaultPolicy)), ...slots]);
}

function pointsIn(keys: readonly SeriesKey[]): number {
  return keys.reduce((sum, key) => sum + pointsOf(key, span), 0);
}

describe("calls of GetMetricData", () => {
  const region = deployments.deployments[0]!.region;
  const account = largeAccount(2000).filter(({ ref }) => ref.region === region);

  it.each([1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 1000])("are as few as the points allow, for %i resources", (count) => {
    const keys = asked(account.slice(0, count + 1));
    expect(metricBatches(keys, span).length).toBeLessThanOrEqual(1.05 * Math.ceil(pointsIn(keys) / maxPointsPerCall));
  });

  it("ask for everything once, within both limits", () => {
    const keys = [
      ...asked(account.slice(0, 300)),
      ...Array.from({ length: 900 }, (_, at) => seriesKey(metrics.s3Objects, region, { BucketName: `b${at}` }, "Average", 86_400)),
    ];
    const batches = metricBatches([...keys, ...keys.slice(0, 10)], span);
    expect(batches.flat().map(seriesId).toSorted()).toEqual(keys.map(seriesId).toSorted());
    expect(Math.max(...batches.map(pointsIn))).toBeLessThanOrEqual(maxPointsPerCall);
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(maxSeriesPerCall);
  });

  it("keep statistics of a metric together, which are billed as one: a call more of them at the most for each call", () => {
    const keys = asked(account.slice(0, 301));
    const batches = metricBatches(keys, span);
    expect(billedForecast(keys, span)).toBeLessThanOrEqual(billedMetrics(keys) + batches.length);
  });
});
