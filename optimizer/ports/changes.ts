import type { Change, ChangeState, Marks } from "../core/levers/change-kinds.ts";
import type { ResourceRef } from "../core/model/resource-ref.ts";
import type { Look } from "./look.ts";

/** Describes the state a change is about. Never mutates. */
export interface ChangeReader {
  stateOf<C extends Change>(change: C): Promise<ChangeState<C>>;
  /** In words, each resource that the change would reach as things are now and that the plan does not know of. The change may be made only where there is none. */
  reaches(change: Change, known: readonly ResourceRef[]): Promise<readonly string[]>;
  /** The states of several changes, in their order, as part of the look that is named, else in one of its own. */
  statesOf(changes: readonly Change[], look?: Look): Promise<readonly ChangeState[]>;
}

/**
 * Makes one mutation toward `change.after`; does not wait for it to settle. `token` is stable per step and goes into AWS's
 * client token where there is one; `marks` are what the steps before it in its action left, as they were read back. Rejects with `ChangeRejected` when AWS certainly did nothing, with
 * `ChangeOutcomeUnknown` when it may have (optimizer/errors.ts).
 */
export interface ChangeWriter {
  apply(change: Change, token: string, marks?: Marks, options?: WriteOptions): Promise<void>;
}

export interface WriteOptions {
  /** Whether AWS may carry out, along with the change, what somebody else has queued for the maintenance window. Absent: the change is rejected as busy. */
  readonly queuedToo?: boolean;
}
