import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deployments, largeAccount } from "../../../../bench/planning/large-account.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { allSlotKeys, balancerSlotKeys } from "../../../../optimizer/core/metrics/balancer-slots.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import {
  billedForecast,
  billedMetrics,
  fillersOf,
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

function fine(count: number, ...statistics: readonly SeriesKey["statistic"][]): readonly SeriesKey[] {
  return Array.from({ length: count }, (_, at) =>
    statistics.map((statistic) => seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: `g${at}` }, statistic, 300)),
  ).flat();
}

function anyKeys(count: number, periodSeconds: number): readonly SeriesKey[] {
  return Array.from({ length: count }, (_, at) => seriesKey(metrics.s3Objects, "us-east-1", { BucketName: `b${at}` }, "Average", periodSeconds));
}

/** Each length divides the next: as many calls as all of a length and above need, counted in series of that length. */
function fewestOfWhole(keys: readonly SeriesKey[]): number {
  const needed = keys.map((key) => {
    const unit = pointsOf(key, span);
    const units = keys.map((each) => pointsOf(each, span)).filter((length) => length >= unit);
    return units.reduce((sum, length) => sum + length / unit, 0) / Math.floor(maxPointsPerCall / unit);
  });
  return Math.ceil(Math.max(0, ...needed));
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

  it("keep statistics of a metric together, which are billed as one", () => {
    const keys = asked(account.slice(0, 301));
    expect(billedForecast(keys, span)).toBe(billedMetrics(keys));
  });

  it("divide the statistics of a metric between calls only where that saves one", () => {
    const pairs = fine(10, "Average", "Maximum");
    expect(metricBatches(pairs, span)).toHaveLength(4);
    expect(billedForecast(pairs, span)).toBe(10 + 2);
  });

  it("are never more than whole series of 5 minutes, a quarter of an hour, an hour and a day need, whatever their numbers", () => {
    const counts = fc.tuple(...[300, 900, 3600, 86_400].map((period) => fc.tuple(fc.constant(period), fc.nat({ max: 60 }))));
    fc.assert(
      fc.property(counts, (of) => {
        const keys = of.flatMap(([period, count]) => anyKeys(count, period));
        const batches = metricBatches(keys, span);
        expect(batches.flat().map(seriesId).toSorted()).toEqual(keys.map(seriesId).toSorted());
        expect(Math.max(0, ...batches.map(pointsIn))).toBeLessThanOrEqual(maxPointsPerCall);
        expect(batches.length).toBe(fewestOfWhole(keys));
      }),
    );
  });

  it("leave room that hourly series fill: ten beside five of 5 minutes", () => {
    const hourly = anyKeys(40, 3600);
    expect(fillersOf(fine(5, "Average"), hourly, span)).toHaveLength(10);
    expect(fillersOf(fine(7, "Average"), hourly, span)).toHaveLength(10 + 30);
    expect(fillersOf([], hourly, span)).toEqual([]);
  });

  it("are no more when they are filled", () => {
    const keys = [...fine(13, "Average", "Maximum"), ...anyKeys(17, 3600)];
    const filled = [...keys, ...fillersOf(keys, asked(account.slice(0, 301)), span)];
    expect(filled.length).toBeGreaterThan(keys.length);
    expect(metricBatches(filled, span)).toHaveLength(metricBatches(keys, span).length);
  });
});
