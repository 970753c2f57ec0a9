import { constants as buffers } from "node:buffer";
import { createHash, type Hash, randomUUID } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { link, open, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { utf8Chunks } from "../../core/model/utf8-chunks.ts";
import { fileErrorCode } from "./state-errors.ts";

export const privateFile = 0o600;
export const privateFolder = 0o700;
/** Marks files that are written but not yet named; a crash may leave some. */
const unnamedPrefix = ".writing-";

// What only looks is synchronous: a tick asks a hundred such questions, and a turn of the thread pool costs ten times the answer. What waits for the
// disk is not.

/** Makes the folders below `root` one by one, so that none of them can be a symbolic link to elsewhere. Resolves to the last. */
export async function makeFolder(root: string, ...names: readonly string[]): Promise<string> {
  mkdirSync(root, { recursive: true, mode: privateFolder });
  let folder = root;
  for (const name of names) {
    folder = join(folder, name);
    makeOneFolder(folder);
    refuseLink(folder);
  }
  return folder;
}

function makeOneFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: privateFolder });
  } catch (error) {
    if (fileErrorCode(error) !== "EEXIST") throw error;
  }
}

/** Makes a file with its whole content at once, and only if there is none: of several writers exactly one gets true. On disk when resolved. */
export async function createFile(path: string, text: string): Promise<boolean> {
  const unnamed = await writeUnnamed(dirname(path), [text]);
  try {
    await link(unnamed, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (fileErrorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(unnamed);
  }
}

/** Replaces a file as a whole: readers see the old content or the new, never a part. The text need never be in memory in one piece. */
export async function replaceFile(path: string, parts: readonly string[] | Generator<string>): Promise<void> {
  refuseLink(path);
  const unnamed = await writeUnnamed(dirname(path), parts);
  try {
    await nameFile(unnamed, path);
  } finally {
    await removeFile(unnamed);
  }
}

/**
 * The same of a file whose name, or another file's content, follows from the SHA-256 of its bytes, so that they are made once: below `folder`, which
 * is there. `work` gets the hash and gives the file its name, below the same folder; without one it is gone afterwards.
 */
export async function writeHashed<R>(
  folder: string,
  parts: Generator<string>,
  work: (hash: string, name: (path: string) => Promise<void>) => Promise<R>,
): Promise<R> {
  const whole = createHash("sha256");
  const unnamed = await writeUnnamed(folder, parts, whole);
  try {
    return await work(whole.digest("hex"), async (path) => {
      refuseLink(path);
      await nameFile(unnamed, path);
    });
  } finally {
    await removeFile(unnamed);
  }
}

async function nameFile(unnamed: string, path: string): Promise<void> {
  await rename(unnamed, path);
  await syncFolder(dirname(path));
}

/** Resolves to the path of a new file that is on disk and has no name yet. Its bytes go to `whole`, too. */
async function writeUnnamed(folder: string, parts: readonly string[] | Generator<string>, whole?: Hash): Promise<string> {
  const unnamed = join(folder, `${unnamedPrefix}${process.pid}-${randomUUID()}`);
  const handle = await open(unnamed, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, privateFile);
  try {
    for (const bytes of utf8Chunks(parts)) {
      whole?.update(bytes);
      await handle.writeFile(bytes);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return unnamed;
}

/** Content of a file; `undefined` when there is none. Symbolic links are refused. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  return readBytesIfThere(path)?.toString("utf8");
}

/** The same as it is on disk. */
export function readBytesIfThere(path: string): Buffer | undefined {
  try {
    const file = openToRead(path);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** What stands there, if anything, must be a file: a pipe would wait for its reader. */
export function refuseOtherThanFile(path: string): void {
  try {
    closeSync(openToRead(path));
  } catch (error) {
    if (fileErrorCode(error) !== "ENOENT") throw error;
  }
}

/** A file to read from. A link, a folder, a pipe, a device or what no text can hold in its place is refused, and a pipe is not waited for. */
function openToRead(path: string): number {
  const file = openUnlinked(path);
  const stats = fstatSync(file);
  if (stats.isFile() && stats.size <= buffers.MAX_STRING_LENGTH) return file;
  closeSync(file);
  throw notOurs(path, stats.isFile() ? "larger than any file of the state" : `${stats.isDirectory() ? "a folder" : "no file"}, and a file belongs there`);
}

function openUnlinked(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (fileErrorCode(error) === "ELOOP") throw notOurs(path, "a symbolic link, and a file belongs there");
    throw error;
  }
}

function notOurs(path: string, what: string): UserError {
  return new UserError({ code: "state-unusable", message: `${path} is ${what}`, hint: "Restore the file from a copy, or choose another folder with --state." });
}

/** Names in a folder without those still being written; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .toSorted();
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Removes a file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (fileErrorCode(error) !== "ENOENT") throw error;
  });
}

/** Without this a crash may forget a name although the file itself was synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refuseLink(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() !== true) return;
  throw new UserError({
    code: "state-unusable",
    message: `${path} is a symbolic link`,
    hint: "Replace it by a real file or folder: the state may hold no links.",
  });
}
