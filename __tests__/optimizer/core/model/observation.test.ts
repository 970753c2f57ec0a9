import { expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { type Observation, pointAt, pointsOf, seriesId } from "../../../../optimizer/core/model/observation.ts";

it("of a series that was not asked for there is no point at all, and of another what AWS answered, gaps included", () => {
  const key = seriesKey(metrics.dynamoReads, "us-east-1", { TableName: "orders" }, "Sum", 3600);
  const values = Float64Array.of(1, Number.NaN);
  const answered: Observation = { key, unit: "Count", startMs: 0, values, status: "complete" };
  const baseline = { span: { startMs: 0, endMs: 7_200_000 }, observations: new Map([[seriesId(key), answered]]), metricRequests: 1 };
  expect(pointsOf(baseline, key)).toBe(values);
  expect(pointsOf(baseline, { ...key, statistic: "Average" })).toHaveLength(0);
});

it("a point outside of a series, or between two of its periods, is no number", () => {
  const values = Float64Array.of(3, 4);
  expect([0, 1].map((period) => pointAt(values, period))).toEqual([3, 4]);
  expect([-1, 2, 0.5, Number.NaN].map((period) => pointAt(values, period))).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});
