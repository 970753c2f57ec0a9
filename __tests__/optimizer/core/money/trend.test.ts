import { describe, expect, it } from "vitest";
import { type MonthlyCost, trendOf, trendSpan, wholeTrend } from "../../../../optimizer/core/money/trend.ts";

const ec2 = "Amazon Elastic Compute Cloud - Compute";
const rds = "Amazon Relational Database Service";

function month(text: string): number {
  return Date.parse(`${text}-01T00:00:00Z`);
}

function cost(of: string, amortizedUsd: number, service = ec2, region = "us-east-1"): MonthlyCost {
  return { monthStartMs: month(of), region, service, amortizedUsd };
}

/** A dollar an hour through the whole month: $730 a month of 730 hours, however long it is. */
function hourly(of: string, usd = 1): MonthlyCost {
  const [start, next] = [new Date(month(of)), new Date(month(of))];
  next.setUTCMonth(start.getUTCMonth() + 1);
  return cost(of, ((next.getTime() - start.getTime()) / 3_600_000) * usd);
}

describe("the months that are asked for", () => {
  it("are the twelve before the one that is not complete, and its days that are", () => {
    const span = trendSpan(Date.UTC(2026, 5, 18, 9));
    expect([span.startMs, span.endMs]).toEqual([Date.UTC(2025, 5, 1), Date.UTC(2026, 5, 17)]);
  });

  it("count a month as complete two days after its end, when Cost Explorer has its last day", () => {
    expect(trendSpan(Date.UTC(2026, 5, 1, 23)).endMs).toBe(Date.UTC(2026, 4, 31));
    expect(trendSpan(Date.UTC(2026, 5, 2)).endMs).toBe(Date.UTC(2026, 5, 1));
    expect(trendSpan(Date.UTC(2026, 5, 2)).startMs).toBe(Date.UTC(2025, 4, 1));
  });
});

describe("the trend", () => {
  const span = { startMs: month("2026-01"), endMs: Date.UTC(2026, 3, 11) };

  it("tells complete months apart from the running one, each as 730 hours, so that February is no cheaper month", () => {
    const trend = trendOf([hourly("2026-01"), hourly("2026-02"), hourly("2026-03"), cost("2026-04", 10 * 24 * 2)], span);
    expect(trend).toMatchObject({ months: ["2026-01", "2026-02", "2026-03"], running: { month: "2026-04", days: 10 } });
    const [service] = trend?.services ?? [];
    expect(service?.monthlyUsd.map(Math.round)).toEqual([730, 730, 730]);
    // $2 an hour for ten days: at this pace $1,460.
    expect(service?.runningMonthlyUsd).toBeCloseTo(1460);
    expect(service?.risingUsd).toBeCloseTo(0);
  });

  it("is the median of all pairs of months, which one odd month does not move", () => {
    // 100, 110, 500, 130: slopes 10, 200, 10 (from 100 to 130 in three), 390, 10, −370. In order −370, 10, 10, 10, 200, 390: the median is 10.
    const usd = [100, 110, 500, 130];
    const costs = usd.map((amount, at) => hourly(`2026-0${at + 1}`, amount / 730));
    expect(trendOf(costs, { startMs: month("2026-01"), endMs: month("2026-05") })?.services[0]?.risingUsd).toBeCloseTo(10);
  });

  it("is the median in whatever order its months rise and fall", () => {
    const median = (...usd: readonly number[]) =>
      trendOf(
        usd.map((amount, at) => hourly(`2026-0${at + 1}`, amount / 730)),
        { startMs: month("2026-01"), endMs: month(`2026-0${usd.length + 1}`) },
      )?.services[0]?.risingUsd;
    // Slopes −90, 45, 180, 100 ÷ 3, 95, 10: in order −90, 10, 33.3, 45, 95, 180.
    expect(median(100, 10, 190, 200)).toBeCloseTo((100 / 3 + 45) / 2);
    // Slopes 200, 40, −120: the middle one is 40.
    expect(median(100, 300, 180)).toBeCloseTo(40);
    expect(median(100, 40, 300)).toBeCloseTo(100);
  });

  it("leaves out the month in which the account began, where the span reaches further back", () => {
    const costs = [cost("2026-02", 3), hourly("2026-03")];
    expect(trendOf(costs, span)?.months).toEqual(["2026-03"]);
    expect(trendOf(costs, { ...span, startMs: month("2026-02") })?.months).toEqual(["2026-02", "2026-03"]);
  });

  it("has no rise of one month, and nothing to tell without a complete one", () => {
    expect(trendOf([cost("2026-02", 3), hourly("2026-03")], span)?.services[0]?.risingUsd).toBeNull();
    expect(trendOf([cost("2026-03", 3), cost("2026-04", 3)], span)).toBeNull();
    expect(trendOf([], span)).toBeNull();
  });

  it("is by service and region, the dearest of the last complete month first; what cost nothing is left out", () => {
    const costs = [hourly("2026-01"), hourly("2026-02"), hourly("2026-03")].flatMap((each) => [
      each,
      { ...each, service: rds, amortizedUsd: each.amortizedUsd * 3 },
      { ...each, region: "us-west-2", amortizedUsd: each.amortizedUsd * 2 },
      { ...each, service: "AWS Cost Explorer", amortizedUsd: 0 },
    ]);
    const trend = trendOf(costs, span);
    expect(trend?.services.map(({ region, service }) => `${region} ${service}`)).toEqual([`us-east-1 ${rds}`, `us-west-2 ${ec2}`, `us-east-1 ${ec2}`]);
    expect(trend === null ? [] : wholeTrend(trend).monthlyUsd.map(Math.round)).toEqual([4380, 4380, 4380]);
  });

  it("of an odd number of pairs is the middle one", () => {
    // 100, 110, 150: slopes 10, 25 (from 100 to 150 in two), 40.
    const costs = [100, 110, 150].map((amount, at) => hourly(`2026-0${at + 1}`, amount / 730));
    expect(trendOf(costs, { startMs: month("2026-01"), endMs: month("2026-04") })?.services[0]?.risingUsd).toBeCloseTo(25);
  });

  it("of the whole bill is the median of its own rises, which those of its services do not add up to", () => {
    const rising = [100, 110, 150].map((amount, at) => hourly(`2026-0${at + 1}`, amount / 730));
    const falling = [150, 140, 130].map((amount, at) => ({ ...hourly(`2026-0${at + 1}`, amount / 730), service: rds }));
    const trend = trendOf([...rising, ...falling], { startMs: month("2026-01"), endMs: month("2026-04") });
    // 250, 250, 280: slopes 0, 15, 30.
    expect(trend === null ? null : wholeTrend(trend).risingUsd).toBeCloseTo(15);
  });

  it("begins with the first month that cost something: one of credits or of nothing is before the account began", () => {
    for (const amortizedUsd of [0, -3]) {
      const costs = [cost("2026-01", amortizedUsd), cost("2026-02", 3), hourly("2026-03")];
      expect(trendOf(costs, span)?.months).toEqual(["2026-03"]);
    }
  });

  it("tells a service that began in the running month, with nothing before", () => {
    const trend = trendOf([hourly("2026-01"), hourly("2026-02"), hourly("2026-03"), cost("2026-04", 240, rds)], span);
    const began = trend?.services.find(({ service }) => service === rds);
    expect(began).toMatchObject({ monthlyUsd: [0, 0, 0], runningMonthlyUsd: expect.closeTo(730) });
  });

  it("adds up what is told of a service in parts, and orders what costs alike by region and name", () => {
    const parts = ["2026-01", "2026-02", "2026-03"].flatMap((of) => [hourly(of, 0.4), hourly(of, 0.6), { ...hourly(of), region: "eu-west-1" }]);
    for (const costs of [parts, parts.toReversed()])
      expect(trendOf(costs, span)?.services.map(({ region, monthlyUsd }) => [region, ...monthlyUsd.map(Math.round)])).toEqual([
        ["eu-west-1", 730, 730, 730],
        ["us-east-1", 730, 730, 730],
      ]);
  });

  it("counts a service that began later as nothing before", () => {
    const costs = [hourly("2026-01"), hourly("2026-02"), hourly("2026-03"), { ...hourly("2026-03"), service: rds }];
    expect(
      trendOf(costs, span)
        ?.services.find(({ service }) => service === rds)
        ?.monthlyUsd.map(Math.round),
    ).toEqual([0, 0, 730]);
  });

  it("has no running month where none of its days is complete", () => {
    const nothing = [cost("2026-01", 0, rds), cost("2026-02", 0, rds)];
    const trend = trendOf([hourly("2026-01"), hourly("2026-02"), ...nothing], { startMs: month("2026-01"), endMs: month("2026-03") });
    expect(trend?.running).toBeNull();
    expect(trend?.services.map(({ service, runningMonthlyUsd }) => [service, runningMonthlyUsd])).toEqual([[ec2, null]]);
  });
});
