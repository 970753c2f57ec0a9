/** How AWS answered one call of a reader, its repetitions counted as one. */
export interface WatchedCall {
  /** IAM's name of it, e.g. `s3:GetLifecycleConfiguration`. */
  readonly action: string;
  readonly region: string;
  /**
   * `answered`: also that there is no such thing, or that the request cannot be, since whoever may not ask is not told that. `not-enabled`: the
   * account has not switched the service on. `unanswered`: time-outs, broken connections and faults of AWS.
   */
  readonly outcome: "answered" | "denied" | "throttled" | "not-enabled" | "credentials-refused" | "unanswered";
  /** AWS's own words; empty where it answered. */
  readonly detail: string;
}

export type CallWatch = (call: WatchedCall) => void;
