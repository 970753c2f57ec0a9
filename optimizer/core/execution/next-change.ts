import type { Action } from "../model/action.ts";
import type { ActionState } from "../model/run-state.ts";
import type { Span } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import { stepState } from "./action-steps.ts";
import { recordEffect } from "./draft.ts";
import type { Effect, StageKey, StepEffect } from "./effect.ts";
import { pollKey, type Polls } from "./polls.ts";
import { dueThroughMs, slotDueMs } from "./slot-grid.ts";

/** A change that is to be made or waited for, unless this process looked at it a moment ago. */
export function changeEffect(effect: StepEffect, state: ActionState, polls: Polls, nowMs: number): Effect {
  const pausedUntilMs = polls.pausedUntilMs[pollKey(effect)];
  if (pausedUntilMs !== undefined && pausedUntilMs > nowMs) return { kind: "wait", untilMs: pausedUntilMs, reason: effect.step.description };
  const step = stepState(state, effect.purpose, effect.step.id);
  if (step?.retryAtMs !== undefined && step.retryAtMs > nowMs) return { kind: "wait", untilMs: step.retryAtMs, reason: effect.step.description };
  return { kind: step?.status === "applied" ? "settle" : "change", ...effect };
}

interface Acting {
  readonly action: Action;
  readonly state: ActionState;
  readonly place: StageKey & { readonly atMs: number };
  readonly policy: Policy;
  readonly polls: Polls;
}

/** An action's next step forward: a change, a brownout, or the decision to leave alone what somebody else changed. */
export function actForward({ action, state, place, policy, polls }: Acting): Effect {
  const step = action.steps.find(({ id }) => stepState(state, "forward", id)?.status !== "verified");
  if (step === undefined)
    return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "unsupported", detail: "the action has no steps" });
  const seen = stepState(state, "forward", step.id);
  if (seen?.status === "drifted") {
    return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "drifted", detail: "somebody else changed it" });
  }
  if (step.kind === "change") return changeEffect({ ...keyOf(place), action, step, purpose: "forward" }, state, polls, place.atMs);
  if (seen === undefined || state.brownout === undefined) {
    return recordEffect(place, "BROWN_OUT", { action: action.id, event: "started", ...brownoutSpan(step, place.atMs), detail: step.description }, step.id);
  }
  return probeEffect({ action, state, place, policy, polls }, step, state.brownout);
}

type Brownout = Extract<Action["steps"][number], { readonly kind: "brownout" }>;

/** Whole periods of the probes, the one of the cap itself left out, so that no read before it counts and none at the end is missed. */
function brownoutSpan({ minutes, probes }: Brownout, nowMs: number): Span {
  const periodMs = Math.max(1, ...probes.map(({ periodSeconds }) => periodSeconds)) * 1000;
  const whole = (ms: number): number => Math.ceil(ms / periodMs) * periodMs;
  return { startMs: whole(nowMs), endMs: whole(whole(nowMs) + minutes * 60_000) };
}

function probeEffect({ action, place, policy, polls }: Acting, step: Brownout, brownout: Span): Effect {
  const { window } = policy;
  const overMs = slotDueMs(brownout, window);
  const throughMs = place.atMs >= overMs ? brownout.endMs : Math.min(brownout.endMs, dueThroughMs(place.atMs, window));
  const probedMs = polls.probedToMs[pollKey({ action, step, purpose: "forward" })] ?? brownout.startMs;
  if (throughMs > probedMs) {
    return { kind: "probe", ...keyOf(place), action, step, span: { startMs: brownout.startMs, endMs: throughMs }, brownout };
  }
  const nextSlotMs = dueThroughMs(place.atMs, window) + (window.slotMinutes + window.settleMinutes) * 60_000;
  return { kind: "wait", untilMs: Math.min(overMs, nextSlotMs), reason: step.description };
}

function keyOf({ phase, region, round }: StageKey): StageKey {
  return { phase, region, round };
}
