/**
 * Chance that a request has to wait where `servers` processors share one queue (M/M/c: Erlang's C from the recursion of his B; Kleinrock,
 * Queueing Systems I, 3.5). `load` is the offered load of one processor, 0 to 1; from 1 on every request waits.
 */
export function chanceToWait(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= 1) return 1;
  const offered = servers * load;
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked / (1 - load * (1 - blocked));
}

/** Requests that compute one after the other on some processors. */
export interface Queue {
  readonly servers: number;
  readonly load: number;
  /** What one request computes, on one of these processors. */
  readonly serviceSeconds: number;
}

/** Seconds of waiting and computing that only `tail` of all requests exceed, the computing taken to be the same for all; Infinity where more comes than can be done. */
export function secondsExceededBy(tail: number, { servers, load, serviceSeconds }: Queue): number {
  if (load >= 1) return Infinity;
  const chance = chanceToWait(servers, load);
  const waiting = chance <= tail ? 0 : (Math.log(chance / tail) * serviceSeconds) / (servers * (1 - load));
  return waiting + serviceSeconds;
}
