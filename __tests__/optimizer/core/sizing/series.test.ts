import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { noPoints, type Observation, pointAt, seriesId } from "../../../../optimizer/core/model/observation.ts";
import { completenessOf, shareFound } from "../../../../optimizer/core/sizing/completeness.ts";
import { combine, firstPoint, lastPoint, readSeries, scale, type Series } from "../../../../optimizer/core/sizing/series.ts";

const key = seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "g" }, "Average", 3600);
const of = (...values: number[]): Series => ({ name: "s", keys: [key], periodSeconds: 3600, values: Float64Array.from(values), whole: true });
const gap = Number.NaN;

describe("a series of gaps alone", () => {
  const nothing: Series = { ...of(), values: noPoints(3) };

  it("makes gaps of whatever it is put together with, and takes no room for it", () => {
    for (const made of [combine("both", nothing, of(1, 2, 3), Math.max), combine("both", of(1, 2, 3), nothing, Math.max), scale(nothing, 2)]) {
      expect(made.values).toBe(nothing.values);
    }
    expect([...nothing.values]).toEqual([gap, gap, gap]);
  });

  it("is what a series that nobody read has", () => {
    const read = readSeries({ span: { startMs: 0, endMs: 3 * 3_600_000 }, observations: new Map(), metricRequests: 0 }, key);
    expect(read).toMatchObject({ whole: false, values: nothing.values });
  });

  it("has no point to begin or end with, as any other array of gaps has none", () => {
    for (const values of [nothing.values, Float64Array.of(gap, gap), new Float64Array()]) expect([firstPoint(values), lastPoint(values)]).toEqual([-1, -1]);
    expect([firstPoint(Float64Array.of(gap, 1, gap, 2, gap)), lastPoint(Float64Array.of(gap, 1, gap, 2, gap))]).toEqual([1, 3]);
  });
});

describe("a point of a series", () => {
  it("is a gap outside of it", () => {
    expect([-1, 0, 1, 2].map((period) => pointAt(Float64Array.of(7, 8), period))).toEqual([gap, 7, 8, gap]);
  });
});

describe("a series that was read", () => {
  it("is taken as it was read where nothing could witness for its gaps", () => {
    const observation: Observation = { key, unit: "Percent", startMs: 0, values: Float64Array.of(1, gap, 3), status: "complete" };
    const baseline = { span: { startMs: 0, endMs: 1 }, observations: new Map([[seriesId(key), observation]]), metricRequests: 1 };
    expect(readSeries(baseline, key).values).toBe(observation.values);
  });
});

describe("completeness", () => {
  const hours = (found: number, all = 24): readonly number[] => Array.from({ length: all }, (_, hour) => (hour < found ? 1 : gap));

  it("counts days back from the end that have their share, and no part of a day", () => {
    const series = of(...hours(5, 5), ...hours(24), ...hours(12), ...hours(22));
    expect(completenessOf(series, 0.9)).toEqual({ share: (5 + 24 + 12 + 22) / 77, wholeDays: 2 });
    expect(completenessOf(series, 0.5).wholeDays).toBe(3);
  });

  it("is nothing of nothing", () => {
    expect(completenessOf(of(), 0)).toEqual({ share: 0, wholeDays: 0 });
    expect(completenessOf({ ...of(), values: noPoints(48) }, 0.5)).toEqual({ share: 0, wholeDays: 0 });
    expect(shareFound(of())).toBe(0);
  });
});
