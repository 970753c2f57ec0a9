import type { RecordDraft, RecordOf, RecordType } from "../model/journal-record.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { Effect } from "./effect.ts";

/** Where and when a record belongs. */
export interface Place {
  readonly atMs: number;
  readonly phase: PhaseNumber | null;
  readonly region: string | null;
}

/** A draft of a record that is about no single step. */
export function draftOf<T extends RecordType>({ atMs, phase, region }: Place, type: T, body: RecordOf<T>["body"], op: string | null = null): RecordDraft {
  // The body belongs to the type by the signature; TypeScript does not carry that through the union.
  return { type, at: atMs, region, phase, op, body } as RecordDraft;
}

export function recordEffect<T extends RecordType>(place: Place, type: T, body: RecordOf<T>["body"], op: string | null = null): Effect {
  return { kind: "record", draft: draftOf(place, type, body, op) };
}
