import { describe, expect, it } from "vitest";
import { current } from "../../../../optimizer/core/model/older-plans.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import { buildTestPlan } from "../../../support/plan-builder.ts";
import { pollAgainMs, patienceWith, retryPauseMs, wayBackEndsMs } from "../../../../optimizer/core/execution/retry-limits.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { indexAction } from "../../../support/plan-builder.ts";

const minuteMs = 60_000;
const settle = { pollSeconds: 30, maxMinutes: 360 };

function looksWithin(minutes: number): readonly number[] {
  const polls: number[] = [];
  for (let atMs = 0; atMs < minutes * minuteMs; atMs = pollAgainMs(0, atMs, settle)) polls.push(atMs);
  return polls;
}

describe("what is waited for is looked at again", () => {
  it("after the policy's pause at first", () => {
    expect(pollAgainMs(0, 0, settle)).toBe(30_000);
    expect(pollAgainMs(0, 10 * minuteMs, settle)).toBe(10.5 * minuteMs);
  });

  it("after a twentieth of the time waited later on, and never later than after five minutes", () => {
    expect(pollAgainMs(0, 60 * minuteMs, settle)).toBe(63 * minuteMs);
    expect(pollAgainMs(0, 300 * minuteMs, settle)).toBe(305 * minuteMs);
  });

  it("after a policy's pause that is longer than that", () => {
    expect(pollAgainMs(0, 60 * minuteMs, { ...settle, pollSeconds: 600 })).toBe(70 * minuteMs);
  });

  it("at the moment at which it is given up, whatever the pause", () => {
    expect(pollAgainMs(0, 359 * minuteMs, settle)).toBe(360 * minuteMs);
    expect(pollAgainMs(0, 0, { pollSeconds: 600, maxMinutes: 5 })).toBe(5 * minuteMs);
  });

  it("a fifth as often over six hours as with an even pause", () => {
    expect(looksWithin(360).length).toBeLessThan((360 * 2) / 5);
    expect(looksWithin(360).length).toBeGreaterThan(60);
  });
});

describe("another attempt", () => {
  it("comes after growing pauses, and never where it cannot help", () => {
    const pauses = [1, 2, 3, 4].map((attempt) => retryPauseMs("throttled", attempt, defaultPolicy.settle));
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(retryPauseMs("throttled", 11, defaultPolicy.settle)).toBe(300_000);
    expect(retryPauseMs("throttled", 12, defaultPolicy.settle)).toBeUndefined();
    expect(retryPauseMs("no-capacity", 6, defaultPolicy.settle)).toBeUndefined();
    for (const refusal of ["denied", "invalid", "missing"] as const) expect(retryPauseMs(refusal, 1, defaultPolicy.settle)).toBeUndefined();
  });

  it.each(["throttled", "busy", "no-capacity"] as const)("of a way back that is %s comes for the policy's days, however many were refused", (refusal) => {
    const settle = { ...defaultPolicy.settle, rollbackMaxDays: 3 };
    const after = (days: number): number | undefined => retryPauseMs(refusal, 500, settle, { sinceMs: 0, nowMs: days * 24 * 60 * minuteMs });
    expect(after(2.99)).toBe(30 * minuteMs);
    expect(after(3)).toBeUndefined();
  });

  it("of a way back comes for seven days where the plan is of a version that names none", () => {
    const { rollbackMaxDays: _, ...settle } = defaultPolicy.settle;
    const older = { ...buildTestPlan(), policy: { ...defaultPolicy, settle } } as Plan;
    expect(wayBackEndsMs(0, current(older).policy.settle)).toBe(7 * 24 * 60 * minuteMs);
  });

  it("of a way back never comes where it cannot help", () => {
    for (const refusal of ["denied", "invalid", "missing"] as const)
      expect(retryPauseMs(refusal, 1, defaultPolicy.settle, { sinceMs: 0, nowMs: 1 })).toBeUndefined();
  });
});

describe("a change is waited for", () => {
  it("as long as the policy says, and a created index until it is filled", () => {
    const [recreate, lift] = indexAction().rollback;
    expect(patienceWith(lift!.change, defaultPolicy.settle)).toEqual({ maxMinutes: 360, pollSeconds: 30 });
    expect(patienceWith(recreate!.change, defaultPolicy.settle)).toEqual({ maxMinutes: 7 * 24 * 60, pollSeconds: 30 });
    const [, , removal] = indexAction().steps;
    expect(removal?.kind === "change" && patienceWith(removal.change, defaultPolicy.settle).maxMinutes).toBe(360);
  });
});
