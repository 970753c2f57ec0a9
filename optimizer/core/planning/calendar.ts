import type { CalendarEntry, PlannedPhase, PlannedTurn } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";

/**
 * When what happens, from the policy's durations alone: the changes themselves are taken to need no time, brown-outs of one turn
 * to run one after another, and nothing to be extended or rolled back.
 */
export function calendarOf(phases: readonly PlannedPhase[], policy: Policy): readonly CalendarEntry[] {
  const entries: CalendarEntry[] = [];
  let phaseStarts = 0;
  for (const { number: phase, turns } of phases) {
    let turnStarts = phaseStarts;
    let phaseEnds = phaseStarts;
    for (const turn of turns) {
      const { region } = turn;
      const brownOut = brownOutMinutes(turn);
      const acts = turnStarts + brownOut;
      const ends = acts + policy.window.minutes;
      if (brownOut > 0) entries.push({ atMinutes: turnStarts, phase, region, what: "brown-out" });
      entries.push({ atMinutes: acts, phase, region, what: "act" });
      if (turn.role === "canary") entries.push({ atMinutes: acts + policy.window.soakMinutes, phase, region, what: "soak-ends" });
      entries.push({ atMinutes: ends, phase, region, what: "window-ends" });
      phaseEnds = Math.max(phaseEnds, ends);
      turnStarts = nextTurnStarts(turn, { turnStarts, acts, ends }, policy);
    }
    phaseStarts = phaseEnds;
  }
  return entries.sort((a, b) => a.atMinutes - b.atMinutes || a.phase - b.phase);
}

interface TurnTimes {
  readonly turnStarts: number;
  readonly acts: number;
  readonly ends: number;
}

function nextTurnStarts({ role }: PlannedTurn, { turnStarts, acts, ends }: TurnTimes, { rollout, window }: Policy): number {
  switch (rollout) {
    case "canary":
      return role === "canary" ? acts + window.soakMinutes : acts;
    case "sequential":
      return ends;
    case "together":
      return turnStarts;
    default:
      return rollout satisfies never;
  }
}

function brownOutMinutes({ actions }: PlannedTurn): number {
  return actions.flatMap(({ steps }) => steps).reduce((sum, step) => sum + (step.kind === "brown-out" ? step.minutes : 0), 0);
}
