import { UserError } from "../../../contract/user-error.ts";
import { JournalBroken } from "../../errors.ts";
import { readBytesIfThere } from "./durable-files.ts";
import { type Chain, decodeLines, type JournalOwner } from "./journal-lines.ts";
import { readMark, type RunMark } from "./run-mark.ts";

export interface JournalSource extends JournalOwner {
  readonly path: string;
  /** Where the run's mark is; `expected` when the run was created with one. Undefined for a journal without. */
  readonly mark?: { readonly path: string; readonly expected: boolean };
  /** Journals that this process verified, by path: the same bytes again are the same records again. */
  readonly verified?: Map<string, Verified>;
}

export interface Verified {
  readonly bytes: Buffer;
  readonly chain: Chain;
}

export interface LoadedJournal extends Chain {
  /** Size of the file. */
  readonly bytes: number;
  /** The file ends within a line, which is no record. */
  readonly torn: boolean;
}

const newline = 0x0a;

/** Reads and verifies a journal, against its own chain and against its mark. Needs no right to write. Throws `JournalBroken`. */
export async function loadJournal(source: JournalSource): Promise<LoadedJournal> {
  // First the mark: a record that is written meanwhile only makes the journal longer than it says.
  const mark = source.mark === undefined ? "missing" : readMark(source.mark.path);
  const bytes = bytesOf(source, mark);
  const chain = chainOf(bytes, source);
  refuseShorter(source, chain, mark);
  return { ...chain, bytes: bytes.length, torn: bytes.length > 0 && bytes.at(-1) !== newline };
}

function chainOf(bytes: Buffer, source: JournalSource): Chain {
  const known = source.verified?.get(source.path);
  if (known?.bytes.equals(bytes) === true) return known.chain;
  const whole = bytes.lastIndexOf(newline) + 1;
  const lines = whole === 0 ? [] : bytes.toString("utf8", 0, whole - 1).split("\n");
  const chain = decodeLines(lines, source.path, source);
  source.verified?.set(source.path, { bytes, chain });
  return chain;
}

/** A journal without any record is empty. */
function bytesOf(source: JournalSource, mark: RunMark | "missing" | "unreadable"): Buffer {
  try {
    return readBytesIfThere(source.path) ?? Buffer.alloc(0);
  } catch (error) {
    if (error instanceof UserError) throw brokenOf(source, { records: [], hashes: [] }, error.message, typeof mark === "string" ? undefined : mark.seq);
    throw error;
  }
}

function refuseShorter(source: JournalSource, chain: Chain, mark: RunMark | "missing" | "unreadable"): void {
  const { path } = source;
  if (mark === "missing") {
    if (source.mark?.expected !== true) return;
    throw brokenOf(source, chain, `${source.mark.path}, which tells how many records ${path} must have, is gone: the journal may have been shortened`);
  }
  if (mark === "unreadable") {
    throw brokenOf(source, chain, `${source.mark?.path ?? path} is not as it was written: nothing tells whether ${path} is complete`);
  }
  const { records, hashes } = chain;
  const newest = records.at(-1);
  // Written by a process whose records were displaced by a later epoch's: it tells nothing of these.
  const counterpart = records[mark.seq - 1] ?? newest;
  if (mark.seq === 0 || (counterpart !== undefined && counterpart.epoch > mark.epoch)) return;
  if (records.length < mark.seq) {
    const missing = mark.seq - records.length;
    const which = missing === 1 ? `record ${mark.seq} is` : `records ${records.length + 1} to ${mark.seq} are`;
    throw brokenOf(source, chain, `${path} was ${records.length === 0 ? "emptied" : "shortened"}: ${which} missing, and ${mark.seq} were on disk`, mark.seq);
  }
  if (hashes[mark.seq - 1] === mark.hash) return;
  throw brokenOf(source, { records: [], hashes: [] }, `${path} was replaced: its record ${mark.seq} is not the one that was written`, mark.seq);
}

function brokenOf({ runId, planHash }: JournalOwner, { records }: Chain, problem: string, written?: number): JournalBroken {
  return new JournalBroken({
    runId,
    ...(planHash === undefined ? {} : { planHash }),
    ...(written === undefined ? {} : { written }),
    readable: records,
    problem,
    remedy: "Nothing was changed in AWS by this command. Restore the file from a copy.",
  });
}
