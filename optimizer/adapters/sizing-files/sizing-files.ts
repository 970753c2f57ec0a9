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
      await mkdir(dirname(path), { recursive: true, ...(mode === undefined ? {} : { mode: mode.folder }) });
      await writeFileAtomic(path, `${JSON.stringify(sizing, null, 2)}\n`, mode === undefined ? {} : { mode: mode.file });
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
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
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
