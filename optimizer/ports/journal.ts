import type { JournalRecord, RecordDraft } from "../core/model/journal-record.ts";

/** The append-only, hash-chained record of one run. */
export interface Journal {
  readonly runId: string;
  /** Verifies the chain; a torn last line is cut, anything else broken is an error. */
  read(): Promise<readonly JournalRecord[]>;
  /** `durable` records are on disk when this resolves. */
  append(draft: RecordDraft, durability: "durable" | "lazy"): Promise<JournalRecord>;
  close(): Promise<void>;
}
