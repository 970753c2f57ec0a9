import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../../contract/user-error.ts";
import type { RollbackRequest } from "../../ports/run-store.ts";
import { createFile, makeFolder, namesIn, readFileIfThere, removeFile } from "./durable-files.ts";

const requestSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  kind: z.literal("rollback"),
  phase: z.int().positive().nullable(),
  by: z.string(),
});
const folderName = "requests";

/** `runs/<run id>/requests/<id>.json`: what a user asks of the process that carries the run out, or of the next one. */
export async function writeRequest(root: string, runId: string, asked: Omit<RollbackRequest, "id">): Promise<RollbackRequest> {
  const folder = await makeFolder(root, "runs", runId, folderName);
  const id = randomUUID();
  await createFile(join(folder, `${id}.json`), `${JSON.stringify({ v: 1, id, kind: "rollback", ...asked })}\n`);
  return { id, ...asked };
}

/** Cheap where there is no request: a run looks between any two operations. */
async function readRequests(root: string, runId: string): Promise<readonly RollbackRequest[]> {
  const folder = join(root, "runs", runId, folderName);
  // The folder is made by the first request. Looking for it synchronously is the cheapest question there is, and it is asked thousands of times.
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  const found = await Promise.all((await namesIn(folder)).map((name) => readRequest(join(folder, name))));
  return found.filter((request) => request !== undefined);
}

/** What somebody asked so lately that nobody can have been told yet: it is seen with the next look. */
const lookedMs = 1;

/**
 * Reads the requests of a run. Given a clock that only ever goes on, it does not ask the disk again within a millisecond of finding nothing: on a
 * virtual clock that is most of the looks.
 */
export function createRequestReader(root: string, monotonicMs?: () => number): (runId: string) => Promise<readonly RollbackRequest[]> {
  const nothingAtMs = new Map<string, number>();
  return async (runId) => {
    const nowMs = monotonicMs?.();
    if (nowMs !== undefined && nowMs - (nothingAtMs.get(runId) ?? Number.NEGATIVE_INFINITY) < lookedMs) return [];
    const found = await readRequests(root, runId);
    if (nowMs !== undefined && found.length === 0) nothingAtMs.set(runId, nowMs);
    return found;
  };
}

export function removeRequest(root: string, runId: string, id: string): Promise<void> {
  return removeFile(join(root, "runs", runId, folderName, `${id}.json`));
}

/** Undefined for a request that was removed since the folder was listed. */
async function readRequest(path: string): Promise<RollbackRequest | undefined> {
  const text = await readFileIfThere(path);
  if (text === undefined) return undefined;
  const parsed = requestSchema.safeParse(jsonOf(text));
  // A phase that the plan does not have takes nothing back.
  if (parsed.success) return { id: parsed.data.id, phase: parsed.data.phase as RollbackRequest["phase"], by: parsed.data.by };
  throw new UserError({
    code: "state-unusable",
    message: `${path} is no request that this optimizer knows`,
    hint: "Remove the file, or use the optimizer that wrote it, then `optimizer resume RUN`.",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema.
    return undefined;
  }
}
