import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { noPoints, type Observation, pointAt, seriesId, type SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import {
  added,
  combine,
  firstPoint,
  heldFor,
  lastPoint,
  mapped,
  readSeries,
  scale,
  scaleOwn,
  type Series,
  stillOf,
} from "../../../../optimizer/core/sizing/series.ts";

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

describe("two series", () => {
  const [a, b] = [of(1, 5, gap, 4), of(3, 2, 1, gap)];

  it.each<readonly [string, Parameters<typeof combine>[3], readonly number[]]>([
    ["their sum", added, [4, 7, gap, gap]],
    ["the larger of both", Math.max, [3, 5, gap, gap]],
    ["the smaller of both", Math.min, [1, 2, gap, gap]],
    ["any other way to join them", (one, other) => one * 10 + other, [13, 52, gap, gap]],
  ])("make %s point by point; a gap in either is a gap", (_, join, values) => {
    expect([...combine("both", a, b, join).values]).toEqual(values);
  });

  it("are one by all keys of both, whole where both are, and still where one is", () => {
    const other = { ...b, keys: [{ ...key, metric: "other" }] };
    expect(combine("both", a, other, added)).toMatchObject({ name: "both", keys: [key, other.keys[0]], periodSeconds: 3600, whole: true });
    expect(combine("both", a, other, added)).not.toHaveProperty("still");
    expect(combine("both", { ...a, whole: false }, b, added).whole).toBe(false);
    expect(combine("both", a, { ...b, whole: false }, added).whole).toBe(false);
    expect(combine("both", a, { ...b, still: "it stands still" }, added).still).toBe("it stands still");
    expect(stillOf([a, { ...b, still: "first" }, { ...b, still: "second" }])).toEqual({ still: "first" });
    expect(stillOf([a, b])).toEqual({});
  });
});

describe("a series of other units", () => {
  it("is another one, or itself where nobody else has it", () => {
    const series = of(1, gap, 3);
    expect(scale(series, 2)).toEqual({ ...series, values: Float64Array.of(2, gap, 6) });
    expect([...series.values]).toEqual([1, gap, 3]);
    expect(scaleOwn(series, 2)).toBe(series);
    expect([...series.values]).toEqual([2, gap, 6]);
    const nothing: Series = { ...of(), values: noPoints(3) };
    expect(scaleOwn(nothing, 2)).toBe(nothing);
    expect([...nothing.values]).toEqual([gap, gap, gap]);
  });

  it("is made by what becomes of each value and its place", () => {
    expect([...mapped(Float64Array.of(5, gap, 7), (value, period) => value + period)]).toEqual([5, gap, 9]);
  });
});

describe("values by the hour", () => {
  const finer = (periodSeconds: number, length: number): Series => ({ ...of(), periodSeconds, values: new Float64Array(length) });

  it("are held for each finer period, and are gaps beyond", () => {
    expect([...heldFor(Float64Array.of(1, 2), 3600, finer(1800, 5))]).toEqual([1, 1, 2, 2, gap]);
    expect([...heldFor(Float64Array.of(1, 2, 3), 3600, finer(1800, 3))]).toEqual([1, 1, 2]);
    expect([...heldFor(Float64Array.of(1, 2), 3600, finer(3600, 3))]).toEqual([1, 2, gap]);
    // A period that two hours share is the first's.
    expect([...heldFor(Float64Array.of(1, 2), 3600, finer(2400, 3))]).toEqual([1, 1, 2]);
    // One number for all time has no end.
    expect([...heldFor(Float64Array.of(7), Number.POSITIVE_INFINITY, finer(300, 3))]).toEqual([7, 7, 7]);
  });

  it("are the same array where the other is hourly, too", () => {
    const hourly = Float64Array.of(1, 2);
    expect(heldFor(hourly, 3600, finer(3600, 2))).toBe(hourly);
  });
});

describe("a series that is read of what was collected", () => {
  const baselineOf = (observation: Observation) => ({
    span: { startMs: 0, endMs: 3 * 3_600_000 },
    observations: new Map([[seriesId(observation.key), observation]]),
    metricRequests: 1,
  });

  it("is named by metric and statistic, and whole where AWS answered all of it", () => {
    const observation: Observation = { key, unit: "Percent", startMs: 0, values: Float64Array.of(1, 2, 3), status: "complete" };
    expect(readSeries(baselineOf(observation), key)).toEqual({
      name: "CPUUtilization Average",
      keys: [key],
      periodSeconds: 3600,
      values: observation.values,
      whole: true,
    });
    expect(readSeries(baselineOf({ ...observation, status: "partial" }), key).whole).toBe(false);
  });

  it("has as many gaps as the baseline has periods where nobody read it, whenever that begins", () => {
    const startMs = Date.UTC(2026, 3, 6);
    const read = readSeries({ span: { startMs, endMs: startMs + 5 * 3_600_000 }, observations: new Map(), metricRequests: 0 }, key);
    expect([...read.values]).toEqual([gap, gap, gap, gap, gap]);
  });

  it("is not whole where it stands still while requests vary, and says so", () => {
    const hours = 7 * 24;
    const told = (observed: SeriesKey, valueAt: (hour: number) => number): Observation => ({
      key: observed,
      unit: "Percent",
      startMs: 0,
      values: Float64Array.from({ length: hours }, (_, hour) => valueAt(hour)),
      status: "complete",
    });
    const cpu = seriesKey(metrics.rdsCpu, "us-east-1", { DBInstanceIdentifier: "db" }, "Average", 3600);
    const requests = seriesKey(metrics.balancerRequests, "us-east-1", { LoadBalancer: "app/web/1" }, "Sum", 3600);
    const read = (cpuAt: (hour: number) => number) =>
      readSeries(
        {
          span: { startMs: 0, endMs: hours * 3_600_000 },
          observations: new Map([told(cpu, cpuAt), told(requests, (hour) => 1000 * (1 + (hour % 24)))].map((each) => [seriesId(each.key), each])),
          metricRequests: 2,
        },
        cpu,
      );
    expect(read(() => 37.25)).toMatchObject({ whole: false, still: expect.stringContaining("CPUUtilization is 37.25 to the last digit") });
    expect(read((hour) => 30 + (hour % 7))).toMatchObject({ whole: true });
    expect(read((hour) => 30 + (hour % 7))).not.toHaveProperty("still");
  });
});
