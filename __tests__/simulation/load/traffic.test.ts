import { describe, expect, it } from "vitest";
import type { ScenarioInput } from "../../../simulation/scenario/scenario.ts";
import { scenarioSchema } from "../../../simulation/scenario/schema.ts";
import { hashNormal, hashPoisson, normalQuantile, normalShare } from "../../../simulation/load/noise.ts";
import { tickAt } from "../../../simulation/load/tick.ts";
import { trafficOf, waveAt } from "../../../simulation/load/traffic.ts";

const region = "us-east-1";
const mondayMs = Date.UTC(2026, 5, 1);
const hourMs = 3_600_000;

function scenario(more: Partial<ScenarioInput> = {}, noiseSigma = 0) {
  return scenarioSchema.parse({
    regions: {
      [region]: {
        traffic: { peakRequestsPerSecond: 100, peakHourUtc: 12, nightShare: 0.4, weekendShare: 0.5, noiseSigma },
        application: { vcpuSecondsPerRequest: 0.01 },
      },
    },
    ...more,
  });
}

function at(hour: number, of = scenario()): number {
  return trafficOf(of, region)(tickAt(mondayMs + hour * hourMs));
}

describe("the wave", () => {
  const traffic = scenario().regions[region]?.traffic;

  it("peaks at its hour, is lowest twelve hours later, and is lower at the weekend", () => {
    if (traffic === undefined) throw new Error("the region has traffic");
    expect(waveAt(traffic, mondayMs + 12 * hourMs)).toBeCloseTo(1, 10);
    expect(waveAt(traffic, mondayMs + 24 * hourMs)).toBeCloseTo(0.4, 10);
    expect(waveAt(traffic, mondayMs + (5 * 24 + 12) * hourMs)).toBeCloseTo(0.5, 10);
  });
});

describe("traffic", () => {
  it("is the same for the same seed, asked in any order, and another for another seed", () => {
    const ticks = Array.from({ length: 100 }, (_, n) => tickAt(mondayMs) + n * 7);
    const draw = (seed: number, order: readonly number[]) => {
      const of = trafficOf(scenario({ seed }, 0.1), region);
      return new Map(order.map((tick) => [tick, of(tick)]));
    };
    expect(draw(1, ticks)).toEqual(new Map([...draw(1, [...ticks].reverse())].reverse()));
    expect(draw(1, ticks)).not.toEqual(draw(2, ticks));
  });

  it("varies by its sigma around the wave, hour after hour alike", () => {
    const noisy = trafficOf(scenario({}, 0.1), region);
    const calm = trafficOf(scenario(), region);
    const residuals = Array.from({ length: 12 * 24 * 60 }, (_, n) => Math.log(noisy(tickAt(mondayMs) + n) / calm(tickAt(mondayMs) + n)));
    const sigma = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length);
    expect(sigma).toBeGreaterThan(0.09);
    expect(sigma).toBeLessThan(0.11);
    const lagged = residuals.slice(1).reduce((sum, value, n) => sum + value * (residuals[n] ?? 0), 0) / residuals.length / sigma ** 2;
    expect(lagged).toBeGreaterThan(0.4);
  });

  it("follows a promotion with its ramps, by hours after the start or by the clock", () => {
    const hours = { region, start: 34, hours: 4, factor: 3, rampMinutes: 60 };
    const plain = at(36);
    expect(at(36, scenario({ promotions: [hours] })) / plain).toBeCloseTo(3, 10);
    expect(at(36, scenario({ promotions: [{ ...hours, start: "2026-06-02T10:00:00Z" }] })) / plain).toBeCloseTo(3, 10);
    expect(at(33.9, scenario({ promotions: [hours] }))).toBe(at(33.9));
    const rising = at(34.5, scenario({ promotions: [hours] })) / at(34.5);
    expect(rising).toBeGreaterThan(1.9);
    expect(rising).toBeLessThan(2.2);
    expect(at(38.1, scenario({ promotions: [hours] }))).toBe(at(38.1));
  });

  it("has bursts about as often as asked", () => {
    const bursty = scenario();
    const regions = {
      [region]: { ...bursty.regions[region], traffic: { ...bursty.regions[region]?.traffic, bursts: { perWeek: 2, factor: 2, minutes: 15 } } },
    };
    const of = trafficOf(scenarioSchema.parse({ regions }), region);
    const calm = trafficOf(bursty, region);
    const weeks = 50;
    const ticks = Array.from({ length: weeks * 7 * 288 }, (_, n) => tickAt(mondayMs) + n).filter((tick) => of(tick) > 1.5 * calm(tick));
    expect(ticks.length / 3 / weeks).toBeGreaterThan(1.4);
    expect(ticks.length / 3 / weeks).toBeLessThan(2.6);
  });

  it("is nothing in a region that the scenario does not name", () => {
    expect(trafficOf(scenario(), "eu-west-1")(tickAt(mondayMs))).toBe(0);
  });
});

describe("noise", () => {
  const draws = Array.from({ length: 20_000 }, (_, index) => index);

  it("is standard normal", () => {
    const values = draws.map((index) => hashNormal(3, 5, index));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it.each([0.3, 4, 200])("counts events with a mean and variance of %d", (expected) => {
    const counts = draws.map((index) => hashPoisson(expected, 3, 9, index));
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((sum, value) => sum + (value - mean) ** 2, 0) / counts.length;
    expect(mean / expected).toBeCloseTo(1, 1);
    expect(variance / expected).toBeGreaterThan(0.9);
    expect(variance / expected).toBeLessThan(1.1);
  });

  it("has a quantile that undoes the distribution", () => {
    for (const probability of [0.005, 0.1, 0.5, 0.9, 0.995]) expect(normalShare(normalQuantile(probability))).toBeCloseTo(probability, 3);
  });
});
