import type { RunOutcome } from "../model/journal-record.ts";
import type { PhaseState, RunState, TurnState } from "../model/run-state.ts";

type PhaseResult = "passed" | "rolled-back" | "partly-rolled-back" | "skipped";

/** What a phase came to, once all its turns are finished. */
export function phaseResult({ turns }: PhaseState): PhaseResult {
  const kept = turns.some(isKept);
  const undone = turns.some(({ status }) => status === "rolled-back");
  if (undone) return kept ? "partly-rolled-back" : "rolled-back";
  return kept ? "passed" : "skipped";
}

/** What a run came to, once all its phases are closed. */
export function runOutcome({ phases }: RunState): RunOutcome {
  const turns = phases.flatMap((phase) => phase.turns);
  if (turns.some(({ status }) => status === "rollback-incomplete")) return "rollback-incomplete";
  const kept = turns.some(isKept);
  const undone = turns.some(({ status }) => status === "rolled-back");
  if (undone) return kept ? "partly-rolled-back" : "rolled-back";
  return kept ? "adoptable" : "nothing-to-do";
}

/** At least one change is in place for good: its region passed, or it could not be undone. */
function isKept({ status, actions }: TurnState): boolean {
  return (status === "passed" || status === "rolled-back") && actions.some((action) => action.status === "applied" || action.status === "finished");
}
