import { describe, expect, it } from "vitest";
import type { Span } from "../../../../optimizer/core/model/observation.ts";
import { healthNow } from "../../../../optimizer/core/observation/health-now.ts";
import { counts, judging, scored, window } from "../../../support/window-traffic.ts";

const well = counts({});
const ill = counts({ target5xx: 350 });
const unknown = counts({ requests: null, target5xx: null, elb5xx: null, p99Seconds: null, healthyHosts: null });
const { references } = judging();

function healthOf(slots: readonly ReturnType<typeof counts>[], during: readonly number[] = []) {
  const scores = scored(slots);
  const disruptions = during.flatMap((index): Span[] => {
    const slot = scores[index];
    return slot === undefined ? [] : [{ startMs: slot.startMs, endMs: slot.startMs + 1_000 }];
  });
  return healthNow(scores, references, window, disruptions);
}

describe("a region's health before a change", () => {
  it("is good in usual slots, and with one slot a little over a limit", () => {
    expect(healthOf([well, well, well, well])).toEqual({ kind: "healthy" });
    expect(healthOf([well, counts({ target5xx: 150 }), well, well])).toEqual({ kind: "healthy" });
  });

  it("is bad with two slots over a limit", () => {
    expect(healthOf([well, counts({ target5xx: 150 }), well, counts({ target5xx: 150 })])).toMatchObject({
      kind: "unhealthy",
      detail: expect.stringContaining("2 of the latest 4 slots over a limit"),
    });
  });

  it("is unknown, and so not good, where nothing can be said of any slot", () => {
    expect(healthOf([unknown, unknown, unknown, unknown]).kind).toBe("unhealthy");
  });

  it("is good where a disruption that the plan announced is over, and its slots alone are over a limit", () => {
    expect(healthOf([ill, ill, well, well], [0, 1])).toEqual({ kind: "healthy" });
    expect(healthOf([well, well, ill, well], [2])).toEqual({ kind: "healthy" });
  });

  it("is not known while the latest slot is over a limit and an announced disruption touches it, for a second only: whatever else goes on in it is hidden", () => {
    expect(healthOf([well, well, ill, ill], [2, 3])).toMatchObject({
      kind: "unhealthy",
      detail: expect.stringContaining("during a disruption that the plan announced"),
    });
    expect(healthOf([well, well, well, ill], [3]).kind).toBe("unhealthy");
  });

  it("is good where an announced disruption touches the latest slot and harms nobody", () => {
    expect(healthOf([well, well, well, well], [3])).toEqual({ kind: "healthy" });
  });
});
