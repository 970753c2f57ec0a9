import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SlotCounts } from "../../../../optimizer/core/model/window.ts";
import { scoreSlot } from "../../../../optimizer/core/observation/score-slot.ts";
import { resolveCounts } from "../../../../optimizer/core/observation/slot-counts.ts";
import { east, evenReference, startMs } from "../../../support/plan-builder.ts";
import { counts, quarterMs, scored, window } from "../../../support/window-traffic.ts";

const verdictOf = (over: Partial<SlotCounts>) => scored([counts(over)])[0]?.verdict;

describe("what one slot says", () => {
  it.each<[string, Partial<SlotCounts>, string]>([
    ["usual figures", {}, "pass"],
    ["errors just at the limit", { target5xx: 100 }, "pass"],
    ["errors above the limit", { target5xx: 101 }, "breach"],
    ["errors of the load balancer itself", { elb5xx: 200 }, "breach"],
    ["p99 up by less than the limit", { p99Seconds: 0.119 }, "pass"],
    ["p99 up by more than the limit", { p99Seconds: 0.121 }, "breach"],
    ["absent 5xx beside requests", { target5xx: null, elb5xx: null }, "pass"],
    ["errors without a single request", { requests: null, elb5xx: 5, target5xx: null, p99Seconds: null }, "breach"],
    ["nothing at all", { requests: null, target5xx: null, elb5xx: null, p99Seconds: null }, "inconclusive"],
    ["too few requests for a rate", { requests: 150, target5xx: 1 }, "inconclusive"],
    ["requests without latency", { p99Seconds: null }, "inconclusive"],
    ["no healthy host", { healthyHosts: 0 }, "breach"],
    ["partial data", { status: "partial" }, "inconclusive"],
    ["failed data without figures", { status: "failed", requests: null, target5xx: null, elb5xx: null, p99Seconds: null }, "inconclusive"],
    ["NaN requests", { requests: Number.NaN }, "inconclusive"],
    ["NaN p99", { p99Seconds: Number.NaN }, "inconclusive"],
    ["infinite p99", { p99Seconds: Number.POSITIVE_INFINITY }, "inconclusive"],
    ["negative requests", { requests: -1 }, "inconclusive"],
  ])("%s: %s is %s", (_, over, verdict) => {
    expect(verdictOf(over)).toBe(verdict);
  });

  it("counts requests rejected before a target was chosen into the rate's whole", () => {
    expect(verdictOf({ requests: 900, elb5xx: 100 })).toBe("breach");
    expect(scored([counts({ requests: 900, elb5xx: 100 })])[0]?.reason).toContain("errors 10 %");
  });

  it("does not judge the p99 of a slot with few requests alone", () => {
    expect(verdictOf({ requests: 500, p99Seconds: 0.15 })).toBe("pass");
  });

  it("is inconclusive where a load balancer was not read, and where the region has none", () => {
    const span = { startMs, endMs: startMs + quarterMs };
    expect(scoreSlot(span, [], [evenReference(east)], window).verdict).toBe("inconclusive");
    expect(scoreSlot(span, [], [], window).verdict).toBe("inconclusive");
  });

  it("is as bad as its worst load balancer", () => {
    const other = evenReference(east, { loadBalancer: "app/other/2" });
    const span = { startMs, endMs: startMs + quarterMs };
    const both = [counts(), counts({ loadBalancer: "app/other/2", target5xx: 5_000 })];
    expect(scoreSlot(span, both, [evenReference(east), other], window).verdict).toBe("breach");
  });

  it("never passes figures that are missing, not numbers, infinite or negative", () => {
    const strange = fc.oneof(fc.constant(null), fc.constant(Number.NaN), fc.constant(Number.POSITIVE_INFINITY), fc.double({ max: -1e-9, noNaN: true }));
    fc.assert(
      fc.property(strange, fc.constantFrom("requests" as const, "p99Seconds" as const), (value, name) => {
        expect(verdictOf({ [name]: value })).not.toBe("pass");
      }),
    );
  });

  it("reads an absent error count as zero only beside requests of a complete answer", () => {
    const absent = { target5xx: null, elb5xx: null };
    expect(resolveCounts(counts(absent))).toMatchObject({ target5xx: 0, elb5xx: 0 });
    expect(resolveCounts(counts({ ...absent, requests: null }))).toMatchObject(absent);
    expect(resolveCounts(counts({ ...absent, status: "partial" }))).toMatchObject(absent);
  });
});
