import { constants, fstatSync, statSync, writeSync } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import type { JournalRecord, RecordDraft } from "../../core/model/journal-record.ts";
import { JournalBroken } from "../../errors.ts";
import type { Journal } from "../../ports/journal.ts";
import { privateFile, refuseOtherThanFile, syncFolder } from "./durable-files.ts";
import { chainStart, encodeLine, hashOfLine, tornEnd } from "./journal-lines.ts";
import { type JournalSource, loadJournal } from "./load-journal.ts";
import { redact } from "../../core/model/secret-text.ts";
import { createMark, type MarkWriter, openMark } from "./run-mark.ts";
import { withStateErrors } from "./state-errors.ts";

export interface JournalIdentity extends Omit<JournalSource, "path"> {
  /** Epoch of the lease held now; 0 without one. */
  readonly currentEpoch: () => number;
}

/** Where the next record goes. */
interface Tail {
  readonly seq: number;
  readonly prev: string;
  /** Size of the file: all that this process knows of it. */
  readonly bytes: number;
  /** The file ends within a line. */
  readonly torn: boolean;
  readonly closed: boolean;
}

const newline = 0x0a;

/**
 * One JSON line a record, appended and, when durable, synced. Appends queue, so lazy records are in order and a later durable
 * one syncs them too. A last line without its end is torn: it is not read, and the next append marks it as given up.
 *
 * Node gives no lock on an open file. What makes a writer exclusive: the lease lets one process in; every write is one append, so that
 * it can hit nobody's bytes; file and size are looked at before and after each; and the epoch in each record says whose counts where a
 * process that slept past its lease still wrote (`decodeLines`). Such a process finds the size changed and never writes again.
 */
export function createJournalFile(path: string, identity: JournalIdentity): Journal {
  const source: JournalSource = { ...identity, path };
  let handle: FileHandle | undefined;
  let mark: MarkWriter | undefined;
  let tail: Tail | undefined;
  let marked = 0;
  let failed: unknown;
  let queue: Promise<unknown> = Promise.resolve();

  async function openedForWriting(): Promise<FileHandle> {
    if (handle !== undefined) return handle;
    refuseOtherThanFile(path);
    handle = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, privateFile);
    await syncFolder(dirname(path));
    return handle;
  }

  /** Whoever writes goes on from what it read last: what a sleeper adds after that is passed over, never taken in unseen. */
  async function load(): Promise<{ readonly records: readonly JournalRecord[]; readonly tail: Tail }> {
    const { records, hashes, bytes, torn } = await loadJournal(source);
    const seq = records.length;
    const found: Tail = { seq, prev: hashes.at(-1) ?? chainStart, bytes, torn, closed: records.some(({ type }) => type === "CLOSED") };
    if (handle === undefined) tail = found;
    return { records, tail: found };
  }

  async function append(draft: RecordDraft, durability: "durable" | "lazy"): Promise<JournalRecord> {
    if (failed !== undefined) throw failed;
    try {
      // Read before it is made: a journal that is gone is not begun again.
      tail ??= (await load()).tail;
      const file = await openedForWriting();
      tail = await unchanged(file, tail);
      const record = recordOf(draft, tail, identity);
      const line = encodeLine(record);
      const size = await writeLine(file, tail, line);
      if (durability === "durable") await file.datasync();
      tail = { seq: record.seq, prev: hashOfLine(line), bytes: size, torn: false, closed: tail.closed || record.type === "CLOSED" };
      if (durability === "durable") await advanceMark(tail);
      return record;
    } catch (error) {
      // After a failed write or sync the content of the disk is unknown until it is read again.
      failed = error;
      throw error;
    }
  }

  /** Only ever told of what is on disk. */
  async function advanceMark({ seq, prev, closed }: Tail): Promise<void> {
    if (identity.mark === undefined) return;
    if (mark === undefined) {
      // A run of an older version gets its mark with the first record that this one writes.
      await mkdir(dirname(identity.mark.path), { recursive: true, mode: 0o700 });
      await createMark(identity.mark.path);
      mark = await openMark(identity.mark.path);
    }
    await mark.advance({ seq, hash: prev, epoch: identity.currentEpoch(), closed });
    marked = seq;
  }

  /** The file as this process left it. What a process of an earlier epoch appended meanwhile is no record and is passed over. */
  async function unchanged(file: FileHandle, known: Tail): Promise<Tail> {
    // Synchronously: between these looks and the write nothing else of this process may come, and they cost a third.
    const { ino, dev, size } = fstatSync(file.fd);
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.ino !== ino || there.dev !== dev) throw taken(path, "was replaced while this process wrote it", identity);
    if (size === known.bytes) return known;
    if (size < known.bytes) throw taken(path, "was shortened while this process wrote it", identity);
    const { lines, torn } = await linesBetween(file, known.bytes, size);
    if (known.torn || !lines.every((line) => isOfEarlierEpoch(line, identity))) throw fenced(path);
    return { ...known, bytes: size, torn };
  }

  /**
   * Appends the line in one write; resolves to the file's size then. A short write is a failure: its rest would come too late. Synchronously:
   * it only fills the system's memory, for which a turn of the thread pool takes several times as long. The disk is waited for by `datasync`.
   */
  async function writeLine(file: FileHandle, known: Tail, line: string): Promise<number> {
    const bytes = Buffer.from(`${known.torn ? `${tornEnd}\n` : ""}${line}\n`, "utf8");
    const bytesWritten = writeSync(file.fd, bytes);
    if (bytesWritten < bytes.length) throw shortWrite(path, bytesWritten, bytes.length, identity.runId);
    const { size } = fstatSync(file.fd);
    if (size === known.bytes + bytes.length) return size;
    const { lines } = await linesBetween(file, known.bytes, size);
    const others = lines.filter((each) => each !== line && !each.endsWith(tornEnd));
    if (!lines.includes(line) || !others.every((each) => isOfEarlierEpoch(each, identity))) throw fenced(path);
    return size;
  }

  function queued<T>(operate: () => Promise<T>): Promise<T> {
    const result = queue.then(() => withStateErrors(path, operate, identity.runId));
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
        if (failed === undefined && handle !== undefined && tail !== undefined) {
          await handle.datasync();
          if (tail.seq > marked) await advanceMark(tail);
        }
        await mark?.close();
        await handle?.close();
        handle = undefined;
        mark = undefined;
        tail = undefined;
      }),
  };
}

function recordOf(draft: RecordDraft, tail: Tail, identity: JournalIdentity): JournalRecord {
  const { type, at, region, phase, round, op, body } = redact(draft);
  const place = { v: 1, seq: tail.seq + 1, prev: tail.prev, at, epoch: identity.currentEpoch(), run: identity.runId, account: identity.accountId } as const;
  // Type and body come from one draft, so they fit each other.
  return { ...place, region, phase, ...(round === undefined ? {} : { round }), op, type, body } as JournalRecord;
}

async function linesBetween(file: FileHandle, from: number, to: number): Promise<{ readonly lines: readonly string[]; readonly torn: boolean }> {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  const end = bytes.subarray(0, bytesRead).lastIndexOf(newline);
  return { lines: end < 0 ? [] : bytes.toString("utf8", 0, end).split("\n"), torn: end + 1 < bytesRead };
}

/** A line that a sleeper of an earlier epoch wrote. What cannot be read is taken for the present holder's. */
function isOfEarlierEpoch(line: string, { currentEpoch }: JournalIdentity): boolean {
  const epoch = /^\{"v":1,"seq":\d+,"prev":"[0-9a-f]{64}","at":-?[\d.e+]+,"epoch":(\d+),/.exec(line)?.[1];
  return epoch !== undefined && Number(epoch) < currentEpoch();
}

function fenced(path: string): UserError {
  return new UserError({
    code: "lock-lost",
    message: `${path}: another process has written to this journal`,
    hint: "Someone else carries this run on. `optimizer status` shows it; start nothing here.",
  });
}

/** Not a lost lock: no writer that follows the rules does this. */
function taken(path: string, what: string, { runId, planHash }: JournalIdentity): JournalBroken {
  return new JournalBroken({
    runId,
    ...(planHash === undefined ? {} : { planHash }),
    readable: [],
    problem: `${path} ${what}`,
    remedy: "Restore the file from a copy.",
  });
}

function shortWrite(path: string, written: number, wanted: number, runId: string): UserError {
  return new UserError({
    code: "state-unwritable",
    message: `${path}: only ${written} of ${wanted} bytes could be written`,
    hint: `Free some disk space; the run goes on with \`optimizer resume ${runId}\`.`,
  });
}
