import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idleAmount } from "../../../../optimizer/core/sizing/load-line.ts";

const hours = 60 * 24;
const seriesOf = (at: (hour: number) => number): Float64Array => Float64Array.from({ length: hours }, (_, hour) => at(hour));

/** Between 10 at night and 50 at noon. */
const daily = (hour: number): number => 30 - 20 * Math.cos((2 * Math.PI * hour) / 24);
/** The same each time, between −1 and 1, in no order. */
const noise = (hour: number): number => 2 * ((Math.sin(hour * 12.9898) * 43_758.5453) % 1) ** 2 - 1;

describe("idleAmount", () => {
  it("is what is used with no load where use is a line of the load", () => {
    const idle = idleAmount(
      seriesOf((hour) => 12 + 0.4 * daily(hour)),
      seriesOf(daily),
    );
    expect(idle).toBeCloseTo(12, 6);
  });

  it("is never more than what really is, whatever a load of its own adds to CPU, and however both are shaken", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (base, slope, background, shakenUse, shakenLoad) => {
          const idle = idleAmount(
            seriesOf((hour) => base + slope * daily(hour) * (1 + shakenUse * noise(hour))),
            seriesOf((hour) => background + daily(hour) * (1 + shakenLoad * noise(hour + 7919))),
          );
          // Of shaken hours a line through finitely many may lie off by a little.
          expect(idle).toBeLessThanOrEqual(base + 0.02 * (base + slope * 50) + 1e-9);
        },
      ),
    );
  });

  it("claims nothing of what is taken once and kept, of what does not follow the load, and of what never differs", () => {
    let most = 0;
    const kept = seriesOf((hour) => (most = Math.max(most, 12 + 0.4 * daily(hour))));
    const load = seriesOf(daily);
    expect(idleAmount(kept, load)).toBe(0);
    expect(
      idleAmount(
        seriesOf((hour) => 12 + noise(hour)),
        load,
      ),
    ).toBe(0);
    expect(
      idleAmount(
        seriesOf(() => 12),
        load,
      ),
    ).toBe(0);
    expect(
      idleAmount(
        seriesOf((hour) => 60 - daily(hour)),
        load,
      ),
    ).toBe(0);
  });

  it.each([
    [2, true],
    [5, false],
    [8, false],
    [20, false],
  ])("claims something only where hardly anything else moves it: shaken by %s beside 8 of the load", (shaken, isClaimed) => {
    const use = (factor: number) => seriesOf((hour) => factor * (20 + 0.4 * daily(hour) + shaken * noise(hour)));
    expect(idleAmount(use(1), seriesOf(daily)) > 0).toBe(isClaimed);
    // Whatever the units of either.
    for (const [ofUse, ofLoad] of [
      [1, 1e6],
      [1, 1e-6],
      [1e9, 1],
      [1e-3, 1e3],
    ] as const)
      expect(
        idleAmount(
          use(ofUse),
          seriesOf((hour) => ofLoad * daily(hour)),
        ) / ofUse,
      ).toBeCloseTo(idleAmount(use(1), seriesOf(daily)), 9);
  });

  it("claims nothing where the busier half of the hours alone follows the load", () => {
    // Below a load of 30 something else moves it, by as much up as down, as much as all of the load does.
    const use = (shaken: number) => seriesOf((hour) => 20 + 0.4 * daily(hour) + (daily(hour) < 30 ? (hour % 48 < 24 ? shaken : -shaken) : 0));
    expect(idleAmount(use(2), seriesOf(daily))).toBeGreaterThan(15);
    expect(idleAmount(use(8), seriesOf(daily))).toBe(0);
  });

  it("goes by the steeper line where a runtime gives back half of what a peak took", () => {
    // It uses 12 and 0.4 of the load; above half of the peak's, since less is never given back.
    const idle = idleAmount(
      seriesOf((hour) => 12 + 0.4 * Math.max(25, daily(hour))),
      seriesOf(daily),
    );
    expect(idle).toBeLessThanOrEqual(12 + 1e-9);
  });

  it("goes by the line of the busier half where use grows faster under load, and is never less than nothing", () => {
    // Above 30 each of the load takes 0.6: with no load 18 less than the 24 that are used there.
    const faster = (slope: number) => seriesOf((hour) => 12 + 0.4 * Math.min(30, daily(hour)) + slope * Math.max(0, daily(hour) - 30));
    expect(idleAmount(faster(0.6), seriesOf(daily))).toBeCloseTo(6, 6);
    expect(idleAmount(faster(0.9), seriesOf(daily))).toBe(0);
    expect(
      idleAmount(
        seriesOf((hour) => 0.4 * (daily(hour) - 5)),
        seriesOf(daily),
      ),
    ).toBe(0);
  });

  it("is no more than the least that was ever used, and nothing by the figures of a few days", () => {
    const load = seriesOf(daily);
    const restarted = seriesOf((hour) => (hour === 700 ? 5 : 12 + 0.4 * daily(hour)));
    expect(idleAmount(restarted, load)).toBeLessThanOrEqual(5);
    const known = (hour: number): number => (hour < 10 * 24 ? 12 + 0.4 * daily(hour) : Number.NaN);
    expect(idleAmount(seriesOf(known), load)).toBe(0);
  });
});

describe("of hours that do not tell", () => {
  const use = (hour: number): number => 12 + 0.4 * daily(hour);
  const unknownEach = (period: number, at: (hour: number) => number) => (hour: number) => (hour % period === 1 ? Number.NaN : at(hour));

  it.each([
    ["use", unknownEach(3, use), daily],
    ["the load", use, unknownEach(5, daily)],
    ["either", unknownEach(7, use), unknownEach(5, daily)],
  ])("draws its line through the others: gaps of %s", (_, used, load) => {
    expect(idleAmount(seriesOf(used), seriesOf(load))).toBeCloseTo(12, 6);
  });

  it("needs two weeks of those in which both are known", () => {
    const knownUntil = (end: number, at: (hour: number) => number) => seriesOf((hour) => (hour < end ? at(hour) : Number.NaN));
    expect(idleAmount(knownUntil(336, use), seriesOf(daily))).toBeCloseTo(12, 6);
    expect(idleAmount(knownUntil(335, use), seriesOf(daily))).toBe(0);
    expect(idleAmount(knownUntil(400, use), knownUntil(335, daily))).toBe(0);
  });

  it("claims nothing where load and use are not of the same hours", () => {
    expect(
      idleAmount(
        seriesOf((hour) => 12 + daily(hour)),
        seriesOf(daily).subarray(1),
      ),
    ).toBe(0);
  });

  it("claims nothing where use does not grow any more in the busier half of the hours", () => {
    // Up to a load of 30, half of all hours, use follows it; above that it stays at 42, whatever comes besides.
    const use = seriesOf((hour) => 12 + Math.min(30, daily(hour)));
    expect(idleAmount(use, seriesOf(daily))).toBe(0);
    // Nor where it falls there, by less than keeps it from following the load as a whole.
    const falling = seriesOf((hour) => 12 + Math.min(30, daily(hour)) - 0.02 * Math.max(0, daily(hour) - 30));
    expect(idleAmount(falling, seriesOf(daily))).toBe(0);
  });
});
