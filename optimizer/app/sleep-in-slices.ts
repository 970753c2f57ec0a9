import type { Clock } from "../ports/clock.ts";
import type { Lease } from "../ports/lock.ts";

/**
 * Sleeps until `untilMs`, renewing the lease on the way, three times within its length. A clock that jumps shows itself by the first slice, which
 * takes no time: the rest is one jump.
 */
export async function sleepInSlices(
  untilMs: number,
  leaseSeconds: number,
  { clock, lease, signal }: { readonly clock: Clock; readonly lease: Lease; readonly signal?: AbortSignal },
): Promise<void> {
  const sliceMs = (leaseSeconds * 1000) / 3;
  while (clock.nowMs() < untilMs) {
    const begunMs = clock.monotonicMs();
    await clock.sleepUntil(Math.min(untilMs, clock.nowMs() + sliceMs), signal);
    await lease.assertHeld();
    if (clock.monotonicMs() - begunMs < sliceMs / 10) await clock.sleepUntil(untilMs, signal);
  }
}
