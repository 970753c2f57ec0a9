import type { Clock } from "../../ports/clock.ts";
import { monotonicMs } from "./monotonic.ts";

/** Time of the simulated account, which moves only when told. */
export interface VirtualTime {
  nowMs(): number;
  advanceTo(ms: number): void | Promise<void>;
}

/** A clock that jumps instead of sleeping. Leases are held by real processes, so its monotonic time is the real one. */
export function createVirtualClock(time: VirtualTime): Clock {
  return {
    jumps: true,
    nowMs: () => time.nowMs(),
    monotonicMs,
    async sleepUntil(ms, signal) {
      signal?.throwIfAborted();
      if (ms > time.nowMs()) await time.advanceTo(ms);
    },
  };
}
