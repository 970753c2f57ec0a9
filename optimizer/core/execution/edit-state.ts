import { Fault } from "../../errors.ts";
import type { Action, Round } from "../model/action.ts";
import type { JournalRecord, Purpose } from "../model/journal-record.ts";
import type { Plan, PlannedPhase, PlannedTurn } from "../model/plan.ts";
import type { ActionState, PhaseState, RunState, StepState, TurnState } from "../model/run-state.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { stepKey } from "./action-steps.ts";

/** A record that cannot stand where it stands: the journal was written by a bug of ours, or not by us. */
export function outOfOrder(record: JournalRecord, problem: string): Fault {
  return new Fault(`journal record ${record.seq} (${record.type}) is out of order: ${problem}`);
}

/** The state with one turn of one phase changed; the record must name a phase and region of the plan. */
export function editTurn(state: RunState, record: JournalRecord, edit: (turn: TurnState, phase: PhaseState) => TurnState): RunState {
  const phase = state.phases.find(({ number }) => number === record.phase);
  const { round: asked = 1 } = record;
  const turn = phase?.turns.find(({ region, round }) => region === record.region && round === asked);
  if (phase === undefined || turn === undefined)
    throw outOfOrder(record, `the plan has no round ${asked} of ${record.region ?? "no region"} in phase ${record.phase ?? "none"}`);
  const edited = edit(turn, phase);
  const status = phase.status === "pending" ? "open" : phase.status;
  return editPhase(state, phase.number, (each) => ({ ...each, status, turns: each.turns.map((other) => (other === turn ? edited : other)) }));
}

export function editPhase(state: RunState, number: PhaseNumber, edit: (phase: PhaseState) => PhaseState): RunState {
  return { ...state, phases: state.phases.map((phase) => (phase.number === number ? edit(phase) : phase)) };
}

export function editAction(turn: TurnState, record: JournalRecord, actionId: string, edit: (action: ActionState) => ActionState): TurnState {
  if (!turn.actions.some((action) => action.actionId === actionId)) throw outOfOrder(record, `${turn.region} has no action ${actionId}`);
  return { ...turn, actions: turn.actions.map((action) => (action.actionId === actionId ? edit(action) : action)) };
}

export function setStep(action: ActionState, purpose: Purpose, stepId: string, step: Omit<StepState, "stepId" | "purpose">): ActionState {
  return { ...action, steps: { ...action.steps, [stepKey(purpose, stepId)]: { stepId, purpose, ...step } } };
}

export function plannedPhase(plan: Plan, number: PhaseNumber): PlannedPhase {
  const phase = plan.phases.find((each) => each.number === number);
  if (phase === undefined) throw new Fault(`the plan has no phase ${number}`);
  return phase;
}

export function plannedTurn(plan: Plan, number: PhaseNumber, region: string, asked: Round = 1): PlannedTurn {
  const turn = plannedPhase(plan, number).turns.find(({ region: own, round = 1 }) => own === region && round === asked);
  if (turn === undefined) throw new Fault(`phase ${number} of the plan has no round ${asked} of ${region}`);
  return turn;
}

export function plannedAction(turn: PlannedTurn, actionId: string): Action {
  const action = turn.actions.find(({ id }) => id === actionId);
  if (action === undefined) throw new Fault(`the plan has no action ${actionId} in ${turn.region}`);
  return action;
}
