import type { PageChannel, RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run-state.ts";
import { nextLateMs, type PageEvent, pageEvents } from "./page-event.ts";

/** How often one event is tried on one channel; then it is given up, and the status says so. */
export const maxPageAttempts = 6;

const firstPauseMs = 60_000;

/** One event that one channel has to tell now. */
export interface DuePage {
  readonly event: PageEvent;
  readonly channel: PageChannel;
}

/** What is to be told at `nowMs` by the channels at hand: not told yet, not given up, and not waiting for its next attempt. */
export function duePages(plan: Plan, state: RunState, channels: readonly PageChannel[], nowMs: number): readonly DuePage[] {
  if (channels.length === 0) return [];
  const told = pagedRecords(state);
  return pageEvents(plan, state, nowMs).flatMap((event) =>
    channels.flatMap((channel) => {
      const attempts = attemptsOf(told, event.id, channel);
      return isSettled(attempts) || nowMs < againAtMs(attempts) ? [] : [{ event, channel }];
    }),
  );
}

/** When something is to be told that is not due yet, a failed attempt's turn or a way back that takes too long; undefined without any. */
export function nextPageMs(plan: Plan, state: RunState, channels: readonly PageChannel[], nowMs: number): number | undefined {
  if (channels.length === 0) return undefined;
  const told = pagedRecords(state);
  const retries = pageEvents(plan, state, nowMs).flatMap(({ id }) =>
    channels.flatMap((channel) => {
      const attempts = attemptsOf(told, id, channel);
      return isSettled(attempts) ? [] : [againAtMs(attempts)];
    }),
  );
  const coming = [...retries.filter((atMs) => atMs > nowMs), ...[nextLateMs(plan, state, nowMs)].filter((atMs) => atMs !== undefined)];
  return coming.length === 0 ? undefined : Math.min(...coming);
}

function pagedRecords({ records }: RunState): readonly RecordOf<"PAGED">[] {
  return records.filter((record) => record.type === "PAGED");
}

function attemptsOf(told: readonly RecordOf<"PAGED">[], eventId: string, channel: PageChannel): readonly RecordOf<"PAGED">[] {
  return told.filter(({ body }) => body.event === eventId && body.channel === channel);
}

function isSettled(attempts: readonly RecordOf<"PAGED">[]): boolean {
  return attempts.length >= maxPageAttempts || attempts.some(({ body }) => body.result === "sent");
}

/** After growing pauses: 1, 2, 4, 8 and 16 minutes. */
function againAtMs(attempts: readonly RecordOf<"PAGED">[]): number {
  const last = attempts.at(-1);
  return last === undefined ? Number.NEGATIVE_INFINITY : last.at + firstPauseMs * 2 ** (attempts.length - 1);
}
