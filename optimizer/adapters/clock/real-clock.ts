import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";
import { monotonicMs } from "./monotonic.ts";

export interface RealClock extends Clock {
  /** Corrects the clock by the Date header of an AWS response that arrived just now. */
  learnServerDate(serverMs: number): void;
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
/** Wall and monotonic clock drift apart by less between two pieces of a sleep, unless one was set or the machine slept. */
const doubtMs = 2_000;

/**
 * AWS's time as last told by a Date header, carried on by the monotonic clock. The local wall clock gives the first moment only: somebody may
 * set it by an hour or by days, and nothing may be judged or closed early for that. The monotonic clock stands still while a machine
 * sleeps; then time is behind until the next answer of AWS, which `askServer` brings about as soon as the two local clocks part.
 */
export function createRealClock(local: LocalTime = { wallMs: () => Date.now(), monotonicMs }, askServer?: () => Promise<void>): RealClock {
  /** What to add to the monotonic clock. */
  let offsetMs = local.wallMs() - local.monotonicMs();
  let wallOffsetMs = offsetMs;
  const nowMs = (): number => local.monotonicMs() + offsetMs;

  async function askWhereInDoubt(): Promise<void> {
    const partedMs = local.wallMs() - local.monotonicMs() - wallOffsetMs;
    if (Math.abs(partedMs) <= doubtMs || askServer === undefined) return;
    wallOffsetMs += partedMs;
    await askServer();
  }

  return {
    jumps: false,
    nowMs,
    monotonicMs: local.monotonicMs,
    async sleepUntil(ms, signal) {
      while (nowMs() < ms) {
        signal?.throwIfAborted();
        await askWhereInDoubt();
        await abortable(Math.ceil(Math.max(0, Math.min(ms - nowMs(), longestPauseMs))), signal);
      }
      signal?.throwIfAborted();
    },
    learnServerDate(serverMs) {
      const measuredMs = serverMs + headerResolutionMs / 2 - local.monotonicMs();
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
