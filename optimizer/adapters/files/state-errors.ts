import { UserError } from "../../../contract/user-error.ts";

/** File system errors that the user can mend, by their codes. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "Free some disk space, then `optimizer resume RUN`.",
  EDQUOT: "Free some of your disk quota, then `optimizer resume RUN`.",
  EROFS: "The file system is read-only: choose another folder with --state.",
  EACCES: "Give yourself write access to the state folder, or choose another with --state.",
  EPERM: "Give yourself write access to the state folder, or choose another with --state.",
  EIO: "The disk failed. Check it, then `optimizer resume RUN`.",
  EEXIST: "A file stands where a folder is needed: choose another folder with --state.",
  ENOTDIR: "A file stands where a folder is needed: choose another folder with --state.",
  ELOOP: "The state folder must not hold symbolic links.",
};

/** Runs file operations under `path` and turns errors of the file system into UserErrors with a remedy. */
export async function withStateErrors<T>(path: string, operate: () => Promise<T>): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    const code = fileErrorCode(error);
    const hint = code === undefined ? undefined : remedies[code];
    if (hint === undefined) throw error;
    throw new UserError({ code: "state-unusable", message: `${path}: ${error instanceof Error ? error.message : String(error)}`, hint, cause: error });
  }
}

/** `ENOENT`, `EEXIST` and kin; `undefined` for anything else. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
