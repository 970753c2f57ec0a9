import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { seriesId } from "../../../../optimizer/core/model/observation.ts";
import type { Evidence } from "../../../../optimizer/core/model/rule.ts";
import { conditionText, evidence, isBelowLimit } from "../../../../optimizer/core/sizing/evidence.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";

const keys = [seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "web" }, "Maximum", 3600)];
const series: Series = { name: "CPU", keys, periodSeconds: 3600, values: Float64Array.of(1, Number.NaN, 3, 4), whole: true };
const made = { series, statistic: "Maximum", unit: "Percent" } as const;

function figure(value: number, more: Partial<Evidence> = {}): Evidence {
  return { ...evidence("CPU", value, made), ...more };
}

describe("a figure", () => {
  it("says of which series it is, by period and completeness, and its limit and hour where it has any", () => {
    const plain = {
      name: "CPU",
      value: 4,
      unit: "Percent",
      statistic: "Maximum",
      periodSeconds: 3600,
      completeness: 0.75,
      series: keys.map(seriesId),
    };
    expect(evidence("CPU", 4, made)).toStrictEqual(plain);
    expect(evidence("CPU", 4, { ...made, limit: 40, atMs: 7 })).toStrictEqual({ ...plain, limit: 40, atMs: 7 });
  });

  it("meets a requirement strictly below its limit, and any without one", () => {
    expect([39.9, 40, 40.1].map((value) => isBelowLimit(figure(value, { limit: 40 })))).toEqual([true, false, false]);
    expect(isBelowLimit(figure(1e9))).toBe(true);
  });
});

describe("a condition in words", () => {
  it("names each figure that has a limit, to a tenth, with its unit", () => {
    const figures = [
      figure(51.24, { limit: 40 }),
      figure(3),
      figure(1234.56, { name: "requests", unit: "Count", statistic: "p95 of hourly maxima", limit: 1000 }),
    ];
    expect(conditionText(figures)).toBe("CPU 51.2 % (Maximum), must be below 40 %; requests 1234.6 (p95 of hourly maxima), must be below 1000");
    expect(conditionText([figure(3)])).toBe("");
  });
});
