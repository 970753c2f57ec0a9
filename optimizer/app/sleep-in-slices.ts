import type { Clock } from "../ports/clock.ts";
import type { Lease } from "../ports/lock.ts";

export interface Sleeping {
  readonly clock: Clock;
  readonly lease: Lease;
  readonly signal?: AbortSignal;
  /** Whether something came up that ends the sleep. */
  readonly isWoken?: () => Promise<boolean>;
}

/** Sleeps until `untilMs`, renewing the lease on the way, three times within its length; a clock that jumps does so once. */
export async function sleepInSlices(untilMs: number, leaseSeconds: number, { clock, lease, signal, isWoken }: Sleeping): Promise<void> {
  const sliceMs = clock.jumps ? Number.POSITIVE_INFINITY : (leaseSeconds * 1000) / 3;
  // A process that slept past its lease must not move a clock that others live by.
  if (lease.remainingMs() <= 0) await lease.assertHeld();
  for (let nowMs = clock.nowMs(); nowMs < untilMs; nowMs = clock.nowMs()) {
    await clock.sleepUntil(Math.min(untilMs, nowMs + sliceMs), signal);
    await lease.assertHeld();
    if (!clock.jumps && (await isWoken?.()) === true) return;
  }
}
