import type { RecordDraft } from "../core/model/journal-record.ts";
import { utcMinute } from "../core/model/utc.ts";
import { Fault } from "../errors.ts";
import type { ServiceEvent } from "../ports/inventory.ts";
import type { RunContext } from "./run-context.ts";

/** A slot, the minutes until it is scored, and the slot after it. */
const lookBackMs = 60 * 60_000;
const mostEvents = 5;

/**
 * A breach with what AWS itself says happened in the region meanwhile, such as a failover: it goes back all the same, and whoever reads of it sees
 * what may have been the cause. Our own changes are left out: only what came after the last one is told.
 */
export async function withWhatAwsTells(draft: RecordDraft, run: RunContext): Promise<RecordDraft> {
  const { region } = draft;
  if (draft.type !== "DECISION" || draft.body.kind !== "breach" || region === null) return draft;
  const { verdict } = draft.body;
  const words = await wordsOf(region, run);
  return words === "" ? draft : { ...draft, body: { kind: "breach", verdict: { ...verdict, detail: `${verdict.detail}; ${words}` } } };
}

/** What AWS tells of a region's databases and caches, in words; empty where it tells nothing. */
export async function wordsOf(region: string, run: RunContext): Promise<string> {
  const { records } = run.state();
  const ours = records.findLast((record) => record.region === region && (record.type === "VERIFIED" || record.type === "RB_VERIFIED"));
  const sinceMs = Math.max(run.ports.clock.nowMs() - lookBackMs, (ours?.at ?? 0) + 1);
  const resources = run.plan.inventory.resources.filter(({ ref }) => ref.region === region);
  try {
    const events = await run.ports.resources.eventsOf(region, resources, sinceMs);
    return events.length === 0 ? "" : `AWS tells of ${eventsWords(events)}`;
  } catch (error) {
    if (error instanceof Fault || error instanceof TypeError) throw error;
    // Nothing waits for it: what does harm goes back without.
    return `what AWS tells of its databases and caches could not be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

function eventsWords(events: readonly ServiceEvent[]): string {
  const told = events.slice(-mostEvents).map(({ atMs, source, message }) => `${source} at ${utcMinute(atMs)} UTC: ${message.trim().replace(/\.$/, "")}`);
  const left = events.length - told.length;
  return `${left === 0 ? "" : `${left} earlier events, and `}${told.join("; ")}`;
}
