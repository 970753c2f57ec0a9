import type { JournalRecord } from "../model/journal-record.ts";

interface GatheredSoFar<T> {
  readonly last: JournalRecord;
  readonly count: number;
  readonly gathered: readonly T[];
}

/**
 * What the records of a run say of something, each record read once: a run asks again after each of them, and they only ever come after others. The
 * same record at the same place follows the same records, since each holds the hash of the one before it.
 */
export function gatheredFrom<T>(of: (record: JournalRecord) => readonly T[]): (records: readonly JournalRecord[]) => readonly T[] {
  const newest = new WeakMap<JournalRecord, GatheredSoFar<T>>();
  return (records) => {
    const [first] = records;
    const last = records.at(-1);
    if (first === undefined || last === undefined) return [];
    const before = newest.get(first);
    const known = before !== undefined && records[before.count - 1] === before.last ? before : { count: 0, gathered: [] };
    const further = records.slice(known.count).flatMap(of);
    const gathered = further.length === 0 ? known.gathered : [...known.gathered, ...further];
    newest.set(first, { last, count: records.length, gathered });
    return gathered;
  };
}
