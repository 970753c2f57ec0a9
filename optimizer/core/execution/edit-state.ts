import { Fault } from "../../errors.ts";
import type { Action, Round } from "../model/action.ts";
import type { JournalRecord, Purpose } from "../model/journal-record.ts";
import type { Plan, PlannedPhase, PlannedStage } from "../model/plan.ts";
import type { ActionState, PhaseState, RunState, StepState, StageState } from "../model/run-state.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { stepKey } from "./action-steps.ts";

/** A record that cannot stand where it stands: the journal was written by a bug of ours, or not by us. */
export function outOfOrder(record: JournalRecord, problem: string): Fault {
  return new Fault(`journal record ${record.seq} (${record.type}) is out of order: ${problem}`);
}

/** The state with one stage of one phase changed; the record must name a phase and region of the plan. */
export function editStage(state: RunState, record: JournalRecord, edit: (stage: StageState, phase: PhaseState) => StageState): RunState {
  const phase = state.phases.find(({ number }) => number === record.phase);
  const { round: asked = 1 } = record;
  const stage = phase?.stages.find(({ region, round }) => region === record.region && round === asked);
  if (phase === undefined || stage === undefined)
    throw outOfOrder(record, `the plan has no round ${asked} of ${record.region ?? "no region"} in phase ${record.phase ?? "none"}`);
  const edited = edit(stage, phase);
  const status = phase.status === "pending" ? "open" : phase.status;
  return editPhase(state, phase.number, (each) => ({ ...each, status, stages: each.stages.map((other) => (other === stage ? edited : other)) }));
}

export function editPhase(state: RunState, number: PhaseNumber, edit: (phase: PhaseState) => PhaseState): RunState {
  return { ...state, phases: state.phases.map((phase) => (phase.number === number ? edit(phase) : phase)) };
}

export function editAction(stage: StageState, record: JournalRecord, actionId: string, edit: (action: ActionState) => ActionState): StageState {
  if (!stage.actions.some((action) => action.actionId === actionId)) throw outOfOrder(record, `${stage.region} has no action ${actionId}`);
  return { ...stage, actions: stage.actions.map((action) => (action.actionId === actionId ? edit(action) : action)) };
}

export function setStep(action: ActionState, purpose: Purpose, stepId: string, step: Omit<StepState, "stepId" | "purpose">): ActionState {
  return { ...action, steps: { ...action.steps, [stepKey(purpose, stepId)]: { stepId, purpose, ...step } } };
}

export function plannedPhase(plan: Plan, number: PhaseNumber): PlannedPhase {
  const phase = plan.phases.find((each) => each.number === number);
  if (phase === undefined) throw new Fault(`the plan has no phase ${number}`);
  return phase;
}

export function plannedStage(plan: Plan, number: PhaseNumber, region: string, asked: Round = 1): PlannedStage {
  const stage = plannedPhase(plan, number).stages.find(({ region: own, round = 1 }) => own === region && round === asked);
  if (stage === undefined) throw new Fault(`phase ${number} of the plan has no round ${asked} of ${region}`);
  return stage;
}

export function plannedAction(stage: PlannedStage, actionId: string): Action {
  const action = stage.actions.find(({ id }) => id === actionId);
  if (action === undefined) throw new Fault(`the plan has no action ${actionId} in ${stage.region}`);
  return action;
}
