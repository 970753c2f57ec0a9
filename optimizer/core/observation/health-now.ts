import type { Span } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { SlotScore } from "../model/window.ts";
import { judgeWindow } from "./judge-window.ts";
import type { Usual } from "./usual.ts";

export type Health = { readonly kind: "healthy" } | { readonly kind: "unhealthy"; readonly detail: string };

/**
 * Whether a region is healthy enough now for something to be changed in it: its latest slots, judged against the baseline like a window that
 * has just begun. One slot over a limit is noise unless it is severe; without a slot that says anything nobody knows, and that is not healthy.
 * A declared disruption excuses its slots, but hides whatever else goes on in them: with the latest one over a limit, the next one is waited for.
 */
export function healthNow(slots: readonly SlotScore[], references: readonly Usual[], policy: Policy["window"], disruptions: readonly Span[]): Health {
  const verdict = judgeWindow(slots, { policy, references, tests: 1, disruptions, deadlineMs: Number.POSITIVE_INFINITY, extensionLeftMinutes: 0 });
  if (verdict.kind === "breach" || verdict.kind === "hold") return unhealthy(verdict.detail);
  const own = slots.filter((slot) => !disruptions.some(({ startMs, endMs }) => startMs < slot.endMs && slot.startMs < endMs));
  const over = own.filter((slot) => slot.verdict === "breach");
  const newest = over.at(-1);
  if (over.length >= 2 && newest !== undefined) return unhealthy(`${over.length} of the latest ${slots.length} slots over a limit: ${newest.reason}`);
  const latest = slots.at(-1);
  if (latest?.verdict === "breach" && !own.includes(latest))
    return unhealthy(`over a limit during a disruption that the plan announced, and no slot since tells what it comes from: ${latest.reason}`);
  const last = own.at(-1);
  if (last !== undefined && own.every((slot) => slot.verdict === "inconclusive"))
    return unhealthy(`nothing can be said of the latest ${slots.length} slots: ${last.reason}`);
  return { kind: "healthy" };
}

function unhealthy(detail: string): Health {
  return { kind: "unhealthy", detail };
}
