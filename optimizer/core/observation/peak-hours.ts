import { oncePer } from "../model/once.ts";
import { hourOfWeek, hoursPerWeek } from "./hour-of-week.ts";
import { busyHours, type Usual } from "./usual.ts";

const hourMs = 3_600_000;

/** Hours with at least this share of the busiest hour's usual requests are the week's peak. */
const peakShare = 0.9;

/** So many hours of the peak are enough: an afternoon. */
const enoughHours = 4;

/**
 * Hours of the week at which the load balancer is usually as busy as it ever is, or nearly so; none where load hardly differs. The same for as
 * long as the reference lives: whoever watches a window asks at every step.
 */
const peakHours = oncePer((requestsPerSlotByHour: Usual["requestsPerSlotByHour"]): readonly boolean[] => {
  if (busyHours({ requestsPerSlotByHour }) === null) return requestsPerSlotByHour.map(() => false);
  const most = requestsPerSlotByHour.reduce<number>((top, load) => Math.max(top, load ?? 0), 0);
  return requestsPerSlotByHour.map((load) => load !== null && load > 0 && load >= peakShare * most);
});

/**
 * When a window that began at `startMs` has seen the week's peak of every balancer: after four hours of it, or all where there are fewer.
 * Only whole hours count, with the hour before and the one after: what people do by their clocks comes an hour earlier or later in UTC once those
 * are changed, in the baseline or since. A window that begins within an hour does not see it. Without any known load there is no peak to wait for.
 */
export function peakSeenMs(startMs: number, references: readonly Usual[]): number {
  return references.reduce((latestMs, reference) => Math.max(latestMs, seenMs(startMs, peakHours(reference.requestsPerSlotByHour))), startMs);
}

function seenMs(startMs: number, isPeak: readonly boolean[]): number {
  const needed = Math.min(enoughHours, isPeak.filter(Boolean).length);
  let hourStartMs = Math.ceil(startMs / hourMs) * hourMs + hourMs;
  let seenMs = startMs;
  for (let seen = 0, hours = 0; seen < needed && hours < 2 * hoursPerWeek; hours += 1, hourStartMs += hourMs) {
    if (isPeak[hourOfWeek(hourStartMs)] !== true) continue;
    seen += 1;
    seenMs = hourStartMs + 2 * hourMs;
  }
  return seenMs;
}

/**
 * When a window may close that would otherwise close at `endMs`: it goes on until it has seen the peak, up to `maxMinutes` from its start.
 * What would take longer is not waited for, and the window says that it passed without its peak.
 */
export function peakDeadlineMs(
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  references: readonly Usual[],
  maxMinutes: number,
): number {
  const seen = peakSeenMs(startMs, references);
  return seen <= Math.max(endMs, startMs + maxMinutes * 60_000) ? Math.max(endMs, seen) : endMs;
}
