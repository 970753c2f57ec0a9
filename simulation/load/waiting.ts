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
 * rate at which waits end. The tail is P(W > t) = Σ share × chance × e^(−rate × t), exact for M/M/c; of a part whose processors are
 * slower, t is what is left of it once all of its requests have computed so much longer.
 */
export interface WaitingMix {
  /** `longerSeconds`: what a request computes longer than on a whole vCPU, whether it waits or not. */
  add(share: number, servers: number, load: number, serviceSeconds: number, longerSeconds?: number): void;
  /** The wait that only `tail` of all requests exceed, at most `ceilingSeconds`. */
  exceededBy(tail: number, ceilingSeconds: number): number;
  clear(): void;
}

/** Requests that met one queue. */
interface Part {
  readonly share: number;
  readonly chance: number;
  readonly rate: number;
  readonly longerSeconds: number;
}

/** One mix is reused for every tick. */
export function createWaitingMix(): WaitingMix {
  const parts: Part[] = [];
  return {
    add(share, servers, load, serviceSeconds, longerSeconds = 0) {
      const chance = share * erlangC(servers, load);
      if (chance <= 0) return;
      parts.push({ share, chance, rate: load >= 1 ? 0 : (servers * (1 - load)) / serviceSeconds, longerSeconds });
    },
    exceededBy(tail, ceilingSeconds) {
      if (tailAt(parts, 0) <= tail) return 0;
      if (tailAt(parts, ceilingSeconds) >= tail) return ceilingSeconds;
      const [first] = parts;
      if (parts.length === 1 && first?.longerSeconds === 0) return Math.log(first.chance / tail) / first.rate;
      return crossing(parts, tail, ceilingSeconds);
    },
    clear() {
      parts.length = 0;
    },
  };
}

/** Share of all requests that take longer than so many seconds. */
function tailAt(parts: readonly Part[], seconds: number): number {
  let tail = 0;
  for (const { share, chance, rate, longerSeconds } of parts) {
    tail += seconds < longerSeconds ? share : chance * Math.exp(-rate * (seconds - longerSeconds));
  }
  return tail;
}

/** Where the tail falls to `aim`, by bisection within [0, ceiling]. */
function crossing(parts: readonly Part[], aim: number, ceiling: number): number {
  let low = 0;
  let high = ceiling;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (tailAt(parts, middle) > aim) low = middle;
    else high = middle;
  }
  return high;
}
