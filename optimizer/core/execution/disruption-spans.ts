import type { Action } from "../model/action.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import type { Span } from "../model/observation.ts";

/** When the declared disruptions of these actions happened: from each change's intent until it was read back, and at least as long as declared. */
export function disruptionSpans(actions: readonly Action[], records: readonly JournalRecord[]): readonly Span[] {
  const disrupting = new Map(
    actions
      .filter(({ disruptions }) => disruptions.length > 0)
      .map(({ id, disruptions }) => [id, Math.max(...disruptions.map(({ seconds }) => seconds)) * 1000]),
  );
  if (disrupting.size === 0) return [];
  const open = new Map<string, Span>();
  for (const record of records) {
    const isIntent = record.type === "INTENT" || record.type === "RB_INTENT";
    const isVerified = record.type === "VERIFIED" || record.type === "RB_VERIFIED";
    if (!isIntent && !isVerified) continue;
    const lengthMs = disrupting.get(record.body.action);
    if (lengthMs === undefined) continue;
    const key = `${record.body.purpose}:${record.op ?? ""}`;
    const startMs = isIntent ? record.at : (open.get(key)?.startMs ?? record.at);
    open.set(key, { startMs, endMs: isIntent ? Number.POSITIVE_INFINITY : Math.max(record.at, startMs + lengthMs) });
  }
  return [...open.values()];
}
