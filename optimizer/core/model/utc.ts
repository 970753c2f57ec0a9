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
  return `${weekdays[date.getUTCDay()] ?? ""} ${date.toISOString().slice(11, 16)}`;
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
