import { judgeWindow } from "../observation/judge-window.ts";
import type { Judging } from "../observation/judging.ts";
import { tailSlots } from "../observation/balancer-evidence.ts";
import type { PlannedTurn, Plan } from "../model/plan.ts";
import type { PhaseState, RunState, TurnState, WindowState } from "../model/run-state.ts";
import type { WindowVerdict } from "../model/window.ts";
import { isLive, lastChangeMs } from "./action-steps.ts";
import { disruptionSpans } from "./disruption-spans.ts";
import { recordEffect } from "./draft.ts";
import type { Effect, StageKey } from "./effect.ts";
import { reachedRegions } from "./reach.ts";
import { dueThroughMs, slotAt, slotCeil, slotDueMs, windowPolicyOf, windowSpan } from "./slot-grid.ts";

const minuteMs = 60_000;

export interface Watching {
  readonly plan: Plan;
  readonly state: RunState;
  readonly phase: PhaseState;
  readonly planned: PlannedTurn;
  readonly turn: TurnState;
  readonly place: StageKey & { readonly atMs: number };
}

/**
 * What the region's window asks for: to be opened at the newest change, a due slot to be scored, or a decision. While the region still
 * acts, the slots since its first change are judged too, and only a breach or a hold can come of them.
 */
export function watchTurn(watching: Watching): Effect | undefined {
  const { plan, planned, turn, place } = watching;
  const policy = windowPolicyOf(plan.policy.window, turn.round);
  const changes = planned.actions.flatMap((action) => {
    const own = turn.actions.find(({ actionId }) => actionId === action.id);
    return own !== undefined && action.judgedBy === undefined && isLive(action, own) ? (lastChangeMs(action, own) ?? []) : [];
  });
  if (changes.length === 0) return undefined;
  const newestMs = Math.max(turn.watchFromMs ?? 0, ...changes);
  const { startMs, endMs } = windowSpan(newestMs, policy);
  const { window } = turn;
  const mustOpen = window === undefined || (turn.status === "observing" && window.startMs < startMs);
  if (mustOpen && turn.held === undefined) return recordEffect(place, "WINDOW", { event: "opened", startMs, deadlineMs: endMs });
  if (window === undefined) return undefined;
  return decide(watching, window, newestMs) ?? scoreNext(watching, window);
}

function decide(watching: Watching, window: WindowState, newestMs: number): Effect | undefined {
  const { plan, turn, place } = watching;
  const policy = windowPolicyOf(plan.policy.window, turn.round);
  const latestMs = windowSpan(newestMs, policy).endMs + policy.maxExtensionMinutes * minuteMs;
  const verdict = judgeWindow(window.slots, judgingOf(watching, window, latestMs));
  switch (verdict.kind) {
    case "breach":
      return turn.held?.cause === "not-ours" ? undefined : breachEffect(watching, window, verdict);
    case "hold":
      return turn.held === undefined
        ? recordEffect(place, "HOLD", { reason: verdict.detail, cause: verdict.rule === "traffic-lost" ? "traffic-lost" : "coverage" })
        : undefined;
    case "extend": {
      const deadlineMs = Math.min(latestMs, slotCeil(window.deadlineMs + tailSlots * policy.slotMinutes * minuteMs, policy));
      return recordEffect(place, "WINDOW", { event: "extended", deadlineMs, reason: verdict.detail });
    }
    case "pass":
      return turn.held === undefined ? recordEffect(place, "WINDOW", { event: "closed", verdict }) : undefined;
    case "watching":
      return hasSoaked(watching, window, verdict) ? recordEffect(place, "DECISION", { kind: "soaked" }) : undefined;
    default:
      return verdict.kind satisfies never;
  }
}

function judgingOf({ plan, state, planned, turn, place }: Watching, window: WindowState, latestMs: number): Judging {
  const acting = turn.status === "acting";
  const watched = reachedRegions(plan, place.phase, turn.region);
  const phases = plan.phases.filter(({ turns }) => turns.length > 0).length;
  return {
    policy: windowPolicyOf(plan.policy.window, turn.round),
    references: plan.balancers.filter(({ region }) => watched.includes(region)),
    tests: plan.balancers.length * 2 * phases,
    disruptions: disruptionSpans(planned.actions, state.records),
    deadlineMs: acting ? Number.POSITIVE_INFINITY : window.deadlineMs,
    extensionLeftMinutes: (latestMs - window.deadlineMs) / minuteMs,
  };
}

/** Untouched regions are the control; without any, the breach is decided at once. */
function breachEffect({ plan, phase, turn, place }: Watching, window: WindowState, verdict: WindowVerdict): Effect {
  const controls = untouchedRegions(plan, phase, turn.region);
  if (controls.length === 0) return recordEffect(place, "DECISION", { kind: "breach", verdict });
  const newest = verdict.rule === "severe" ? 2 : tailSlots;
  const slots = window.slots.slice(-newest).map(({ startMs, endMs }) => ({ startMs, endMs }));
  return { kind: "check-control", ...keyOf(turn, place), controls, slots, verdict };
}

/** Regions with a balancer to judge by in which this phase has changed nothing, nor AWS on its behalf. */
export function untouchedRegions(plan: Plan, phase: PhaseState, region: string): readonly string[] {
  const judged = [...new Set(plan.balancers.map((balancer) => balancer.region))];
  const touched = phase.turns.filter((turn) => turn.region === region || !isUntouched(turn)).flatMap((turn) => reachedRegions(plan, phase.number, turn.region));
  return judged.filter((other) => !touched.includes(other));
}

function isUntouched({ status }: TurnState): boolean {
  return status === "pending" || status === "cancelled" || status === "empty";
}

/** The same evidence as the window's, without the end gate; missing data does not let others act (seam 16). */
function hasSoaked({ plan, planned, turn }: Watching, window: WindowState, verdict: WindowVerdict): boolean {
  const { soakMinutes, minConclusiveShare } = plan.policy.window;
  const last = window.slots.at(-1);
  if (planned.role !== "canary" || turn.soaked || turn.status !== "observing" || turn.held !== undefined || last === undefined) return false;
  return last.endMs >= window.startMs + soakMinutes * minuteMs && verdict.conclusiveShare >= minConclusiveShare && last.verdict !== "inconclusive";
}

function scoreNext({ plan, turn, place }: Watching, window: WindowState): Effect | undefined {
  // A held region is watched on only where its own evidence may still make a breach.
  const isStillWatched = turn.held?.cause === "traffic-lost" || (turn.held?.cause === "unreadable" && (window.slots.at(-1)?.endMs ?? 0) < window.deadlineMs);
  if (turn.held !== undefined && !isStillWatched) return undefined;
  const policy = plan.policy.window;
  const span = slotAt(window.slots.at(-1)?.endMs ?? window.startMs, policy);
  if (turn.status === "observing" && span.startMs >= window.deadlineMs) return undefined;
  const dueMs = slotDueMs(span, policy);
  if (dueMs > place.atMs) return { kind: "wait", untilMs: dueMs, reason: `watching ${turn.region}` };
  return { kind: "score", ...keyOf(turn, place), watch: "window", span, throughMs: dueThroughMs(place.atMs, policy) };
}

/** After a roll-back: enough healthy slots in a row, within four times as many, or the roll-back counts as incomplete. */
export function confirmTurn({ plan, planned, turn, place }: Watching): Effect {
  const policy = plan.policy.window;
  // No slot could show what none of its actions shows; that each was read back is all there is.
  if (planned.actions.every(({ judgedBy }) => judgedBy !== undefined)) return recordEffect(place, "DECISION", { kind: "rolled-back-verified" });
  const needed = policy.healthySlotsAfterRollback;
  const healthy = turn.confirmation.slice(-needed).filter(({ verdict }) => verdict === "pass").length;
  if (healthy >= needed) return recordEffect(place, "DECISION", { kind: "rolled-back-verified" });
  if (turn.confirmation.length >= 4 * needed) {
    const last = turn.confirmation.at(-1);
    const detail = `every change is undone and read back, but ${needed} healthy slots in a row did not come: ${last?.reason ?? "no slot"}`;
    return recordEffect(place, "DECISION", { kind: "rollback-incomplete", remaining: [detail] });
  }
  const span = slotAt(turn.confirmation.at(-1)?.endMs ?? slotCeil(turn.confirmFromMs ?? place.atMs, policy), policy);
  const dueMs = slotDueMs(span, policy);
  if (dueMs > place.atMs) return { kind: "wait", untilMs: dueMs, reason: `confirming the roll-back of ${turn.region}` };
  return { kind: "score", ...keyOf(turn, place), watch: "after-rollback", span, throughMs: dueThroughMs(place.atMs, policy) };
}

function keyOf({ region, round }: TurnState, { phase }: StageKey): StageKey {
  return { phase, region, round };
}
