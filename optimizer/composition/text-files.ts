import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../contract/user-error.ts";
import type { TextFiles } from "../commands/shell.ts";

export const textFiles: TextFiles = {
  async read(path) {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async write(path, text) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, text);
    } catch (cause) {
      if (!(cause instanceof Error) || !("syscall" in cause)) throw cause;
      throw new UserError({ code: "unwritable", message: `${path} cannot be written: ${cause.message}`, hint: "name a place that you may write to", cause });
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
