import type { Round } from "../model/action.ts";
import type { CalendarEntry, PlannedPhase, PlannedTurn } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";

/**
 * When what happens, from the policy's durations alone: the changes themselves are taken to need no time, brown-outs of one turn
 * to run one after another, and nothing to be extended or rolled back.
 */
export function calendarOf(phases: readonly PlannedPhase[], policy: Policy): readonly CalendarEntry[] {
  const entries: CalendarEntry[] = [];
  let roundStarts = 0;
  for (const { number: phase, turns } of phases) {
    for (const round of [1, 2, 3] as const) {
      const own = turns.filter((turn) => (turn.round ?? 1) === round);
      roundStarts = addRound(entries, { phase, round, turns: own, starts: roundStarts }, policy);
    }
  }
  return entries.sort((a, b) => a.atMinutes - b.atMinutes || a.phase - b.phase);
}

interface PlannedRound {
  readonly phase: PlannedPhase["number"];
  readonly round: Round;
  readonly turns: readonly PlannedTurn[];
  readonly starts: number;
}

/** Adds one round's entries; returns when it is over. */
function addRound(entries: CalendarEntry[], { phase, round, turns, starts }: PlannedRound, policy: Policy): number {
  let turnStarts = starts;
  let roundEnds = starts;
  for (const turn of turns) {
    const place = { phase, region: turn.region, ...(round === 1 ? {} : { round }) };
    const brownOut = brownOutMinutes(turn);
    const acts = turnStarts + brownOut;
    const watched = watchedMinutes(turn, policy.window);
    if (brownOut > 0) entries.push({ atMinutes: turnStarts, ...place, what: "brown-out" });
    entries.push({ atMinutes: acts, ...place, what: "act" });
    if (turn.role === "canary" && watched > 0) entries.push({ atMinutes: acts + policy.window.soakMinutes, ...place, what: "soak-ends" });
    if (watched > 0) entries.push({ atMinutes: acts + watched, ...place, what: "window-ends" });
    roundEnds = Math.max(roundEnds, acts + watched);
    turnStarts = nextTurnStarts(turn, { turnStarts, acts, ends: acts + watched }, policy);
  }
  return roundEnds;
}

/** The first round is watched for the whole window, later ones for a soak, and what no window could show not at all. */
export function watchedMinutes({ round = 1, actions }: PlannedTurn, { minutes, soakMinutes }: Policy["window"]): number {
  if (actions.every(({ judgedBy }) => judgedBy !== undefined)) return 0;
  return round === 1 ? minutes : soakMinutes;
}

interface TurnTimes {
  readonly turnStarts: number;
  readonly acts: number;
  readonly ends: number;
}

function nextTurnStarts({ role }: PlannedTurn, { turnStarts, acts, ends }: TurnTimes, { rollout, window }: Policy): number {
  switch (rollout) {
    case "canary":
      return role === "canary" ? Math.min(ends, acts + window.soakMinutes) : acts;
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
