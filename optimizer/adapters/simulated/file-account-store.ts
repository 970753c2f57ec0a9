import { closeSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { UserError } from "../../../contract/user-error.ts";
import { logEntrySchema, type AccountStore, type LogEntry } from "../../../simulation/account-store.ts";
import { createFileLock, type FileLock } from "./file-lock.ts";

const headerSchema = z.strictObject({ v: z.literal(1), scenario: z.string().min(1) });

/**
 * The account's log as JSON lines: a header with the scenario's hash, then one entry a line. Owner-only. A last line that a crash tore is
 * cut before the next append. Throws the UserErrors `scenario-differs`, `account-log` and `account-locked`.
 */
export function openFileAccountStore(path: string, scenarioHash: string): AccountStore {
  return new FileAccountStore(path, scenarioHash);
}

class FileAccountStore implements AccountStore {
  readonly #path: string;
  readonly #file: number;
  readonly #lock: FileLock;
  readonly #entries: LogEntry[] = [];
  /** Bytes of whole lines read so far. */
  #readBytes = 0;
  #lines = 0;

  constructor(path: string, scenarioHash: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#lock = createFileLock(`${path}.lock`);
    this.#file = openSync(path, "a+", 0o600);
    this.#lock.exclusively(() => {
      this.#cutTornLine();
      if (fstatSync(this.#file).size === 0) {
        this.#write({ v: 1, scenario: scenarioHash });
        fsyncSync(this.#file);
        syncFolder(dirname(path));
      }
    });
    this.#readHeader(scenarioHash);
  }

  entries(): readonly LogEntry[] {
    this.#readNew();
    return this.#entries;
  }

  append(entry: LogEntry, durability: "durable" | "lazy"): void {
    this.#cutTornLine();
    this.#readNew();
    this.#write(entry);
    if (durability === "durable") fdatasyncSync(this.#file);
  }

  exclusively<T>(work: () => T): T {
    return this.#lock.exclusively(work);
  }

  #readHeader(scenarioHash: string): void {
    const [line = "", ...rest] = this.#newLines();
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

  #readNew(): void {
    if (fstatSync(this.#file).size > this.#readBytes) this.#take(this.#newLines());
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
  #newLines(): readonly string[] {
    const bytes = Buffer.alloc(fstatSync(this.#file).size - this.#readBytes);
    const length = readSync(this.#file, bytes, 0, bytes.length, this.#readBytes);
    const end = bytes.subarray(0, length).lastIndexOf(0x0a) + 1;
    this.#readBytes += end;
    return end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
  }

  #write(value: object): void {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#file, bytes, written);
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
