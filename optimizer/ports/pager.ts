import type { PageChannel } from "../core/model/journal-record.ts";
import type { PageMessage } from "../core/paging/page-message.ts";

/** One way to tell somebody outside of the terminal. */
export interface Pager {
  readonly channel: PageChannel;
  /**
   * Resolves when the message was taken, within the policy's time-out either way, and at once when `stop` is raised: whoever ends this process
   * waits for nobody who is told. Rejects with a message that holds no secret.
   */
  send(message: PageMessage, stop?: AbortSignal): Promise<void>;
}

/** Who is told, and how a command of the optimizer is pasted here: `npx optimizer status RUN --state FOLDER`. */
export interface Paging {
  readonly pagers: readonly Pager[];
  command(words: readonly string[]): string;
}
