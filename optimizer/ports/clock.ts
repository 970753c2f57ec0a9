/** Time is AWS's: real (local clock corrected by AWS's Date header) or virtual. */
export interface Clock {
  /** Sleeping takes no real time: nothing runs out meanwhile. */
  readonly jumps: boolean;
  nowMs(): number;
  /** Never goes back, unrelated to `nowMs`; leases are measured with it. */
  monotonicMs(): number;
  /** Resolves when `nowMs() >= ms`, or rejects with the signal's reason. */
  sleepUntil(ms: number, signal?: AbortSignal): Promise<void>;
}
