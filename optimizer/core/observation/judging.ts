import type { Span } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { Usual } from "./usual.ts";

/** What a window is judged by. */
export interface Judging {
  readonly policy: Policy["window"];
  /** Of the region's balancers. */
  readonly references: readonly Usual[];
  /** Balancers × metrics × phases of the run: how many tests share the chance of a false roll-back. */
  readonly tests: number;
  /** Declared disruptions: slots they overlap cannot be severe, but stay in the end gate (seam 20). */
  readonly disruptions: readonly Span[];
  /** When the window may close. */
  readonly deadlineMs: number;
  /** How long it may still be extended after `deadlineMs`. */
  readonly extensionLeftMinutes: number;
}
