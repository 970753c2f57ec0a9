import { UserError } from "../../../contract/user-error.ts";

/** The state cannot be written now. Nothing is lost: what was under way can be resumed once it can be written again. */
const unwritable: Readonly<Record<string, string>> = {
  ENOSPC: "Free some disk space, then run the same command again; a run that was under way goes on with `optimizer resume RUN`.",
  EDQUOT: "Free some of your disk quota, then run the same command again; a run that was under way goes on with `optimizer resume RUN`.",
  EROFS: "The file system is read-only: make it writable, then run the same command again; a run that was under way goes on with `optimizer resume RUN`.",
  EACCES: "Give yourself write access to the state folder, or choose another with --state.",
  EPERM: "Give yourself write access to the state folder, or choose another with --state.",
  EIO: "The disk failed. Check it; a run that was under way goes on with `optimizer resume RUN`.",
  EMFILE: "Too many files are open: raise the limit (ulimit -n), then run the same command again.",
  ENFILE: "Too many files are open on this machine. Close some programs, then run the same command again.",
};
/** The folder is not one that can hold a state. */
const unusable: Readonly<Record<string, string>> = {
  EEXIST: "A file stands where a folder is needed: choose another folder with --state.",
  ENOTDIR: "A file stands where a folder is needed: choose another folder with --state.",
  EISDIR: "A folder stands where a file is needed: restore the file from a copy, or choose another folder with --state.",
  ENAMETOOLONG: "A name is too long for the file system: choose another folder with --state.",
  ELOOP: "The state folder must not hold symbolic links.",
};

/**
 * Runs file operations under `path` and turns errors of the file system into UserErrors with a remedy: `state-unwritable` for what
 * passes (a full disk), `state-unusable` for what does not. `runId` completes the command that the remedy names.
 */
export async function withStateErrors<T>(path: string, operate: () => Promise<T>, runId = "RUN"): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    const code = fileErrorCode(error);
    const passing = code === undefined ? undefined : unwritable[code];
    const hint = passing ?? (code === undefined ? undefined : unusable[code]);
    if (hint === undefined) throw error;
    throw new UserError({
      code: passing === undefined ? "state-unusable" : "state-unwritable",
      message: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      hint: hint.replace("RUN", runId),
      cause: error,
    });
  }
}

/** `ENOENT`, `EEXIST` and kin; `undefined` for anything else. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
