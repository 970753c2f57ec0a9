import { describe, expect, it } from "vitest";
import { StepScaling, stepSettings, type StepSettings } from "../../../simulation/services/auto-scaling/step-scaling.ts";
import { agreedSize, TargetTracking } from "../../../simulation/shared/target-tracking.ts";

const minuteMs = 60_000;
const settings = (more: Partial<StepSettings> = {}): StepSettings => ({
  kind: "StepScaling",
  alarm: { metric: "CPUUtilization", comparison: "GreaterThanOrEqualToThreshold", threshold: 60, evaluationMinutes: 5 },
  adjustment: "ChangeInCapacity",
  leastChange: 0,
  steps: [
    { from: 0, until: 10, change: 1 },
    { from: 10, change: 4 },
  ],
  cooldownSeconds: 300,
  ...more,
});

describe("a policy of steps", () => {
  it("adds by how far the metric is above its alarm's threshold", () => {
    const policy = new StepScaling(settings());
    expect(policy.see(59, 10, 0)).toBeUndefined();
    expect(policy.see(60, 10, 0)).toEqual({ kind: "more", count: 11 });
    expect(policy.see(70, 10, 0)).toEqual({ kind: "more", count: 14 });
  });

  it("waits until its alarm has been in breach for its periods, in a row", () => {
    const policy = new StepScaling(settings({ alarm: { metric: "CPUUtilization", comparison: "GreaterThanThreshold", threshold: 60, evaluationMinutes: 15 } }));
    expect([61, 61, 60, 61, 61].map((value) => policy.see(value, 10, 0))).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(policy.see(61, 10, 0)).toEqual({ kind: "more", count: 11 });
  });

  it("takes away below a threshold", () => {
    const alarm = { metric: "CPUUtilization", comparison: "LessThanThreshold", threshold: 30, evaluationMinutes: 5 } as const;
    const policy = new StepScaling(settings({ alarm, steps: [{ until: 0, change: -2 }] }));
    expect(policy.see(30, 10, 0)).toBeUndefined();
    expect(policy.see(29, 10, 0)).toEqual({ kind: "fewer", count: 8 });
    const atMost = { ...alarm, comparison: "LessThanOrEqualToThreshold" } as const;
    expect(new StepScaling(settings({ alarm: atMost, steps: [{ change: -2 }] })).see(30, 1, 0)).toEqual({ kind: "fewer", count: 0 });
  });

  it.each([
    [10, 15, 1, "rounds 1.5 down to 1"],
    [10, 5, 1, "rounds 0.5 up to 1"],
    [10, -5, -1, "rounds -0.5 to -1"],
    [10, -15, -1, "rounds -1.5 to -1"],
  ])("of percent, of %i by %i %%: %i (%s)", (size, change, by) => {
    const wish = new StepScaling(settings({ adjustment: "PercentChangeInCapacity", steps: [{ change }] })).see(61, size, 0);
    expect(wish?.count).toBe(size + by);
  });

  it("may say a number, and asks for nothing where that is there or no step fits", () => {
    const exact = settings({ adjustment: "ExactCapacity", steps: [{ change: 12 }] });
    expect(new StepScaling(exact).see(61, 10, 0)).toEqual({ kind: "more", count: 12 });
    expect(new StepScaling(exact).see(61, 12, 0)).toBeUndefined();
    expect(new StepScaling(settings({ steps: [{ from: 20, change: 1 }] })).see(61, 10, 0)).toBeUndefined();
  });
});

describe("simple scaling", () => {
  it("waits its cooldown after it acted, and has no steps to choose from", () => {
    const policy = new StepScaling(settings({ kind: "SimpleScaling", steps: [{ change: 1 }], cooldownSeconds: 1800 }));
    expect(policy.see(90, 10, 0)).toEqual({ kind: "more", count: 11 });
    policy.acted(0);
    expect(policy.see(90, 11, 29 * minuteMs)).toBeUndefined();
    expect(policy.see(90, 11, 30 * minuteMs)).toEqual({ kind: "more", count: 12 });
  });

  it("is only shown without its figures", () => {
    expect(stepSettings({ name: "p", type: "SimpleScaling" })).toBeUndefined();
    expect(stepSettings({ name: "p", type: "PredictiveScaling" })).toBeUndefined();
  });
});

describe("several policies together", () => {
  it("grow by the one that asks for most, and shrink only where all tracking ones agree, to the most of them", () => {
    expect(
      agreedSize(
        [
          { kind: "more", count: 12 },
          { kind: "fewer", count: 4 },
        ],
        [{ kind: "more", count: 14 }],
        10,
      ),
    ).toBe(14);
    expect(agreedSize([{ kind: "fewer", count: 8 }, undefined], [], 10)).toBe(10);
    expect(
      agreedSize(
        [
          { kind: "fewer", count: 8 },
          { kind: "fewer", count: 6 },
        ],
        [],
        10,
      ),
    ).toBe(8);
    expect(agreedSize([], [{ kind: "fewer", count: 7 }], 10)).toBe(7);
    expect(agreedSize([{ kind: "more", count: 10 }], [{ kind: "fewer", count: 7 }], 10), "one that asks for as many keeps them").toBe(10);
  });

  it("never shrink by one that may not, and begin their quarter of an hour anew after a change", () => {
    const never = new TargetTracking({ target: 50, disableScaleIn: true });
    expect([1, 1, 1, 1].map((value) => never.see(value, 10))).toEqual([undefined, undefined, undefined, undefined]);
    const tracking = new TargetTracking({ target: 50, disableScaleIn: false });
    expect([40, 40].map((value) => tracking.see(value, 10))).toEqual([undefined, undefined]);
    expect(tracking.see(40, 10)).toEqual({ kind: "fewer", count: 8 });
    tracking.forget();
    expect(tracking.see(40, 10)).toBeUndefined();
  });
});
