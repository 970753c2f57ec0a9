import { z } from "zod";
import { UserError } from "../../../contract/user-error.ts";
import { sha256Hex } from "../../core/model/hash.ts";
import type { JournalRecord } from "../../core/model/journal-record.ts";

/** `prev` of the first record. */
export const chainStart = "0".repeat(64);
const currentVersion = 1;

/** The frame of a record. Bodies are ours: the sum says that they are as they were written. */
const frameSchema = z.object({ v: z.int().positive(), seq: z.int().positive(), prev: z.string(), type: z.string(), body: z.unknown() });
const lineForm = /^(\{.*),"sum":"([0-9a-f]{64})"\}$/s;

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

/** Verifies whole lines, in order: sums, chain, gapless numbers from 1, version and run. Broken: a UserError that names the record. */
export function decodeLines(lines: readonly string[], path: string, runId: string): readonly JournalRecord[] {
  let prev = chainStart;
  return lines.map((line, index) => {
    const record = decodeLine(line, index + 1, path);
    if (record.seq !== index + 1) throw broken(path, index + 1, `record ${record.seq} stands in its place: a record is missing, doubled or moved`);
    if (record.prev !== prev) throw broken(path, index + 1, "it does not follow the record before it");
    if (record.run !== runId) throw broken(path, index + 1, `it belongs to run ${record.run}`);
    prev = hashOfLine(line);
    return record;
  });
}

function decodeLine(line: string, seq: number, path: string): JournalRecord {
  const [, head, sum] = lineForm.exec(line) ?? [];
  const json = `${head ?? ""}}`;
  const frame = frameSchema.safeParse(head === undefined ? undefined : jsonOf(json));
  if (frame.success && frame.data.v > currentVersion) {
    throw new UserError({
      code: "journal-newer",
      message: `${path}: record ${seq} has version ${frame.data.v}, this optimizer knows up to ${currentVersion}`,
      hint: "Use the optimizer that wrote it, or a newer one.",
    });
  }
  if (!frame.success || sum !== sha256Hex(json)) throw broken(path, seq, "it is not as it was written");
  // The sum proves that these are the bytes of a JournalRecord that `encodeLine` wrote.
  return JSON.parse(json) as JournalRecord;
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Told by the schema.
    return undefined;
  }
}

function broken(path: string, seq: number, problem: string): UserError {
  return new UserError({
    code: "journal-broken",
    message: `${path}: record ${seq} is broken: ${problem}`,
    hint: "Nothing was changed in AWS. Restore the file from a copy; without one, compare the account with plan.json by hand.",
  });
}
