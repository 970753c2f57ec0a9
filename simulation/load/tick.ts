/** The load model's grain: five minutes, CloudWatch's finest period kept for two months. */
export const tickMs = 300_000;
export const tickSeconds = 300;
export const ticksPerHour = 12;
export const ticksPerDay = 24 * ticksPerHour;

const mondayMs = Date.UTC(1970, 0, 5);
const hourMs = 3_600_000;
const weekMs = 168 * hourMs;

/** The tick that holds a moment. */
export function tickAt(ms: number): number {
  return Math.floor(ms / tickMs);
}

/** Milliseconds since the last Monday 00:00 UTC. */
export function msOfWeek(ms: number): number {
  const since = (ms - mondayMs) % weekMs;
  return since < 0 ? since + weekMs : since;
}

/** Hours since the last Monday 00:00 UTC, fractions included, in [0, 168). */
export function hourOfWeek(ms: number): number {
  return msOfWeek(ms) / hourMs;
}
