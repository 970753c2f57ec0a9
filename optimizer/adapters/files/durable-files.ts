import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../../contract/user-error.ts";
import { fileErrorCode } from "./state-errors.ts";

export const privateFile = 0o600;
export const privateFolder = 0o700;
/** Marks files that are written but not yet named; a crash may leave some. */
const unnamedPrefix = ".writing-";

/** Makes the folders below `root` one by one, so that none of them can be a symbolic link to elsewhere. Resolves to the last. */
export async function makeFolder(root: string, ...names: readonly string[]): Promise<string> {
  await mkdir(root, { recursive: true, mode: privateFolder });
  let folder = root;
  for (const name of names) {
    folder = join(folder, name);
    await mkdir(folder, { mode: privateFolder }).catch((error: unknown) => {
      if (fileErrorCode(error) !== "EEXIST") throw error;
    });
    await refuseLink(folder);
  }
  return folder;
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

/** Replaces a file as a whole: readers see the old content or the new, never a part. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await refuseLink(path);
  await writeFileAtomic(path, text, { mode: privateFile });
  await syncFolder(dirname(path));
}

/** The same of a text that is never in memory in one piece. */
export async function replaceFileInParts(path: string, parts: Iterable<string>): Promise<void> {
  await refuseLink(path);
  const unnamed = await writeUnnamed(dirname(path), parts);
  try {
    await rename(unnamed, path);
    await syncFolder(dirname(path));
  } finally {
    await removeFile(unnamed);
  }
}

/** Resolves to the path of a new file that is on disk and has no name yet. */
async function writeUnnamed(folder: string, parts: Iterable<string>): Promise<string> {
  const unnamed = join(folder, `${unnamedPrefix}${process.pid}-${randomUUID()}`);
  const handle = await open(unnamed, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, privateFile);
  try {
    for (const bytes of inChunks(parts)) await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return unnamed;
}

/** A call for each line of a large file would take longer than what it writes. */
const chunkLength = 256 * 1024;

function* inChunks(parts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const part of parts) {
    chunk += part;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

/** Content of a file; `undefined` when there is none. Symbolic links are refused. */
export async function readFileIfThere(path: string): Promise<string | undefined> {
  try {
    const handle = await openToRead(path);
    try {
      return await handle.readFile("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A file to read from. A folder, a pipe or a device in its place is refused, and a pipe is not waited for. */
export async function openToRead(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (stats.isFile()) return handle;
  await handle.close();
  throw new UserError({
    code: "state-unusable",
    message: `${path} is ${stats.isDirectory() ? "a folder" : "no file"}, and a file belongs there`,
    hint: "Restore the file from a copy, or choose another folder with --state.",
  });
}

/** Names in a folder without those still being written; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(".")).toSorted();
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

async function refuseLink(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (fileErrorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (stats?.isSymbolicLink() !== true) return;
  throw new UserError({
    code: "state-unusable",
    message: `${path} is a symbolic link`,
    hint: "Replace it by a real file or folder: the state may hold no links.",
  });
}
