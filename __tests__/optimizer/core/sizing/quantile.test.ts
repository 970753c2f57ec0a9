import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, presentOf, quantile, total, worstSum } from "../../../../optimizer/core/sizing/quantile.ts";

const of = (...values: number[]) => Float64Array.from(values);

describe("quantile", () => {
  it("is a value that was really seen, by nearest rank", () => {
    expect(quantile(of(4, 1, 3, 2), 0.5)).toBe(2);
    expect(quantile(of(4, 1, 3, 2), 0.95)).toBe(4);
    expect(quantile(of(4, 1, 3, 2), 0)).toBe(1);
    expect(quantile(of(1, 10, 9, 2), 1)).toBe(10);
  });

  it("skips gaps and is NaN of nothing", () => {
    expect(quantile(of(Number.NaN, 7, Number.NaN), 0.5)).toBe(7);
    for (const q of [0, 0.5, 0.999, 1]) for (const nothing of [of(), of(Number.NaN)]) expect(quantile(nothing, q)).toBeNaN();
  });

  it("is the one that stands at its rank when all are sorted, however many are equal or missing", () => {
    const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.99, 1));
    const value = fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), share, (values, q) => {
        const sorted = of(...values.filter((each) => !Number.isNaN(each))).sort();
        expect(quantile(of(...values), q) + 0).toEqual((sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN) + 0);
      }),
    );
  });

  it("with few points above it is found among the highest, in whatever order they come", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 250, maxLength: 700 }), fc.double({ min: 0.985, max: 1, noNaN: true }), (values, q) => {
        const sorted = of(...values.filter((each) => !Number.isNaN(each))).sort();
        expect(quantile(of(...values), q) + 0).toEqual((sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN) + 0);
      }),
    );
    for (const [q, expected] of [
      [0.995, 796],
      [0.99, 792],
      [0.9901, 793],
    ] as const) {
      const rising = Float64Array.from({ length: 800 }, (_, at) => at + 1);
      expect([quantile(rising, q), quantile(rising.toReversed(), q)]).toEqual([expected, expected]);
    }
  });

  it("leaves the values in their order", () => {
    const values = of(3, 1, 2);
    quantile(values, 0.5);
    expect([...values]).toEqual([3, 1, 2]);
  });

  it("never falls when a value grows", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, at, q) => {
          const grown = values.map((value, index) => (index === at % values.length ? value + 10 : value));
          expect(quantile(of(...grown), q)).toBeGreaterThanOrEqual(quantile(of(...values), q));
        },
      ),
    );
  });
});

describe("mean, total and worst sum", () => {
  it("leave gaps out", () => {
    expect(mean(of(1, Number.NaN, 3))).toBe(2);
    expect(mean(of())).toBeNaN();
    expect(total(of(1, Number.NaN, 3))).toBe(4);
    expect(worstSum(of(1, Number.NaN, 3, 0, 2), 3)).toBe(5);
  });

  it("find the worst stretch wherever it starts", () => {
    expect(worstSum(of(0, 5, 5, 0, 1), 2)).toBe(10);
    expect(worstSum(of(1), 2)).toBeNaN();
  });

  it("are those of as many points as there are, and of gaps alone nothing", () => {
    expect(worstSum(of(1, 2), 2)).toBe(3);
    expect(worstSum(of(Number.NaN, Number.NaN), 2)).toBe(0);
    expect(worstSum(of(9, 1, 1, 1, 3, 3), 2)).toBe(10);
    expect(worstSum(of(Number.NaN, 5, Number.NaN, 4, 4), 3)).toBe(9);
    expect(worstSum(of(5, Number.NaN, Number.NaN, 4, 2), 2)).toBe(6);
    expect(total(of())).toBe(0);
    expect(mean(of(Number.NaN))).toBeNaN();
    expect(mean(of(-1, 4, Number.NaN, 6))).toBe(3);
    expect([...presentOf(of(3, Number.NaN, 1))]).toEqual([3, 1]);
  });
});
