import type { Change, ChangeState } from "../core/levers/change-kinds.ts";

/** Describes the state a change is about. Never mutates. */
export interface ChangeReader {
  stateOf<C extends Change>(change: C): Promise<ChangeState<C>>;
  /** Who else the change would reach as things are now, in words: nobody may be. */
  reaches(change: Change): Promise<readonly string[]>;
}

/**
 * Makes one mutation toward `change.after`; does not wait for it to settle. `token` is stable per step and goes into AWS's
 * client token where there is one. Rejects with `ChangeRejected` when AWS certainly did nothing, with
 * `ChangeOutcomeUnknown` when it may have (optimizer/errors.ts).
 */
export interface ChangeWriter {
  apply(change: Change, token: string): Promise<void>;
}
