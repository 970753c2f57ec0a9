import { describe, expect, it } from "vitest";
import { judgeWindow } from "../../../../optimizer/core/observation/judge-window.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { judging, referenceFor, scored, slotsToBreach, type Traffic, window, windowOf } from "../../../support/window-traffic.ts";

/** Slots until the breach in many windows, soonest first; infinite where there was none. */
function study(traffic: Traffic, windows: number): readonly number[] {
  const reference = referenceFor(traffic);
  const found = Array.from(
    { length: windows },
    (_, seed) => slotsToBreach(windowOf(traffic, seededRandom(seed + 1)), { references: [reference] }) ?? Number.POSITIVE_INFINITY,
  );
  return found.toSorted((a, b) => a - b);
}

const shareOfBreaches = (slots: readonly number[]): number => slots.filter(Number.isFinite).length / slots.length;

/**
 * The lowest median that the sample leaves possible with 99.9 %: the order statistic 3.09 standard deviations of a fair coin below the
 * middle. Some ceilings are the very medians of the research's own simulation, which another sample exceeds every other time.
 */
function leastMedian(sorted: readonly number[]): number {
  const rank = Math.floor(sorted.length / 2 - 3.09 * (Math.sqrt(sorted.length) / 2));
  return sorted[rank] ?? Number.POSITIVE_INFINITY;
}

describe("healthy traffic is not rolled back", () => {
  it.each<[string, Traffic]>([
    ["little of it, errors 0.1 %", { requests: 200, errorRate: 0.001 }],
    ["errors 0.3 % of 2,000", { requests: 2_000, errorRate: 0.003 }],
    ["errors 0.45 %, just within the limit", { requests: 20_000, errorRate: 0.0045 }],
    ["bursty errors, variance three times the mean", { requests: 20_000, errorRate: 0.003, dispersion: 3 }],
    ["bursty errors, variance eleven times the mean", { requests: 20_000, errorRate: 0.003, dispersion: 11 }],
    ["noisy p99", { requests: 20_000, errorRate: 0.0005, sigma: 0.1 }],
    ["noisy and slowly moving p99", { requests: 20_000, errorRate: 0.0005, sigma: 0.15, autocorrelation: 0.7 }],
    ["p99 up by 10 %, which is allowed", { requests: 20_000, errorRate: 0.0005, sigma: 0.05, p99Ratio: 1.1 }],
  ])("%s: at most 1 % of windows", (_, traffic) => {
    expect(shareOfBreaches(study(traffic, 200))).toBeLessThanOrEqual(0.01);
  });

  it("although literal checking would roll back almost every such window", () => {
    const policy = { ...window, decision: "literal" } as const;
    const found = Array.from({ length: 40 }, (_, seed) => slotsToBreach(windowOf({ requests: 2_000, errorRate: 0.003 }, seededRandom(seed)), { policy }));
    expect(found.filter((slots) => slots !== undefined).length / 40).toBeGreaterThan(0.95);
  });
});

describe("harm is found in time (research/safety.md §2)", () => {
  it.each<[string, Traffic, number]>([
    ["errors 1 % of 200 a slot within 27 slots", { requests: 200, errorRate: 0.01 }, 27],
    ["errors 2 % of 200 a slot within 5 slots", { requests: 200, errorRate: 0.02 }, 5],
    ["errors 1 % of 2,000 a slot within 3 slots", { requests: 2_000, errorRate: 0.01 }, 3],
    ["errors 1 % of 20,000 a slot at once", { requests: 20_000, errorRate: 0.01 }, 1],
    ["errors 1 %, in bursts of three, within 9 slots", { requests: 2_000, errorRate: 0.01, dispersion: 3 }, 9],
    ["p99 +50 %, sigma 5 %, within an hour", { requests: 20_000, errorRate: 0, p99Ratio: 1.5, sigma: 0.05 }, 4],
    ["p99 +50 %, sigma 10 %, within 4 hours", { requests: 20_000, errorRate: 0, p99Ratio: 1.5, sigma: 0.1 }, 16],
    ["p99 +50 %, sigma 15 %, autocorrelated, within 14 hours", { requests: 20_000, errorRate: 0, p99Ratio: 1.5, sigma: 0.15, autocorrelation: 0.7 }, 56],
    ["p99 +100 %, sigma 10 %, within 2 hours", { requests: 20_000, errorRate: 0, p99Ratio: 2, sigma: 0.1 }, 8],
    ["p99 +30 %, sigma 5 %, within 7 hours", { requests: 20_000, errorRate: 0, p99Ratio: 1.3, sigma: 0.05 }, 28],
  ])("%s in the median, and in nearly every window", (_, traffic, ceiling) => {
    const slots = study(traffic, 400);
    expect(shareOfBreaches(slots)).toBeGreaterThanOrEqual(0.98);
    expect(leastMedian(slots)).toBeLessThanOrEqual(ceiling);
  });
});

describe("the verdict does not depend on how many slots come at once", () => {
  it.each([1, 2, 3, 4, 5])("seed %i: the same first breach one by one, in batches, or all together", (seed) => {
    const random = seededRandom(seed);
    const slots = scored(windowOf({ requests: 2_000, errorRate: 0.004 + 0.002 * random.uniform(), p99Ratio: 1 + 0.5 * random.uniform(), sigma: 0.1 }, random));
    const whole = judgeWindow(slots, judging());
    const prefixes = slots.map((_, index) => judgeWindow(slots.slice(0, index + 1), judging()));
    const first = prefixes.find(({ kind }) => kind === "breach");
    expect(whole.kind === "breach" ? whole : undefined).toEqual(first);
    const batched = [48, 96, 144, 192].map((length) => judgeWindow(slots.slice(0, length), judging())).find(({ kind }) => kind === "breach");
    expect(batched).toEqual(first);
  });
});
