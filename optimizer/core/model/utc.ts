/** `2026-11-20 04:15` in UTC. */
export function utcMinute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

/** `2026-11-20` in UTC. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** `Monday 18:00` in UTC. */
export function utcWeekday(ms: number): string {
  const date = new Date(ms);
  return `${date.toLocaleDateString("en-US", { weekday: "long", timeZone: "UTC" })} ${date.toISOString().slice(11, 16)}`;
}
