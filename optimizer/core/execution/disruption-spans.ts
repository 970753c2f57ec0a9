import type { Action } from "../model/action.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import type { Span } from "../model/observation.ts";

interface Disrupting extends Span {
  readonly actionId: string;
  readonly atLeastMs: number;
}

/** How far the records of a run were read for a stage's actions: a run asks again after each record, and records only ever come after others. */
interface ReadSoFar {
  readonly last: JournalRecord;
  readonly count: number;
  readonly spans: Map<string, Disrupting>;
}

const newest = new WeakMap<readonly Action[], ReadSoFar>();

/**
 * When the declared disruptions of these actions happened: from each change's first attempt until it was read back, and at least as long as
 * declared. What AWS refused disrupts nothing; what was given up disrupts no longer than until then.
 */
export function disruptionSpans(actions: readonly Action[], records: readonly JournalRecord[]): readonly Span[] {
  const declaredMs = new Map(
    actions
      .filter(({ disruptions }) => disruptions.length > 0)
      .map(({ id, disruptions }) => [id, Math.max(...disruptions.map(({ seconds }) => seconds)) * 1000]),
  );
  if (declaredMs.size === 0) return [];
  const before = newest.get(actions);
  // The same record at the same place follows the same records: each holds the hash of the one before it.
  const known = before !== undefined && records[before.count - 1] === before.last ? before : undefined;
  const spans = known?.spans ?? new Map<string, Disrupting>();
  for (const record of known === undefined ? records : records.slice(known.count)) addRecord(spans, record, declaredMs);
  const last = records.at(-1);
  if (last !== undefined) newest.set(actions, { last, count: records.length, spans });
  return [...spans.values()].map(({ startMs, endMs }) => ({ startMs, endMs }));
}

function addRecord(spans: Map<string, Disrupting>, record: JournalRecord, declaredMs: ReadonlyMap<string, number>): void {
  switch (record.type) {
    case "ATTEMPT": {
      const { action: actionId, purpose } = record.body;
      const atLeastMs = declaredMs.get(actionId);
      if (atLeastMs === undefined) return;
      const key = `${purpose}:${record.op}`;
      spans.set(key, { actionId, atLeastMs, startMs: spans.get(key)?.startMs ?? record.at, endMs: Number.POSITIVE_INFINITY });
      return;
    }
    case "OUTCOME":
    case "RB_OUTCOME":
      if (record.body.result === "rejected") spans.delete(`${record.body.purpose}:${record.op}`);
      return;
    case "VERIFIED":
    case "RB_VERIFIED":
      return end(spans, record.at, (_, key) => key === `${record.body.purpose}:${record.op}`);
    case "DRIFT":
      return end(spans, record.at, ({ actionId }) => actionId === record.body.action);
    case "DECISION": {
      const { body } = record;
      if (body.kind === "action-skipped") end(spans, record.at, ({ actionId }) => actionId === body.action);
      return;
    }
    case "PLAN":
    case "LEASE":
    case "INTENT":
    case "RB_INTENT":
    case "BROWN_OUT":
    case "WINDOW":
    case "SLOT":
    case "HOLD":
    case "CRED_LOST":
    case "NEEDS_HUMAN":
    case "CLOSED":
    case "PAGED":
      return;
  }
}

function end(spans: Map<string, Disrupting>, atMs: number, isEnded: (span: Disrupting, key: string) => boolean): void {
  for (const [key, span] of spans) {
    if (span.endMs === Number.POSITIVE_INFINITY && isEnded(span, key)) spans.set(key, { ...span, endMs: Math.max(atMs, span.startMs + span.atLeastMs) });
  }
}
