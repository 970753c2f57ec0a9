import type { Plan, PlannedPhase, PlannedTurn } from "../model/plan.ts";
import type { Action } from "../model/action.ts";
import type { ActionState, FailingPolls, PhaseState, RunState, StepState, TurnState } from "../model/run-state.ts";
import { Fault } from "../../errors.ts";
import { stepState } from "./action-steps.ts";
import { recordEffect } from "./draft.ts";
import { plannedAction } from "./edit-state.ts";
import { type Effect, pollOf, type StageKey } from "./effect.ts";
import type { Looks } from "./looks.ts";
import { actForward, changeEffect } from "./next-change.ts";
import { askHuman, undoAction, undoTurn } from "./next-undo.ts";
import { reachedRegions } from "./reach.ts";
import { dueThroughMs, slotAt, slotDueMs } from "./slot-grid.ts";
import { confirmTurn, type Watching, watchTurn } from "./next-watch.ts";
import { isTurningBack, isUnfinished } from "./turn-status.ts";

interface TurnFacts {
  readonly plan: Plan;
  readonly state: RunState;
  readonly phase: PhaseState;
  readonly planned: PlannedPhase;
  readonly plannedTurn: PlannedTurn;
  readonly nowMs: number;
  readonly looks: Looks;
}

/** What one region of a phase asks for, the safest first: watching comes before acting. */
export function nextOfTurn(facts: TurnFacts): readonly Effect[] {
  const turn = turnOf(facts);
  // Its last poll of this kind failed: what needs an answer waits, what is only to be decided does not.
  return wantedOf(facts, turn).map((effect): Effect => {
    const retryAtMs = failingOf(turn, effect)?.retryAtMs ?? 0;
    return retryAtMs <= facts.nowMs ? effect : { kind: "wait", untilMs: retryAtMs, reason: `${turn.region} gave no answer; trying again` };
  });
}

/** The row of failed polls that an effect would go on with. */
export function failingOf({ failing }: TurnState, effect: Effect): FailingPolls | undefined {
  const poll = pollOf(effect);
  return poll === undefined ? undefined : failing?.[poll];
}

export function turnOf({ phase, plannedTurn }: Pick<TurnFacts, "phase" | "plannedTurn">): TurnState {
  const asked = plannedTurn.round ?? 1;
  const turn = phase.turns.find(({ region, round }) => region === plannedTurn.region && round === asked);
  if (turn === undefined) throw new Fault(`the state has no round ${asked} of ${plannedTurn.region} in phase ${phase.number}`);
  return turn;
}

function wantedOf(facts: TurnFacts, turn: TurnState): readonly Effect[] {
  const { plan, state, phase, plannedTurn, nowMs, looks } = facts;
  const place = placeOf(facts, turn);
  const watching: Watching = { plan, state, phase, planned: plannedTurn, turn, place, looks };
  const asked = askHuman(state, turn, plannedTurn.actions, place);
  if (asked !== undefined) return [asked];
  const undoing = { actions: plannedTurn.actions, turn, place, looks, nowMs };
  switch (turn.status) {
    case "pending":
      return present(beginTurn(facts, turn));
    case "acting":
      return present(watchTurn(watching), turn.held === undefined ? act(facts, turn) : undefined);
    case "observing":
      return present(watchTurn(watching));
    case "rolling-back":
      return turn.held === undefined && !waitsForLaterRound(phase, turn) ? [undoTurn(undoing)] : [];
    case "confirming":
      return turn.held === undefined ? [confirmTurn(watching)] : [];
    case "passed":
      return present(afterPassOfOlderRun(facts, turn));
    case "rollback-incomplete":
    case "rolled-back":
    case "cancelled":
    case "empty":
      return [];
    default:
      return turn.status satisfies never;
  }
}

function placeOf({ phase, nowMs }: TurnFacts, { region, round }: TurnState): StageKey & { readonly atMs: number } {
  return { atMs: nowMs, phase: phase.number, region, round };
}

/** The newest changes go back first: earlier rounds wait for later ones, unless those are held and may never come to an end. */
function waitsForLaterRound(phase: PhaseState, { region, round }: TurnState): boolean {
  return phase.turns.some((other) => other.region === region && other.round > round && other.status === "rolling-back" && other.held === undefined);
}

function present(...effects: readonly (Effect | undefined)[]): readonly Effect[] {
  return effects.filter((effect) => effect !== undefined);
}

/** A region acts when earlier rounds are through and the rollout lets it, and never after an earlier one had to turn back. */
function beginTurn(facts: TurnFacts, turn: TurnState): Effect | undefined {
  const { plan, state, phase, planned, plannedTurn } = facts;
  const cancel = (reason: string): Effect => recordEffect(placeOf(facts, turn), "DECISION", { kind: "region-cancelled", reason });
  if (turn.held !== undefined) return undefined;
  if (state.rollbackRequested !== undefined) return cancel("a roll-back was requested");
  const before = phase.turns.filter(({ round }) => round < turn.round);
  if (before.some((other) => isUnfinished(other) || other.actions.some(isLeftAfterPass))) return undefined;
  const failed = turn.round === 3 ? before.find(isTurningBack) : undefined;
  if (failed !== undefined)
    return cancel(`${failed.region} was rolled back in this phase, and what cannot be undone comes only after everything else has passed`);
  const earlier = planned.turns.slice(0, planned.turns.indexOf(plannedTurn)).flatMap(({ region, role, round = 1 }) => {
    const found = phase.turns.find((each) => each.region === region && each.round === round);
    return found === undefined || round !== turn.round ? [] : [{ role, turn: found }];
  });
  const back = earlier.find((each) => isTurningBack(each.turn));
  if (back !== undefined) return cancel(`${back.turn.region} was rolled back in this phase`);
  switch (plan.policy.rollout) {
    case "together":
      return act(facts, turn);
    case "sequential":
      return earlier.every((each) => !isUnfinished(each.turn)) ? act(facts, turn) : undefined;
    case "canary": {
      const soaked = earlier.every(({ role, turn: other }) => role !== "canary" || other.soaked || !isUnfinished(other));
      const acted = earlier.every(({ turn: other }) => other.status !== "pending" && other.status !== "acting");
      return soaked && acted ? act(facts, turn) : undefined;
    }
    default:
      return plan.policy.rollout satisfies never;
  }
}

/** The first action that is not through yet: its next step, or its way back when it was given up. */
function act(facts: TurnFacts, turn: TurnState): Effect | undefined {
  const { plan, plannedTurn, nowMs, looks } = facts;
  const place = placeOf(facts, turn);
  for (const state of turn.actions) {
    const action = plannedAction(plannedTurn, state.actionId);
    switch (state.status) {
      case "pending":
        return beforeFirstStep(facts, turn, action, state) ?? actForward({ action, state, place, policy: plan.policy, looks });
      case "acting":
      case "brown-out":
        return actForward({ action, state, place, policy: plan.policy, looks });
      case "rolling-back":
        return undoAction({ actions: plannedTurn.actions, place, looks, nowMs }, state);
      case "applied":
      case "finished":
      case "skipped":
      case "rolled-back":
      case "drifted":
      case "rollback-incomplete":
        continue;
      default:
        return state.status satisfies never;
    }
  }
  return undefined;
}

/** What has to be said of an action before it begins: that it has nothing to follow, or who approved of it. */
function beforeFirstStep(facts: TurnFacts, turn: TurnState, action: Action, state: ActionState): Effect | undefined {
  const place = placeOf(facts, turn);
  const leave = (code: string, detail: string): Effect => recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code, detail });
  if (action.after !== undefined && !isKept(facts.phase, turn.region, action.after)) return leave("not-kept", `it follows ${action.after}, which was not kept`);
  const unwell = healthFirst(facts, turn, action, state);
  if (unwell !== undefined) return unwell;
  if (action.approval === undefined || state.approvedBy !== undefined) return undefined;
  const approval = facts.plan.approvals?.find((each) => each.action === action.id);
  if (approval === undefined) return leave("needs-approval", action.approval.why);
  return recordEffect(place, "DECISION", { kind: "approved", action: action.id, by: approval.by });
}

/** Nothing is changed in a region that is not healthy now: it is waited for as long as the policy says, then a human is asked. */
function healthFirst({ plan, phase, nowMs, looks }: TurnFacts, turn: TurnState, action: Action, state: ActionState): Effect | undefined {
  const { window, health } = plan.policy;
  const watched = reachedRegions(plan, phase.number, turn.region);
  if (!plan.balancers.some(({ region }) => watched.includes(region))) return undefined;
  const stage = { phase: phase.number, region: turn.region, round: turn.round };
  const throughMs = dueThroughMs(nowMs, window);
  if ((looks.healthJudgedToMs[action.id] ?? Number.NEGATIVE_INFINITY) < throughMs) {
    const slotMs = window.slotMinutes * 60_000;
    const slots = Array.from({ length: health.slots }, (_, index) => slotAt(throughMs - (health.slots - index) * slotMs, window));
    return { kind: "check-health", ...stage, action, slots };
  }
  if (state.unhealthySinceMs === undefined) return undefined;
  const overMs = state.unhealthySinceMs + health.waitMinutes * 60_000;
  if (nowMs >= overMs) {
    const reason = `not healthy for ${health.waitMinutes} minutes, so nothing was changed (${action.summary})`;
    return recordEffect({ ...stage, atMs: nowMs }, "HOLD", { reason, cause: "unhealthy" });
  }
  return { kind: "wait", untilMs: Math.min(overMs, slotDueMs(slotAt(throughMs, window), window)), reason: `${turn.region} is not healthy now` };
}

/** Whether an action of the region is in place and has passed. */
function isKept({ turns }: PhaseState, region: string, actionId: string): boolean {
  const isInPlace = (state: ActionState): boolean => state.actionId === actionId && (state.status === "applied" || state.status === "finished");
  return turns.some((turn) => turn.region === region && turn.status === "passed" && turn.actions.some(isInPlace));
}

/** Runs of an older release changed something after the pass. What such a run had begun is brought to its end, so that what holds is known. */
function afterPassOfOlderRun(facts: TurnFacts, turn: TurnState): Effect | undefined {
  if (turn.held !== undefined) return undefined;
  const place = placeOf(facts, turn);
  for (const state of turn.actions) {
    if (state.status !== "applied" || state.skip !== undefined) continue;
    const action = plannedAction(facts.plannedTurn, state.actionId);
    const step = action.afterPass?.find(({ id }) => isUnfinishedStep(stepState(state, "after-pass", id)));
    if (step === undefined) continue;
    if (stepState(state, "after-pass", step.id)?.status === "drifted") {
      return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "after-pass-failed", detail: "somebody else changed it" });
    }
    return changeEffect({ phase: place.phase, region: place.region, round: place.round, action, step, purpose: "after-pass" }, state, facts.looks, facts.nowMs);
  }
  return undefined;
}

/** An older run had begun a step after this action's pass and has not come to its end. */
function isLeftAfterPass({ status, skip, steps }: ActionState): boolean {
  return status === "applied" && skip === undefined && Object.values(steps).some((step) => step.purpose === "after-pass" && isUnfinishedStep(step));
}

function isUnfinishedStep(step: StepState | undefined): boolean {
  return step !== undefined && step.status !== "verified";
}
