import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, RunState, TurnState } from "../model/run-state.ts";
import { editTurn, plannedTurn } from "./edit-state.ts";
import { turnBack } from "./settle-turn.ts";

/** A hold stops its region; its release lets the region be watched anew, a whole window, or tries a roll-back again. */
export function foldHold(plan: Plan, state: RunState, record: RecordOf<"HOLD">): RunState {
  const { reason, cause = "unreadable", releasedBy } = record.body;
  if (releasedBy !== undefined) return release(plan, state, record);
  const hold = { reason, region: record.region, sinceMs: record.at };
  return { ...editTurn(state, record, (turn) => ({ ...turn, held: { reason, cause, sinceMs: record.at } })), hold };
}

function release(plan: Plan, { hold: _hold, needsHuman: _human, ...state }: RunState, record: RecordOf<"HOLD">): RunState {
  const phases = state.phases.map((phase) => ({
    ...phase,
    turns: phase.turns.map((turn) => {
      if (record.region !== null && turn.region !== record.region) return turn;
      return releaseTurn(plannedTurn(plan, phase.number, turn.region, turn.round), turn, record.at);
    }),
  }));
  return { ...state, phases };
}

function releaseTurn(planned: Parameters<typeof turnBack>[0], turn: TurnState, atMs: number): TurnState {
  const { held, humanAsked: _asked, failing: _failing, ...released } = turn;
  const free = { ...released, actions: released.actions.map(({ unhealthySinceMs: _since, ...action }) => action) };
  if (turn.status === "rollback-incomplete") {
    return turnBack(planned, { ...free, confirmation: [], actions: free.actions.map(retried) }, atMs);
  }
  if (held === undefined) return free;
  if (turn.status === "confirming") return { ...free, confirmation: [], confirmFromMs: atMs };
  if (turn.status !== "acting" && turn.status !== "observing") return free;
  const { window: _window, ...unwatched } = free;
  return { ...unwatched, watchFromMs: atMs };
}

/** A roll-back that could not be finished begins again; steps already verified stay verified. */
function retried(action: ActionState): ActionState {
  if (action.status !== "rollback-incomplete") return action;
  const steps = Object.fromEntries(
    Object.entries(action.steps).filter(([, step]) => step.purpose === "forward" || step.purpose === "after-pass" || step.status === "verified"),
  );
  return { ...action, steps, status: "rolling-back" };
}

/** A human was asked; with a region, for that region. */
export function foldNeedsHuman(state: RunState, record: RecordOf<"NEEDS_HUMAN">): RunState {
  const told = { ...state, needsHuman: record.body };
  if (record.region === null || record.phase === null) return told;
  return editTurn(told, record, (turn) => ({ ...turn, humanAsked: true }));
}
