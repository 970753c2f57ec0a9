import { tailSlots } from "../observation/balancer-evidence.ts";
import { judgeWindow } from "../observation/judge-window.ts";
import type { Judging } from "../observation/judging.ts";
import { unseenPromise } from "../observation/promise-coverage.ts";
import { peakDeadlineMs } from "../observation/peak-hours.ts";
import type { Span } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import type { BalancerReference, PlannedPhase, PlannedStage, Plan } from "../model/plan.ts";
import type { PhaseState, RunState, StageState, WindowState } from "../model/run-state.ts";
import type { WindowVerdict } from "../model/window.ts";
import { changedAtMs, isLive } from "./action-steps.ts";
import { disruptionSpans } from "./disruption-spans.ts";
import { recordEffect } from "./draft.ts";
import type { Effect, StageKey } from "./effect.ts";
import { inPlaceIn } from "./in-place.ts";
import { type Polls, watchKey } from "./polls.ts";
import { reachedRegions } from "./reach.ts";
import { dueThroughMs, slotAt, slotCeil, slotDueMs, windowPolicyOf, windowSpan } from "./slot-grid.ts";

const minuteMs = 60_000;

export interface Watching {
  readonly plan: Plan;
  readonly state: RunState;
  readonly phase: PhaseState;
  readonly planned: PlannedStage;
  readonly stage: StageState;
  readonly place: StageKey & { readonly atMs: number };
  readonly polls: Polls;
}

/**
 * What the region's window asks for: to be opened at the newest change, a due slot to be scored, or a decision. While the region still
 * acts, the slots since its first change are judged too, and only a breach or a hold can come of them.
 */
export function watchStage(watching: Watching): Effect | undefined {
  const { stage, place } = watching;
  const watched = watchedOf(watching);
  if (watched === undefined) return undefined;
  const { startMs, endMs } = watched.span;
  const { window } = stage;
  const mustOpen = window === undefined || (stage.status === "observing" && window.startMs < startMs);
  if (mustOpen && stage.held === undefined) return recordEffect(place, "WINDOW", { event: "opened", startMs, deadlineMs: endMs });
  if (window === undefined) return undefined;
  return decide(watching, window, watched.judged(window)) ?? scoreNext(watching, window);
}

/** What the state of a region says of its window, whatever the time. */
interface Watched {
  readonly span: Span;
  readonly judged: (window: WindowState) => Judged;
}

interface Judged {
  /** The window may be extended up to here. */
  readonly latestMs: number;
  readonly judging: Judging;
  readonly verdict: WindowVerdict;
}

/**
 * By what the records so far have made of the stage, which is another one after each of its records and the same after those of other regions. `next` is asked several times
 * between two records: before a slot is due, for a look at what is in place, for the slot.
 */
const watchedBy = oncePer((_stage: StageState) => oncePer((_plan: Plan) => new Map<PlannedPhase["number"], { readonly watched: Watched | undefined }>()));

function watchedOf(watching: Watching): Watched | undefined {
  const { stage, plan, phase } = watching;
  const known = watchedBy(stage)(plan);
  const { watched } = known.get(phase.number) ?? { watched: watchedAnew(watching) };
  known.set(phase.number, { watched });
  return watched;
}

/** Undefined where nothing is live that a window judges. */
function watchedAnew(watching: Watching): Watched | undefined {
  const { planned, stage } = watching;
  const changes = planned.actions.flatMap((action) => {
    const own = stage.actions.find(({ actionId }) => actionId === action.id);
    return own !== undefined && action.judgedBy === undefined && isLive(action, own) ? changedAtMs(action, own) : [];
  });
  if (changes.length === 0) return undefined;
  const span = watchedSpan(watching, Math.max(stage.watchFromMs ?? 0, ...changes));
  const judged = oncePer((window: WindowState): Judged => {
    const latestMs = span.endMs + windowPolicyOf(watching.plan.policy.window, stage.round).maxExtensionMinutes * minuteMs;
    const judging = judgingOf(watching, window, latestMs);
    return { latestMs, judging, verdict: judgeWindow(window.slots, judging) };
  });
  return { span, judged };
}

/** The policy's window, as much longer as it takes until the week's busiest hours are in it. */
function watchedSpan(watching: Watching, newestMs: number): Span {
  const policy = windowPolicyOf(watching.plan.policy.window, watching.stage.round);
  const span = windowSpan(newestMs, policy);
  // What follows a pass soaks: its window has seen the week's busiest hours before.
  if (watching.stage.round > 1) return span;
  // Plans of older versions know no such factor.
  const factor = Number.isFinite(policy.peakMaxFactor) ? policy.peakMaxFactor : 1;
  return { startMs: span.startMs, endMs: slotCeil(peakDeadlineMs(span, referencesOf(watching), policy.minutes * factor), policy) };
}

function referencesOf({ plan, place, stage }: Watching): readonly BalancerReference[] {
  const watched = reachedRegions(plan, place.phase, stage.region);
  return plan.balancers.filter(({ region }) => watched.includes(region));
}

function decide(watching: Watching, window: WindowState, { latestMs, judging, verdict }: Judged): Effect | undefined {
  const { plan, stage, place } = watching;
  switch (verdict.kind) {
    case "breach":
      return stage.held?.cause === "not-ours" ? undefined : breachEffect(watching, window, verdict);
    case "hold":
      return stage.held === undefined
        ? recordEffect(place, "HOLD", { reason: verdict.detail, cause: verdict.rule === "traffic-lost" ? "traffic-lost" : "coverage" })
        : undefined;
    case "extend": {
      const policy = windowPolicyOf(plan.policy.window, stage.round);
      const deadlineMs = Math.min(latestMs, slotCeil(window.deadlineMs + tailSlots * policy.slotMinutes * minuteMs, policy));
      return recordEffect(place, "WINDOW", { event: "extended", deadlineMs, reason: verdict.detail });
    }
    case "pass":
      return stage.held === undefined ? closeEffect(watching, window, verdict, latestMs) : undefined;
    case "watching":
      return hasSoaked(watching, window, verdict) && unseenPromise(window.slots, judging) === undefined
        ? recordEffect(place, "DECISION", { kind: "soaked" })
        : undefined;
  }
}

/** Nothing passes while nobody can say whether it is still in place: the window closes by what a look at this moment finds. */
function closeEffect({ plan, planned, stage, place }: Watching, window: WindowState, verdict: WindowVerdict, latestMs: number): Effect {
  const inPlace = inPlaceIn(planned, stage, place.atMs);
  if (inPlace.length === 0) return recordEffect(place, "WINDOW", { event: "closed", verdict });
  const policy = plan.policy.window;
  const laterMs = Math.min(latestMs, slotCeil(window.deadlineMs + policy.slotMinutes * minuteMs, policy));
  const closing = { verdict, ...(laterMs > window.deadlineMs ? { extendToMs: laterMs } : {}) };
  return { kind: "inspect", ...keyOf(stage, place), inPlace, throughMs: dueThroughMs(place.atMs, policy), closing };
}

function judgingOf(watching: Watching, window: WindowState, latestMs: number): Judging {
  const { plan, state, planned, stage } = watching;
  const acting = stage.status === "acting";
  const phases = plan.phases.filter(({ stages }) => stages.length > 0).length;
  return {
    policy: windowPolicyOf(plan.policy.window, stage.round),
    references: referencesOf(watching),
    tests: plan.balancers.length * 2 * phases,
    disruptions: disruptionSpans(planned.actions, state.records),
    deadlineMs: acting ? Number.POSITIVE_INFINITY : window.deadlineMs,
    extensionLeftMinutes: (latestMs - window.deadlineMs) / minuteMs,
    checks: planned.actions.flatMap(({ checks = [] }) => checks),
    promised: planned.actions.flatMap((action) => (action.checks === undefined ? [] : { resource: action.resource.id, checks: action.checks })),
    common: isCompared(window) ? (window.compared?.common ?? undefined) : undefined,
  };
}

/** Untouched regions are the control; without any, the breach is decided at once. */
function breachEffect(watching: Watching, window: WindowState, verdict: WindowVerdict): Effect {
  const { plan, phase, stage, place } = watching;
  const decided = recordEffect(place, "DECISION", { kind: "breach", verdict });
  if (verdict.rule === "end-gate") {
    const controls = isCompared(window) ? [] : controlsOf(watching, window);
    return controls.length === 0 ? decided : { kind: "compare", ...keyOf(stage, place), controls, slots: window.slots.map(spanOf) };
  }
  // What the changed resource shows of itself is no other region's doing, whatever that goes through.
  if (verdict.rule === "own-check") return decided;
  const controls = untouchedRegions(plan, phase, stage.region);
  if (controls.length === 0) return decided;
  const pausedUntilMs = watching.polls.pausedUntilMs[watchKey(place)] ?? 0;
  if (pausedUntilMs > place.atMs) return { kind: "wait", untilMs: pausedUntilMs, reason: "an untouched region breaches as well: one more slot decides" };
  return { kind: "check-control", ...keyOf(stage, place), controls, slots: controlSlots(window, verdict, place.atMs, plan), verdict };
}

/** The newest slots up to the breach, and the one after it where that is due: one bad slot elsewhere is chance. */
function controlSlots({ slots }: WindowState, { rule }: WindowVerdict, nowMs: number, { policy }: Plan): readonly Span[] {
  if (rule !== "severe" && rule !== "literal") return slots.slice(-tailSlots).map(spanOf);
  const after = slots.slice(-1).map(({ endMs }) => slotAt(endMs, policy.window));
  return [...slots.slice(-2).map(spanOf), ...after.filter((slot) => slotDueMs(slot, policy.window) <= nowMs)];
}

function spanOf({ startMs, endMs }: Span): Span {
  return { startMs, endMs };
}

function isCompared({ compared, slots }: WindowState): boolean {
  return compared !== undefined && slots.every(({ endMs }) => endMs <= compared.throughMs);
}

/** Regions in which this phase changed nothing for a part of the window, and until when. */
function controlsOf({ plan, state, place, stage }: Watching, window: WindowState): Extract<Effect, { readonly kind: "compare" }>["controls"] {
  const own = reachedRegions(plan, place.phase, stage.region);
  const others = [...new Set(plan.balancers.map(({ region }) => region))].filter((region) => !own.includes(region));
  return others
    .map((region) => ({ region, untilMs: firstChangeMs(plan, state, place.phase, region) }))
    .filter(({ untilMs }) => window.slots.slice(0, 1).some(({ endMs }) => untilMs >= endMs));
}

/** When this phase first changed the region, itself or by what AWS copies to it. */
function firstChangeMs(plan: Plan, { records }: RunState, phase: PlannedPhase["number"], region: string): number {
  const first = records.find(
    (record) => record.type === "INTENT" && record.phase === phase && record.region !== null && reachedRegions(plan, phase, record.region).includes(region),
  );
  return first?.at ?? Number.MAX_SAFE_INTEGER;
}

/** Regions with a load balancer to judge by in which this phase has changed nothing, nor AWS on its behalf. */
export function untouchedRegions(plan: Plan, phase: PhaseState, region: string): readonly string[] {
  const judged = [...new Set(plan.balancers.map((balancer) => balancer.region))];
  const touched = phase.stages
    .filter((stage) => stage.region === region || !isUntouched(stage))
    .flatMap((stage) => reachedRegions(plan, phase.number, stage.region));
  return judged.filter((other) => !touched.includes(other));
}

function isUntouched({ status }: StageState): boolean {
  return status === "pending" || status === "cancelled" || status === "empty";
}

/** The same evidence as the window's, without the end gate; missing data does not let others act. */
function hasSoaked({ plan, planned, stage }: Watching, window: WindowState, verdict: WindowVerdict): boolean {
  const { soakMinutes, minConclusiveShare } = plan.policy.window;
  const last = window.slots.at(-1);
  if (planned.role !== "canary" || stage.soaked || stage.status !== "observing" || stage.held !== undefined || last === undefined) return false;
  return last.endMs >= window.startMs + soakMinutes * minuteMs && verdict.conclusiveShare >= minConclusiveShare && last.verdict !== "inconclusive";
}

function scoreNext({ plan, stage, place, polls }: Watching, window: WindowState): Effect | undefined {
  // A held region is watched on only where its own evidence may still make a breach.
  const isStillWatched =
    stage.held?.cause === "traffic-lost" || (stage.held?.cause === "unreadable" && window.slots.every(({ endMs }) => endMs < window.deadlineMs));
  if (stage.held !== undefined && !isStillWatched) return undefined;
  const policy = plan.policy.window;
  const span = slotAt(window.slots.at(-1)?.endMs ?? window.startMs, policy);
  if (stage.status === "observing" && span.startMs >= window.deadlineMs) return undefined;
  const dueMs = slotDueMs(span, policy);
  if (dueMs > place.atMs) return { kind: "wait", untilMs: dueMs, reason: `watching ${stage.region}` };
  const late = waitForLate(place, stage, polls);
  if (late !== undefined) return late;
  return { kind: "score", ...keyOf(stage, place), watch: "window", span, throughMs: dueThroughMs(place.atMs, policy) };
}

/** What is not all there is read again after a while. */
function waitForLate(place: Watching["place"], { region }: StageState, { pausedUntilMs, lateSinceMs }: Polls): Effect | undefined {
  const key = watchKey(place);
  const untilMs = pausedUntilMs[key] ?? 0;
  if (untilMs <= place.atMs) return undefined;
  const minutes = Math.max(1, Math.round((place.atMs - (lateSinceMs[key] ?? place.atMs)) / minuteMs));
  return { kind: "wait", untilMs, reason: `metrics of ${region} are ${minutes} min late` };
}

/** After a rollback: enough healthy slots in a row, within four times as many, or the rollback counts as incomplete. */
export function confirmStage({ plan, planned, stage, place, polls }: Watching): Effect {
  const policy = plan.policy.window;
  // No slot could show what none of its actions shows; that each was read back is all there is.
  if (planned.actions.every(({ judgedBy }) => judgedBy !== undefined)) return recordEffect(place, "DECISION", { kind: "rolled-back-verified" });
  const needed = policy.healthySlotsAfterRollback;
  const healthy = stage.confirmation.slice(-needed).filter(({ verdict }) => verdict === "pass").length;
  if (healthy >= needed) return recordEffect(place, "DECISION", { kind: "rolled-back-verified" });
  const last = stage.confirmation.at(-1);
  if (last !== undefined && stage.confirmation.length >= 4 * needed) {
    const detail = `every change is undone and read back, but ${needed} healthy slots in a row did not come: ${last.reason}`;
    return recordEffect(place, "DECISION", { kind: "rollback-incomplete", remaining: [detail] });
  }
  const span = slotAt(last?.endMs ?? slotCeil(stage.confirmFromMs ?? place.atMs, policy), policy);
  const dueMs = slotDueMs(span, policy);
  if (dueMs > place.atMs) return { kind: "wait", untilMs: dueMs, reason: `confirming the rollback of ${stage.region}` };
  const late = waitForLate(place, stage, polls);
  if (late !== undefined) return late;
  return { kind: "score", ...keyOf(stage, place), watch: "after-rollback", span, throughMs: dueThroughMs(place.atMs, policy) };
}

function keyOf({ region, round }: StageState, { phase }: StageKey): StageKey {
  return { phase, region, round };
}
