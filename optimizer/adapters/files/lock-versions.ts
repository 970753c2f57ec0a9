import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { createFile, makeFolder, readFileIfThere, removeFile } from "./durable-files.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { isCount, isFlag, isInteger, isNumber, isStored, isText, isTextOrNull } from "./stored-shape.ts";

export interface LockContent {
  readonly v: 1;
  readonly lockId: string;
  readonly epoch: number;
  /** False once the holder gave it back; the epoch lives on. */
  readonly held: boolean;
  readonly runId: string;
  readonly who: string;
  readonly leaseMs: number;
  readonly process: ProcessIdentity;
}

/** A lock as it stands: the newest of its numbered versions. Number 0 means that there was never any. */
export interface LockVersion {
  readonly number: number;
  readonly content: LockContent | null;
}

/**
 * The lock of one account and region: a folder of numbered versions, each made once and never changed. Whoever makes version
 * n + 1 has followed version n; all others that tried have not. The newest version always stays, so that a process that slept
 * finds numbers beyond its own.
 */
export async function readLock(folder: string): Promise<LockVersion> {
  const number = numbersIn(folder).at(-1) ?? 0;
  if (number === 0) return { number, content: null };
  const path = pathOf(folder, number);
  const text = await readFileIfThere(path);
  // Its successor was made, and it was cleared away, since the folder was listed.
  if (text === undefined) return readLock(folder);
  const content = contentOf(jsonOf(text));
  if (content !== undefined) return { number, content };
  throw new UserError({
    code: "state-unusable",
    message: `${path} is not a lock that this optimizer knows`,
    hint: "Use the optimizer that wrote it, or a newer one.",
  });
}

/**
 * Whether nobody has followed version `number`, which there was. Its successor is looked for first: versions are cleared away in their order, so
 * that where it has come and gone, `number` itself was gone before.
 */
export function isNewest(folder: string, number: number): boolean {
  return !existsSync(pathOf(folder, number + 1)) && existsSync(pathOf(folder, number));
}

/** Makes the version after `number`; false when another process did. */
export async function followVersion(folder: string, number: number, content: LockContent): Promise<boolean> {
  const next = number + 1;
  if (!(await createFile(pathOf(folder, next), `${JSON.stringify(content)}\n`))) return false;
  const numbers = numbersIn(folder);
  if (numbers.at(-1) !== next) {
    // Others went on from a version that was cleared away before ours was made.
    await removeFile(pathOf(folder, next));
    return false;
  }
  for (const old of numbers.slice(0, -1)) await removeFile(pathOf(folder, old));
  return true;
}

/** Folder of the versions of an account and region. */
export function lockFolder(root: string, accountId: string, region: string): Promise<string> {
  return makeFolder(root, "locks", accountId, region);
}

/** Oldest first. */
function numbersIn(folder: string): readonly number[] {
  const names = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
  return names.flatMap((name) => (/^\d{12}\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])).toSorted((a, b) => a - b);
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, "0")}.json`);
}

/** Those of older versions say nothing of namespaces. */
interface StoredLock extends Omit<LockContent, "process"> {
  readonly process: Omit<ProcessIdentity, "namespaces"> & Partial<ProcessIdentity>;
}

/** Undefined for what is no lock. */
function contentOf(parsed: unknown): LockContent | undefined {
  const isContent = isStored<StoredLock>(parsed, {
    v: (value) => value === 1,
    lockId: isText,
    epoch: isCount,
    held: isFlag,
    runId: isText,
    who: isText,
    leaseMs: isNumber,
    process: (value) =>
      isStored<StoredLock["process"]>(value, {
        host: isText,
        bootId: isTextOrNull,
        namespaces: (each) => each === undefined || isTextOrNull(each),
        pid: isInteger,
        startTicks: isTextOrNull,
      }),
  });
  if (!isContent) return undefined;
  const { v, lockId, epoch, held, runId, who, leaseMs, process } = parsed;
  const { host, bootId, namespaces = null, pid, startTicks } = process;
  return { v, lockId, epoch, held, runId, who, leaseMs, process: { host, bootId, namespaces, pid, startTicks } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told as what is no lock.
    return undefined;
  }
}
