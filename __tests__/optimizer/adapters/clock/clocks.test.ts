import { describe, expect, it } from "vitest";
import { createRealClock } from "../../../../optimizer/adapters/clock/real-clock.ts";
import { createVirtualClock } from "../../../../optimizer/adapters/clock/virtual-clock.ts";

describe("the real clock", () => {
  const local = { wallMs: () => 1_000_000, monotonicMs: () => 5 };

  it("follows AWS's Date header when the local clock is off, and not for less than the header can tell", () => {
    const clock = createRealClock(local);
    clock.learnServerDate(999_600);
    expect(clock.nowMs()).toBe(1_000_000);
    clock.learnServerDate(1_000_000 + 3_600_000);
    expect(clock.nowMs()).toBe(1_000_000 + 3_600_500);
    clock.learnServerDate(1_000_000 + 3_601_000);
    expect(clock.nowMs()).toBe(1_000_000 + 3_600_500);
  });

  it("sleeps until the time is there by its own reckoning, whatever the timer says", async () => {
    let nowMs = 0;
    const clock = createRealClock({ wallMs: () => 0, monotonicMs: () => (nowMs += 4) });
    await clock.sleepUntil(20);
    expect(nowMs).toBeGreaterThanOrEqual(20);
  });

  it.each([
    ["an hour ahead", 3_600_000],
    ["an hour back", -3_600_000],
    ["three days ahead", 3 * 86_400_000],
    ["three days back", -3 * 86_400_000],
  ])("goes on evenly when the wall clock is set %s", async (_, jumpMs) => {
    let wallMs = 1_000_000;
    let monotonicMs = 5;
    const clock = createRealClock({ wallMs: () => wallMs, monotonicMs: () => monotonicMs });
    monotonicMs += 1_000;
    wallMs += 1_000 + jumpMs;
    expect(clock.nowMs()).toBe(1_001_000);
  });

  it("asks AWS for the time, once, when the wall clock was set or the machine slept, and wakes by what AWS tells", async () => {
    const dayMs = 86_400_000;
    let monotonicMs = 0;
    let sleptMs = 0;
    let asked = 0;
    const clock = createRealClock({ wallMs: () => monotonicMs + sleptMs, monotonicMs: () => (monotonicMs += 5) }, async () => {
      asked += 1;
      clock.learnServerDate(monotonicMs + sleptMs);
    });
    sleptMs = 3 * dayMs;
    await clock.sleepUntil(2 * dayMs);
    expect(asked).toBe(1);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(2 * dayMs);
    expect(monotonicMs).toBeLessThan(dayMs);
  });

  it("does not sleep for a moment that has passed, and wakes with the signal's reason", async () => {
    const clock = createRealClock(local);
    await clock.sleepUntil(999_999);
    const controller = new AbortController();
    const sleeping = clock.sleepUntil(9_000_000, controller.signal);
    controller.abort(new RangeError("ctrl-c"));
    await expect(sleeping).rejects.toThrow(new RangeError("ctrl-c"));
    await expect(clock.sleepUntil(0, controller.signal)).rejects.toThrow("ctrl-c");
  });
});

describe("the virtual clock", () => {
  it("jumps forward, never back, and not for an aborted signal", async () => {
    let nowMs = 100;
    const jumps: number[] = [];
    const clock = createVirtualClock({ nowMs: () => nowMs, advanceTo: (ms) => void jumps.push((nowMs = ms)) });
    await clock.sleepUntil(48 * 3_600_000);
    await clock.sleepUntil(50);
    await expect(clock.sleepUntil(1e12, AbortSignal.abort(new RangeError("stop")))).rejects.toThrow("stop");
    expect(jumps).toEqual([48 * 3_600_000]);
    expect(clock.nowMs()).toBe(48 * 3_600_000);
  });

  it("waits for an account that moves asynchronously", async () => {
    let nowMs = 0;
    const clock = createVirtualClock({
      nowMs: () => nowMs,
      async advanceTo(ms) {
        await Promise.resolve();
        nowMs = ms;
      },
    });
    await clock.sleepUntil(7);
    expect(clock.nowMs()).toBe(7);
  });
});
