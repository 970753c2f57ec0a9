import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { emptySizing, type Sizing, sizingSchema } from "../../../contract/sizing.ts";
import { UserError } from "../../../contract/user-error.ts";
import { readNamedFile } from "../../named-file.ts";
import { sizingPathPart } from "../../core/planning/sizing-names.ts";
import type { SizingStore } from "../../ports/sizing-store.ts";

/**
 * Sizing files in a folder of the working copy; stable bytes, so that adopting twice leaves no diff. `mode` of new files, where they lie in
 * a state folder.
 */
export function createSizingFiles(folder: string, mode?: { readonly file: number; readonly folder: number }): SizingStore {
  return {
    async read(suffix, stack) {
      const path = pathOf(folder, suffix, stack);
      const text = await readIfThere(path);
      return text === undefined ? emptySizing : parseSizing(text, path);
    },
    async write(suffix, stack, sizing) {
      const path = pathOf(folder, suffix, stack);
      try {
        await mkdir(dirname(path), { recursive: true, ...(mode === undefined ? {} : { mode: mode.folder }) });
        await writeFileAtomic(path, `${JSON.stringify(sizing, null, 2)}\n`, mode === undefined ? {} : { mode: mode.file });
      } catch (error) {
        throw unwritable(path, error);
      }
      return path;
    },
  };
}

function pathOf(folder: string, suffix: string, stack: string): string {
  return join(folder, sizingPathPart(suffix), `${sizingPathPart(stack)}.json`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return (await readNamedFile(path)).toString("utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return undefined;
    if (code === undefined) throw error;
    throw new UserError({
      code: "bad-sizing-file",
      message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: "let a file stand there that you may read, or nothing, and run adopt again",
      cause: error,
    });
  }
}

/** What passes, such as a full disk: the same command can be run again. */
const passing: readonly string[] = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];

/** What the file system refused, with a remedy; anything else as it is. */
function unwritable(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  return new UserError({
    code: passing.includes(code) ? "state-unwritable" : "unwritable",
    message: `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    hint: "nothing of it was adopted: let it be written to, or name another folder with --sizing, and run adopt again",
    cause: error,
  });
}

/** `ENOSPC` and kin: of a call to the system that failed. */
function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function parseSizing(text: string, path: string): Sizing {
  const parsed = sizingSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`).join("; ");
  throw new UserError({ code: "bad-sizing-file", message: `${path} is not a sizing file: ${problems}`, hint: "mend it, or remove it and run adopt again" });
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError({ code: "bad-sizing-file", message: `${path} is not JSON`, hint: "mend it, or remove it and run adopt again", cause });
  }
}
