import { type Change, changeFacts } from "../levers/change-kinds.ts";
import type { PhaseNumber } from "../model/rule-id.ts";

/** AWS CLI command that leads to `change.after`, for whoever has to do by hand what we could not. */
export function awsCommand(change: Change): string {
  return changeFacts(change).command(change);
}

/** What can be asked of the optimizer when a run waits for a human. */
export function optimizerCommands(runId: string, phase: PhaseNumber | null): readonly string[] {
  return [`optimizer continue ${runId}`, `optimizer rollback ${runId}${phase === null ? "" : ` --phase ${phase}`}`, `optimizer abort ${runId}`];
}
