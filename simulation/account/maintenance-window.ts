import { UserError } from "../../contract/user-error.ts";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const dayMs = 86_400_000;

/** The next start of a weekly window `ddd:hh:mm-ddd:hh:mm` (UTC) strictly after `afterMs`. */
export function nextWindowStart(window: string, afterMs: number): number {
  const match = /^([a-z]{3}):(\d{2}):(\d{2})-/.exec(window.toLowerCase());
  const day = days.indexOf(match?.[1] ?? "");
  if (match === null || day === -1) {
    throw new UserError({
      code: "stack-document",
      message: `${JSON.stringify(window)} is no maintenance window`,
      hint: "write it as sun:05:00-sun:06:00, UTC",
    });
  }
  const midnightMs = Math.floor(afterMs / dayMs) * dayMs;
  // 1 January 1970 was a Thursday.
  const today = (Math.floor(afterMs / dayMs) + 4) % 7;
  const startMs = midnightMs + ((day - today + 7) % 7) * dayMs + Number(match[2]) * 3_600_000 + Number(match[3]) * 60_000;
  return startMs > afterMs ? startMs : startMs + 7 * dayMs;
}
