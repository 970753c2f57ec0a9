import { describe, expect, it } from "vitest";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { type Estimate, p95, p995, type Quantity, type Reading, remembered } from "../../../../optimizer/core/sizing/estimate.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";

const baseline = { span: { startMs: 0, endMs: 0 }, observations: new Map(), metricRequests: 0 };
const facts = { baseline, policy: policySchema.parse({ completeness: { minShare: 0.9, minWholeDays: 2 } }) };

/** A series that is named by what was asked for; of 5 minutes there are so many days. */
function quantity(fineDays: number): Quantity {
  return (statistic, periodSeconds): Series => ({
    name: `${statistic} of ${periodSeconds}`,
    keys: [],
    periodSeconds,
    values: new Float64Array((periodSeconds === 300 ? fineDays : 14) * (86_400 / periodSeconds)),
    whole: true,
  });
}

function told({ series, quantile, statistic }: Estimate): readonly [string, number, string] {
  return [series.name, quantile, statistic];
}

describe("a figure of a baseline", () => {
  it.each<readonly [string, Reading, number, ReturnType<typeof told>, ReturnType<typeof told>]>([
    [
      "finer data, however it is read",
      "careful",
      2,
      ["Average of 300", 0.95, "p95 of 5-minute averages"],
      ["Maximum of 300", 0.995, "p99.5 of 5-minute maxima"],
    ],
    [
      "finer data, however hopefully",
      "hopeful",
      2,
      ["Average of 300", 0.95, "p95 of 5-minute averages"],
      ["Maximum of 300", 0.995, "p99.5 of 5-minute maxima"],
    ],
    [
      "hourly maxima where those are too few",
      "careful",
      1,
      ["Maximum of 3600", 0.95, "p95 of hourly maxima"],
      ["Maximum of 3600", 0.995, "p99.5 of hourly maxima"],
    ],
    [
      "hourly averages, read hopefully",
      "hopeful",
      1,
      ["Average of 3600", 0.95, "p95 of hourly averages"],
      ["Average of 3600", 0.995, "p99.5 of hourly averages"],
    ],
  ])("is made of %s", (_, reading, fineDays, usual, peak) => {
    expect(told(p95(facts, quantity(fineDays), reading))).toEqual(usual);
    expect(told(p995(facts, quantity(fineDays), reading))).toEqual(peak);
  });

  it("is made once at each resolution", () => {
    const asked: string[] = [];
    const known = remembered((statistic, periodSeconds) => {
      asked.push(`${statistic} of ${periodSeconds}`);
      return quantity(1)(statistic, periodSeconds);
    });
    const first = known("Average", 300);
    expect(known("Average", 300)).toBe(first);
    expect([known("Maximum", 300), known("Average", 3600)].map(({ name }) => name)).toEqual(["Maximum of 300", "Average of 3600"]);
    expect(asked).toEqual(["Average of 300", "Maximum of 300", "Average of 3600"]);
  });
});
