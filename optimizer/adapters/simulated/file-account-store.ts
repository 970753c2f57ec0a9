import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../../../contract/user-error.ts";
import { logEntrySchema, type AccountStore, type LogEntry } from "../../../simulation/account/store.ts";
import { createFileLock, type FileLock } from "./file-lock.ts";

const headerSchema = z.strictObject({ v: z.literal(1), scenario: z.string().min(1) });

/**
 * The account's log as JSON lines: a header with the scenario's hash, then one entry a line. Owner-only. A last line that a crash tore is
 * cut before the next append. What another process writes is seen a millisecond later, by `monotonicMs`, or once `exclusively` begins. Throws the UserErrors `scenario-differs`, `account-log` and `account-locked`.
 */
export function openFileAccountStore(path: string, scenarioHash: string, monotonicMs: () => number): AccountStore {
  const store = toldWell(path, () => new FileAccountStore(path, scenarioHash, monotonicMs));
  return {
    entries: () => store.entries(),
    append: (entry, durability) => toldWell(path, () => store.append(entry, durability)),
    exclusively: (work) => toldWell(path, () => store.exclusively(work)),
  };
}

/** A disk that is full or read-only is the state's matter, not an answer of AWS: what was under way can be resumed. */
const passing: readonly string[] = ["ENOSPC", "EDQUOT", "EROFS", "EIO"];

function toldWell<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (!passing.includes(code)) throw cause;
    throw new UserError({
      code: "state-unwritable",
      message: `${path}: ${cause instanceof Error ? cause.message : code}`,
      hint: "Free some disk space or make the disk writable, then run the same command again; a run that was under way goes on with `optimizer resume RUN`.",
      cause,
    });
  }
}

/** What another process has written so lately it cannot have told anybody yet. */
const lookedMs = 1;
/** Of all logs that this process writes: what was written here is seen at once. */
let appends = 0;

class FileAccountStore implements AccountStore {
  readonly #path: string;
  readonly #monotonicMs: () => number;
  readonly #file: number;
  readonly #lock: FileLock;
  readonly #entries: LogEntry[] = [];
  /** Bytes of whole lines read so far. */
  #readBytes = 0;
  #lines = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #lookedAfterAppends = 0;
  readonly #oneByte = Buffer.alloc(1);

  constructor(path: string, scenarioHash: string, monotonicMs: () => number) {
    this.#path = path;
    this.#monotonicMs = monotonicMs;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#lock = createFileLock(`${path}.lock`);
    this.#file = openSync(path, "a+", 0o600);
    this.#lock.exclusively(() => {
      this.#cutTornLine();
      if (fstatSync(this.#file).size === 0) {
        this.#write(JSON.stringify({ v: 1, scenario: scenarioHash }));
        fsyncSync(this.#file);
        syncFolder(dirname(path));
      }
    });
    this.#readHeader(scenarioHash);
  }

  entries(): readonly LogEntry[] {
    // A simulated call takes a tenth of a millisecond, of which asking the disk each time would be the larger part.
    if (this.#monotonicMs() - this.#lookedAtMs >= lookedMs || this.#lookedAfterAppends !== appends) this.#readNew();
    return this.#entries;
  }

  append(entry: LogEntry, durability: "durable" | "lazy"): void {
    // What is left behind the whole lines was torn by a crash: nobody else is writing now.
    if (this.#readNew()) ftruncateSync(this.#file, this.#readBytes);
    const line = JSON.stringify(entry);
    const length = this.#write(line);
    if (durability === "durable") fdatasyncSync(this.#file);
    appends += 1;
    this.#readBytes += length;
    this.#take([line]);
  }

  exclusively<T>(work: () => T): T {
    return this.#lock.exclusively(() => {
      // Whoever decides what to write has to know all that is written.
      this.#readNew();
      return work();
    });
  }

  #readHeader(scenarioHash: string): void {
    const [line = "", ...rest] = this.#newLines(fstatSync(this.#file).size);
    const header = headerSchema.safeParse(parseLine(line));
    if (!header.success) throw this.#broken(1);
    if (header.data.scenario !== scenarioHash) {
      throw new UserError({
        code: "scenario-differs",
        message: `${this.#path} belongs to the scenario ${header.data.scenario.slice(0, 12)}…, not to ${scenarioHash.slice(0, 12)}…`,
        hint: "pass the scenario the account was made with, or another --state folder",
      });
    }
    this.#lines = 1;
    this.#take(rest);
  }

  /** Takes the whole lines that came since, and returns whether the file ends within one. Each simulated call asks: to read where the file ended costs less than its size. */
  #readNew(): boolean {
    this.#lookedAtMs = this.#monotonicMs();
    this.#lookedAfterAppends = appends;
    if (readSync(this.#file, this.#oneByte, 0, 1, this.#readBytes) === 0) return false;
    const { size } = fstatSync(this.#file);
    this.#take(this.#newLines(size));
    return size > this.#readBytes;
  }

  #take(lines: readonly string[]): void {
    for (const line of lines) {
      this.#lines += 1;
      const entry = logEntrySchema.safeParse(parseLine(line));
      if (!entry.success) throw this.#broken(this.#lines);
      this.#entries.push(entry.data);
    }
  }

  /** Whole lines that were not read yet; a line without its end is left for later. */
  #newLines(size: number): readonly string[] {
    const bytes = Buffer.alloc(size - this.#readBytes);
    const length = readSync(this.#file, bytes, 0, bytes.length, this.#readBytes);
    const end = bytes.subarray(0, length).lastIndexOf(0x0a) + 1;
    this.#readBytes += end;
    return end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
  }

  /** Returns how many bytes the line takes. */
  #write(line: string): number {
    const bytes = Buffer.from(`${line}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
    return bytes.length;
  }

  /** Only ever the last line, and only while nobody else writes. */
  #cutTornLine(): void {
    const { size } = fstatSync(this.#file);
    if (size === 0 || this.#byteAt(size - 1) === 0x0a) return;
    const bytes = Buffer.alloc(size);
    readSync(this.#file, bytes, 0, size, 0);
    ftruncateSync(this.#file, bytes.lastIndexOf(0x0a) + 1);
  }

  #byteAt(position: number): number | undefined {
    const byte = Buffer.alloc(1);
    readSync(this.#file, byte, 0, 1, position);
    return byte[0];
  }

  #broken(line: number): UserError {
    return new UserError({
      code: "account-log",
      message: `${this.#path}, line ${line}, is no entry of a simulated account's log`,
      hint: "the file was changed from outside: restore it, or use another --state folder",
    });
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    // Not JSON is one of the ways in which a line can be no entry; the schema refuses it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A new file is only there after a crash once its folder's entry is on disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
