import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { createFile, readFileIfThere } from "./durable-files.ts";
import { fileErrorCode, withStateErrors } from "./state-errors.ts";
import { noteHome } from "./state-home.ts";
import { isCount, isStored } from "./stored-shape.ts";

const currentVersion = 1;

/** Makes a state folder usable, and refuses one that a newer version wrote. Resolves to its real path. */
export async function openStateFolder(path: string): Promise<string> {
  return withStateErrors(path, async () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const root = realpathSync.native(path);
    const file = join(root, "version.json");
    const text = await readFileIfThere(file);
    if (text !== undefined) refuseOtherVersion(file, text);
    else if (!(await createFile(file, `${JSON.stringify({ version: currentVersion })}\n`))) refuseOtherVersion(file, await readFileIfThere(file));
    await noteHome(root);
    return root;
  });
}

/** The real path of a state folder, without writing anything; undefined where there is none yet. One of a newer version is refused. */
export async function findStateFolder(path: string): Promise<string | undefined> {
  return withStateErrors(path, async () => {
    try {
      const root = realpathSync.native(path);
      const file = join(root, "version.json");
      const text = await readFileIfThere(file);
      if (text !== undefined) refuseOtherVersion(file, text);
      return root;
    } catch (error) {
      if (fileErrorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

function refuseOtherVersion(file: string, text: string | undefined): void {
  const parsed = parse(text);
  const isVersion = isStored<{ readonly version: number }>(parsed, { version: (value) => isCount(value) && value !== 0 });
  if (!isVersion) throw unreadable(file);
  if (parsed.version <= currentVersion) return;
  throw new UserError({
    code: "state-newer",
    message: `${file}: the state has version ${parsed.version}, this optimizer knows up to ${currentVersion}`,
    hint: "Use the optimizer that wrote it, or a newer one.",
  });
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    // Told as what tells no version.
    return undefined;
  }
}

function unreadable(file: string): UserError {
  return new UserError({
    code: "state-unusable",
    message: `${file} does not tell a version`,
    hint: 'Restore it ({"version": 1}), or choose another folder with --state.',
  });
}
