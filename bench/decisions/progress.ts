const [msPerSecond, secondsPerMinute] = [1000, 60];

/** How far it is, and how long the others will take if they take as long as those that are done. */
export function progressLine(done: number, of: number, elapsedMs: number): string {
  const share = `${done} of ${of} accounts`;
  if (done === 0) return share;
  const leftSeconds = ((of - done) * elapsedMs) / done / msPerSecond;
  return `${share}, ${timeOf(leftSeconds)} left`;
}

function timeOf(seconds: number): string {
  if (seconds < 2 * secondsPerMinute) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / secondsPerMinute)} min`;
}
