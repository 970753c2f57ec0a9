import type { Action } from "../model/action.ts";
import type { Plan, PlannedPhase, PlannedTurn } from "../model/plan.ts";
import type { PhaseState, RunState, TurnState } from "../model/run-state.ts";
import { Fault } from "../../errors.ts";
import { stepState } from "./action-steps.ts";
import { recordEffect } from "./draft.ts";
import { plannedAction } from "./edit-state.ts";
import type { Effect } from "./effect.ts";
import type { Looks } from "./looks.ts";
import { actForward, changeEffect } from "./next-change.ts";
import { askHuman, undoAction, undoTurn } from "./next-undo.ts";
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
  const { plan, state, phase, plannedTurn, nowMs, looks } = facts;
  const turn = phase.turns.find(({ region }) => region === plannedTurn.region);
  if (turn === undefined) throw new Fault(`the state has no turn of ${plannedTurn.region} in phase ${phase.number}`);
  const place = { atMs: nowMs, phase: phase.number, region: turn.region };
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
      return turn.held === undefined ? [undoTurn(undoing)] : [];
    case "confirming":
      return turn.held === undefined ? [confirmTurn(watching)] : [];
    case "passed":
      return present(afterPass(facts, turn));
    case "rollback-incomplete":
    case "rolled-back":
    case "cancelled":
    case "empty":
      return [];
    default:
      return turn.status satisfies never;
  }
}

function present(...effects: readonly (Effect | undefined)[]): readonly Effect[] {
  return effects.filter((effect) => effect !== undefined);
}

/** A region acts when the rollout lets it, and never after an earlier one of the phase had to turn back. */
function beginTurn(facts: TurnFacts, turn: TurnState): Effect | undefined {
  const { plan, state, phase, planned, plannedTurn, nowMs } = facts;
  const place = { atMs: nowMs, phase: phase.number, region: turn.region };
  const cancel = (reason: string): Effect => recordEffect(place, "DECISION", { kind: "region-cancelled", reason });
  if (turn.held !== undefined) return undefined;
  if (state.rollbackRequested !== undefined) return cancel("a roll-back was requested");
  const earlier = planned.turns.slice(0, planned.turns.indexOf(plannedTurn)).flatMap(({ region, role }) => {
    const found = phase.turns.find((each) => each.region === region);
    return found === undefined ? [] : [{ role, turn: found }];
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
function act({ plan, phase, plannedTurn, nowMs, looks }: TurnFacts, turn: TurnState): Effect | undefined {
  const place = { atMs: nowMs, phase: phase.number, region: turn.region };
  for (const state of turn.actions) {
    const action = plannedAction(plannedTurn, state.actionId);
    switch (state.status) {
      case "pending":
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

/** Steps that wait for the pass, once every region of the phase is through. */
function afterPass({ phase, plannedTurn, nowMs, looks }: TurnFacts, turn: TurnState): Effect | undefined {
  if (phase.turns.some(isUnfinished) || turn.held !== undefined) return undefined;
  const place = { atMs: nowMs, phase: phase.number, region: turn.region };
  for (const state of turn.actions) {
    if (state.status !== "applied" || state.skip !== undefined) continue;
    const action: Action = plannedAction(plannedTurn, state.actionId);
    const step = action.afterPass.find(({ id }) => stepState(state, "after-pass", id)?.status !== "verified");
    if (step === undefined) continue;
    if (stepState(state, "after-pass", step.id)?.status === "drifted") {
      return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "after-pass-failed", detail: "somebody else changed it" });
    }
    return changeEffect({ ...place, action, step, purpose: "after-pass" }, state, looks, nowMs);
  }
  return undefined;
}
