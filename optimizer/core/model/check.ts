/** `not-looked-at`: nothing is claimed, for the reason that is told. */
export type CheckVerdict = "ok" | "warning" | "problem" | "not-looked-at";

/** What a check is about. With a problem of the `inputs` nothing can be planned; with another one a plan leaves something out, or a run would stop. */
export type CheckArea = "inputs" | "machine" | "credentials" | "permissions" | "costs" | "metrics" | "acting";

/** One thing that was looked at before anything is planned. */
export interface Check {
  readonly area: CheckArea;
  /** Absent where it is about no region. */
  readonly region?: string;
  /** In a word or two, e.g. `policy`. */
  readonly name: string;
  readonly verdict: CheckVerdict;
  /** What was seen. */
  readonly seen: string;
  /** What a person can do about it. */
  readonly remedy?: string;
}
