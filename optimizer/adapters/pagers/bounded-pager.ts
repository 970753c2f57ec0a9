import { PageFailed } from "../../errors.ts";
import type { Pager } from "../../ports/pager.ts";

/** A pager that is given up after `timeoutMs`, whatever it waits for: a run waits for nobody who tells of it. */
export function boundedPager(pager: Pager, timeoutMs: number): Pager {
  return {
    channel: pager.channel,
    async send(message, stop) {
      let timer: NodeJS.Timeout | undefined;
      const slow = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new PageFailed(`gave no answer within ${timeoutMs / 1000} s`)), timeoutMs);
      });
      try {
        await Promise.race([pager.send(message, stop), slow]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
