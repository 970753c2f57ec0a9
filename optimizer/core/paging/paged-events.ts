import type { PageChannel } from "../model/journal-record.ts";
import type { RunState } from "../model/run-state.ts";
import { maxPageAttempts } from "./due-pages.ts";

/** How one channel told of one event, or did not. */
export interface PagedEvent {
  readonly event: string;
  readonly region: string | null;
  readonly channel: PageChannel;
  /** `failed`: tried again at the next looks; `given-up`: not any more. */
  readonly result: "sent" | "failed" | "given-up";
  readonly attempts: number;
  /** When the newest attempt was made, epoch milliseconds. */
  readonly atMs: number;
  /** Why it failed. */
  readonly detail?: string;
}

/** Every event that somebody was told of or should have been, by channel, in the order of the first attempts. */
export function pagedEvents({ records }: RunState): readonly PagedEvent[] {
  const paged = new Map<string, PagedEvent>();
  for (const record of records) {
    if (record.type !== "PAGED") continue;
    const { event, channel, result, detail } = record.body;
    const key = `${channel} ${event}`;
    const attempts = (paged.get(key)?.attempts ?? 0) + 1;
    const stands = result === "failed" && attempts >= maxPageAttempts ? "given-up" : result;
    paged.set(key, { event, region: record.region, channel, result: stands, attempts, atMs: record.at, ...(detail === undefined ? {} : { detail }) });
  }
  return [...paged.values()];
}
