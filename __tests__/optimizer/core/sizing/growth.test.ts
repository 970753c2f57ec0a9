import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import type { Projection } from "../../../../optimizer/core/model/rule.ts";
import { growthOf, outgrown } from "../../../../optimizer/core/sizing/growth.ts";
import { type HourlyDemand, worstHour } from "../../../../optimizer/core/sizing/worst-hour.ts";

const days = 60;
const hours = days * 24;
/** Noise that is the same in every run. */
const noise = (hour: number, sigma: number): number => Math.exp(sigma * Math.sqrt(12) * (((Math.sin(hour * 12.9898) * 43_758.5453) % 1) / 2));
/** 1 at the busiest hour of a weekday, with nights and weekends. */
const wave = (hour: number): number => (0.65 + 0.35 * Math.cos(((hour % 24) / 24) * 2 * Math.PI)) * (hour % 168 >= 120 ? 0.6 : 1);
const made = (level: (day: number, hour: number) => number, sigma = 0.05): Float64Array =>
  Float64Array.from({ length: hours }, (_, hour) => wave(hour) * noise(hour, sigma) * level(hour / 24, hour));
/** The hour of the day that many days before the end. */
const back = (count: number): number => days - count;
const lastHour = hours - 1;

/** What an hour so many days before the end counts as, two weeks on. */
function times(load: Float64Array, daysBack: number): number {
  return growthOf(load)?.factors[lastHour - daysBack * 24] ?? 1;
}

describe("growth", () => {
  it.each([
    ["two percent a day", 1.02],
    ["one percent a day", 1.01],
    ["half a percent a day", 1.005],
  ])("of %s is told, as it goes on for two weeks", (_, daily) => {
    const load = made((day) => daily ** day);
    expect(times(load, 0)).toBeCloseTo(daily ** 14, 1);
    expect(times(load, 30)).toBeGreaterThan(0.93 * daily ** 44);
    expect(times(load, 30)).toBeLessThan(1.07 * daily ** 44);
  });

  it("that began three weeks ago and a month ago is told, and is not carried back to before it began", () => {
    const load = made((day) => 1.02 ** Math.max(0, day - back(31)));
    expect(times(load, 0)).toBeCloseTo(1.02 ** 14, 1);
    expect(times(load, 55)).toBeGreaterThan(0.9 * 1.02 ** 45);
    expect(times(load, 55)).toBeLessThan(1.1 * 1.02 ** 45);
  });

  it.each([
    ["eight days ago, three percent a day", 8, 1.03],
    ["ten days ago, two percent a day", 10, 1.02],
    ["two weeks ago, four percent a day", 14, 1.04],
    ["three weeks ago, three percent a day", 21, 1.03],
  ])("that began %s is told, as it goes on for two weeks", (_, since, daily) => {
    const load = made((day) => daily ** Math.max(0, day - back(since)), 0.03);
    expect(times(load, 0)).toBeGreaterThan(0.93 * daily ** 14);
    expect(times(load, 0)).toBeLessThan(1.1 * daily ** 14);
    expect(times(load, 50)).toBeGreaterThan(0.9 * daily ** (14 + since));
    expect(times(load, 50)).toBeLessThan(1.15 * daily ** (14 + since));
  });

  it("that began ten days ago is told beside a sale three weeks ago, and where hours of it are not known", () => {
    const load = made((day) => 1.03 ** Math.max(0, day - back(10)) * (day >= back(23) && day < back(21) ? 3 : 1), 0.03);
    expect(times(load, 0)).toBeCloseTo(1.03 ** 14, 1);
    const gappy = load.map((value, hour) => (hour % 5 === 2 ? Number.NaN : value));
    expect(times(gappy, 0)).toBeGreaterThan(0.93 * 1.03 ** 14);
  });

  it("is not told of a load that comes back from holidays day by day", () => {
    const comingBack = (day: number): number => (day < back(11) ? 1 : Math.min(1, 0.4 + 0.05 * Math.max(0, day - back(9))));
    expect(times(made(comingBack), 0)).toBe(1);
  });

  it.each([
    ["noise alone", made(() => 1)],
    ["much noise", made(() => 1, 0.3)],
    ["nothing at all", new Float64Array(hours)],
    ["no point", new Float64Array(hours).fill(Number.NaN)],
    ["a load that shrinks", made((day) => 0.98 ** day)],
    ["a load that went elsewhere a week ago", made((day) => (day >= back(7) ? 0.3 : 1))],
    ["one hour that stood out, on the last day", made((_, hour) => (hour === lastHour - 3 ? 5 : 1))],
    ["a day that stood out, the last one", made((day) => (day >= back(1) ? 2 : 1))],
    ["a sale of two days, three weeks ago", made((day) => (day >= back(23) && day < back(21) ? 2 : 1))],
    ["a day by day rise that ended three days ago", made((day) => 1 + 0.3 * Math.min(1, Math.max(0, (day - back(10)) / 7)), 0.01)],
    ["every other week busier", made((day) => (Math.floor(day / 7) % 2 === 0 ? 1 : 1.2))],
    ["memory that leaks until it starts anew each day", made((_, hour) => 1 + (hour % 24) / 24)],
    ["memory that leaks until it starts anew every ten days", made((day) => 1 + (day % 10) / 20)],
  ])("is not told of %s", (_, load) => {
    expect(growthOf(load)?.factors.every((factor) => factor < 1.4) ?? true).toBe(true);
    expect(times(load, 0)).toBe(1);
  });

  it.each([
    ["two days ago", 2],
    ["four days ago", 4],
    ["a week ago", 7],
    ["three weeks ago", 21],
  ])("by a step %s lets what stood out before it count as much more", (_, since) => {
    const load = made((day) => (day >= back(since) ? 1.7 : 1));
    expect(times(load, 0)).toBe(1);
    expect(times(load, 50)).toBeCloseTo(1.7, 1);
  });

  it("counts a week of which nothing is known as the one after it", () => {
    const load = made((day) => (day >= back(7) ? 1.7 : 1)).map((value, hour) => (hour >= hours - 21 * 24 && hour < hours - 14 * 24 ? Number.NaN : value));
    expect(times(load, 18)).toBeCloseTo(1.7, 1);
  });

  it("is not told of fewer than four weeks: nobody knows what comes each week anew", () => {
    const load = made((day) => 1.02 ** day);
    expect(growthOf(load.slice(-27 * 24))).toBeUndefined();
    expect(growthOf(load.slice(-28 * 24))).toBeDefined();
  });

  it("does not depend on the hour of planning", () => {
    const load = made((day) => 1.02 ** day);
    const later = [0, 3, 11].map((hour) => growthOf(load.slice(hour, hours - 12 + hour))?.factors[lastHour - 12] ?? 1);
    for (const each of later) expect(each).toBeCloseTo(later[0] ?? Number.NaN, 2);
  });

  it("is seen through gaps", () => {
    const load = made((day) => 1.02 ** day).map((value, hour) => (hour % 10 === 3 || (hour > 500 && hour < 540) ? Number.NaN : value));
    expect(times(load, 0)).toBeCloseTo(1.02 ** 14, 1);
  });

  it("is the same whatever the unit", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), fc.double({ min: 1, max: 1.03, noNaN: true }), (unit, daily) => {
        const load = made((day) => daily ** day);
        const scaled = growthOf(load.map((value) => value * unit))?.factors ?? new Float64Array(hours).fill(1);
        const plain = growthOf(load)?.factors ?? new Float64Array(hours).fill(1);
        expect(scaled.every((factor, hour) => Math.abs(factor - (plain[hour] ?? Number.NaN)) < 1e-6)).toBe(true);
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

/** A load that stands at one level in each week: logarithms of how much more that is than in the week before, the newest first. */
function weekly(...rises: readonly number[]): Float64Array {
  const levelOf = (back: number): number => Math.exp(-rises.slice(0, back).reduce((sum, each) => sum + each, 0));
  return made((_, hour) => levelOf(Math.floor((lastHour - hour) / 168)), 0);
}

describe("growth from week to week", () => {
  it.each<readonly [string, readonly number[], string | undefined]>([
    ["four weeks that agree", [0.05, 0.05, 0.05, 0.05], "it grows by 5.1 % a week"],
    ["little growth", [0.0155, 0.0155, 0.0155, 0.0155], "it grows by 1.6 % a week"],
    ["less than is told from noise", [0.0145, 0.0145, 0.0145, 0.0145], undefined],
    ["a newest week without growth", [0.005, 0.06, 0.06, 0.06], undefined],
    ["an oldest week without growth: no growth, but more than ever", [0.06, 0.06, 0.06, 0.005], "as much more is asked now than was in that week"],
    ["too little in the middle of all days", [0.011, 0.011, 0.06, 0.06], undefined],
    ["less than a step, to what was there before", [0.22, -0.22, 0.22, -0.22], undefined],
    ["less than a step, to more than ever", [0.22], "as much more is asked now than was in that week"],
    ["little more than ever", [0.06], "as much more is asked now than was in that week"],
    ["hardly more than ever", [0.04], undefined],
    ["a step", [0.23], "as much more is asked now than was in that week"],
    ["a step some weeks ago", [0, 0, 0.23], "as much more is asked now than was in that week"],
    ["a load that came down from a step", [-0.3, 0.3], undefined],
  ])("is told of %s", (_, rises, words) => {
    expect(growthOf(weekly(...rises))?.words).toBe(words);
  });

  it("is told where at least eight days of ten are above those of the week before", () => {
    const withFalling = (falling: number) =>
      growthOf(made((_, hour) => Math.exp(Math.floor((lastHour - hour) / 168) * (Math.floor((lastHour - hour) / 24) % 7 < falling ? 0.01 : -0.05)), 0))?.words;
    expect(withFalling(1)).toBe("it grows by 5.1 % a week");
    expect(withFalling(2)).not.toBe("it grows by 5.1 % a week");
  });

  it("of four weeks alone is told by the three between them", () => {
    expect(growthOf(weekly(0.05, 0.05, 0.05, 0.05).slice(-28 * 24))?.words).toBe("it grows by 5.1 % a week");
  });

  it("counts each hour as its like two weeks on: by what its week was below the last, and by the growth since and to come", () => {
    const growing = growthOf(weekly(0.05, 0.05, 0.05, 0.05))?.factors;
    const at = (hoursBack: number) => Math.log(growing?.[lastHour - hoursBack] ?? Number.NaN);
    expect(at(0)).toBeCloseTo(0.1, 9);
    expect(at(84)).toBeCloseTo(0.05 * 2.5, 9);
    expect(at(168)).toBeCloseTo(0.05 + 0.1, 9);
    expect(at(7 * 168)).toBeCloseTo(0.2 + 0.1, 9);
    const stepped = growthOf(weekly(0, 0.3))?.factors;
    expect([0, 200, 400, 8 * 168].map((hoursBack) => Math.log(stepped?.[lastHour - hoursBack] ?? Number.NaN))).toEqual([
      0,
      0,
      expect.closeTo(0.3),
      expect.closeTo(0.3),
    ]);
  });

  it("is not told of hours that nothing was asked in before, or is now, where fewer than half are left to compare", () => {
    const some = (hour: number): boolean => hour % 5 < 2;
    const since = (hour: number): boolean => hour > lastHour - 168;
    expect(growthOf(made((_, hour) => (some(hour) || since(hour) ? 1 : 0), 0))).toBeUndefined();
    expect(growthOf(made((_, hour) => (since(hour) ? (some(hour) ? 2 : 0) : 1), 0))).toBeUndefined();
    // Two hours of three are enough.
    const most = (hour: number): boolean => hour % 3 < 2;
    expect(
      times(
        made((_, hour) => (most(hour) ? (since(hour) ? 1.7 : 1) : 0), 0),
        30,
      ),
    ).toBeCloseTo(1.7, 9);
  });
});

describe("a step", () => {
  it("of the last two days alone is told though the week as a whole is hardly above another", () => {
    expect(
      times(
        made((day) => (day >= back(2) ? 1.3 : 1), 0),
        50,
      ),
    ).toBeCloseTo(1.3, 9);
  });

  it("of a week is told though its last two days were quiet", () => {
    expect(
      times(
        made((day) => (day >= back(2) ? 0.9 : day >= back(7) ? 1.4 : 1), 0),
        50,
      ),
    ).toBeCloseTo(1.4, 9);
  });

  it("is not told where fewer than half of the hours have a point", () => {
    const load = made((day) => (day >= back(7) ? 1.7 : 1), 0);
    expect(growthOf(load.map((value, hour) => (hour % 5 < 3 ? Number.NaN : value)))).toBeUndefined();
    expect(growthOf(load.map((value, hour) => (hour % 5 < 2 ? Number.NaN : value)))).toBeDefined();
  });
});

/** CPU of a group whose policies may add instances, or not. */
function demandOf(load: Float64Array, later?: number): HourlyDemand {
  const four = new Float64Array(hours).fill(4);
  return {
    dimension: "cpu",
    name: "CPU",
    series: { name: "CPU Maximum", keys: [], periodSeconds: 3600, values: load, whole: true },
    unit: "Percent",
    startMs: Date.UTC(2026, 3, 6),
    used: load,
    instancesBefore: four,
    instancesAfter: four,
    note: "",
    capacityOf: () => 10,
    ...(later === undefined ? {} : { instancesGrown: new Float64Array(hours).fill(later) }),
  };
}

describe("the worst hour of a load that grows", () => {
  const load = made((day) => 4 * 1.02 ** (day - days), 0);
  const limits = { worst: 0.9, usual: 0.8 };

  it("is that of two weeks on, and says by how much", () => {
    const [judged] = worstHour(demandOf(load), "today", "then", limits);
    expect(judged?.projected).toBeCloseTo(0.4 * 1.02 ** 14, 1);
    expect(judged?.method).toMatch(/^highest sample \d\.\d\d? × \d\.\d\d? × 4 ÷ \(10 × 4\), it grows by 14\.\d % a week/u);
  });

  it("tells figures that make what is projected", () => {
    const [judged] = worstHour(demandOf(load, 6), "today", "then", limits);
    const [sample = 0, factor = 0, before = 0, capacity = 0, after = 0] = judged?.method.match(/\d+(?:\.\d+)?/gu)?.map(Number) ?? [];
    expect([before, capacity, after]).toEqual([4, 10, 6]);
    expect((sample * factor * before) / (capacity * after)).toBeCloseTo(judged?.projected ?? 0, 2);
    expect(judged?.current).toBeCloseTo(sample / 10, 2);
  });

  it("is told without growth where it came after the load had grown", () => {
    const stepped = made((day, hour) => (hour === lastHour - 12 ? 5 : day >= back(7) ? 1.7 : 1), 0);
    expect(growthOf(stepped)).toBeDefined();
    expect(worstHour(demandOf(stepped), "today", "then", limits)[0]?.method).toMatch(/^highest sample \d(?:\.\d+)? × 4 ÷ \(10 × 4\), at /u);
  });

  it("is carried by those that policies will have by then", () => {
    expect(worstHour(demandOf(load, 6), "today", "then", limits)[0]?.projected).toBeCloseTo((0.4 * 1.02 ** 14 * 4) / 6, 1);
  });

  it("is carried by no more than there are where it does not grow", () => {
    expect(
      worstHour(
        demandOf(
          made(() => 4, 0),
          6,
        ),
        "today",
        "then",
        limits,
      )[0]?.projected,
    ).toBeCloseTo(0.4);
  });
});

describe("what is counted by its peak alone", () => {
  const projection: Projection = { dimension: "memory", current: 0.3, projected: 0.75, limit: 0.8, fits: true, method: "the fullest" };

  it.each([
    ["refused where it grows out of the size", 1.02, true],
    ["said nothing of where it has room to grow for two weeks", 1.004, false],
    ["said nothing of where it does not grow", 1, false],
  ])("is %s", (_, daily, isRefused) => {
    const told = outgrown(
      defaultPolicy,
      projection,
      made((day) => daily ** day),
    );
    expect(told).toHaveLength(isRefused ? 1 : 0);
    for (const { fits, projected, limit } of told) {
      expect(fits).toBe(false);
      expect(limit).toBe(0.9);
      expect(projected).toBeCloseTo(0.75 * daily ** 14, 1);
    }
  });

  it("is told by the projection's own words, by how much more it would be, and why", () => {
    // The busiest hour of the last week that grows most is nearly a week old: three weeks' growth until two weeks on.
    const [told] = outgrown(defaultPolicy, projection, weekly(0.15, 0.15, 0.15, 0.15));
    expect(told).toEqual({
      ...projection,
      projected: expect.closeTo(0.75 * Math.exp(0.45), 1),
      limit: 0.9,
      fits: false,
      method: expect.stringMatching(/^the fullest, × 1\.57 as it grows by 16\.2 % a week$/u),
    });
  });

  it("is said nothing of where what it would be stays within the limit of the worst hour", () => {
    const growing = weekly(0.05, 0.05, 0.05, 0.05);
    expect(growthOf(growing)).toBeDefined();
    expect(outgrown(defaultPolicy, { ...projection, projected: 0.5 }, growing)).toEqual([]);
    expect(outgrown(defaultPolicy, { ...projection, projected: 0.85 }, growing)).toHaveLength(1);
  });

  it("is said nothing of where the highest came after the load had grown", () => {
    expect(
      outgrown(
        defaultPolicy,
        projection,
        made((day, hour) => (hour === lastHour - 12 ? 50 : day >= back(7) ? 1.7 : 1)),
      ),
    ).toEqual([]);
  });
});
