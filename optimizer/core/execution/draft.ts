import type { Round } from "../model/action.ts";
import type { RecordDraft, RecordOf, RecordType } from "../model/journal-record.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { Effect } from "./effect.ts";

/** Where and when a record belongs. */
export interface Place {
  readonly atMs: number;
  readonly phase: PhaseNumber | null;
  readonly region: string | null;
  /** Absent: 1, and what concerns no region. */
  readonly round?: Round;
}

/** A draft of a record that is about no single step. */
export function draftOf<T extends RecordType>(
  { atMs, phase, region, round = 1 }: Place,
  type: T,
  body: RecordOf<T>["body"],
  op: string | null = null,
): RecordDraft {
  // The body belongs to the type by the signature; TypeScript does not carry that through the union.
  return { type, at: atMs, region, phase, ...(round === 1 ? {} : { round }), op, body } as RecordDraft;
}

export function recordEffect<T extends RecordType>(place: Place, type: T, body: RecordOf<T>["body"], op: string | null = null): Effect {
  return { kind: "record", draft: draftOf(place, type, body, op) };
}
