import { Fault } from "../../errors.ts";
import type { Action } from "../model/action.ts";
import { inverse } from "../levers/change-kinds.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run-state.ts";
import { isLive } from "./action-steps.ts";
import { foldRecord, startState } from "./fold.ts";
import { awsCommands } from "./manual-commands.ts";

/** What a run may have left in AWS, as far as records that can still be read and the plan tell. */
export interface LiveChanges {
  /** Made, as the records say, and not undone in them. */
  readonly live: readonly string[];
  /** Planned, and nothing readable says that they were not made. */
  readonly possible: readonly string[];
  /** AWS CLI commands that undo the live ones, the newest first. */
  readonly undoLive: readonly string[];
  readonly undoPossible: readonly string[];
}

/** From the plan and the records that can be read; `complete` when no record can be missing after them. */
export function liveChanges(plan: Plan, runId: string, readable: readonly JournalRecord[], complete: boolean): LiveChanges {
  const state = foldReadable(plan, runId, readable);
  const live: Action[] = [];
  const possible: Action[] = [];
  for (const phase of plan.phases) {
    for (const { region, round = 1, actions } of phase.stages) {
      const stage = state.phases.find(({ number }) => number === phase.number)?.stages.find((each) => each.region === region && each.round === round);
      for (const action of actions) {
        const known = stage?.actions.find(({ actionId }) => actionId === action.id);
        if (known !== undefined && known.status !== "rolled-back" && isLive(action, known)) live.push(action);
        else if (!complete && state.outcome === undefined) possible.push(action);
      }
    }
  }
  return { live: live.map(words), possible: possible.map(words), undoLive: undo(live), undoPossible: undo(possible) };
}

/** As far as the records follow each other. */
function foldReadable(plan: Plan, runId: string, readable: readonly JournalRecord[]): RunState {
  let state = startState(plan, runId);
  for (const record of readable) {
    try {
      state = foldRecord(plan, state, record);
    } catch (error) {
      if (error instanceof Fault) return state;
      throw error;
    }
  }
  return state;
}

function words({ region, summary }: Action): string {
  return `${region}: ${summary}`;
}

function undo(actions: readonly Action[]): readonly string[] {
  const changes = actions
    .toReversed()
    .flatMap(({ afterPass = [], rollback }) => [...afterPass.toReversed().map(({ change }) => inverse(change)), ...rollback.map(({ change }) => change)]);
  return awsCommands(changes);
}
