import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWaitingMix, erlangC, overflowShare } from "../../../simulation/load/waiting.ts";

function wait(servers: number, load: number, tail: number): number {
  const mix = createWaitingMix();
  mix.add(1, servers, load, 0.04);
  return mix.exceededBy(tail, 30);
}

const servers = fc.integer({ min: 1, max: 96 });
const load = fc.double({ min: 0.01, max: 1.5, noNaN: true });

describe("erlangC", () => {
  it("is the load itself for one server", () => {
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12);
  });

  it("agrees with the closed form for two servers, 2ρ² ÷ (1 + ρ)", () => {
    expect(erlangC(2, 0.75)).toBeCloseTo((2 * 0.75 ** 2) / 1.75, 12);
  });

  it("is a probability, and 1 from full load on", () => {
    fc.assert(
      fc.property(servers, load, (count, of) => {
        const chance = erlangC(count, of);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        if (of >= 1) expect(chance).toBe(1);
      }),
    );
  });
});

describe("waiting time", () => {
  it("never falls when load rises", () => {
    fc.assert(
      fc.property(servers, load, load, (count, a, b) => {
        expect(wait(count, Math.max(a, b), 0.01)).toBeGreaterThanOrEqual(wait(count, Math.min(a, b), 0.01) - 1e-5);
      }),
    );
  });

  it("is hardly felt below 75 % of sixteen servers, and explodes past 95 %", () => {
    expect(wait(16, 0.6, 0.01)).toBeLessThan(0.01);
    expect(wait(16, 0.75, 0.01)).toBeLessThan(0.05);
    expect(wait(16, 0.97, 0.01)).toBeGreaterThan(0.3);
    expect(wait(16, 1, 0.01)).toBe(30);
  });

  it("of two kinds of instance lies between theirs", () => {
    const mix = createWaitingMix();
    mix.add(0.5, 16, 0.45, 0.04);
    mix.add(0.5, 8, 0.9, 0.04);
    expect(mix.exceededBy(0.01, 30)).toBeGreaterThan(wait(16, 0.45, 0.01));
    expect(mix.exceededBy(0.01, 30)).toBeLessThan(wait(8, 0.9, 0.01));
  });

  it("of slower processors is as much longer as requests compute longer there, whether they wait or not", () => {
    const slower = (share: number, longerSeconds: number): number => {
      const mix = createWaitingMix();
      mix.add(share, 1, 0.4, 0.04, longerSeconds);
      return mix.exceededBy(0.01, 30);
    };
    const waited = (Math.log(0.4 / 0.01) * 0.04) / 0.6;
    expect(slower(1, 0)).toBeCloseTo(waited, 5);
    expect(slower(1, 0.05)).toBeCloseTo(waited + 0.05, 5);
    // Of 2 % of the requests 0.8 % wait: the hundredth is among those that only compute longer.
    expect(slower(0.02, 0.05)).toBeCloseTo(0.05, 5);
    // A hundredth is not reached by fewer.
    expect(slower(0.009, 0.05)).toBe(0);
  });

  it("reaches the time-out as soon as more than the tail meets a full queue", () => {
    const mix = createWaitingMix();
    mix.add(0.98, 16, 0.3, 0.04);
    mix.add(0.02, 8, 1.1, 0.04);
    expect(mix.exceededBy(0.01, 30)).toBe(30);
  });
});

describe("overflowShare", () => {
  it("is nothing far below capacity and the excess far above it", () => {
    expect(overflowShare(0.8, 0.03)).toBe(0);
    expect(overflowShare(1.25, 0.03)).toBeCloseTo(0.2, 4);
  });

  it("never falls when load rises", () => {
    fc.assert(
      fc.property(load, load, (a, b) => {
        expect(overflowShare(Math.max(a, b), 0.03)).toBeGreaterThanOrEqual(overflowShare(Math.min(a, b), 0.03) - 1e-7);
      }),
    );
  });
});
