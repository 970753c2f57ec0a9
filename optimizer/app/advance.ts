import { type Effect, pollOf, type StageKey } from "../core/execution/effect.ts";
import { next } from "../core/execution/next.ts";
import { isGivenUpUnread, wayBackEndsMs } from "../core/execution/retry-limits.ts";
import { isOnWayBack } from "../core/execution/stage-status.ts";
import type { Plan } from "../core/model/plan.ts";
import { failingOf } from "../core/execution/next-stage.ts";
import type { FailingPolls, RunState, StageState } from "../core/model/run-state.ts";
import { unscoredSinceMs } from "../core/execution/unscored-since.ts";
import { CredentialsLost, Fault, Interrupted } from "../errors.ts";
import type { Lease } from "../ports/lock.ts";
import { UserError } from "../../contract/user-error.ts";
import { applyChange, giveUpUnread, settleChange, settleDeadlineMs } from "./apply-change.ts";
import { checkHealth } from "./check-health.ts";
import { inspectChanges } from "./inspect-changes.ts";
import { obeyRequests, type RequestDesk } from "./obey-requests.ts";
import { probeBrownout } from "./probe-brownout.ts";
import { regionFailure } from "./region-failure.ts";
import { type ActingPorts, openContext, type OpenRun, type RunContext } from "./run-context.ts";
import { checkControl, compareWithControls, createSlotScorer, scoreDueSlot, type SlotScorer } from "./score-slots.ts";
import { pagesAgainMs, sendPages } from "./send-pages.ts";
import { sleepInSlices } from "./sleep-in-slices.ts";
import { tellDelay } from "./tell-delay.ts";
import { withWhatAwsTells } from "./what-aws-tells.ts";

/**
 * `foreground` waits for whatever comes next until the run is closed or needs a human. `tick` does what is due now and returns; `tick-once`
 * first waits for the next due instant, once, which is how a virtual clock moves.
 */
export type Mode = "foreground" | "tick" | "tick-once";

export interface Advancing {
  readonly plan: Plan;
  readonly run: OpenRun;
  readonly ports: ActingPorts;
  readonly lease: Lease;
  readonly mode: Mode;
  /** What others ask of this process; looked at between any two things it does. */
  readonly requests?: RequestDesk;
  readonly signal?: AbortSignal;
  readonly onPhaseEnd?: (state: RunState) => Promise<void>;
}

export interface Advanced {
  readonly state: RunState;
  /** `told`: another process carries the run out, and was asked. */
  readonly stopped: "closed" | "needs-human" | "waiting" | "told";
  /** When there is something to do again; only while waiting. */
  readonly nextDueMs?: number;
}

/** No region's matter: this process may do nothing more, or can write nothing down. */
export const endsTheProcess: readonly string[] = ["lock-lost", "state-unwritable"];

const longestPauseMs = 15 * 60_000;

/**
 * Asks `next` what to do, carries it out, journals, and asks again. Everything it knows is in the journal. Rejects with `Interrupted`
 * after the operation in flight when the signal is raised, with `CredentialsLost` and the lock's errors as they come.
 */
export async function advance({ plan, run, ports, lease, mode, requests, signal, onPhaseEnd }: Advancing): Promise<Advanced> {
  const context = openContext(plan, run, ports, lease);
  const scorer = createSlotScorer(plan, ports.metrics);
  let mayWait = mode !== "tick";
  for (;;) {
    if (signal?.aborted === true) throw new Interrupted(interruptedWords(run.runId));
    await obeyRequests(context, requests);
    const effect = next(plan, context.state(), ports.clock.nowMs(), context.polls());
    // Only when nothing else is due, so that no way back waits for a page; then once more, since time has passed.
    if ((effect.kind === "stop" || effect.kind === "wait") && (await sendPages(context, effect, signal))) continue;
    if (effect.kind === "stop") return { state: context.state(), stopped: effect.because };
    if (effect.kind !== "wait") {
      await carryOutSafely(effect, context, scorer);
      if (endsPhase(effect)) await onPhaseEnd?.(context.state());
      continue;
    }
    if (!mayWait) return { state: context.state(), stopped: "waiting", nextDueMs: effect.untilMs };
    ports.reporter.tell({ kind: "waiting", untilMs: effect.untilMs, reason: effect.reason });
    await sleepInterruptibly(Math.min(effect.untilMs, pagesAgainMs(context) ?? effect.untilMs), context, {
      clock: ports.clock,
      lease,
      isWoken: async () => ((await requests?.pending()) ?? []).length > 0,
      ...(signal === undefined ? {} : { signal }),
    });
    mayWait = mode === "foreground";
  }
}

function endsPhase(effect: Effect): boolean {
  return effect.kind === "record" && effect.draft.type === "DECISION" && effect.draft.body.kind === "phase-closed";
}

type Deed = Exclude<Effect, { readonly kind: "wait" | "stop" }>;

/**
 * Region failures are isolated: counted in the journal, tried again after a pause that `next` keeps, and held for a human in the end, so that
 * other regions' work goes on meanwhile. What concerns the whole run is thrown on.
 */
async function carryOutSafely(effect: Deed, run: RunContext, scorer: SlotScorer): Promise<void> {
  try {
    await carryOut(effect, run, scorer);
  } catch (error) {
    if (run.isFatal(error) || effect.kind === "record") throw error;
    if (error instanceof CredentialsLost) await run.journal(keyOf(effect), "CRED_LOST", { detail: error.message });
    if (error instanceof UserError && endsTheProcess.includes(error.code)) throw error;
    return countFailure(effect, run, regionFailure(error));
  }
  const poll = pollOf(effect);
  if (effect.kind === "record" || poll === undefined || failingRow(effect, run) === undefined) return;
  await run.journal(askedOf(effect), "DECISION", { kind: "poll-succeeded", of: poll, ...ownAction(effect) });
}

async function countFailure(effect: Polling, run: RunContext, reason: string): Promise<void> {
  const nowMs = run.ports.clock.nowMs();
  const { unreadable, settle } = run.plan.policy;
  const poll = pollOf(effect) ?? "metrics";
  const polls = (failingRow(effect, run)?.polls ?? 0) + 1;
  const pauseMs = Math.min(longestPauseMs, settle.pollSeconds * 1000 * 2 ** (polls - 1));
  const deadlineMs = effect.kind === "settle" || effect.kind === "change" ? settleDeadlineMs(effect, run) : undefined;
  const retryAtMs = deadlineMs === undefined || deadlineMs <= nowMs ? nowMs + pauseMs : Math.min(deadlineMs, nowMs + pauseMs);
  await run.journal(askedOf(effect), "DECISION", { kind: "poll-failed", of: poll, reason, retryAtMs, ...ownAction(effect) });
  if ((effect.kind === "settle" || effect.kind === "change") && deadlineMs !== undefined && nowMs >= deadlineMs) return giveUpUnread(effect, run, reason);
  const stage = stageState(effect, run);
  if (stage === undefined || stage.held !== undefined) return;
  const failingSinceMs = failingRow(effect, run)?.sinceMs ?? nowMs;
  const unscoredMs = poll === "metrics" ? unscoredSinceMs(stage, run.state().records, run.plan.policy.window) : undefined;
  const sinceMs = Math.min(failingSinceMs, unscoredMs ?? nowMs);
  if (!isGivenUpUnread({ polls, forMs: nowMs - sinceMs }, unreadable)) return;
  const words = `could not be read in ${polls} polls, ${Math.round((nowMs - sinceMs) / 60_000)} minutes: ${reason}`;
  // A way back goes on: a region that is held would keep what does harm.
  if (isOnWayBack(stage) && nowMs < wayBackEndsMs(sinceMs, settle))
    return tellDelay(delayedOf(effect), run, { cause: "unreadable", reason: `${whatOf(effect)} ${words}` });
  await run.journal(keyOf(effect), "HOLD", { reason: words, cause: "unreadable" });
}

type Polling = Exclude<Deed, { readonly kind: "record" }>;

function failingRow(effect: Polling, run: RunContext): FailingPolls | undefined {
  const stage = stageState(effect, run);
  return stage === undefined ? undefined : failingOf(stage, effect);
}

/** A poll is about one step of one action, or about its region as a whole. */
function ofOneStep(effect: Polling): Extract<Polling, { readonly kind: "change" | "settle" }> | undefined {
  return effect.kind === "change" || effect.kind === "settle" ? effect : undefined;
}

function delayedOf(effect: Polling): Parameters<typeof tellDelay>[0] {
  const own = ofOneStep(effect);
  return own === undefined ? keyOf(effect) : { ...keyOf(effect), step: own.step };
}

function askedOf(effect: Polling): StageKey & { readonly op?: string } {
  const { step } = delayedOf(effect);
  return { ...keyOf(effect), ...(step === undefined ? {} : { op: step.id }) };
}

function ownAction(effect: Polling): { readonly action?: string } {
  const own = ofOneStep(effect);
  return own === undefined ? {} : { action: own.action.id };
}

function whatOf(effect: Polling): string {
  const own = ofOneStep(effect);
  return own === undefined ? effect.region : `${own.step.description}:`;
}

function stageState({ phase, region, round }: StageKey, run: RunContext): StageState | undefined {
  const { phases } = run.state();
  return phases.find(({ number }) => number === phase)?.stages.find((each) => each.region === region && each.round === round);
}

function keyOf({ phase, region, round }: StageKey): StageKey {
  return { phase, region, round };
}

async function carryOut(effect: Deed, run: RunContext, scorer: SlotScorer): Promise<void> {
  switch (effect.kind) {
    case "record":
      return run.append(await withWhatAwsTells(effect.draft, run));
    case "change":
      return applyChange(effect, run);
    case "settle":
      return settleChange(effect, run);
    case "probe":
      return probeBrownout(effect, run);
    case "score":
      return scoreDueSlot(effect, run, scorer);
    case "check-control":
      return checkControl(effect, run);
    case "compare":
      return compareWithControls(effect, run);
    case "inspect":
      return inspectChanges(effect, run);
    case "check-health":
      return checkHealth(effect, run, scorer);
    default:
      throw new Fault(`no such effect: ${JSON.stringify(effect satisfies never)}`);
  }
}

function interruptedWords(runId: string): string {
  return `interrupted; the journal is whole and the run can be resumed: optimizer resume ${runId}`;
}

async function sleepInterruptibly(untilMs: number, { plan, runId }: RunContext, parts: Parameters<typeof sleepInSlices>[2]): Promise<void> {
  try {
    await sleepInSlices(untilMs, plan.policy.lock.leaseSeconds, parts);
  } catch (error) {
    if (parts.signal?.aborted === true) throw new Interrupted(interruptedWords(runId), { cause: error });
    throw error;
  }
}
