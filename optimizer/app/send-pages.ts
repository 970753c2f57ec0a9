import { duePages, nextPageMs } from "../core/paging/due-pages.ts";
import { type Idle, pageMessage } from "../core/paging/page-message.ts";
import { redactText } from "../core/model/secret-text.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { RunContext } from "./run-context.ts";
import type { Paging } from "../ports/pager.ts";

const longestDetail = 300;

/**
 * Tells what is to be told, all of it at once, so that it takes no longer than one channel may; whether there was anything. What a channel
 * says comes into the journal only after it was told: a process that dies in between leaves it to the next one, which tells it again. Raised
 * in between, `stop` gives it up as an attempt that failed, so that processes that are stopped again and again tell it no more than that.
 * Rejects only when the journal cannot be written.
 */
export async function sendPages(run: RunContext, idle: Idle, stop?: AbortSignal): Promise<boolean> {
  const { pagers, command } = run.ports.paging;
  const nowMs = run.ports.clock.nowMs();
  const due = duePages(
    run.plan,
    run.state(),
    pagers.map(({ channel }) => channel),
    nowMs,
  );
  const told = await Promise.all(
    due.map(async ({ event, channel }) => {
      const pager = pagers.find((each) => each.channel === channel);
      const send = () => pager?.send(pageMessage(event, { plan: run.plan, state: run.state(), nowMs, idle, command }), stop);
      return { event, channel, failure: await failureOf(send) };
    }),
  );
  for (const { event, channel, failure } of told) {
    const { id, phase, region, round } = event;
    const result = failure === undefined ? { result: "sent" as const } : { result: "failed" as const, detail: failure };
    await run.journal({ phase, region, round }, "PAGED", { event: id, channel, ...result });
  }
  return due.length > 0;
}

/** When to look again though nothing else is due: to try a failed page again, or to report a rollback that takes too long. */
export function pagesAgainMs({ plan, ports, state }: RunContext): number | undefined {
  return nextPageMs(
    plan,
    state(),
    ports.paging.pagers.map(({ channel }) => channel),
    ports.clock.nowMs(),
  );
}

/** Whether something of a run is still to be told, e.g. its end, by a process that died before it could. */
export function isAnythingToTell(plan: Plan, state: RunState, { pagers }: Paging, nowMs: number): boolean {
  const channels = pagers.map(({ channel }) => channel);
  return duePages(plan, state, channels, nowMs).length > 0;
}

/** Why it could not be told, without secrets; undefined where it was told. */
async function failureOf(send: () => Promise<void> | undefined): Promise<string | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    const words = redactText(error instanceof Error ? error.message : String(error));
    return words.length > longestDetail ? `${words.slice(0, longestDetail)}…` : words;
  }
}
