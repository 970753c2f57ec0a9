import { describe, expect, it } from "vitest";
import { isSampled, summary, wilsonInterval } from "../../scripts/mutants/sample.mjs";

const names = Array.from({ length: 4000 }, (_, index) => `file.ts 1:${index}`);

describe("the sample of mutants", () => {
  it.each([0.05, 0.1, 0.5])("is about the share that was asked for, of any seed: %s", (share) => {
    for (const seed of [1, 2, 3]) {
      const count = names.filter((name) => isSampled(name, share, seed)).length;
      // Five standard deviations of a binomial variable.
      expect(Math.abs(count - share * names.length)).toBeLessThan(5 * Math.sqrt(share * (1 - share) * names.length));
    }
  });

  it("holds all of them at 1, none at 0, the same each time, others of another seed", () => {
    expect(names.every((name) => isSampled(name, 1, 1))).toBe(true);
    expect(names.some((name) => isSampled(name, 0, 1))).toBe(false);
    const drawn = (seed: number) => names.filter((name) => isSampled(name, 0.1, seed));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it("holds what a smaller one of the same seed holds", () => {
    const few = names.filter((name) => isSampled(name, 0.1, 7));
    expect(few.filter((name) => !isSampled(name, 0.3, 7))).toEqual([]);
  });
});

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3: the score interval.
it.each([
  { noticed: 81, tried: 263, lowest: 0.2553, highest: 0.3662 },
  { noticed: 15, tried: 148, lowest: 0.0624, highest: 0.1605 },
  { noticed: 0, tried: 20, lowest: 0, highest: 0.1611 },
  { noticed: 1, tried: 29, lowest: 0.0061, highest: 0.1718 },
  { noticed: 20, tried: 20, lowest: 0.8389, highest: 1 },
])("says where the share of the whole lies: $noticed of $tried", ({ noticed, tried, lowest, highest }) => {
  const interval = wilsonInterval(noticed, tried);
  expect(interval[0]).toBeCloseTo(lowest, 4);
  expect(interval[1]).toBeCloseTo(highest, 4);
});

describe("the summary of what was noticed", () => {
  const results = [
    { mutatorName: "EqualityOperator", status: "Killed" },
    { mutatorName: "EqualityOperator", status: "Timeout" },
    { mutatorName: "BlockStatement", status: "NoCoverage" },
    { mutatorName: "StringLiteral", status: "Survived" },
    { mutatorName: "StringLiteral", status: "Ignored" },
    { mutatorName: "BlockStatement", status: "RuntimeError" },
  ];

  it("counts what a test ran into or never ended on, leaves out what was never tried, and tells texts apart", () => {
    expect(summary(results, false)).toBe("all changes: 2 of 4 noticed, 50.0 %\nbut for texts: 2 of 3 noticed, 66.7 %");
  });

  it("gives the interval of a sample, and says where it is empty", () => {
    expect(summary(results, true)).toContain("all changes: 2 of 4 noticed, 50.0 %; of all that could be, 15.0 % to 85.0 % with 95 % confidence");
    expect(summary([], true)).toBe("all changes: none was tried\nbut for texts: none was tried");
  });
});
