/** A time as a plan tells it: in whole minutes, one at least. */
export function minutesOf(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60));
}
