/** Time is AWS's: real (local clock corrected by AWS's Date header) or virtual. */
export interface Clock {
  nowMs(): number;
  /** Never goes back, unrelated to `nowMs`; leases are measured with it. */
  monotonicMs(): number;
  /** Resolves when `nowMs() >= ms`, or rejects with the signal's reason. A virtual clock jumps. */
  sleepUntil(ms: number, signal?: AbortSignal): Promise<void>;
}
