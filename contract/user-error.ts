/** What a `UserError` needs: every one tells the wrong value in `message` and the remedy in `hint`. */
export interface UserErrorDetails {
  /** Stable, kebab-case identifier, for scripts and tests. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
}

/** Something the user can mend: wrong input, a missing file, a held lock. Never thrown for a bug of ours. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  readonly code: string;
  readonly hint: string;

  constructor({ code, message, hint, cause }: UserErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
