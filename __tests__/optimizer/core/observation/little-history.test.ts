import { describe, expect, it } from "vitest";
import { balancerSlotKeys, sampleCountKey } from "../../../../optimizer/core/metrics/balancer-slots.ts";
import { type Observation, type SeriesKey, seriesId } from "../../../../optimizer/core/model/observation.ts";
import type { SlotCounts } from "../../../../optimizer/core/model/window.ts";
import { backTest } from "../../../../optimizer/core/observation/back-test.ts";
import { learnUsual } from "../../../../optimizer/core/observation/balancer-reference.ts";
import { asPartial } from "../../../../optimizer/core/observation/completeness.ts";
import { healthNow } from "../../../../optimizer/core/observation/health-now.ts";
import { middleOfAll, quantile } from "../../../../optimizer/core/observation/hourly-medians.ts";
import { scoreSlot } from "../../../../optimizer/core/observation/score-slot.ts";
import { addErrors, noErrorEvidence, reaches } from "../../../../optimizer/core/observation/sequential-evidence.ts";
import { slotReader } from "../../../../optimizer/core/observation/slot-counts.ts";
import { east, evenReference, startMs } from "../../../support/plan-builder.ts";
import { counts, quarterMs, scored, window } from "../../../support/window-traffic.ts";
import { aBalancer } from "../../../support/world.ts";

const place = { region: east, loadBalancer: "app/web/1" };
const learn = (each: readonly SlotCounts[]) => {
  const history = { startMs, slotMs: quarterMs, counts: each };
  return { history, ...learnUsual(place, history, window) };
};
const gap = counts({ requests: null, target5xx: null, elb5xx: null, p99Seconds: null, status: "failed" });

describe("what is usual of a load balancer", () => {
  it("is nothing where there is no history", () => {
    const { usual, withoutWeek, history } = learn([]);
    expect(usual).toMatchObject({ errorRate: 0, requestsPerSecond: 0, conclusiveShare: 0, errorDispersion: 1, rareP99Ratio: 1, incidents: [] });
    expect(usual).toMatchObject({ logP99Sigma: 0, logP99Autocorrelation: 0, windowNoise: { all: 0, busy: 0 } });
    expect(new Set(usual.p99SecondsByHour)).toEqual(new Set([null]));
    expect(backTest(history, withoutWeek, window, 6)).toEqual({
      falseRollbackShare: 1,
      smallestVisibleP99Increase: expect.any(Number),
      smallestVisibleErrorRate: 1,
    });
  });

  it("is nothing where two weeks have not one figure, and no window of them would roll back or show harm", () => {
    const { usual, withoutWeek, history } = learn(Array.from({ length: 1344 }, () => gap));
    expect(usual).toMatchObject({ errorRate: 0, requestsPerSecond: 0, conclusiveShare: 0, windowNoise: { all: 0, busy: 0 } });
    const tested = backTest(history, withoutWeek, window, 6);
    expect(tested).toMatchObject({ falseRollbackShare: 0, smallestVisibleErrorRate: 1 });
  });

  it("has no errors to be bursty where only one slot had requests", () => {
    expect(learn([counts({ target5xx: 5 }), gap]).usual.errorDispersion).toBe(1);
  });

  it("counts a spell of slow answers without any request as one in which all fail", () => {
    const slow = counts({ requests: 0, target5xx: 0, elb5xx: 0, p99Seconds: 0.9 });
    const weeks = Array.from({ length: 1344 }, (_, slot) => (slot === 700 || slot === 701 ? slow : counts()));
    expect(learn(weeks).usual.incidents).toMatchObject([{ startMs: startMs + 700 * quarterMs, endMs: startMs + 702 * quarterMs, errorRate: 1 }]);
  });

  it("of no values is no middle, and a share of 0", () => {
    expect(middleOfAll([])).toBeNaN();
    expect(middleOfAll([3, 1, 2, 4])).toBe(2);
    expect([quantile([], 0.9), quantile([1, 2, 3, 4], 0.5)]).toEqual([0, 3]);
  });
});

describe("one slot", () => {
  it("says nothing where the baseline has no latency for its hour, or there is nobody to judge by", () => {
    const unknown = { ...evenReference(east), p99SecondsByHour: Array.from({ length: 168 }, () => null) };
    expect(scored([counts()], window, unknown)).toMatchObject([{ verdict: "inconclusive", reason: "the baseline has no latency for this hour" }]);
    expect(scoreSlot({ startMs, endMs: startMs + quarterMs }, [counts()], [], window)).toMatchObject({
      verdict: "inconclusive",
      reason: "no load balancer to judge by",
    });
  });

  it("that failed stays failed where its figures are not all there yet", () => {
    expect(asPartial(counts({ status: "failed" })).status).toBe("failed");
    expect(asPartial(counts()).status).toBe("partial");
  });

  it("is as little whole as the least of its series", () => {
    const keys = balancerSlotKeys(aBalancer(), 900);
    const observed = (key: SeriesKey, status: Observation["status"]): [string, Observation] => [
      seriesId(key),
      { key, unit: "Count", startMs, values: Float64Array.of(5), status },
    ];
    const statusOf = (...all: readonly [string, Observation][]) => slotReader("app/web/1", keys, new Map(all))(startMs).status;
    const [requests, p99] = [observed(keys.requests, "complete"), observed(keys.p99, "complete")];
    const errors = [observed(keys.target5xx, "complete"), observed(keys.elb5xx, "complete")] as const;
    expect(statusOf(requests, p99, ...errors)).toBe("complete");
    expect(statusOf(requests, observed(keys.p99, "partial"), ...errors)).toBe("partial");
    expect(statusOf(requests, observed(keys.p99, "partial"), observed(keys.target5xx, "failed"))).toBe("failed");
    expect(statusOf(requests, p99)).toBe("failed");
  });

  it("has no count of samples to be known by where no target group stands behind the load balancer", () => {
    expect(sampleCountKey({ ...aBalancer(), targetGroups: [] }, 900)).toBeUndefined();
    expect(sampleCountKey(aBalancer(), 900)?.statistic).toBe("SampleCount");
  });
});

describe("whether a region is healthy now", () => {
  it("is not known where no slot says anything, and told by the newest", () => {
    const few = scored([counts({ requests: 9_000, p99Seconds: null }), counts({ p99Seconds: null })]);
    expect(healthNow(few, [evenReference(east)], window, [])).toEqual({
      kind: "unhealthy",
      detail: "nothing can be said of the latest 2 slots: no latency reported",
    });
  });
});

describe("evidence of errors", () => {
  it("looks for no rate of 1 or more, and for none where no error at all is allowed", () => {
    const none = noErrorEvidence.slice();
    addErrors(none, 50, 100, 0, 1);
    expect([...none]).toEqual([0, 0, 0, 0, 0]);
    const half = noErrorEvidence.slice();
    addErrors(half, 90, 100, 0.5, 1);
    // 0.6 and 0.75 are rates; twice the limit and more are none.
    expect([...half].map((each) => each > 0)).toEqual([true, true, false, false, false]);
  });

  it("reaches a threshold by its mean, never where its largest is below it", () => {
    expect(reaches(Float64Array.of(1, 2), 3)).toBe(false);
    expect(reaches(Float64Array.of(3, -100), 3)).toBe(false);
    expect(reaches(Float64Array.of(3, 3), 3)).toBe(true);
  });
});
