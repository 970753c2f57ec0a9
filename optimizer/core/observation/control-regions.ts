import type { SlotScore, WindowVerdict } from "../model/window.ts";

/**
 * Whether untouched regions breach in the same slots, so that the harm is `not ours`. One of them must breach in most of the slots that
 * were looked at: a single noisy slot elsewhere must not keep a roll-back from happening. A literal verdict rests on one slot alone.
 */
export function isNotOurs(verdict: WindowVerdict, controls: readonly (readonly SlotScore[])[]): boolean {
  return controls.some((scores) => {
    const newest = verdict.rule === "literal" || (verdict.rule === "severe" && scores.length <= 2) ? scores.slice(-1) : scores;
    const breaching = newest.filter((score) => score.verdict === "breach").length;
    return newest.length > 0 && breaching > newest.length / 2;
  });
}
