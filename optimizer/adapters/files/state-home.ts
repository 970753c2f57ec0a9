import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { shellWord } from "../../core/model/shell-words.ts";
import { createFile, readFileIfThere, replaceFile } from "./durable-files.ts";
import { fileErrorCode } from "./state-errors.ts";
import { isStored, isText } from "./stored-shape.ts";

/** Where a state folder is: a copy brings along what its original had noted, and is another folder. */
interface StateHome {
  readonly host: string;
  readonly path: string;
  /** The folder's own number on its file system. */
  readonly inode: string;
}

/** Notes where a state folder is, unless that is noted. */
export async function noteHome(root: string): Promise<void> {
  await createFile(homeFile(root), textOf(homeOf(root)));
}

/**
 * Refuses with `state-copied` a folder whose original is still at its place on this machine: each would hold a lock of its own, and both would
 * change one account. Writes nothing.
 */
export async function refuseCopy(root: string): Promise<void> {
  const here = homeOf(root);
  const noted = await notedHome(root);
  if (noted === undefined || noted.inode === here.inode || noted.host !== here.host || inodeAt(noted.path) !== noted.inode) return;
  throw new UserError({
    code: "state-copied",
    message: `${root} is a copy of ${noted.path}, which is still there: runs that go on in both would change one account twice`,
    hint: `Go on in ${noted.path}. If this copy shall take its place, end what runs there, and move it away: mv ${shellWord(noted.path)} ${shellWord(`${noted.path}.old`)}`,
  });
}

/** The same before a lock is taken: a folder that was moved, restored, or brought from another machine is noted anew. */
export async function settleHome(root: string): Promise<void> {
  await refuseCopy(root);
  const here = homeOf(root);
  const noted = await notedHome(root);
  if (noted !== undefined && noted.inode === here.inode && noted.path === here.path && noted.host === here.host) return;
  await replaceFile(homeFile(root), [textOf(here)]);
}

async function notedHome(root: string): Promise<StateHome | undefined> {
  return parse(await readFileIfThere(homeFile(root)));
}

function homeFile(root: string): string {
  return join(root, "home.json");
}

function homeOf(root: string): StateHome {
  return { host: hostname(), path: root, inode: String(statSync(root, { bigint: true }).ino) };
}

function textOf(home: StateHome): string {
  return `${JSON.stringify(home)}\n`;
}

/** Undefined where nothing is any more. */
function inodeAt(path: string): string | undefined {
  try {
    return String(statSync(path, { bigint: true }).ino);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return undefined;
    throw error;
  }
}

/** Undefined where nothing was noted, or nothing that can be read: then it is noted anew. */
function parse(text: string | undefined): StateHome | undefined {
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // A crash may have cut it.
    return undefined;
  }
  return isStored<StateHome>(parsed, { host: isText, path: isText, inode: isText }) ? parsed : undefined;
}
