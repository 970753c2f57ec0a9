export interface Holder {
  readonly runId: string;
  readonly who: string;
}

/** Exclusive use of account+regions. Mutations need `assertHeld` just before them. */
export interface Lease {
  readonly epoch: number;
  /** Whether another holder's lease had to be taken over. */
  readonly stolen: boolean;
  /** Renews when due; rejects with the UserError `lock-lost` when someone else holds it now or less than half the lease is left. */
  assertHeld(): Promise<void>;
  /** Milliseconds until somebody else may take the lease over if it is not renewed; not above 0 when it is lost or given back. */
  remainingMs(): number;
  release(): Promise<void>;
}

/** Takes all regions in sorted order, or none. Held by another: `Locked`, naming holder and run. */
export interface Lock {
  acquire(accountId: string, regions: readonly string[], holder: Holder): Promise<Lease>;
  /** Removes the lock with exactly this id. */
  forceUnlock(lockId: string): Promise<void>;
}
