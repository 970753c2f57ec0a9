import type { Clock } from "../../ports/clock.ts";

/** Time of a simulated account, which moves at once when told. */
interface SimulatedTime {
  nowMs(): number;
  advanceTo(ms: number): void;
}

/** The account's log notes time in steps of this; finer ones would only fill it. */
const stepMs = 1_000;

/** A simulated account at the pace of real time: waits really wait, and the account's time comes along from where it stood. */
export function createPacedClock(time: SimulatedTime, real: Clock): Clock {
  const originMs = time.nowMs();
  const startedMs = real.monotonicMs();
  const nowMs = (): number => {
    const pacedMs = originMs + Math.floor((real.monotonicMs() - startedMs) / stepMs) * stepMs;
    if (pacedMs > time.nowMs()) time.advanceTo(pacedMs);
    return time.nowMs();
  };
  return {
    jumps: false,
    nowMs,
    monotonicMs: () => real.monotonicMs(),
    async sleepUntil(ms, signal) {
      signal?.throwIfAborted();
      for (let restMs = ms - nowMs(); restMs > 0; restMs = ms - nowMs()) {
        await real.sleepUntil(real.nowMs() + Math.max(restMs, stepMs), signal);
      }
    },
  };
}
