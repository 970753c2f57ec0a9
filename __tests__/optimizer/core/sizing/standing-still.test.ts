import { describe, expect, it } from "vitest";
import { metrics, type Metric, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { type Observation, seriesId, type Statistic } from "../../../../optimizer/core/model/observation.ts";
import { standingStill } from "../../../../optimizer/core/sizing/standing-still.ts";

const startMs = Date.UTC(2026, 3, 6);
const hours = 14 * 24;

interface Told {
  readonly metric?: Metric;
  readonly statistic?: Statistic;
  readonly periodSeconds?: number;
}

function observed(valueAt: (hour: number) => number, { metric = metrics.rdsCpu, statistic = "Average", periodSeconds = 3600 }: Told = {}): Observation {
  const perHour = 3600 / periodSeconds;
  const values = Float64Array.from({ length: hours * perHour }, (_, period) => valueAt(period / perHour));
  return { key: seriesKey(metric, "us-east-1", { Of: "it" }, statistic, periodSeconds), unit: metric.unit, startMs, values, status: "complete" };
}

const moving = (hour: number): number => 30 + Math.sin(hour);
/** Moves, but for the hours from `from` on. */
const still =
  (from: number, hoursLong: number, value = 37.25) =>
  (hour: number): number =>
    hour >= from && hour < from + hoursLong ? value : moving(hour);
const requestsByDay = observed((hour) => 1000 * (1 + (Math.floor(hour) % 24)), { metric: metrics.balancerRequests, statistic: "Sum", periodSeconds: 900 });

function saidOf(observation: Observation, ...others: readonly Observation[]): string | undefined {
  return standingStill({ observations: new Map([observation, ...others].map((one) => [seriesId(one.key), one])) }, observation);
}

describe("a series", () => {
  it("that moves with each hour measures something", () => {
    expect(saidOf(observed(moving), requestsByDay)).toBeUndefined();
  });

  it("of the same figure for two days, wherever they lie, measures nothing: value, hours and day are told", () => {
    for (const from of [0, 1, 100, hours - 48]) {
      const day = new Date(startMs + from * 3_600_000).toISOString().slice(0, 10);
      expect(saidOf(observed(still(from, 48)), requestsByDay)).toContain(`CPUUtilization is 37.25 to the last digit for 48 hours from ${day}`);
    }
  });

  it("of the same figure for just two days is found wherever they begin", () => {
    for (let from = 0; from <= hours - 48; from++) expect(saidOf(observed(still(from, 48)), requestsByDay), `from hour ${from} on`).toContain("for 48 hours");
  });

  it("of the same figure for an hour less than two days is believed", () => {
    for (const from of [0, 1, 100, hours - 47]) expect(saidOf(observed(still(from, 47)), requestsByDay)).toBeUndefined();
  });

  it("is looked at as long in time where its points are five minutes apart", () => {
    const fine = { periodSeconds: 300 } as const;
    expect(saidOf(observed(still(20, 48), fine), requestsByDay)).toContain("for 48 hours");
    expect(saidOf(observed(still(20, 47), fine), requestsByDay)).toBeUndefined();
  });

  it("stands still only beside requests that vary in just that time, in its region", () => {
    const flat = observed((hour) => (hour >= 60 && hour < 160 ? 1000 : 1000 * (1 + (Math.floor(hour) % 24))), {
      metric: metrics.balancerRequests,
      statistic: "Sum",
      periodSeconds: 900,
    });
    expect(saidOf(observed(still(80, 60)))).toBeUndefined();
    expect(saidOf(observed(still(80, 60)), flat)).toBeUndefined();
    expect(saidOf(observed(still(180, 60)), flat)).toBeDefined();
    const elsewhere = { ...requestsByDay, key: { ...requestsByDay.key, region: "us-west-2" } };
    expect(saidOf(observed(still(80, 60)), elsewhere)).toBeUndefined();
    // By requests that are told, of that time alone: neither a gap among them, nor what came right before or after it, tells anything.
    const asked = (hour: number) => (hour === 79.75 || hour === 140 ? 9000 : 1000);
    const around = (valueAt: (hour: number) => number) => observed(valueAt, { metric: metrics.balancerRequests, statistic: "Sum", periodSeconds: 900 });
    expect(saidOf(observed(still(80, 60)), around(asked))).toBeUndefined();
    expect(
      saidOf(
        observed(still(80, 60)),
        around((hour) => (hour === 139.75 ? 9000 : 1000)),
      ),
    ).toBeDefined();
    expect(
      saidOf(
        observed(still(80, 60)),
        around((hour) => (hour === 100 ? Number.NaN : hour === 110 ? 9000 : 1000)),
      ),
    ).toBeDefined();
    const silent = observed(() => Number.NaN, { metric: metrics.balancerRequests, statistic: "Sum", periodSeconds: 900 });
    expect(saidOf(observed(still(80, 60)), silent)).toBeUndefined();
  });

  it("stands still at each of its times: a longer one while requests are the same, or of a bound, hides none beside it", () => {
    const quiet = (hour: number) => (hour >= 150 && hour < 300 ? 1000 : 1000 * (1 + (Math.floor(hour) % 24)));
    const requests = observed(quiet, { metric: metrics.balancerRequests, statistic: "Sum", periodSeconds: 900 });
    for (const longer of [37.25, 0, 100]) {
      const twice = (hour: number) => (hour < 150 ? still(20, 60, 41.5)(hour) : still(160, 100, longer)(hour));
      expect(saidOf(observed(twice), requests)).toContain("CPUUtilization is 41.5 to the last digit for 60 hours");
    }
    const both = (hour: number) => (hour < 150 ? still(20, 60, 41.5)(hour) : still(160, 100)(hour));
    expect(saidOf(observed(both), requestsByDay)).toContain("CPUUtilization is 37.25 to the last digit for 100 hours");
  });

  it("of nothing at all, of all there is, or without points, is no such case", () => {
    expect(saidOf(observed(still(80, 60, 0), { metric: metrics.rdsReadIops }), requestsByDay)).toBeUndefined();
    expect(saidOf(observed(still(80, 60, 100)), requestsByDay)).toBeUndefined();
    expect(saidOf(observed(still(80, 60, 100), { metric: metrics.rdsWriteIops }), requestsByDay)).toBeDefined();
    expect(
      saidOf(
        observed(() => Number.NaN),
        requestsByDay,
      ),
    ).toBeUndefined();
  });

  it("of hourly maxima is judged by the averages of the same samples, and by itself where nobody asked for those", () => {
    const maxima = observed(still(80, 60), { statistic: "Maximum" });
    expect(saidOf(maxima, observed(moving), requestsByDay)).toBeUndefined();
    expect(saidOf(maxima, observed(still(80, 60)), requestsByDay)).toBeDefined();
    expect(saidOf(maxima, requestsByDay)).toBeDefined();
    expect(saidOf(observed(still(80, 60), { statistic: "SampleCount" }), requestsByDay)).toBeUndefined();
  });

  it.each([
    "rdsConnections",
    "redisConnections",
    "redisMemory",
    "auroraServerlessCapacity",
    "auroraReplicaLag",
    "groupInService",
    "dynamoProvisionedReads",
  ] as const)("of what may rightly stand still is believed: %s", (name) => {
    expect(saidOf(observed(still(0, hours), { metric: metrics[name] }), requestsByDay)).toBeUndefined();
  });
});
