import type { Plan } from "../model/plan.ts";
import type { PhaseState, RunState } from "../model/run-state.ts";
import { recordEffect } from "./draft.ts";
import { plannedPhase } from "./edit-state.ts";
import type { Effect } from "./effect.ts";
import { type Polls, noPolls } from "./polls.ts";
import { failingOf, nextOfStage, stageOf } from "./next-stage.ts";
import { phaseResult, runOutcome } from "./run-outcome.ts";
import { isGoingBack, isUnfinished } from "./stage-status.ts";
import { wayBackGetsOn } from "./undo-order.ts";

/**
 * The one next thing to do at `nowMs`, from the plan and the journal's fold alone; `looks` only saves a process from looking at the same
 * thing twice. Regions of a phase go on side by side: what is due anywhere comes before any waiting.
 */
export function next(plan: Plan, state: RunState, nowMs: number, polls: Polls = noPolls): Effect {
  if (state.outcome !== undefined) return { kind: "stop", because: "closed" };
  const effects = phasesAtWork(plan, state, nowMs).flatMap((phase) => effectsOf(plan, state, phase, nowMs, polls));
  const due = effects.filter(({ effect }) => effect.kind !== "wait");
  // A region that gives no answer must not keep the others waiting, not even for as long as it takes to ask it once more.
  const first = due.find(({ isFailing }) => !isFailing) ?? due[0];
  // A region that passed is looked at as often as others are scored, wherever it stands in the plan.
  const look = first?.effect.kind === "score" ? due.find(({ effect, isFailing }) => effect.kind === "inspect" && !isFailing) : undefined;
  if (first !== undefined) return (look ?? first).effect;
  const waits = effects
    .map(({ effect }) => effect)
    .filter((effect) => effect.kind === "wait")
    .toSorted((a, b) => a.untilMs - b.untilMs);
  if (waits[0] !== undefined) return waits[0];
  return closeNext(state, nowMs) ?? { kind: "stop", because: "needs-human" };
}

/**
 * Usually the one phase that is open; with a requested rollback, the newest of the closed phases that has to go back, too, and the ones before
 * it as soon as nothing of it gets on.
 */
function phasesAtWork(plan: Plan, state: RunState, nowMs: number): readonly PhaseState[] {
  const turningBack = state.phases.filter(({ stages }) => stages.some((stage) => isGoingBack(stage) && isUnfinished(stage))).toReversed();
  const atWork = turningBack.findIndex((phase) => wayBackGetsOn(plan, phase, nowMs));
  const current = state.phases.find((phase) => !isClosed(phase));
  return [...new Set([...(atWork < 0 ? turningBack : turningBack.slice(0, atWork + 1)), current])].filter((phase) => phase !== undefined);
}

function isClosed({ status }: PhaseState): boolean {
  return status !== "pending" && status !== "open";
}

interface Wanted {
  readonly effect: Effect;
  readonly isFailing: boolean;
}

function effectsOf(plan: Plan, state: RunState, phase: PhaseState, nowMs: number, polls: Polls): readonly Wanted[] {
  if (!isClosed(phase) && mayNotBegin(plan, state, phase))
    return [
      { effect: recordEffect({ atMs: nowMs, phase: phase.number, region: null }, "DECISION", { kind: "phase-closed", result: "skipped" }), isFailing: false },
    ];
  const planned = plannedPhase(plan, phase.number);
  return planned.stages.flatMap((plannedStage) => {
    const facts = { plan, state, phase, planned, plannedStage, nowMs, polls };
    return nextOfStage(facts).map((effect) => ({ effect, isFailing: failingOf(stageOf(facts), effect) !== undefined }));
  });
}

/** A phase that no record belongs to yet does not begin after a requested rollback, nor after one that shall stop the run. */
function mayNotBegin(plan: Plan, state: RunState, phase: PhaseState): boolean {
  if (phase.status !== "pending") return false;
  if (phase.stages.length === 0 || state.rollbackRequested !== undefined) return true;
  const undone = state.phases.some(({ status }) => status === "rolled-back" || status === "partly-rolled-back");
  return plan.policy.afterRollback === "stop" && undone;
}

/** A phase whose stages are all finished, or the run when all phases are closed. */
function closeNext(state: RunState, nowMs: number): Effect | undefined {
  for (const phase of state.phases) {
    if (phase.stages.some((stage) => isUnfinished(stage) || (stage.held !== undefined && !isClosed(phase)))) {
      if (isClosed(phase)) continue;
      return undefined;
    }
    const result = phaseResult(phase);
    if (!isClosed(phase) || (phase.status !== "skipped" && phase.status !== result)) {
      return recordEffect({ atMs: nowMs, phase: phase.number, region: null }, "DECISION", { kind: "phase-closed", result });
    }
  }
  const anyOpen = state.phases.some(({ stages, status }) => status !== "skipped" && stages.some(isUnfinished));
  if (anyOpen) return undefined;
  return recordEffect({ atMs: nowMs, phase: null, region: null }, "CLOSED", { outcome: runOutcome(state) });
}
