import type { Round } from "../model/action.ts";
import type { CalendarEntry, PlannedPhase, PlannedStage } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";

/**
 * When what happens, from the policy's durations alone: the changes themselves are taken to need no time, brownouts of one stage
 * to run one after another, and nothing to be extended or rolled back.
 */
export function calendarOf(phases: readonly PlannedPhase[], policy: Policy): readonly CalendarEntry[] {
  const entries: CalendarEntry[] = [];
  let roundStarts = 0;
  for (const { number: phase, stages } of phases) {
    for (const round of [1, 2, 3] as const) {
      const own = stages.filter((stage) => (stage.round ?? 1) === round);
      roundStarts = addRound(entries, { phase, round, stages: own, starts: roundStarts }, policy);
    }
  }
  // Of entries at the same time those of the earlier round stay first.
  return entries.sort((a, b) => a.atMinutes - b.atMinutes);
}

interface PlannedRound {
  readonly phase: PlannedPhase["number"];
  readonly round: Round;
  readonly stages: readonly PlannedStage[];
  readonly starts: number;
}

/** Adds one round's entries; returns when it is over. */
function addRound(entries: CalendarEntry[], { phase, round, stages, starts }: PlannedRound, policy: Policy): number {
  let stageStarts = starts;
  let roundEnds = starts;
  for (const stage of stages) {
    const place = { phase, region: stage.region, ...(round === 1 ? {} : { round }) };
    const brownout = brownoutMinutes(stage);
    const acts = stageStarts + brownout;
    const ends = acts + watchedMinutes(stage, policy.window);
    // A canary whose window is over has soaked.
    const soakEnds = Math.min(ends, acts + policy.window.soakMinutes);
    if (brownout > 0) entries.push({ atMinutes: stageStarts, ...place, what: "brownout" });
    entries.push({ atMinutes: acts, ...place, what: "act" });
    if (stage.role === "canary" && soakEnds > acts) entries.push({ atMinutes: soakEnds, ...place, what: "soak-ends" });
    if (ends > acts) entries.push({ atMinutes: ends, ...place, what: "window-ends" });
    roundEnds = Math.max(roundEnds, ends);
    stageStarts = nextStageStarts(stage, { stageStarts, acts, soakEnds, ends }, policy);
  }
  return roundEnds;
}

/** The first round is watched for the whole window, later ones for a soak, and what no window could show not at all. */
export function watchedMinutes({ round = 1, actions }: PlannedStage, { minutes, soakMinutes }: Policy["window"]): number {
  if (actions.every(({ judgedBy }) => judgedBy !== undefined)) return 0;
  return round === 1 ? minutes : soakMinutes;
}

interface StageTimes {
  readonly stageStarts: number;
  readonly acts: number;
  readonly soakEnds: number;
  readonly ends: number;
}

function nextStageStarts({ role }: PlannedStage, { stageStarts, acts, soakEnds, ends }: StageTimes, { rollout }: Policy): number {
  switch (rollout) {
    case "canary":
      return role === "canary" ? soakEnds : acts;
    case "sequential":
      return ends;
    case "together":
      return stageStarts;
  }
}

function brownoutMinutes({ actions }: PlannedStage): number {
  return actions.flatMap(({ steps }) => steps).reduce((sum, step) => sum + (step.kind === "brownout" ? step.minutes : 0), 0);
}
