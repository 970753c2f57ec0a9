import type { PageChannel } from "../../optimizer/core/model/journal-record.ts";
import type { PageMessage } from "../../optimizer/core/paging/page-message.ts";
import type { Pager, Paging } from "../../optimizer/ports/pager.ts";

/** A command as a test reads it. */
const command = (words: readonly string[]): string => `npx optimizer ${words.join(" ")}`;

export interface RecordingPager extends Pager {
  readonly told: PageMessage[];
}

/** A channel that keeps what it is told; `answer` may refuse a message, or do something else first. */
export function recordingPager(
  channel: PageChannel,
  answer: (message: PageMessage, stop?: AbortSignal) => Promise<void> = () => Promise.resolve(),
): RecordingPager {
  const told: PageMessage[] = [];
  return {
    channel,
    told,
    async send(message, stop) {
      await answer(message, stop);
      told.push(message);
    },
  };
}

export function pagingBy(...pagers: readonly Pager[]): Paging {
  return { pagers, command };
}
