import { describe, expect, it } from "vitest";
import { chanceToWait, secondsExceededBy } from "../../../../optimizer/core/sizing/waiting.ts";

describe("the chance to wait for a processor", () => {
  it("is the load itself where there is one processor", () => {
    expect(chanceToWait(1, 0.3)).toBeCloseTo(0.3, 12);
  });

  it("is Erlang's C of two processors: ρ 0.5 gives a third", () => {
    expect(chanceToWait(2, 0.5)).toBeCloseTo(1 / 3, 12);
  });

  it("falls with the number of processors at the same load, and is sure from a full load on", () => {
    expect(chanceToWait(16, 0.7)).toBeLessThan(chanceToWait(4, 0.7));
    expect(chanceToWait(4, 1)).toBe(1);
    expect(chanceToWait(4, 1.5)).toBe(1);
    expect(chanceToWait(4, 0)).toBe(0);
  });
});

describe("what a hundredth of the requests exceed", () => {
  it("is the computing alone where a hundredth does not wait at all", () => {
    expect(secondsExceededBy(0.01, { servers: 1, load: 0.01, serviceSeconds: 0.02 })).toBe(0.02);
  });

  it("is the computing and ln(ρ ÷ 0.01) × service ÷ (1 − ρ) of one processor", () => {
    expect(secondsExceededBy(0.01, { servers: 1, load: 0.5, serviceSeconds: 0.02 })).toBeCloseTo(0.02 + (Math.log(50) * 0.02) / 0.5, 12);
  });

  it("has no end where more comes than can be done", () => {
    expect(secondsExceededBy(0.01, { servers: 4, load: 1, serviceSeconds: 0.02 })).toBe(Infinity);
  });
});
