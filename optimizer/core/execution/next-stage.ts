import type { Plan, PlannedPhase, PlannedStage } from "../model/plan.ts";
import type { Action } from "../model/action.ts";
import type { ActionState, FailingPolls, PhaseState, RunState, StepState, StageState } from "../model/run-state.ts";
import { Fault } from "../../errors.ts";
import { stepState } from "./action-steps.ts";
import { recordEffect } from "./draft.ts";
import { plannedAction } from "./edit-state.ts";
import { type Effect, pollOf, type StageKey } from "./effect.ts";
import { inPlaceIn } from "./in-place.ts";
import { lookKey, type Polls, watchKey } from "./polls.ts";
import { actForward, changeEffect } from "./next-change.ts";
import { askHuman, undoAction, undoStage } from "./next-undo.ts";
import { reachedRegions } from "./reach.ts";
import { dueThroughMs, slotAt, slotDueMs } from "./slot-grid.ts";
import { confirmStage, type Watching, watchStage } from "./next-watch.ts";
import { isChangedByOthers } from "./settle-stage.ts";
import { isGoingBack, isUnfinished } from "./stage-status.ts";
import { mustWait } from "./undo-order.ts";

interface StageFacts {
  readonly plan: Plan;
  readonly state: RunState;
  readonly phase: PhaseState;
  readonly planned: PlannedPhase;
  readonly plannedStage: PlannedStage;
  readonly nowMs: number;
  readonly polls: Polls;
}

/** What one region of a phase asks for, the safest first: watching comes before acting. */
export function nextOfStage(facts: StageFacts): readonly Effect[] {
  const stage = stageOf(facts);
  // Its last poll failed: what needs that answer waits. What is only to be decided does not, nor what asks for another action.
  return effectsOf(facts, stage).map((effect): Effect => {
    const retryAtMs = failingOf(stage, effect)?.retryAtMs ?? 0;
    return retryAtMs <= facts.nowMs ? effect : { kind: "wait", untilMs: retryAtMs, reason: `${stage.region} gave no answer; trying again` };
  });
}

/** The row of failed polls that an effect would go on with: its own action's, or the region's. */
export function failingOf({ failing, actions }: StageState, effect: Effect): FailingPolls | undefined {
  if (effect.kind === "change" || effect.kind === "settle") return actions.find(({ actionId }) => actionId === effect.action.id)?.failing;
  const poll = pollOf(effect);
  return poll === undefined ? undefined : failing?.[poll];
}

export function stageOf({ phase, plannedStage }: Pick<StageFacts, "phase" | "plannedStage">): StageState {
  const asked = plannedStage.round ?? 1;
  const stage = phase.stages.find(({ region, round }) => region === plannedStage.region && round === asked);
  if (stage === undefined) throw new Fault(`the state has no round ${asked} of ${plannedStage.region} in phase ${phase.number}`);
  return stage;
}

function effectsOf(facts: StageFacts, stage: StageState): readonly Effect[] {
  const { plan, state, phase, plannedStage, nowMs, polls } = facts;
  const place = placeOf(facts, stage);
  const watching: Watching = { plan, state, phase, planned: plannedStage, stage, place, polls };
  const asked = askHuman(state, stage, plannedStage, place);
  if (asked !== undefined) return [asked];
  const undoing = { planned: plannedStage, stage, place, polls, nowMs };
  switch (stage.status) {
    case "pending":
      return wanted(beginStage(facts, stage));
    case "acting":
      return wanted(inspectStage(facts, stage), watchStage(watching), stage.held === undefined ? act(facts, stage) : undefined);
    case "observing":
      return wanted(inspectStage(facts, stage), watchStage(watching));
    case "rolling-back":
      return stage.held === undefined ? undoStage(undoing, mustWait(plan, phase, stage, nowMs)) : [];
    case "confirming":
      return stage.held === undefined ? [confirmStage(watching)] : [];
    case "passed":
      return wanted(inspectStage(facts, stage) ?? lookBeforePhaseCloses(facts, stage), afterPassOfOlderRun(facts, stage));
    case "rollback-incomplete":
    case "rolled-back":
    case "cancelled":
    case "empty":
      return [];
  }
}

/** Once a slot, before it is scored: what is in place may not be ours any more. */
function inspectStage({ plan, plannedStage, nowMs, polls, phase }: StageFacts, stage: StageState): Effect | undefined {
  if (stage.held !== undefined && !isWatchedThoughUnread(stage)) return undefined;
  // What has passed is looked at as long as the phase watches anything.
  const watched = stage.status === "passed" ? phase.stages.filter(({ status }) => status === "acting" || status === "observing") : [stage];
  if (watched.length === 0) return undefined;
  const key = { phase: phase.number, region: stage.region, round: stage.round };
  const throughMs = dueThroughMs(nowMs, plan.policy.window);
  // A slot is scored after a look, so that it stands for one, but not where the look failed: that is owed until it is answered.
  const scoredMs = stage.failing?.resource === undefined ? watched.map(({ window }) => window?.slots.at(-1)?.endMs ?? 0) : [];
  const doneMs = Math.max(polls.inspectedToMs[watchKey(key)] ?? 0, ...scoredMs);
  if (throughMs <= doneMs) return undefined;
  const inPlace = inPlaceIn(plannedStage, stage, nowMs);
  return inPlace.length === 0 ? undefined : { kind: "inspect", ...key, inPlace, throughMs };
}

/** Held since one of its actions could not be read: the others are looked at as long as their slots are. */
function isWatchedThoughUnread({ held, window }: StageState): boolean {
  return held?.cause === "unreadable" && window !== undefined && window.slots.every(({ endMs }) => endMs < window.deadlineMs);
}

/** What has passed is described once more before its phase closes: after that nobody looks until it is adopted. */
function lookBeforePhaseCloses({ state, plan, plannedStage, nowMs, polls, phase }: StageFacts, stage: StageState): Effect | undefined {
  if (stage.held !== undefined || phase.status !== "open" || phase.stages.some(isUnfinished)) return undefined;
  const key = { phase: phase.number, region: stage.region, round: stage.round };
  const newest = state.records.findLast((record) => record.phase === phase.number);
  if (newest === undefined || (polls.inspectedAtSeq[watchKey(key)] ?? 0) >= newest.seq) return undefined;
  const inPlace = inPlaceIn(plannedStage, stage, nowMs);
  if (inPlace.length === 0) return undefined;
  const untilMs = polls.pausedUntilMs[lookKey(key)] ?? 0;
  if (untilMs > nowMs) return { kind: "wait", untilMs, reason: `something of ${stage.region} is on its way` };
  return { kind: "inspect", ...key, inPlace, throughMs: dueThroughMs(nowMs, plan.policy.window) };
}

function placeOf({ phase, nowMs }: StageFacts, { region, round }: StageState): StageKey & { readonly atMs: number } {
  return { atMs: nowMs, phase: phase.number, region, round };
}

function wanted(...effects: readonly (Effect | undefined)[]): readonly Effect[] {
  return effects.filter((effect) => effect !== undefined);
}

/** A region acts when earlier rounds are through and the rollout lets it, and never after an earlier one had to go back. */
function beginStage(facts: StageFacts, stage: StageState): Effect | undefined {
  const { plan, state, phase, planned, plannedStage } = facts;
  const cancel = (reason: string): Effect => recordEffect(placeOf(facts, stage), "DECISION", { kind: "region-cancelled", reason });
  if (stage.held !== undefined) return undefined;
  if (state.rollbackRequested !== undefined) return cancel("a rollback was requested");
  const before = phase.stages.filter(({ round }) => round < stage.round);
  if (before.some((other) => isUnfinished(other) || other.actions.some(isLeftAfterPass))) return undefined;
  const failed = stage.round === 3 ? before.find(isGoingBack) : undefined;
  if (failed !== undefined)
    return cancel(`${failed.region} was rolled back in this phase, and what cannot be undone comes only after everything else has passed`);
  const earlier = planned.stages.slice(0, planned.stages.indexOf(plannedStage)).flatMap(({ region, role, round = 1 }) => {
    const found = phase.stages.find((each) => each.region === region && each.round === round);
    return found === undefined || round !== stage.round ? [] : [{ role, stage: found }];
  });
  // Nobody knows how the change does where somebody else undid it.
  const lost = earlier.find(({ role, stage: other }) => role === "canary" && other.status === "empty" && other.actions.some(isChangedByOthers));
  if (lost !== undefined) return cancel(`${lost.stage.region} was changed by somebody else before it had passed`);
  const back = earlier.find((each) => isGoingBack(each.stage));
  if (back !== undefined) return cancel(`${back.stage.region} was rolled back in this phase`);
  switch (plan.policy.rollout) {
    case "together":
      return act(facts, stage);
    case "sequential":
      return earlier.every((each) => !isUnfinished(each.stage)) ? act(facts, stage) : undefined;
    case "canary": {
      const soaked = earlier.every(({ role, stage: other }) => role !== "canary" || other.soaked || !isUnfinished(other));
      const acted = earlier.every(({ stage: other }) => other.status !== "pending" && other.status !== "acting");
      return soaked && acted ? act(facts, stage) : undefined;
    }
  }
}

/** The first action that is not through yet: its next step, or its way back when it was given up. */
function act(facts: StageFacts, stage: StageState): Effect | undefined {
  const { plan, plannedStage, nowMs, polls } = facts;
  const place = placeOf(facts, stage);
  for (const state of stage.actions) {
    const action = plannedAction(plannedStage, state.actionId);
    switch (state.status) {
      case "pending":
        return beforeFirstStep(facts, stage, action, state) ?? actForward({ action, state, place, policy: plan.policy, polls });
      case "acting":
      case "brownout":
        return actForward({ action, state, place, policy: plan.policy, polls });
      case "rolling-back":
        return undoAction({ planned: plannedStage, place, polls, nowMs }, state);
      case "applied":
      case "finished":
      case "skipped":
      case "rolled-back":
      case "drifted":
      case "rollback-incomplete":
        continue;
    }
  }
  return undefined;
}

/** What has to be said of an action before it begins: that it has nothing to follow, or who approved of it. */
function beforeFirstStep(facts: StageFacts, stage: StageState, action: Action, state: ActionState): Effect | undefined {
  const place = placeOf(facts, stage);
  const leave = (code: string, detail: string): Effect => recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code, detail });
  if (action.after !== undefined && !isKept(facts.phase, stage.region, action.after))
    return leave("not-kept", `it follows ${action.after}, which was not kept`);
  const unwell = healthFirst(facts, stage, action, state);
  if (unwell !== undefined) return unwell;
  if (action.approval === undefined || state.approvedBy !== undefined) return undefined;
  const approval = facts.plan.approvals?.find((each) => each.action === action.id);
  if (approval === undefined) return leave("needs-approval", action.approval.why);
  return recordEffect(place, "DECISION", { kind: "approved", action: action.id, by: approval.by });
}

/** Nothing is changed in a region that is not healthy now: it is waited for as long as the policy says, then a human is asked. */
function healthFirst({ plan, phase, nowMs, polls }: StageFacts, stage: StageState, action: Action, state: ActionState): Effect | undefined {
  const { window, health } = plan.policy;
  const watched = reachedRegions(plan, phase.number, stage.region);
  if (!plan.balancers.some(({ region }) => watched.includes(region))) return undefined;
  const key = { phase: phase.number, region: stage.region, round: stage.round };
  const throughMs = dueThroughMs(nowMs, window);
  if ((polls.healthJudgedToMs[action.id] ?? Number.NEGATIVE_INFINITY) < throughMs) {
    const slotMs = window.slotMinutes * 60_000;
    const slots = Array.from({ length: health.slots }, (_, index) => slotAt(throughMs - (health.slots - index) * slotMs, window));
    return { kind: "check-health", ...key, action, slots };
  }
  if (state.unhealthySinceMs === undefined) return undefined;
  const overMs = state.unhealthySinceMs + health.waitMinutes * 60_000;
  if (nowMs >= overMs) {
    const reason = `not healthy for ${health.waitMinutes} minutes, so nothing was changed (${action.summary})`;
    return recordEffect({ ...key, atMs: nowMs }, "HOLD", { reason, cause: "unhealthy" });
  }
  return { kind: "wait", untilMs: Math.min(overMs, slotDueMs(slotAt(throughMs, window), window)), reason: `${stage.region} is not healthy now` };
}

/** Whether an action of the region is in place and has passed. */
function isKept({ stages }: PhaseState, region: string, actionId: string): boolean {
  const isInPlace = (state: ActionState): boolean => state.actionId === actionId && (state.status === "applied" || state.status === "finished");
  return stages.some((stage) => stage.region === region && stage.status === "passed" && stage.actions.some(isInPlace));
}

/** Runs of an older release changed something after the pass. What such a run had begun is brought to its end, so that what holds is known. */
function afterPassOfOlderRun(facts: StageFacts, stage: StageState): Effect | undefined {
  if (stage.held !== undefined) return undefined;
  const place = placeOf(facts, stage);
  for (const state of stage.actions) {
    if (state.status !== "applied" || state.skip !== undefined) continue;
    const action = plannedAction(facts.plannedStage, state.actionId);
    const step = action.afterPass?.find(({ id }) => isUnfinishedStep(stepState(state, "after-pass", id)));
    if (step === undefined) continue;
    if (stepState(state, "after-pass", step.id)?.status === "drifted") {
      return recordEffect(place, "DECISION", { kind: "action-skipped", action: action.id, code: "after-pass-failed", detail: "somebody else changed it" });
    }
    return changeEffect({ phase: place.phase, region: place.region, round: place.round, action, step, purpose: "after-pass" }, state, facts.polls, facts.nowMs);
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
