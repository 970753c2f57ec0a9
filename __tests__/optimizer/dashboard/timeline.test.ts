import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ticksBetween } from "../../../optimizer/dashboard/views/timeline.ts";

describe("the ticks of the p99 axis", () => {
  it.each([
    [84, 93, [84, 86, 88, 90, 92, 94]],
    [101, 104, [101, 102, 103, 104]],
    [40, 130, [40, 60, 80, 100, 120, 140]],
    [80, 900, [50, 100, 200, 500, 1000]],
    [0.4, 3000, [0.1, 1, 10, 100, 1000, 10_000]],
  ])("from %d to %d ms are round and few", (least, most, ticks) => {
    expect(ticksBetween(least, most)).toEqual(ticks);
  });

  const spans = fc.tuple(fc.double({ min: 0.05, max: 60_000, noNaN: true }), fc.double({ min: 1.001, max: 100, noNaN: true }));
  it("are at least two within what is drawn, and no more than a dozen", () => {
    fc.assert(
      fc.property(spans, ([least, ratio]) => {
        const most = least * ratio;
        const ticks = ticksBetween(least, most);
        expect(ticks.filter((tick) => tick >= least && tick <= most).length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it("of one value alone are the ones around it", () => {
    expect(ticksBetween(90, 90).length).toBeGreaterThan(0);
  });
});
