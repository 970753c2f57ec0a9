import type { RunOutcome } from "../model/journal-record.ts";
import type { PhaseState, RunState, StageState } from "../model/run-state.ts";

type PhaseResult = "passed" | "rolled-back" | "partly-rolled-back" | "skipped";

/** What a phase came to, once all its stages are finished. */
export function phaseResult({ stages }: PhaseState): PhaseResult {
  const kept = stages.some(isKept);
  const undone = stages.some(({ status }) => status === "rolled-back");
  if (undone) return kept ? "partly-rolled-back" : "rolled-back";
  return kept ? "passed" : "skipped";
}

/** What a run came to, once all its phases are closed. */
export function runOutcome({ phases }: RunState): RunOutcome {
  const stages = phases.flatMap((phase) => phase.stages);
  if (stages.some(({ status }) => status === "rollback-incomplete")) return "rollback-incomplete";
  const kept = stages.some(isKept);
  const undone = stages.some(({ status }) => status === "rolled-back");
  if (undone) return kept ? "partly-rolled-back" : "rolled-back";
  return kept ? "adoptable" : "nothing-to-do";
}

/** At least one change is in place for good: its region passed, or it could not be undone. */
function isKept({ status, actions }: StageState): boolean {
  return (status === "passed" || status === "rolled-back") && actions.some((action) => action.status === "applied" || action.status === "finished");
}
