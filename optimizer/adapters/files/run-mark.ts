import { constants, readFileSync, writeSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { sha256Hex } from "../../core/model/hash.ts";
import { createFile, privateFolder, readBytesIfThere } from "./durable-files.ts";
import { isCount, isFlag, isStored, isText } from "./stored-shape.ts";

/**
 * How far a run's journal certainly goes, kept apart from the journal: whoever empties, shortens or replaces the journal is found out.
 * It is written only once the record it names is on disk, so that a crash between the two leaves a mark that says less, never more.
 */
export interface RunMark {
  /** Number of the newest durable record; 0 before the first. */
  readonly seq: number;
  /** `hashOfLine` of that record. */
  readonly hash: string;
  /** Epoch of the lease under which the mark was written. */
  readonly epoch: number;
  /** The journal holds CLOSED. */
  readonly closed: boolean;
}

/** Two slots of this many bytes, written in turn: while one is written the other stays whole. */
const slotBytes = 256;
const slots = 2;

/** Makes the mark of a run that has no record yet; false where there is a mark already. */
export async function createMark(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: privateFolder });
  return createFile(path, `${slotOf({ seq: 0, hash: "", epoch: 0, closed: false })}${"\n".padStart(slotBytes)}`);
}

/** The mark as it stands; `missing` without a file, `unreadable` when neither slot is as it was written. */
export function readMark(path: string): RunMark | "missing" | "unreadable" {
  const bytes = readBytesIfThere(path);
  return bytes === undefined ? "missing" : (newestOf(slotsIn(bytes))?.mark ?? "unreadable");
}

export interface MarkWriter {
  /** On disk when resolved. */
  advance(mark: RunMark): Promise<void>;
  close(): Promise<void>;
}

export async function openMark(path: string): Promise<MarkWriter> {
  const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  const newest = newestOf(slotsIn(readFileSync(handle.fd)));
  let slot = newest === undefined ? 0 : (newest.slot + 1) % slots;
  return {
    async advance(mark) {
      const bytes = Buffer.from(slotOf(mark), "utf8");
      writeSync(handle.fd, bytes, 0, bytes.length, slot * slotBytes);
      await handle.datasync();
      slot = (slot + 1) % slots;
    },
    close: () => handle.close(),
  };
}

/** Notes that the run is closed, where its last record did not come to that; runs of older versions have no mark. */
export async function closeMark(path: string): Promise<void> {
  const mark = readMark(path);
  if (mark === "missing" || mark === "unreadable" || mark.closed) return;
  const writer = await openMark(path);
  try {
    await writer.advance({ ...mark, closed: true });
  } finally {
    await writer.close();
  }
}

/** Readable by people, of one length, and with a sum, so that a torn slot is none. */
function slotOf(mark: RunMark): string {
  const json = JSON.stringify(mark);
  return `${json} ${sha256Hex(json).slice(0, 32)}`.padEnd(slotBytes - 1) + "\n";
}

function slotsIn(bytes: Buffer): readonly (RunMark | undefined)[] {
  const text = bytes.toString("utf8", 0, Math.min(bytes.length, slots * slotBytes));
  return Array.from({ length: slots }, (_, slot) => parseSlot(text.slice(slot * slotBytes, (slot + 1) * slotBytes)));
}

function parseSlot(text: string): RunMark | undefined {
  const [, json = "", sum = ""] = /^(\{.*\}) ([0-9a-f]{32}) *\n$/.exec(text) ?? [];
  if (json === "" || sha256Hex(json).slice(0, 32) !== sum) return undefined;
  const parsed: unknown = JSON.parse(json);
  return isStored<RunMark>(parsed, { seq: isCount, hash: isText, epoch: isCount, closed: isFlag }) ? parsed : undefined;
}

/** Epochs come first: a process that woke up after its lease was taken over may still have written the other slot. */
function newestOf(found: readonly (RunMark | undefined)[]): { readonly mark: RunMark; readonly slot: number } | undefined {
  const marks = found.flatMap((mark, slot) => (mark === undefined ? [] : [{ mark, slot }]));
  return marks.toSorted((a, b) => a.mark.epoch - b.mark.epoch || a.mark.seq - b.mark.seq || Number(a.mark.closed) - Number(b.mark.closed)).at(-1);
}
