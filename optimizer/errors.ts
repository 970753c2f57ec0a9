import { UserError, type UserErrorDetails } from "../contract/user-error.ts";
import type { JournalRecord } from "./core/model/journal-record.ts";

/** A bug of ours: an invariant that does not hold. Printed with a request to report it. */
export class Fault extends Error {
  override readonly name: string = "Fault";
}

/** AWS certainly did nothing. `kind` says what helps. */
export class ChangeRejected extends Error {
  override readonly name: string = "ChangeRejected";
  readonly kind: "throttled" | "busy" | "no-capacity" | "denied" | "invalid" | "missing";
  readonly awsName: string;

  constructor(kind: ChangeRejected["kind"], awsName: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.awsName = awsName;
  }
}

/** AWS may or may not have acted: only a describe can tell. */
export class ChangeOutcomeUnknown extends Error {
  override readonly name: string = "ChangeOutcomeUnknown";
}

/** AWS did not let us look at what has to be known right before a call; the message names what, and the call that was refused. */
export class CouldNotBeSeen extends Error {
  override readonly name: string = "CouldNotBeSeen";
}

/** A channel did not tell anybody of a run. It ends no command: it is journaled, told by `status`, and tried again. The message holds no secret. */
export class PageFailed extends Error {
  override readonly name: string = "PageFailed";
}

/** Credentials expired or were refused as a whole; the run can be resumed with fresh ones. */
export class CredentialsLost extends UserError {
  override readonly name: string = "CredentialsLost";

  constructor(details: Omit<UserErrorDetails, "code">) {
    super({ ...details, code: "credentials-lost" });
  }
}

/** Another process holds the lock, or held it until a moment ago; `runId` is the run that it carries out. */
export class Locked extends UserError {
  override readonly name: string = "Locked";
  readonly runId: string;
  /** It was given back meanwhile. */
  readonly isFree: boolean;

  constructor(runId: string, isFree: boolean, details: Omit<UserErrorDetails, "code">) {
    super({ ...details, code: "locked" });
    this.runId = runId;
    this.isFree = isFree;
  }
}

export interface BrokenJournal {
  readonly runId: string;
  /** Undefined where what describes the run is gone as well. */
  readonly planHash?: string;
  /** The records before the first that cannot be trusted. */
  readonly readable: readonly JournalRecord[];
  /** How many records there certainly were; undefined where nothing tells. */
  readonly written?: number;
  readonly problem: string;
  /** How to get the journal back. */
  readonly remedy: string;
}

/** A journal that does not tell all that was done. Whoever knows the plan adds what may be live in AWS. */
export class JournalBroken extends UserError {
  override readonly name: string = "JournalBroken";
  readonly journal: BrokenJournal;

  constructor(journal: BrokenJournal, details: { readonly code?: "journal-broken" | "journal-newer"; readonly message?: string; readonly hint?: string } = {}) {
    super({ code: details.code ?? "journal-broken", message: details.message ?? journal.problem, hint: details.hint ?? journal.remedy });
    this.journal = journal;
  }
}

/** Ctrl-C or a signal: the journal is whole, the run can be resumed. */
export class Interrupted extends Error {
  override readonly name: string = "Interrupted";
}

/** Exit codes of the command line, gravest last where a run of several regions has to choose (spec order 75 > 6 > 1 > 5 > 3 > 0). */
export const exitCode = { done: 0, fault: 1, badInput: 2, locked: 3, declined: 4, rolledBack: 5, needsHuman: 6, interrupted: 75 } as const;

/** What each of them says to whoever called; the reference is made from it. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCode, string>> = {
  done: "done",
  fault: "a bug of ours, or something it did not foresee: nothing else is claimed",
  badInput: "bad input: a file, a flag or an account that is not as it must be; nothing was changed",
  locked: "another process or run has the region",
  declined: "the question was answered with no; nothing was changed",
  rolledBack: "something was rolled back, and verified",
  needsHuman: "somebody must look: the commands to run are printed. Also `plan --fail-above`, and what only Terraform can prove",
  interrupted: "interrupted; the journal is whole and the run can be resumed",
};

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const codesByUserError: Readonly<Record<string, ExitCode>> = {
  locked: exitCode.locked,
  "run-open": exitCode.locked,
  "lock-lost": exitCode.interrupted,
  declined: exitCode.declined,
  "needs-human": exitCode.needsHuman,
  "credentials-lost": exitCode.interrupted,
  "state-unwritable": exitCode.interrupted,
};

/** The documented exit code of whatever a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return exitCode.interrupted;
  if (error instanceof UserError) return codesByUserError[error.code] ?? exitCode.badInput;
  return exitCode.fault;
}
