import { PageFailed } from "../../errors.ts";
import type { Pager } from "../../ports/pager.ts";
import { givenUpAfter } from "../../given-up-after.ts";

/** A pager that is given up after `timeoutMs`, whatever it waits for: a run waits for nobody who tells of it. */
export function boundedPager(pager: Pager, timeoutMs: number): Pager {
  return {
    channel: pager.channel,
    send: (message, stop) => givenUpAfter(pager.send(message, stop), timeoutMs, () => new PageFailed(`gave no answer within ${timeoutMs / 1000} s`)),
  };
}
