import { describe, expect, it } from "vitest";
import { createPacedClock } from "../../../../optimizer/adapters/clock/paced-clock.ts";

/** A real clock that the test moves; sleeping moves it too. */
function movableClock() {
  let elapsedMs = 0;
  const slept: number[] = [];
  return {
    slept,
    pass: (ms: number) => {
      elapsedMs += ms;
    },
    clock: {
      jumps: false,
      nowMs: () => 5_000_000 + elapsedMs,
      monotonicMs: () => 77 + elapsedMs,
      sleepUntil: (untilMs: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        slept.push(untilMs - 5_000_000 - elapsedMs);
        elapsedMs = untilMs - 5_000_000;
        return Promise.resolve();
      },
    },
  };
}

function account(startMs: number) {
  let nowMs = startMs;
  const advances: number[] = [];
  return {
    advances,
    time: {
      nowMs: () => nowMs,
      advanceTo: (ms: number) => {
        advances.push(ms);
        nowMs = ms;
      },
    },
  };
}

describe("a paced clock", () => {
  it("starts where the account stands and moves it as real time passes, by whole seconds", () => {
    const real = movableClock();
    const simulated = account(1_000_000);
    const clock = createPacedClock(simulated.time, real.clock);
    expect(clock.nowMs()).toBe(1_000_000);
    real.pass(2_600);
    expect(clock.nowMs()).toBe(1_002_000);
    real.pass(100);
    expect(clock.nowMs()).toBe(1_002_000);
    expect(simulated.advances).toEqual([1_002_000]);
  });

  it("really waits, and the account's time has come when the wait ends", async () => {
    const real = movableClock();
    const simulated = account(1_000_000);
    const clock = createPacedClock(simulated.time, real.clock);
    await clock.sleepUntil(1_090_000);
    expect(real.slept).toEqual([90_000]);
    expect(simulated.time.nowMs()).toBe(1_090_000);
  });

  it("gives a wait up when it is told to", async () => {
    const clock = createPacedClock(account(0).time, movableClock().clock);
    await expect(clock.sleepUntil(10_000, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });
});
