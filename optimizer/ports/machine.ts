/** A lock that somebody holds in the state folder. */
export interface HeldLock {
  readonly accountId: string;
  readonly region: string;
  readonly runId: string;
  readonly who: string;
  /** Its process ran on this machine and is gone. */
  readonly isAbandoned: boolean;
}

/** The machine that the program runs on, as far as it must be fit for that. */
export interface Machine {
  /** E.g. `20.20.2`. */
  readonly nodeVersion: string;
  /** What the machine's own clock says, epoch milliseconds. */
  wallMs(): number;
  /**
   * Writes a file into the state folder and removes it; where there is none yet, sees whether one may be made. Throws the UserErrors of the state,
   * `state-copied` among them: the folder is a copy of one that is still there.
   */
  tryState(): Promise<void>;
  heldLocks(): Promise<readonly HeldLock[]>;
}
