import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../../contract/user-error.ts";
import { createFile, makeFolder, readFileIfThere, removeFile } from "./durable-files.ts";

const versionSchema = z.object({
  v: z.literal(1),
  lockId: z.string(),
  epoch: z.int().nonnegative(),
  /** False once the holder gave it back; the epoch lives on. */
  held: z.boolean(),
  runId: z.string(),
  who: z.string(),
  leaseMs: z.number(),
  process: z.object({
    host: z.string(),
    bootId: z.string().nullable(),
    namespaces: z.string().nullable().default(null),
    pid: z.int(),
    startTicks: z.string().nullable(),
  }),
});

export type LockContent = z.infer<typeof versionSchema>;

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
  const number = newestNumber(folder);
  if (number === 0) return { number, content: null };
  const path = pathOf(folder, number);
  const text = await readFileIfThere(path);
  // Its successor was made, and it was cleared away, since the folder was listed.
  if (text === undefined) return readLock(folder);
  const content = versionSchema.safeParse(jsonOf(text));
  if (content.success) return { number, content: content.data };
  throw new UserError({
    code: "state-unusable",
    message: `${path} is not a lock that this optimizer knows`,
    hint: "Use the optimizer that wrote it, or a newer one.",
  });
}

/** Number of the newest version, 0 without any: all that its holder needs to know whether anyone followed. */
export function newestNumber(folder: string): number {
  return numbersIn(folder).at(-1) ?? 0;
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
  await Promise.all(numbers.slice(0, -1).map((old) => removeFile(pathOf(folder, old))));
  return true;
}

/** Folder of the versions of an account and region. */
export function lockFolder(root: string, accountId: string, region: string): Promise<string> {
  return makeFolder(root, "locks", accountId, region);
}

/** Read in one go: the holder asks before each wait and each call, and a turn of the thread pool costs several times as much. */
function numbersIn(folder: string): readonly number[] {
  const names = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder);
  return names.flatMap((name) => (/^\d{12}\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])).toSorted((a, b) => a - b);
}

function pathOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, "0")}.json`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema.
    return undefined;
  }
}
