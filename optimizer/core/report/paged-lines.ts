import type { RunState } from "../model/run-state.ts";
import { cell, type Line, piece } from "../model/telling.ts";
import { utcMinute } from "../model/utc.ts";
import { pagedEvents } from "../paging/paged-events.ts";
import { count } from "./figures.ts";

/** A line for each event and channel: who was told of what, and what could not be told. Nothing for a run that told nobody. */
export function pagedLines(state: RunState): readonly Line[] {
  return pagedEvents(state).map(({ event, region, channel, result, attempts, atMs, detail = "" }): Line => {
    const [kind = event] = event.split(":");
    const what = `${kind.replaceAll("-", " ")}${region === null ? "" : ` in ${region}`}`;
    const when = `${utcMinute(atMs)} UTC`;
    if (result === "sent") return [piece("paged: ", "dim"), piece(`${what}, by ${channel}`), ...cell(`  ${when}`, "dim")];
    const then = result === "given-up" ? "given up" : "tried again at the next looks";
    return [piece("not paged: ", "bad"), piece(`${what}, by ${channel}`, "bad"), piece(`  ${when}, ${count(attempts, "attempt")}, ${then}: ${detail}`, "dim")];
  });
}
