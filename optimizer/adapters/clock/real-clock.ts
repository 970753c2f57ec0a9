import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";

export interface RealClock extends Clock {
  /** Corrects the clock by the Date header of an AWS response that arrived at the local time `receivedMs`. */
  learnServerDate(serverMs: number, receivedMs: number): void;
}

/** What tells the local time; tests bring their own. */
export interface LocalTime {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

/** The Date header has whole seconds: smaller differences say nothing. */
const headerResolutionMs = 1_000;
/** Sleeps are cut in pieces, so that a suspended laptop or a corrected clock is noticed. */
const longestPauseMs = 30_000;

/** AWS's time: the local clock, corrected where AWS's Date header shows that it is off by more than the header's resolution. */
export function createRealClock(local: LocalTime = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }): RealClock {
  let offsetMs = 0;
  const nowMs = (): number => local.wallMs() + offsetMs;
  return {
    jumps: false,
    nowMs,
    monotonicMs: local.monotonicMs,
    async sleepUntil(ms, signal) {
      for (let restMs = ms - nowMs(); restMs > 0; restMs = ms - nowMs()) {
        signal?.throwIfAborted();
        await abortable(Math.ceil(Math.min(restMs, longestPauseMs)), signal);
      }
      signal?.throwIfAborted();
    },
    learnServerDate(serverMs, receivedMs) {
      const measuredMs = serverMs + headerResolutionMs / 2 - receivedMs;
      if (Math.abs(measuredMs - offsetMs) > headerResolutionMs) offsetMs = measuredMs;
    },
  };
}

/** Rejects with the signal's own reason, where the timer would reject with an AbortError. */
async function abortable(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
