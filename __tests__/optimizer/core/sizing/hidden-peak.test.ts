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

  it("is told by the figure, the hour and how much more was asked in it", () => {
    const peakAt = (high: number) => requests((hour) => (hour >= hours - 2 && hour < hours - 1 ? high : 100), 3600);
    expect(hidden([gap, peakAt(250)])).toBe(
      "CPUUtilization Maximum of it has no point at 2026-05-03 22:00 UTC, when RequestCount Sum of it was 250 % of the most in any hour of which it has: what such an hour asks for is not known",
    );
    const other = { size: "m5.large", fromMs: span.endMs - 2 * hourMs, untilMs: span.endMs - hourMs };
    expect(hidden([whole, peakAt(250)], [other])).toBe(
      "figures of another size do not count at 2026-05-03 22:00 UTC, when RequestCount Sum of it was 250 % of the most in any hour of which they do: what such an hour asks for is not known",
    );
  });

  it("is not hidden by what the room above the worst hour would hold: 10 ÷ 9 of the most, and no more", () => {
    const peak = (share: number) => requests((hour) => (isLast(hour) ? 90 * share : 90));
    expect(hidden([gap, peak(100 / 90)])).toBeUndefined();
    expect(hidden([gap, peak(101 / 90)])).toBeDefined();
  });

  it.each<readonly [string, Observation]>([
    ["a series of five minutes", observed(metrics.ec2Cpu, "Maximum", 300, (hour) => (isLast(hour) ? Number.NaN : moving(hour)))],
    ["what load does not move", observed(metrics.auroraReplicaLag, "Maximum", 3600, (hour) => (isLast(hour) ? Number.NaN : moving(hour)))],
    [
      "what is too incomplete for any verdict",
      observed(metrics.ec2Cpu, "Maximum", 3600, (hour) => (isLast(hour) || hour % 5 === 0 ? Number.NaN : moving(hour))),
    ],
  ])("is not hidden by a gap in %s", (_, incomplete) => {
    expect(hidden([incomplete, requests(closing)])).toBeUndefined();
  });

  it("is told by what tells load alone", () => {
    const lag = observed(metrics.auroraReplicaLag, "Maximum", 3600, closing);
    expect(hidden([gap, lag])).toBeUndefined();
    const network = observed(metrics.ec2NetworkIn, "Maximum", 3600, closing);
    expect(hidden([gap, network])).toContain("when NetworkIn Maximum of it was");
    // Of another size, so were its own figures.
    expect(hidden([whole, network], [{ size: "m5.large", fromMs: span.endMs - 3 * hourMs, untilMs: null }])).toBeUndefined();
  });

  it("is hidden by either of several sizes, in whole hours, and by none that had more hours than a verdict can do without", () => {
    const first = { size: "m5.large", fromMs: null, untilMs: span.startMs + 2 * hourMs };
    const last = { size: "m5.large", fromMs: span.endMs - hourMs / 2, untilMs: null };
    const peakIn = (from: number) => requests((hour) => (hour >= from && hour < from + 1 ? 250 : 100));
    const isHidden = (from: number) => hidden([whole, peakIn(from)], [first, last]) !== undefined;
    expect([0, 1, 2, hours - 2, hours - 1].map(isHidden)).toEqual([true, true, false, false, true]);
    const until = (share: number) => ({ size: "m5.large", fromMs: null, untilMs: span.startMs + Math.floor(hours * share) * hourMs });
    expect(hidden([whole, peakIn(0)], [until(0.09)])).toBeDefined();
    expect(hidden([whole, peakIn(0)], [until(0.11)])).toBeUndefined();
  });

  it("is hidden where all other hours had no request at all: they are no measure of it", () => {
    expect(hidden([gap, requests((hour) => (isLast(hour) ? 100 : 0))])).toContain("RequestCount Sum of it was");
  });

  it("is not told by the day: a whole day's requests say nothing of one of its hours", () => {
    const isLastDay = (hour: number): boolean => hour >= hours - 24;
    const wholeDay = observed(metrics.ec2Cpu, "Maximum", 3600, (hour) => (isLastDay(hour) ? Number.NaN : moving(hour)));
    for (const incomplete of [gap, wholeDay]) expect(hidden([incomplete, requests((hour) => (isLastDay(hour) ? 1000 : 100), 24 * 3600)])).toBeUndefined();
    expect(hidden([wholeDay, requests((hour) => (isLastDay(hour) ? 1000 : 100))])).toBeDefined();
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
