/** Loads that began to grow, or went up, within the last days before a plan. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growthOf } from "../../../../optimizer/core/sizing/growth.ts";
import { hashNormal } from "../../../../simulation/load/noise.ts";

const days = 60;
const hours = days * 24;
/** 1 at the busiest hour of a weekday, with nights and weekends; the baseline ends on the given day of the week. */
const wave = (hour: number, endsOn = 0): number => {
  const ofWeek = (hour + endsOn * 24) % 168;
  return (0.65 + 0.35 * Math.cos(((hour % 24) / 24) * 2 * Math.PI)) * (ofWeek >= 120 ? 0.6 : 1);
};
interface Made {
  readonly sigma?: number;
  readonly seed?: number;
  readonly endsOn?: number;
}
/** A load with noise of so much in each hour, as a logarithm. */
const made = (level: (day: number, hour: number) => number, { sigma = 0.03, seed = 1, endsOn = 0 }: Made = {}): Float64Array =>
  Float64Array.from({ length: hours }, (_, hour) => wave(hour, endsOn) * Math.exp(sigma * hashNormal(seed, 1, hour)) * level(hour / 24, hour));
/** The day that many days before the end. */
const back = (count: number): number => days - count;
/** Exponential growth since so many days before the end. */
const grows = (daily: number, since: number) => (day: number) => daily ** Math.max(0, day - back(since));
/** What an hour so many days before the end counts as, two weeks on. */
const times = (load: Float64Array, daysBack = 0): number => growthOf(load)?.factors[load.length - 1 - daysBack * 24] ?? 1;

describe("growth that began within the last week", () => {
  it.each([3, 4, 5, 6, 7].flatMap((since) => [1.05, 1.08, 1.12].flatMap((daily) => [0, 3, 6].map((endsOn) => [since, daily, endsOn] as const))))(
    "since %d days, by %d times a day, before a plan on day %d of the week is told, as it goes on for two weeks",
    (since, daily, endsOn) => {
      const load = made(grows(daily, since), { endsOn });
      for (const [daysBack, until] of [
        [0, 14],
        [since + 0.5, 14 + since],
        [30, 14 + since],
      ] as const) {
        expect(times(load, daysBack)).toBeGreaterThan(0.8 * daily ** until);
        expect(times(load, daysBack)).toBeLessThan(1.3 * daily ** until);
      }
    },
  );

  it.each([
    [2.5, 1.08],
    [2.5, 1.15],
    [2.2, 1.15],
  ])("since %d days, by %d times a day, is told by two days alone, as at least half of it", (since, daily) => {
    for (const endsOn of [0, 1, 2, 3, 4, 5, 6]) expect(times(made(grows(daily, since), { endsOn }))).toBeGreaterThan(daily ** 7);
  });

  it.each([4, 5, 6, 7])("since %d days, of three percent of what was there a day, is told", (since) => {
    const load = made((day) => 1 + 0.03 * Math.max(0, day - back(since)), { sigma: 0.02 });
    expect(times(load)).toBeGreaterThan((0.85 * (1 + 0.03 * (since + 14))) / (1 + 0.03 * since));
  });

  it("says by how much a day", () => {
    expect(growthOf(made(grows(1.06, 5), { sigma: 0 }))?.words).toBe("it has begun to grow, by 6 % a day");
  });

  it("is seen through gaps, and through a sale of three days three weeks ago", () => {
    const load = made((day) => grows(1.08, 5)(day) * (day >= back(24) && day < back(21) ? 3 : 1));
    expect(times(load)).toBeGreaterThan(0.8 * 1.08 ** 14);
    expect(times(load.map((value, hour) => (hour % 5 === 2 ? Number.NaN : value)))).toBeGreaterThan(0.8 * 1.08 ** 14);
  });

  it("counts on top of growth that was there before, where it is faster", () => {
    const load = made((day) => 1.003 ** day * grows(1.08, 5)(day));
    expect(times(load)).toBeGreaterThan(0.8 * 1.08 ** 14);
  });

  it("is told alike at each hour of planning", () => {
    const load = made(grows(1.08, 6));
    for (let earlier = 0; earlier < 24; earlier++) {
      const planned = load.slice(0, hours - earlier);
      expect(times(planned) / 1.08 ** 14).toBeGreaterThan(0.8);
      expect(times(planned) / 1.08 ** 14).toBeLessThan(1.3);
    }
  });

  it("never counts for less where it is faster", () => {
    for (const since of [3, 4, 5, 6, 7]) {
      const told = Array.from({ length: 30 }, (_, step) => times(made(grows(1 + step / 200, since))));
      expect(told).toEqual(told.toSorted((a, b) => a - b));
    }
  });

  it("is the same whatever the unit", () => {
    const load = made(grows(1.07, 4));
    const plain = growthOf(load)?.factors ?? new Float64Array();
    expect(plain).toHaveLength(hours);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (unit) => {
        const scaled = growthOf(load.map((value) => value * unit))?.factors ?? new Float64Array();
        expect(scaled.every((factor, hour) => Math.abs(factor - (plain[hour] ?? Number.NaN)) < 1e-6)).toBe(true);
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

/** By how much the last day of a month is above the others, and the days before it. */
const monthsEnd = (day: number, ends: readonly number[]): number => Math.max(1, ...ends.map((end) => (day < end ? 1.4 - 0.1 * Math.floor(end - day) : 1)));

describe("growth is not told of", () => {
  it.each<readonly [string, Float64Array]>([
    ["one busy day alone, the last one", made((day) => (day >= back(1) ? 1.6 : 1))],
    ["one busy day alone, the last but one", made((day) => (day >= back(2) && day < back(1) ? 1.6 : 1))],
    ["two busy days, the last ones", made((day) => (day >= back(2) ? 1.6 : 1))],
    ["a busy day and a half, the last ones", made((day) => (day >= back(1.5) ? 1.6 : 1))],
    ["a busy hour of each of the last days, each higher", made((day, hour) => (day >= back(4) && hour % 24 === 9 ? 1 + (day - back(4)) : 1))],
    ["a weekend as it always is", made((_, hour) => 1 / wave(hour, 0) / (hour % 168 >= 120 ? 0.5 : 1))],
    ["a week that gets busier until its end, each week", made((day) => 1 + 0.1 * Math.floor((day + 3) % 7))],
    ["holidays a week ago, from which the load comes back", made((day) => (day < back(8) ? 1 : Math.min(1, 0.5 + 0.08 * (day - back(8)))))],
    ["a month's end as that of the month before", made((day) => monthsEnd(day, [back(30), days]))],
    ["a leak that starts anew every eleven days", made((day) => 1 + ((day + 6) % 11) / 15)],
    ["a rise that ended three days ago", made((day) => 1 + 0.4 * Math.min(1, Math.max(0, (day - back(7)) / 4)), { sigma: 0.01 })],
    ["growth of less than a percent a day", made(grows(1.008, 6), { sigma: 0.01 })],
    ["a load that shrinks day by day", made(grows(0.95, 5))],
    ["a load that nothing is known of before", made(grows(1.08, 5)).map((value, hour) => (hour < hours - 168 ? Number.NaN : value))],
    ["a load that was not there before", made((day) => (day < back(5) ? 0 : 1 + 0.1 * (day - back(5))))],
    ["a last day of which too little is known", made(grows(1.08, 5)).map((value, hour) => (hour >= hours - 24 && hour % 5 < 3 ? Number.NaN : value))],
  ])("%s", (_, load) => {
    expect(growthOf(load)?.words ?? "").not.toMatch(/grow/u);
    expect(times(load)).toBe(1);
  });

  it.each([
    ["hours that vary by 5 %", 0.05, 0, 0],
    ["hours that vary by 10 %, and days by 3 %", 0.1, 0.03, 1],
    ["days that vary by 10 %", 0.03, 0.1, 3],
    ["days that vary by 30 %", 0.03, 0.3, 4],
  ])("noise: of %s, in hardly any of 200 loads", (_, sigma, daily, most) => {
    const told = Array.from({ length: 200 }, (__, seed) =>
      growthOf(made((day) => Math.exp(daily * hashNormal(seed, 2, Math.floor(day))), { sigma, seed, endsOn: seed % 7 })),
    );
    expect(told.filter((growth) => growth?.words.includes("begun") === true).length).toBeLessThanOrEqual(most);
  });
});

describe("a step within the last days", () => {
  it.each([
    ["two days ago by a tenth", 2, 1.1, 1.1],
    ["three days ago by a tenth", 3, 1.1, 1.1],
    ["six days ago by a fifth", 6, 1.2, 1.2],
    ["two days ago by three percent, which is none", 2, 1.03, 1],
    ["one day ago, which may be a busy day", 1, 1.2, 1],
  ])("%s: what stood out before would stand out as much more", (_, since, size, expected) => {
    const load = made((day) => (day >= back(since) ? size : 1), { sigma: 0.01 });
    expect(times(load, 40)).toBeCloseTo(expected, 1);
    expect(times(load)).toBe(1);
    expect(growthOf(load)?.words ?? "").not.toMatch(/grow/u);
  });

  it("that only brings back what had been there twice is none", () => {
    const busy = (day: number, from: number): boolean => day >= back(from) && day < back(from - 4);
    expect(growthOf(made((day) => ([4, 18, 32].some((from) => busy(day, from)) ? 1.2 : 1)))).toBeUndefined();
  });
});
