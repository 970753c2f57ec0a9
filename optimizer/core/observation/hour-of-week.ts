const hourMs = 3_600_000;

export const hoursPerWeek = 168;

/** Hour of the week in UTC, 0 = Monday 00:00. The epoch began on a Thursday, 72 hours into its week. */
export function hourOfWeek(ms: number): number {
  return (Math.floor(ms / hourMs) + 72) % hoursPerWeek;
}
