import { JournalBroken } from "../../errors.ts";
import { sha256Hex } from "../../core/model/hash.ts";
import { isRecordType, type JournalRecord } from "../../core/model/journal-record.ts";

/** `prev` of the first record. */
export const chainStart = "0".repeat(64);
/** Ends a line that a crash tore, written before the next record: such a line is no record and is not read as one. */
export const tornEnd = "#torn";
const currentVersion = 1;

/** The run that the journal belongs to, for checks and messages. */
export interface JournalOwner {
  readonly runId: string;
  readonly accountId: string;
  readonly planHash?: string;
}

/** The records that count, in order, each with the hash of its line. */
export interface Chain {
  readonly records: readonly JournalRecord[];
  readonly hashes: readonly string[];
}

/** The frame of a record. Bodies are ours: the sum says that they are as they were written. */
interface Frame {
  readonly v: number;
  readonly seq: number;
  readonly prev: string;
  readonly type: string;
}
const sumForm = /^,"sum":"[0-9a-f]{64}"\}$/;
const sumLength = `,"sum":"${chainStart}"}`.length;

/**
 * One line of the file: the record's JSON with a last member `sum`, the SHA-256 of the JSON without it. The chain of `prev`
 * guards all records but the newest; the sum guards that one too.
 */
export function encodeLine(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${json.slice(0, -1)},"sum":"${sha256Hex(json)}"}`;
}

/** What `prev` of the record after this line must be. */
export function hashOfLine(line: string): string {
  return sha256Hex(line);
}

interface Late {
  readonly record: JournalRecord;
  readonly line: string;
  /** Where it stands, as a record's number. */
  readonly place: number;
  /** How many records had been read when it was found. */
  readonly readable: number;
}

/**
 * Verifies whole lines, in order: sums, chain, gapless numbers from 1, version, run and account. Broken: a `JournalBroken` that names the
 * record and keeps what could be read before it.
 *
 * A process that slept past its lease may still append a line when it wakes up. Its epoch is lower than that of whoever took the lease
 * over, which decides: a later epoch that follows an earlier record takes the place of what the sleeper wrote, and a line of the sleeper
 * that nothing follows is left aside. A record twice is never explained so.
 */
export function decodeLines(lines: readonly string[], path: string, owner: JournalOwner): Chain {
  const records: JournalRecord[] = [];
  const hashes: string[] = [];
  const late: Late[] = [];
  for (const line of lines) {
    if (line.endsWith(tornEnd)) continue;
    const place = records.length + late.length + 1;
    const record = decodeLine(line, place, path, owner, records);
    const at = placeOf(record, records, hashes);
    if (at === undefined) {
      late.push({ record, line, place, readable: records.length });
      continue;
    }
    records.splice(at, records.length, record);
    hashes.splice(at, hashes.length, hashOfLine(line));
  }
  const unexplained = late.find((each) => !isOfSleeper(each, records, hashes));
  if (unexplained !== undefined) {
    const { record, place, readable } = unexplained;
    const problem =
      record.seq === place ? "it does not follow the record before it" : `record ${record.seq} stands in its place: a record is missing, doubled or moved`;
    throw broken(path, place, problem, owner, records.slice(0, readable));
  }
  return { records, hashes };
}

/** Index at which the record follows the chain: at its end, or in place of what processes of earlier epochs wrote late. */
function placeOf(record: JournalRecord, records: readonly JournalRecord[], hashes: readonly string[]): number | undefined {
  for (let at = records.length; at >= 0; at -= 1) {
    if ((hashes[at - 1] ?? chainStart) === record.prev) return record.seq === at + 1 ? at : undefined;
    if ((records[at - 1]?.epoch ?? record.epoch) >= record.epoch) return undefined;
  }
  return undefined;
}

function isOfSleeper({ record, line }: Late, records: readonly JournalRecord[], hashes: readonly string[]): boolean {
  const newest = records.at(-1);
  return newest !== undefined && record.epoch < newest.epoch && !hashes.includes(hashOfLine(line));
}

/** The record's JSON and its sum; undefined for a line of another form. Cut by lengths: a pattern over the whole line takes as long as the hash. */
function partsOf(line: string): { readonly json: string; readonly sum: string } | undefined {
  const tail = line.slice(-sumLength);
  if (!line.startsWith("{") || !sumForm.test(tail)) return undefined;
  return { json: `${line.slice(0, -sumLength)}}`, sum: tail.slice(-(64 + 2), -2) };
}

function decodeLine(line: string, seq: number, path: string, owner: JournalOwner, readable: readonly JournalRecord[]): JournalRecord {
  const parts = partsOf(line);
  const parsed = parts === undefined ? undefined : jsonOf(parts.json);
  const isFramed = isFrame(parsed);
  if (isFramed && parsed.v > currentVersion) {
    throw newer(`${path}: record ${seq} has version ${parsed.v}, this optimizer knows up to ${currentVersion}`, owner, readable);
  }
  if (!isFramed || parts?.sum !== sha256Hex(parts?.json ?? "")) throw broken(path, seq, "it is not as it was written", owner, readable);
  if (!isRecordType(parsed.type)) throw newer(`${path}: record ${seq} is a ${parsed.type}, which this optimizer does not know`, owner, readable);
  // The sum proves that these are the bytes of a JournalRecord that `encodeLine` wrote.
  const record = parsed as Frame & JournalRecord;
  if (record.run !== owner.runId) throw broken(path, seq, `it belongs to run ${record.run}`, owner, readable);
  if (record.account !== owner.accountId) throw broken(path, seq, `it belongs to account ${record.account}`, owner, readable);
  return record;
}

/** By hand: a tick reads every record of its run, and a schema for them takes longer to be made than they take to be read. */
function isFrame(parsed: unknown): parsed is Frame {
  if (typeof parsed !== "object" || parsed === null) return false;
  const { v, seq, prev, type } = parsed as Readonly<Partial<Record<keyof Frame, unknown>>>;
  return isCount(v) && isCount(seq) && typeof prev === "string" && typeof type === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Told by the schema.
    return undefined;
  }
}

function broken(path: string, seq: number, problem: string, { runId, planHash }: JournalOwner, readable: readonly JournalRecord[]): JournalBroken {
  return new JournalBroken({
    runId,
    ...(planHash === undefined ? {} : { planHash }),
    readable,
    problem: `${path}: record ${seq} is broken: ${problem}`,
    remedy: "Nothing was changed in AWS by this command. Restore the file from a copy.",
  });
}

function newer(problem: string, { runId, planHash }: JournalOwner, readable: readonly JournalRecord[]): JournalBroken {
  const remedy = "Use the optimizer that wrote it, or a newer one.";
  return new JournalBroken({ runId, ...(planHash === undefined ? {} : { planHash }), readable, problem, remedy }, { code: "journal-newer" });
}
