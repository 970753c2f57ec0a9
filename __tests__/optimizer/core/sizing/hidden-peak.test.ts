import { describe, expect, it } from "vitest";
import { metrics, type Metric, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { type Observation, seriesId, type Statistic } from "../../../../optimizer/core/model/observation.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { hiddenPeak } from "../../../../optimizer/core/sizing/hidden-peak.ts";
import type { OtherSize } from "../../../../optimizer/core/sizing/sizes-before.ts";

const hourMs = 3_600_000;
const hours = 28 * 24;
const span = { startMs: Date.UTC(2026, 3, 6), endMs: Date.UTC(2026, 3, 6) + hours * hourMs };
/** The last hours of all. */
const isLast = (hour: number): boolean => hour >= hours - 3;

function observed(metric: Metric, statistic: Statistic, periodSeconds: number, valueAt: (hour: number) => number): Observation {
  const values = Float64Array.from({ length: (hours * 3600) / periodSeconds }, (_, period) => valueAt((period * periodSeconds) / 3600));
  const key = seriesKey(metric, "us-east-1", { Of: "it" }, statistic, periodSeconds);
  return { key, unit: metric.unit, startMs: span.startMs, values, status: "complete" };
}

const moving = (hour: number): number => 20 + 5 * Math.sin(hour);
const whole = observed(metrics.ec2Cpu, "Maximum", 3600, moving);
const gap = observed(metrics.ec2Cpu, "Maximum", 3600, (hour) => (isLast(hour) ? Number.NaN : moving(hour)));
const requests = (valueAt: (hour: number) => number, periodSeconds = 900) => observed(metrics.balancerRequests, "Sum", periodSeconds, valueAt);
const closing = (hour: number): number => (isLast(hour) ? 250 : 100) + Math.sin(hour);

function hidden(observations: readonly Observation[], otherSizes: readonly OtherSize[] = []): string | undefined {
  const baseline = { span, observations: new Map(observations.map((one) => [seriesId(one.key), one])), metricRequests: 0 };
  return hiddenPeak({ baseline, policy: defaultPolicy }, { keys: observations.map(({ key }) => key), otherSizes });
}

describe("the worst hour of a resource", () => {
  it("is known where each hour that more is asked in has its points", () => {
    expect(hidden([whole, requests(closing)])).toBeUndefined();
    expect(hidden([gap, requests(() => 100)])).toBeUndefined();
  });

  it("is hidden where a figure has no point just then", () => {
    expect(hidden([gap, requests(closing)])).toMatch(
      /^CPUUtilization Maximum of it has no point at .+, when RequestCount Sum of it was 2\d\d[.\d]* % of the most/,
    );
  });

  it("is hidden where all other hours had no request at all: they are no measure of it", () => {
    expect(hidden([gap, requests((hour) => (isLast(hour) ? 100 : 0))])).toContain("RequestCount Sum of it was");
  });

  it("is not told by the day: a whole day's requests say nothing of one of its hours", () => {
    expect(hidden([gap, requests((hour) => (hour >= hours - 24 ? 1000 : 100), 24 * 3600)])).toBeUndefined();
  });

  it.each<readonly [string, OtherSize]>([
    ["until an hour", { size: "m5.large", fromMs: null, untilMs: span.startMs + 3 * hourMs }],
    ["from an hour on, without an end that anybody knows", { size: "m5.large", fromMs: span.endMs - 3 * hourMs, untilMs: null }],
    ["from one hour until another", { size: "m5.large", fromMs: span.endMs - 3 * hourMs, untilMs: span.endMs }],
  ])("is hidden by what was of another size %s, where most requests came then", (_, other) => {
    const isThen = (hour: number): boolean => (other.fromMs === null ? hour < 3 : isLast(hour));
    const busy = requests((hour) => (isThen(hour) ? 250 : 100) + Math.sin(hour));
    expect(hidden([whole, busy], [other])).toContain("figures of another size do not count");
    expect(hidden([whole, requests(() => 100)], [other])).toBeUndefined();
  });
});
