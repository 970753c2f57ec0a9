import type { Effect, StageKey } from "../core/execution/effect.ts";
import { next } from "../core/execution/next.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { CredentialsLost, Fault, Interrupted } from "../errors.ts";
import type { Lease } from "../ports/lock.ts";
import { UserError } from "../../contract/user-error.ts";
import { applyChange, settleChange } from "./apply-change.ts";
import { obeyRequests, type RequestDesk } from "./obey-requests.ts";
import { probeBrownOut } from "./probe-brown-out.ts";
import { regionFailure } from "./region-failure.ts";
import { type ActingPorts, openContext, type OpenRun, type RunContext } from "./run-context.ts";
import { checkControl, compareWithControls, createSlotScorer, scoreDueSlot, type SlotScorer } from "./score-slots.ts";
import { sleepInSlices } from "./sleep-in-slices.ts";

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
}

export interface Advanced {
  readonly state: RunState;
  /** `told`: another process carries the run out, and was asked. */
  readonly stopped: "closed" | "needs-human" | "waiting" | "told";
  /** When there is something to do again; only while waiting. */
  readonly nextDueMs?: number;
}

/** No region's matter: this process may do nothing more, or can write nothing down. */
const endsTheProcess: readonly string[] = ["lock-lost", "state-unwritable"];

/** A region that cannot be read this many times in a row, about two hours with the pauses between, is held for a human. */
const mostFailures = 12;
const longestPauseMs = 15 * 60_000;

/**
 * Asks `next` what to do, carries it out, journals, and asks again. Everything it knows is in the journal. Rejects with `Interrupted`
 * after the operation in flight when the signal is raised, with `CredentialsLost` and the lock's errors as they come.
 */
export async function advance({ plan, run, ports, lease, mode, requests, signal }: Advancing): Promise<Advanced> {
  const context = openContext(plan, run, ports, lease);
  const scorer = createSlotScorer(plan, ports.metrics);
  const failures = new Map<string, number>();
  let mayWait = mode !== "tick";
  for (;;) {
    if (signal?.aborted === true) throw new Interrupted(interruptedWords(run.runId));
    await obeyRequests(context, requests);
    const effect = next(plan, context.state(), ports.clock.nowMs(), context.looks());
    if (effect.kind === "stop") return { state: context.state(), stopped: effect.because };
    const waiting = effect.kind === "wait" ? effect : await carryOutSafely(effect, context, scorer, failures);
    if (waiting === undefined) continue;
    if (!mayWait) return { state: context.state(), stopped: "waiting", nextDueMs: waiting.untilMs };
    ports.reporter.tell({ kind: "waiting", untilMs: waiting.untilMs, reason: waiting.reason });
    await sleepInterruptibly(waiting.untilMs, context, {
      clock: ports.clock,
      lease,
      isWoken: async () => ((await requests?.pending()) ?? []).length > 0,
      ...(signal === undefined ? {} : { signal }),
    });
    mayWait = mode === "foreground";
  }
}

type Wait = Extract<Effect, { readonly kind: "wait" }>;
type Deed = Exclude<Effect, { readonly kind: "wait" | "stop" }>;

/** Region failures are isolated: tried again after a pause, and held for a human in the end. What concerns the whole run is thrown on. */
async function carryOutSafely(effect: Deed, run: RunContext, scorer: SlotScorer, failures: Map<string, number>): Promise<Wait | undefined> {
  try {
    await carryOut(effect, run, scorer);
    if (effect.kind !== "record") failures.delete(effect.region);
    return undefined;
  } catch (error) {
    if (run.isFatal(error) || effect.kind === "record") throw error;
    if (error instanceof CredentialsLost) await run.journal(stageOf(effect), "CRED_LOST", { detail: error.message });
    if (error instanceof UserError && endsTheProcess.includes(error.code)) throw error;
    const reason = regionFailure(error);
    const count = (failures.get(effect.region) ?? 0) + 1;
    failures.set(effect.region, count);
    if (count < mostFailures) {
      const pauseMs = Math.min(longestPauseMs, run.plan.policy.settle.pollSeconds * 1000 * 2 ** (count - 1));
      const untilMs = run.ports.clock.nowMs() + pauseMs;
      return { kind: "wait", untilMs, reason: `${effect.region}: ${reason}; trying again` };
    }
    failures.delete(effect.region);
    await run.journal(stageOf(effect), "HOLD", { reason, cause: "unreadable" });
    return undefined;
  }
}

function stageOf({ phase, region, round }: StageKey): StageKey {
  return { phase, region, round };
}

async function carryOut(effect: Deed, run: RunContext, scorer: SlotScorer): Promise<void> {
  switch (effect.kind) {
    case "record":
      return run.append(effect.draft);
    case "change":
      return applyChange(effect, run);
    case "settle":
      return settleChange(effect, run);
    case "probe":
      return probeBrownOut(effect, run);
    case "score":
      return scoreDueSlot(effect, run, scorer);
    case "check-control":
      return checkControl(effect, run);
    case "compare":
      return compareWithControls(effect, run);
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
