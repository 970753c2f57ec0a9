import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../contract/user-error.ts";
import { readFileIfThere } from "../adapters/files/durable-files.ts";
import type { TextFiles } from "../commands/shell.ts";

/** Plans, outputs and reports tell how an account is built: they are their owner's, wherever they are written. */
const privateFile = 0o600;
const privateFolder = 0o700;
/** What passes: the same command can be run again. */
const passing: readonly string[] = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];

export const textFiles: TextFiles = {
  async read(path) {
    try {
      return await readFileIfThere(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async write(path, text) {
    try {
      await mkdir(dirname(path), { recursive: true, mode: privateFolder });
      await writeFileAtomic(path, text, { mode: privateFile });
    } catch (cause) {
      if (!(cause instanceof Error) || !("syscall" in cause)) throw cause;
      const code = "code" in cause && typeof cause.code === "string" && passing.includes(cause.code) ? "state-unwritable" : "unwritable";
      throw new UserError({ code, message: `${path} cannot be written: ${cause.message}`, hint: "name a place that you may write to", cause });
    }
  },
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
  async list(path) {
    try {
      return await readdir(path);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
};

function isMissing(error: unknown): boolean {
  // Below a file there is nothing either; who needs a folder there says so itself.
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
