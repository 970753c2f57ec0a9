import { stepKey, stepState } from "../core/execution/action-steps.ts";
import type { StageKey, StepEffect } from "../core/execution/effect.ts";
import { pauseUntil, pollKey } from "../core/execution/polls.ts";
import type { StageState, StepState } from "../core/model/run-state.ts";
import type { RunContext } from "./run-context.ts";

export function isWayBack({ purpose }: StepEffect): boolean {
  return purpose === "rollback" || purpose === "lift";
}

export function keyOf({ phase, region, round }: StepEffect): StageKey {
  return { phase, region, round };
}

export function where(effect: StepEffect) {
  return { ...keyOf(effect), op: effect.step.id };
}

function stageState({ phase, region, round }: StageKey, run: RunContext): StageState | undefined {
  return run
    .state()
    .phases.find(({ number }) => number === phase)
    ?.stages.find((each) => each.region === region && each.round === round);
}

export function actionState(effect: StepEffect, run: RunContext) {
  return stageState(effect, run)?.actions.find(({ actionId }) => actionId === effect.action.id);
}

export function seenStep(effect: StepEffect, run: RunContext): StepState | undefined {
  const own = actionState(effect, run);
  return own === undefined ? undefined : stepState(own, effect.purpose, effect.step.id);
}

export function acceptances({ step }: StepEffect, run: RunContext): number {
  return run.state().records.filter(({ type, op, body }) => (type === "OUTCOME" || type === "RB_OUTCOME") && op === step.id && body.result === "ok").length;
}

/**
 * When the way back of this step began; a release by a human begins it anew. One that was never asked for, since it could not be described, has been
 * on its way since the first poll of its action that gave no answer, in journals of older releases of its region.
 */
export function wayBackSinceMs(effect: StepEffect, run: RunContext): number {
  const { action, step, purpose } = effect;
  const begun =
    seenStep(effect, run) === undefined
      ? undefined
      : run.state().records.findLast(({ type, op, body }) => type === "RB_INTENT" && op === step.id && body.action === action.id && body.purpose === purpose);
  return begun?.at ?? actionState(effect, run)?.failing?.sinceMs ?? stageState(effect, run)?.failing?.resource?.sinceMs ?? run.ports.clock.nowMs();
}

/** Since when the step waits; the journal says so from the first time on. */
export async function waitingFrom(effect: StepEffect, run: RunContext, words: string): Promise<number> {
  const { action, purpose } = effect;
  if (waitingSinceMs(effect, run) === undefined) await run.journal(where(effect), "DECISION", { kind: "busy", action: action.id, purpose, detail: words });
  return waitingSinceMs(effect, run) ?? run.ports.clock.nowMs();
}

export function waitingSinceMs(effect: StepEffect, run: RunContext): number | undefined {
  return seenStep(effect, run)?.acceptedMs ?? actionState(effect, run)?.waits?.[stepKey(effect.purpose, effect.step.id)];
}

export function pause(effect: StepEffect, run: RunContext, untilMs: number): void {
  run.notePoll((polls) => pauseUntil(polls, pollKey(effect), untilMs));
}
