import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correlation, ranksOf, standardRanks, withoutUsualWeek } from "../../../../optimizer/core/sizing/rank-correlation.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const hours = 60 * 24;
const hourly = (at: (hour: number) => number) => Float64Array.from({ length: hours }, (_, hour) => at(hour));
const noise = (seed: number) => {
  const random = seededRandom(seed);
  return hourly(() => random.uniform());
};
const correlated = (a: Float64Array, b: Float64Array) => correlation(standardRanks(a), standardRanks(b));
const together = (a: Float64Array, b: Float64Array) => correlated(withoutUsualWeek(a), withoutUsualWeek(b));
const daily = (hour: number) => 1000 * (1.5 + Math.sin((hour * Math.PI) / 12)) * (hour % 168 < 120 ? 1 : 0.3);

describe("how two loads move together beyond their usual week", () => {
  it("is nothing where they share office hours, weekends and growth alone", () => {
    const [a, b] = [noise(1), noise(2)];
    const grown = (each: Float64Array) => hourly((hour) => daily(hour) * (1 + hour / 500) * (0.9 + 0.2 * (each[hour] ?? 0)));
    expect(correlated(grown(a), grown(b))).toBeGreaterThan(0.9);
    expect(Math.abs(together(grown(a), grown(b)))).toBeLessThan(0.1);
  });

  it("is all where the same requests use both, whatever the share of each and the shape of their day", () => {
    const shared = noise(3);
    const used = (share: number) => hourly((hour) => share * daily(hour) * (0.9 + 0.2 * (shared[hour] ?? 0)));
    expect(together(used(1), used(0.02))).toBeGreaterThan(0.95);
  });

  it("cannot be told of a load that repeats itself or never differs: what rounding leaves is no movement", () => {
    for (const still of [hourly(daily), hourly(() => 7), hourly(() => Number.NaN)]) {
      expect(standardRanks(withoutUsualWeek(still)).every((rank) => rank === 0)).toBe(true);
      expect(together(still, noise(4))).toBe(0);
    }
  });

  it("leaves gaps out, of either", () => {
    const shared = noise(5);
    const gappy = hourly((hour) => (hour % 7 === 0 ? Number.NaN : 100 + (shared[hour] ?? 0)));
    const found = together(
      gappy,
      hourly((hour) => 100 + (shared[hour] ?? 0)),
    );
    // What is not there speaks for nothing: a seventh of it is missing.
    expect(found).toBeGreaterThan(0.85);
    expect(found).toBeLessThan(0.95);
  });

  it("lets equal values share a rank, so that it is between −1 and 1, the same both ways round, and 1 with itself", () => {
    expect([...ranksOf(Float64Array.of(5, 1, Number.NaN, 5, 9))]).toEqual([1.5, 0, Number.NaN, 1.5, 3]);
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(values, values, (one, two) => {
        const length = Math.min(one.length, two.length);
        const [a, b] = [standardRanks(Float64Array.from(one.slice(0, length))), standardRanks(Float64Array.from(two.slice(0, length)))];
        const differs = [one, two].map((each) => new Set(each.slice(0, length)).size > 1);
        expect(correlation(a, a)).toBeCloseTo(differs[0] === true ? 1 : 0, 9);
        if (differs.includes(false)) expect(correlation(a, b)).toBe(0);
        expect(Math.abs(correlation(a, b))).toBeLessThanOrEqual(1 + 1e-9);
        expect(correlation(b, a)).toBe(correlation(a, b));
      }),
    );
  });
});

describe("what a series does besides what it always does", () => {
  it("is the logarithm of each hour, less the average of its hour of the week and then of its day", () => {
    const weeks = 2;
    /** Of two weeks one hour stands out, by 2 as a logarithm of one more. */
    const standing = Float64Array.from({ length: weeks * 168 }, (_, hour) => Math.expm1(hour === 168 + 30 ? 2 : 0));
    const unusual = withoutUsualWeek(standing);
    // That hour is 1 above its average and the same of the week before 1 below; of its day it is a 24th.
    const day = (hour: number, first: number) => hour >= first && hour < first + 24;
    const expected = (hour: number): number => {
      if (day(hour, 24)) return (hour === 30 ? -1 : 0) + 1 / 24;
      if (day(hour, 168 + 24)) return (hour === 168 + 30 ? 1 : 0) - 1 / 24;
      return 0;
    };
    for (let hour = 0; hour < unusual.length; hour++) expect(unusual[hour]).toBeCloseTo(expected(hour), 9);
  });

  it("has its gaps where they were, which count for no average", () => {
    const gappy = Float64Array.from({ length: 2 * 168 }, (_, hour) => (hour === 5 || hour === 40 ? Number.NaN : Math.expm1(hour < 168 ? 1 : 3)));
    const unusual = withoutUsualWeek(gappy);
    expect([unusual[5], unusual[40]]).toEqual([Number.NaN, Number.NaN]);
    // Whose like of the other week is a gap is its own average, and the others of its day are all alike.
    expect(unusual[168 + 5]).toBeCloseTo(-23 / 24, 9);
    expect(unusual[168 + 6]).toBeCloseTo(1 / 24, 9);
    expect(unusual[100]).toBeCloseTo(0, 9);
  });

  it("does not depend on what was asked before, of whatever length", () => {
    const of = (length: number) => withoutUsualWeek(Float64Array.from({ length }, (_, hour) => ((hour * 7919) % 101) + (hour % 13)));
    const alone = [400, 336, 1000, 24, 336].map(of);
    expect(of(336)).toEqual(alone[1]);
    expect(of(24)).toEqual(new Float64Array(24));
    expect(alone.map(({ length }) => length)).toEqual([400, 336, 1000, 24, 336]);
    // More days than a week has hours: each is a group of its own.
    const long = withoutUsualWeek(Float64Array.from({ length: 200 * 24 }, (_, hour) => (hour === 199 * 24 + 3 ? 100 : 1)));
    expect(long[199 * 24 + 3]).toBeGreaterThan(3);
    expect(long.every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe("ranks", () => {
  it("less their average, and of length 1 together; a gap is 0", () => {
    const [half, gap] = [Math.SQRT1_2, 0];
    standardRanks(Float64Array.of(5, 1, Number.NaN, 5, 9)).forEach((rank, place) => expect(rank).toBeCloseTo([0, -half, gap, 0, half][place] ?? Number.NaN, 9));
    expect([...standardRanks(Float64Array.of(7, 7))]).toEqual([0, 0]);
    expect([...ranksOf(Float64Array.of(2, 2, 2, 1, 3, 3))]).toEqual([2, 2, 2, 0, 4.5, 4.5]);
  });

  it("correlate by the sum of their products", () => {
    expect(correlation(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6))).toBe(32);
    expect(correlation(new Float64Array(), new Float64Array())).toBe(0);
  });
});
