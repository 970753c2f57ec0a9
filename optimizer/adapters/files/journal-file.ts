import { constants } from "node:fs";
import { open, readFile, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import type { JournalRecord, RecordDraft } from "../../core/model/journal-record.ts";
import type { Journal } from "../../ports/journal.ts";
import { privateFile, syncFolder } from "./durable-files.ts";
import { chainStart, decodeLines, encodeLine, hashOfLine } from "./journal-lines.ts";
import { redact } from "./redaction.ts";
import { fileErrorCode, withStateErrors } from "./state-errors.ts";

export interface JournalIdentity {
  readonly runId: string;
  readonly accountId: string;
  /** Epoch of the lease held now; 0 without one. */
  readonly currentEpoch: () => number;
}

/** Where the next record goes. */
interface Tail {
  readonly seq: number;
  readonly prev: string;
  readonly bytes: number;
}

const newline = 0x0a;

/**
 * One JSON line a record, appended and, when durable, synced. Appends queue, so lazy records are in order and a later durable
 * one syncs them too. A last line without its end is torn: it is not read, and the next append cuts it off.
 */
export function createJournalFile(path: string, identity: JournalIdentity): Journal {
  let handle: FileHandle | undefined;
  let tail: Tail | undefined;
  let failed: unknown;
  let queue: Promise<unknown> = Promise.resolve();

  async function openedForWriting(): Promise<FileHandle> {
    if (handle !== undefined) return handle;
    handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, privateFile);
    await syncFolder(dirname(path));
    return handle;
  }

  async function load(): Promise<{ readonly records: readonly JournalRecord[]; readonly tail: Tail }> {
    const bytes = await bytesOf(path);
    const whole = bytes.lastIndexOf(newline) + 1;
    const lines = whole === 0 ? [] : bytes.toString("utf8", 0, whole - 1).split("\n");
    const records = decodeLines(lines, path, identity.runId);
    const last = lines.at(-1);
    return { records, tail: { seq: lines.length, prev: last === undefined ? chainStart : hashOfLine(last), bytes: whole } };
  }

  async function append(draft: RecordDraft, durability: "durable" | "lazy"): Promise<JournalRecord> {
    if (failed !== undefined) throw failed;
    const file = await openedForWriting();
    tail ??= await cutTorn(file, (await load()).tail);
    if ((await file.stat()).size !== tail.bytes) throw fenced(path);
    const record = recordOf(draft, tail, identity);
    const line = encodeLine(record);
    const bytes = Buffer.from(`${line}\n`, "utf8");
    try {
      await writeAll(file, bytes, tail.bytes);
      if (durability === "durable") await file.datasync();
    } catch (error) {
      // After a failed write or sync nobody knows what is on disk: only reading it again can tell.
      failed = error;
      throw error;
    }
    tail = { seq: record.seq, prev: hashOfLine(line), bytes: tail.bytes + bytes.length };
    return record;
  }

  function queued<T>(operate: () => Promise<T>): Promise<T> {
    const result = queue.then(() => withStateErrors(path, operate));
    // The queue goes on after a failure, which its own caller is told.
    queue = result.catch(() => undefined);
    return result;
  }

  return {
    runId: identity.runId,
    read: () => queued(async () => (await load()).records),
    append: (draft, durability) => queued(() => append(draft, durability)),
    close: () =>
      queued(async () => {
        if (failed === undefined && tail !== undefined) await handle?.datasync();
        await handle?.close();
        handle = undefined;
        tail = undefined;
      }),
  };
}

/** A journal that nobody wrote to yet is empty. Looking needs no right to write. */
async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path, { flag: constants.O_RDONLY | constants.O_NOFOLLOW });
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function recordOf(draft: RecordDraft, tail: Tail, identity: JournalIdentity): JournalRecord {
  const { type, at, region, phase, round, op, body } = redact(draft);
  const place = { v: 1, seq: tail.seq + 1, prev: tail.prev, at, epoch: identity.currentEpoch(), run: identity.runId, account: identity.accountId } as const;
  // Type and body come from one draft, so they fit each other.
  return { ...place, region, phase, ...(round === undefined ? {} : { round }), op, type, body } as JournalRecord;
}

async function cutTorn(file: FileHandle, tail: Tail): Promise<Tail> {
  await file.truncate(tail.bytes);
  await file.datasync();
  return tail;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}

function fenced(path: string): UserError {
  return new UserError({
    code: "lock-lost",
    message: `${path}: another process has written to this journal`,
    hint: "Someone else carries this run on. `optimizer status` shows it; start nothing here.",
  });
}
