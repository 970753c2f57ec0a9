import { isRecoverable, type Lifetime } from "../lifetime.ts";

export interface FinalSnapshot {
  readonly skipFinalSnapshot: boolean;
  readonly finalSnapshotIdentifier?: string;
}

/** What a database leaves behind when it is deleted; a disposable one leaves nothing. */
export function finalSnapshot(lifetime: Lifetime, identifier: string): FinalSnapshot {
  return isRecoverable(lifetime) ? { skipFinalSnapshot: false, finalSnapshotIdentifier: identifier } : { skipFinalSnapshot: true };
}
