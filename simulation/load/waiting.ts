import { normalShare } from "./noise.ts";

/**
 * Chance that a request has to wait in an M/M/c queue (Erlang C; Kleinrock, Queueing Systems I, 3.5), from the recursion
 * of Erlang B, which stays exact for many servers. `load` is the offered load per server; 1 and above always waits.
 */
export function erlangC(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (load >= 1) return 1;
  const offered = servers * load;
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked / (1 - load * (1 - blocked));
}

/**
 * Share of requests that find no room although the queue is full on average only at load 1: load swings around its mean
 * with a standard deviation of `spread` from minute to minute, and what exceeds the capacity is lost:
 * E[max(0, L − 1)] ÷ load for a normal L.
 */
export function overflowShare(load: number, spread: number): number {
  if (load <= 0) return 0;
  const z = (1 - load) / spread;
  if (z > 6) return 0;
  const density = 0.3989422804 * Math.exp((-z * z) / 2);
  return Math.min(1, (spread * (density - z * (1 - normalShare(z)))) / load);
}

/**
 * Waiting times of requests that met different queues: each part has a share of the requests, the chance to wait, and the
 * rate at which waits end. The tail is P(W > t) = Σ share × chance × e^(−rate × t), exact for M/M/c.
 */
export interface WaitingMix {
  add(share: number, servers: number, load: number, serviceSeconds: number): void;
  /** The wait that only `tail` of all requests exceed, at most `ceilingSeconds`. */
  exceededBy(tail: number, ceilingSeconds: number): number;
  clear(): void;
}

/** One mix is reused for every tick. */
export function createWaitingMix(): WaitingMix {
  const chances: number[] = [];
  const rates: number[] = [];
  return {
    add(share, servers, load, serviceSeconds) {
      const chance = share * erlangC(servers, load);
      if (chance <= 0) return;
      chances.push(chance);
      rates.push(load >= 1 ? 0 : (servers * (1 - load)) / serviceSeconds);
    },
    exceededBy(tail, ceilingSeconds) {
      if (tailAt(chances, rates, 0) <= tail) return 0;
      if (tailAt(chances, rates, ceilingSeconds) >= tail) return ceilingSeconds;
      const [chance, rate] = [chances[0], rates[0]];
      if (chances.length === 1 && chance !== undefined && rate !== undefined) return Math.log(chance / tail) / rate;
      return crossing(chances, rates, tail, ceilingSeconds);
    },
    clear() {
      chances.length = 0;
      rates.length = 0;
    },
  };
}

function tailAt(chances: readonly number[], rates: readonly number[], seconds: number): number {
  let tail = 0;
  for (let at = 0; at < chances.length; at++) tail += (chances[at] ?? 0) * Math.exp(-(rates[at] ?? 0) * seconds);
  return tail;
}

/** Where the tail falls to `aim`, by bisection within [0, ceiling]. */
function crossing(chances: readonly number[], rates: readonly number[], aim: number, ceiling: number): number {
  let low = 0;
  let high = ceiling;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (tailAt(chances, rates, middle) > aim) low = middle;
    else high = middle;
  }
  return high;
}
