import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, RunState, StageState } from "../model/run-state.ts";
import { editStage, plannedStage } from "./edit-state.ts";
import { takeBack } from "./settle-stage.ts";

/** A hold stops its region; its release lets the region be watched anew, a whole window, or tries a rollback again. */
export function foldHold(plan: Plan, state: RunState, record: RecordOf<"HOLD">): RunState {
  const { reason, cause = "unreadable", releasedBy } = record.body;
  if (releasedBy !== undefined) return release(plan, state, record);
  const hold = { reason, region: record.region, sinceMs: record.at };
  return { ...editStage(state, record, (stage) => ({ ...stage, held: { reason, cause, sinceMs: record.at } })), hold };
}

function release(plan: Plan, { hold: _hold, needsHuman: _human, ...state }: RunState, record: RecordOf<"HOLD">): RunState {
  const phases = state.phases.map((phase) => ({
    ...phase,
    stages: phase.stages.map((stage) => {
      if (record.region !== null && stage.region !== record.region) return stage;
      return releaseStage(plannedStage(plan, phase.number, stage.region, stage.round), stage, record.at);
    }),
  }));
  return { ...state, phases };
}

function releaseStage(planned: Parameters<typeof takeBack>[0], stage: StageState, atMs: number): StageState {
  const { held, humanAsked: _asked, failing: _failing, ...released } = stage;
  const free = { ...released, actions: released.actions.map(({ unhealthySinceMs: _since, failing: _polls, ...action }) => action) };
  if (stage.status === "rollback-incomplete") {
    return takeBack(planned, { ...free, confirmation: [], actions: free.actions.map(retried) }, atMs);
  }
  if (held === undefined) return free;
  if (stage.status === "confirming") return { ...free, confirmation: [], confirmFromMs: atMs };
  if (stage.status !== "acting" && stage.status !== "observing") return free;
  const { window: _window, ...unwatched } = free;
  return { ...unwatched, watchFromMs: atMs };
}

/** A rollback that could not be finished begins again; steps already verified stay verified. */
function retried(action: ActionState): ActionState {
  if (action.status !== "rollback-incomplete") return action;
  const steps = Object.fromEntries(
    Object.entries(action.steps).filter(([, step]) => step.purpose === "forward" || step.purpose === "after-pass" || step.status === "verified"),
  );
  return { ...action, steps, status: "rolling-back" };
}

/** A human was asked; with a region, for that region. A way back that goes on only says so. */
export function foldNeedsHuman(state: RunState, record: RecordOf<"NEEDS_HUMAN">): RunState {
  const { reason, commands, goesOn } = record.body;
  if (goesOn === true) {
    return editStage(state, record, (stage) => {
      const others = (stage.delays ?? []).filter(({ op }) => op !== record.op);
      return { ...stage, delays: [...others, { op: record.op, reason, commands }] };
    });
  }
  const told = { ...state, needsHuman: record.body };
  if (record.region === null || record.phase === null) return told;
  return editStage(told, record, (stage) => ({ ...stage, humanAsked: true }));
}
