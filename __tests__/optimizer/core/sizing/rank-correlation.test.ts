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
