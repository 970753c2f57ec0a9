import type { Clock } from "../ports/clock.ts";
import type { Lease } from "../ports/lock.ts";

/** Sleeps until `untilMs`, renewing the lease on the way, three times within its length; a clock that jumps does so once. */
export async function sleepInSlices(
  untilMs: number,
  leaseSeconds: number,
  { clock, lease, signal }: { readonly clock: Clock; readonly lease: Lease; readonly signal?: AbortSignal },
): Promise<void> {
  const sliceMs = clock.jumps ? Number.POSITIVE_INFINITY : (leaseSeconds * 1000) / 3;
  for (let nowMs = clock.nowMs(); nowMs < untilMs; nowMs = clock.nowMs()) {
    await clock.sleepUntil(Math.min(untilMs, nowMs + sliceMs), signal);
    await lease.assertHeld();
  }
}
