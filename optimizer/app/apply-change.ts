import { UserError } from "../../contract/user-error.ts";
import { goesOnWithout, undoOf } from "../core/execution/action-steps.ts";
import { standingOf, stateWords } from "../core/execution/classify-state.ts";
import type { StepEffect } from "../core/execution/effect.ts";
import { alternativesTo } from "../core/execution/alternatives.ts";
import { marksBefore } from "../core/execution/in-place.ts";
import { awsCommands, optimizerCommands } from "../core/execution/manual-commands.ts";
import { operationToken } from "../core/execution/operation-token.ts";
import { pollAgainMs, maxAcceptances, maxAttempts, patienceWith, retryPauseMs, staleDescribeMs, wayBackEndsMs } from "../core/execution/retry-limits.ts";
import { changeFacts, type ChangeState } from "../core/levers/change-kinds.ts";
import type { Queued } from "../core/levers/queued-settings.ts";
import type { ErrorNote } from "../core/model/journal-record.ts";
import type { Tags } from "../core/model/resource-ref.ts";
import type { StepState } from "../core/model/run-state.ts";
import { tenantReason } from "../core/sizing/tenant.ts";
import { ChangeOutcomeUnknown, ChangeRejected } from "../errors.ts";
import { becameOtherwise } from "./became-otherwise.ts";
import { patienceFor, shortageIn, tellShortage } from "./capacity-shortage.ts";
import type { RunContext } from "./run-context.ts";
import { acceptances, actionState, isWayBack, keyOf, pause, seenStep, waitingFrom, waitingSinceMs, wayBackSinceMs, where } from "./step-in-run.ts";
import { tellDelay } from "./tell-delay.ts";
import { besideOthers, describedFromMs, isNeverSent, isOfBefore, leftoversIn, unrestored } from "./way-back-looks.ts";

/**
 * One change, whether tried for the first time, again, after a crash, or on the way back: describe, then do what the answer asks for.
 * INTENT and ATTEMPT are on disk before the call, so that whatever happens to the reply, a describe can tell.
 */
export async function applyChange(planned: StepEffect, run: RunContext): Promise<void> {
  const state = await stateOnWayBack(planned, run, await run.ports.changeReader.stateOf(planned.step.change));
  const effect = besideOthers(planned, state);
  const known = seenStep(effect, run);
  const tried = known !== undefined && known.attempts > 0;
  const standing = standingOf(effect.step.change, state);
  switch (standing) {
    case "after":
      if (isOfBefore(effect, run)) return pause(effect, run, describedFromMs(effect, run));
      await journalOutcome(effect, run, tried ? "recovered" : "none-needed");
      // What is not yet as it was in every field is waited for like what is on its way.
      return unrestored(effect, state).length > 0 || leftoversIn(effect, state).length > 0 ? undefined : journalVerified(effect, run, state);
    case "in-progress":
      return waitForOthers(effect, run, state);
    case "before":
      if (known?.status === "intended" && tried && run.ports.clock.nowMs() < known.at + staleDescribeMs) return pause(effect, run, known.at + staleDescribeMs);
      if (known?.status === "intended" && known.attempts >= maxAttempts && effect.purpose === "forward")
        return giveUp(effect, run, "not-settled", unansweredWords(known, state));
      return isWayBack(effect) ? writeUnanswered(effect, run, state) : write(effect, run);
    case "mixed":
      if (isWayBack(effect)) return overMixed(effect, run, state, () => writeUnanswered(effect, run, state));
      return tried && queuedBy(state) === undefined ? write(effect, run) : drift(effect, run, state);
    case "missing":
      if (effect.purpose === "forward" && !tried) return giveUp(effect, run, "not-found", stateWords(state));
      return drift(effect, run, state);
    case "foreign":
      return drift(effect, run, state);
    default:
      return standing satisfies never;
  }
}

/** Polls whether an accepted change has settled; what did not take is tried again, what takes too long is given up. */
export async function settleChange(planned: StepEffect, run: RunContext): Promise<void> {
  const known = seenStep(planned, run);
  const nowMs = run.ports.clock.nowMs();
  const acceptedMs = settlingSinceMs(planned, known) ?? nowMs;
  const state = afterMinutes(await run.ports.changeReader.stateOf(planned.step.change), (known?.at ?? nowMs) + staleDescribeMs <= nowMs);
  const effect = besideOthers(planned, state);
  const standing = standingOf(effect.step.change, state);
  const differs = unrestored(effect, state);
  if (standing === "after" && differs.length === 0)
    return isOfBefore(effect, run) ? pause(effect, run, describedFromMs(effect, run)) : endWayBack(effect, run, state);
  const shortage = await tellShortage(effect, run, state);
  const patience = patienceFor(effect, run, shortage);
  // A way back that did not take is not given up with its wait: it is asked for again.
  const isTriedAgain = isWayBack(effect) && standing !== "in-progress" && standing !== "after";
  if (nowMs >= acceptedMs + patience.maxMinutes * 60_000 && !isTriedAgain) {
    const words = differs.length === 0 || standing !== "after" ? stateWords(state) : `not as before: ${differs.join("; ")},`;
    return giveUp(effect, run, "not-settled", `still ${words} after ${patience.maxMinutes} minutes`);
  }
  const pollLater = (): void => pause(effect, run, pollAgainMs(acceptedMs, nowMs, patience));
  const mayBeStale = nowMs < (known?.at ?? nowMs) + staleDescribeMs;
  switch (standing) {
    case "after":
    case "in-progress":
      return pollLater();
    case "before":
    case "mixed":
      if (mayBeStale) return pollLater();
      if (isWayBack(effect)) return overMixed(effect, run, state, () => tryBackAgain(effect, run, state));
      return queuedBy(state) === undefined ? tryAgain(effect, run, state) : drift(effect, run, state);
    case "missing":
    case "foreign":
      return mayBeStale ? pollLater() : drift(effect, run, state);
    default:
      return standing satisfies never;
  }
}

/** What somebody has queued beside it, and it would not carry out, holds a way back up for minutes alone: until then it may begin at any moment. */
async function stateOnWayBack(effect: StepEffect, run: RunContext, state: ChangeState): Promise<ChangeState> {
  if (!isWayBack(effect) || state.kind !== "in-progress" || state.meanwhile === undefined) return state;
  const sinceMs = await waitingFrom(effect, run, stateWords(state));
  return afterMinutes(state, sinceMs + staleDescribeMs <= run.ports.clock.nowMs());
}

function afterMinutes(state: ChangeState, areOver: boolean): ChangeState {
  return areOver && state.kind === "in-progress" && state.meanwhile !== undefined ? { kind: "settled", value: state.meanwhile } : state;
}

function queuedBy(state: ChangeState): Queued | undefined {
  return state.kind === "mixed" ? state.queued : undefined;
}

/** What is neither here nor there is written over on the way back, unless AWS would carry out somebody else's queued settings along with ours. */
async function overMixed(effect: StepEffect, run: RunContext, state: ChangeState, write: () => Promise<void>): Promise<void> {
  const queued = queuedBy(state);
  return queued === undefined || run.plan.policy.settle.rollbackAppliesQueued ? write() : waitForQueue(effect, run, stateWords(state), queued);
}

/** Tells at once what is in the way, and goes on by itself once it is off the queue: cancelled, carried out with ours by hand, or by AWS in its window. */
async function waitForQueue(effect: StepEffect, run: RunContext, words: string, { settings, cancel }: Queued): Promise<void> {
  const { settle } = run.plan.policy;
  const sinceMs = await waitingFrom(effect, run, words);
  const nowMs = run.ports.clock.nowMs();
  if (nowMs >= wayBackEndsMs(sinceMs, settle)) return giveUp(effect, run, "busy", `${words} for ${settle.rollbackMaxDays} days`);
  const reason = [
    `${effect.step.description}: ${words}`,
    `this run has not queued ${settings.length === 1 ? "that" : "them"}, and AWS would carry ${settings.length === 1 ? "it" : "them"} out at once along with ours`,
    cancel === null
      ? "take it off the queue with the service's console"
      : "the first of these commands takes it off the queue; then this run goes on by itself",
    `to carry out both at once, ${cancel === null ? "run these commands" : "leave the first one out"}, or set settle.rollbackAppliesQueued in the policy of later runs`,
  ];
  await tellDelay(effect, run, { cause: "queued", reason: reason.join(". ") }, { before: cancel === null ? [] : [cancel] });
  pause(effect, run, pollAgainMs(sinceMs, nowMs, { pollSeconds: settle.pollSeconds, maxMinutes: settle.rollbackMaxDays * 24 * 60 }));
}

/**
 * The resource is as it was, as far as it may be. What was copied off it meanwhile and serves somebody is told at once, and waited for, since a
 * person alone can replace it; of what serves nobody that is known a person is told once.
 */
async function endWayBack(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const leftovers = leftoversIn(effect, state);
  const serving = leftovers.filter(({ isServing }) => isServing);
  const words = leftovers.map((each) => each.words).join("; ");
  if (serving.length === 0) {
    if (leftovers.length > 0) await run.journal({ phase: null, region: null }, "NEEDS_HUMAN", { reason: words, commands: [] });
    return journalVerified(effect, run, state);
  }
  const { settle } = run.plan.policy;
  const nowMs = run.ports.clock.nowMs();
  const sinceMs = seenStep(effect, run)?.at ?? nowMs;
  if (nowMs >= wayBackEndsMs(sinceMs, settle)) return giveUp(effect, run, "not-settled", `${words}, after ${settle.rollbackMaxDays} days`);
  const how = "publish the function once it is as it was, and lead the alias there, as the first of these commands do";
  await tellDelay(
    effect,
    run,
    { cause: "served", reason: `${effect.step.description}: ${words}. ${how}` },
    { before: [...new Set(serving.flatMap(({ commands }) => commands))] },
  );
  pause(effect, run, pollAgainMs(sinceMs, nowMs, { pollSeconds: settle.pollSeconds, maxMinutes: settle.rollbackMaxDays * 24 * 60 }));
}

function unansweredWords({ attempts }: StepState, state: ChangeState): string {
  return `AWS gave no clear answer to ${attempts} attempts, and it is ${stateWords(state)}`;
}

/** A way back to which AWS gives no clear answer is asked for again after growing pauses, and told, for the policy's days. */
async function writeUnanswered(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const known = seenStep(effect, run);
  if (known?.status !== "intended" || known.attempts === 0) return write(effect, run);
  const nowMs = run.ports.clock.nowMs();
  const words = unansweredWords(known, state);
  const pauseMs = retryPauseMs("busy", known.attempts, run.plan.policy.settle, { sinceMs: wayBackSinceMs(effect, run), nowMs });
  if (pauseMs === undefined) return giveUp(effect, run, "not-settled", words);
  if (known.attempts >= maxAcceptances) await tellDelay(effect, run, { cause: "not-taken", reason: `${effect.step.description}: ${words}` });
  return nowMs >= known.at + pauseMs ? write(effect, run) : pause(effect, run, known.at + pauseMs);
}

/** AWS accepted the change and did not make it. Forward it is tried only a few times, since somebody may want the resource as it is. */
function tryAgain(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const times = acceptances(effect, run);
  if ((seenStep(effect, run)?.attempts ?? 0) < maxAttempts && times < maxAcceptances) return write(effect, run);
  return giveUp(effect, run, "not-settled", notTaken(times, state));
}

/** On the way back after growing pauses, for the policy's days: an instance refresh, say, fails as long as there is no capacity. */
async function tryBackAgain(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const times = acceptances(effect, run);
  const nowMs = run.ports.clock.nowMs();
  const refusal = shortageIn(effect, run, state) === undefined ? "busy" : "no-capacity";
  const pauseMs = retryPauseMs(refusal, times, run.plan.policy.settle, { sinceMs: wayBackSinceMs(effect, run), nowMs });
  if (pauseMs === undefined) return giveUp(effect, run, "not-settled", notTaken(times, state));
  const againMs = (seenStep(effect, run)?.at ?? nowMs) + pauseMs;
  if (nowMs >= againMs) return write(effect, run);
  if (times >= maxAcceptances) await tellDelay(effect, run, { cause: "not-taken", reason: `${effect.step.description}: ${notTaken(times, state)}` });
  pause(effect, run, againMs);
}

function notTaken(times: number, state: ChangeState): string {
  return `AWS accepted it ${times} times, yet it is ${stateWords(state)}`;
}

/** Tags and lease are looked at just before the call; what turned out to be a tenant's is never written. */
async function write(effect: StepEffect, run: RunContext): Promise<void> {
  const { action, step, purpose } = effect;
  const concerned = [action.resource, ...changeFacts(step.change).touches(step.change, run.plan.inventory)];
  const read = await run.ports.tags.tagsOf(concerned);
  // On the way back nothing is left as it is for want of a tag that nothing can carry.
  const tags = isWayBack(effect) ? read.filter((each) => each.kind === "tags" || each.isBeside !== true) : read;
  const tenant = tenantReason(tags, run.plan.policy.tenantTags);
  if (tenant !== undefined && isWayBack(effect)) refuseUnread(tags, run.plan.policy.tenantTags);
  if (tenant !== undefined) return giveUp(effect, run, "tenant-resource", tenant);
  // On the way back everybody gets what was there before.
  const reached = purpose === "forward" ? await run.ports.changeReader.reaches(step.change, concerned) : [];
  if (reached.length > 0) return giveUp(effect, run, "shared", reached.join("; "));
  const otherwise = purpose === "forward" ? await becameOtherwise(effect, run) : [];
  if (otherwise.length > 0) return giveUp(effect, run, "not-as-planned", otherwise.join("; "));
  await run.lease.assertHeld();
  const token = operationToken(run.runId, purpose, step.id);
  if (seenStep(effect, run) === undefined) {
    await run.journal(where(effect), isWayBack(effect) ? "RB_INTENT" : "INTENT", { action: action.id, purpose, change: step.change, token });
  }
  const number = (seenStep(effect, run)?.attempts ?? 0) + 1;
  await run.journal(where(effect), "ATTEMPT", { action: action.id, purpose, number });
  try {
    const { records } = run.state();
    const queuedToo = isWayBack(effect) && run.plan.policy.settle.rollbackAppliesQueued;
    await run.ports.changeWriter.apply(step.change, token, marksBefore(stepsOf(effect), step.id, records), { queuedToo });
  } catch (error) {
    return afterError(effect, run, error, number);
  }
  await journalOutcome(effect, run, "ok");
}

/**
 * A way back does not end with a tag that is denied for the moment: it is asked again like a description that gives no answer, and nothing is
 * written before. What is known to be a tenant's, or is not there, needs no further answer.
 */
function refuseUnread(tags: readonly Tags[], policy: Parameters<typeof tenantReason>[1]): void {
  const known = tags.filter(({ kind }) => kind === "tags");
  const unread = tags.find((each) => each.kind === "unreadable" && each.isGone !== true);
  if (unread?.kind !== "unreadable" || tenantReason(known, policy) !== undefined) return;
  throw new UserError({
    code: "tags-unread",
    message: `tags could not be read (${unread.reason}), and nothing is written before it is known to be no tenant's`,
    hint: "Give the role the permission that the message names; the rollback goes on by itself.",
  });
}

/** The steps of the same way: forward, or back. */
function stepsOf({ action, purpose }: StepEffect): readonly { readonly id: string }[] {
  switch (purpose) {
    case "forward":
      return action.steps;
    case "rollback":
      return action.rollback;
    case "lift":
      return action.steps.flatMap((step) => (step.kind === "brownout" ? step.lift : []));
    case "after-pass":
      return action.afterPass ?? [];
    default:
      return purpose satisfies never;
  }
}

async function afterError(effect: StepEffect, run: RunContext, error: unknown, attempts: number): Promise<void> {
  if (error instanceof ChangeOutcomeUnknown) {
    await journalOutcome(effect, run, "unknown", { name: error.name, message: error.message });
    const nowMs = run.ports.clock.nowMs();
    return pause(effect, run, pollAgainMs(nowMs, nowMs, run.plan.policy.settle));
  }
  if (!(error instanceof ChangeRejected)) throw error;
  if (effect.step.urgent === true) {
    await journalOutcome(effect, run, "rejected", { name: error.awsName, message: error.message });
    return leaveStep(effect, run, `${error.awsName}: ${error.message}`);
  }
  const nowMs = run.ports.clock.nowMs();
  const wayBack = isWayBack(effect) ? { sinceMs: wayBackSinceMs(effect, run), nowMs } : undefined;
  const pauseMs = retryPauseMs(error.kind, attempts, run.plan.policy.settle, wayBack);
  const retryAtMs = pauseMs === undefined ? undefined : nowMs + pauseMs;
  await journalOutcome(effect, run, "rejected", { name: error.awsName, message: error.message }, retryAtMs);
  const words = `${error.awsName}: ${error.message}`;
  if (retryAtMs === undefined) return giveUp(effect, run, error.kind, words);
  if (wayBack === undefined) return;
  if (error.kind === "no-capacity")
    return tellDelay(
      effect,
      run,
      { cause: "no-capacity", reason: `${effect.step.description}: ${words}` },
      { alternatives: alternativesTo(effect.step.change, run.plan.inventory) },
    );
  if (attempts >= maxAttempts) await tellDelay(effect, run, { cause: "refused", reason: `${effect.step.description}: ${words}, after ${attempts} attempts` });
}

/**
 * Something moves on the resource; it is waited for, as long as for a change of ours. Since when stands in the journal. A way back waits for the
 * policy's days, like one that AWS refuses for that: it may be our own change there that takes its time. A human is told meanwhile.
 */
async function waitForOthers(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const words = stateWords(state);
  const patience = patienceFor(effect, run, await tellShortage(effect, run, state));
  const { step } = effect;
  const { settle } = run.plan.policy;
  const sinceMs = await waitingFrom(effect, run, words);
  const nowMs = run.ports.clock.nowMs();
  const usualMs = sinceMs + patience.maxMinutes * 60_000;
  const endsMs = isWayBack(effect) ? Math.max(usualMs, wayBackEndsMs(sinceMs, settle)) : usualMs;
  if (nowMs >= endsMs) return giveUp(effect, run, "busy", `${words} for ${Math.round((endsMs - sinceMs) / 60_000)} minutes (${step.description})`);
  if (nowMs >= usualMs) await tellDelay(effect, run, { cause: "busy", reason: `${step.description}: ${words} for ${patience.maxMinutes} minutes` });
  pause(effect, run, pollAgainMs(sinceMs, nowMs, { ...patience, maxMinutes: (endsMs - sinceMs) / 60_000 }));
}

/** Forward, all writing of one step counts as one wait; on the way back each acceptance has its time, and attempts bound their number. */
function settlingSinceMs({ purpose }: StepEffect, known: StepState | undefined): number | undefined {
  return purpose === "forward" ? (known?.acceptedMs ?? known?.at) : known?.at;
}

/** When the wait for a step that is under way ends, even if AWS still answers; undefined for a step that waits for nothing. */
export function settleDeadlineMs(effect: StepEffect, run: RunContext): number | undefined {
  const known = seenStep(effect, run);
  // Unread is not undone: a way back is asked about for the policy's days.
  if (isWayBack(effect)) return wayBackEndsMs(wayBackSinceMs(effect, run), run.plan.policy.settle);
  const sinceMs = known?.status === "applied" || known?.acceptedMs !== undefined ? settlingSinceMs(effect, known) : waitingSinceMs(effect, run);
  return sinceMs === undefined ? undefined : sinceMs + patienceWith(effect.step.change, run.plan.policy.settle).maxMinutes * 60_000;
}

/** A step whose polls fail until its wait is over is given up like one whose polls answer. */
export function giveUpUnread(effect: StepEffect, run: RunContext, reason: string): Promise<void> {
  return giveUp(effect, run, "not-settled", `its state could not be read until the wait for it was over: ${reason}`);
}

/** Somebody else's state is left alone; where our own steps came before it, a human is told. */
async function drift(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const { action, step, purpose } = effect;
  // What stops the harm first is looked at again by the steps that follow it.
  if (step.urgent === true) return leaveStep(effect, run, stateWords(state));
  if (isWayBack(effect) && isNeverSent(effect, run)) return leaveStep(effect, run, `nothing of it was changed, and it is ${stateWords(state)} by now`);
  const own = actionState(effect, run);
  const isGone = state.kind === "missing";
  const goesOn = isWayBack(effect) && !isGone && own !== undefined && goesOnWithout(own, undoOf(action, own), step.id);
  const begun = purpose !== "forward" || Object.keys(actionState(effect, run)?.steps ?? {}).length > 0;
  const found = stateWords(state);
  if (begun) {
    const reason = `${action.resource.id} was changed by somebody else: ${found}`;
    await run.journal({ phase: null, region: null }, "NEEDS_HUMAN", {
      reason,
      // A change that was still to come is not carried on by hand either, and what is gone, or is another one's by now, is not changed.
      commands: [...(purpose === "forward" || isGone ? [] : awsCommands([step.change])), ...optimizerCommands(run.runId, effect.phase)],
    });
  }
  const expected = stateWords({ kind: "settled", value: step.change.before });
  const more = { ...(isGone ? { isGone: true as const } : {}), ...(goesOn ? { goesOn: true as const } : {}) };
  await run.journal(where(effect), "DRIFT", { action: action.id, purpose, expected, found, ...more });
}

/**
 * The action does not go on, with the reason; `next` undoes what it did so far. A way back that fails is told as such, once what rests on nothing
 * of the failed step was taken.
 */
async function giveUp(effect: StepEffect, run: RunContext, code: string, detail: string): Promise<void> {
  const { action, purpose, step } = effect;
  if (step.urgent === true) return leaveStep(effect, run, detail);
  const skipped = (why: string, words: string): Promise<void> =>
    run.journal(keyOf(effect), "DECISION", { kind: "action-skipped", action: action.id, code: why, detail: words });
  switch (purpose) {
    case "forward":
      return skipped(code, detail);
    case "rollback":
    case "lift": {
      const failed = `${step.description}: ${detail}`;
      const own = actionState(effect, run);
      if (own === undefined || !goesOnWithout(own, undoOf(action, own), step.id)) return skipped("rollback-failed", failed);
      return run.journal(where(effect), "DECISION", { kind: "step-given-up", action: action.id, purpose, detail: failed });
    }
    case "after-pass":
      await run.journal({ phase: null, region: null }, "NEEDS_HUMAN", { reason: `${step.description}: ${detail}`, commands: awsCommands([step.change]) });
      return skipped("after-pass-failed", `${step.description}: ${detail}`);
    default:
      return purpose satisfies never;
  }
}

/** What follows an urgent step undoes the same: it is left out, and holds nothing up. */
function leaveStep(effect: StepEffect, run: RunContext, detail: string): Promise<void> {
  const { action, purpose } = effect;
  return run.journal(where(effect), "DECISION", { kind: "step-left", action: action.id, purpose, detail });
}

type Outcome = "ok" | "rejected" | "unknown" | "recovered" | "none-needed";

function journalOutcome(effect: StepEffect, run: RunContext, result: Outcome, error?: ErrorNote, retryAtMs?: number): Promise<void> {
  const { action, purpose } = effect;
  const body = { action: action.id, purpose, result, ...(error === undefined ? {} : { error }), ...(retryAtMs === undefined ? {} : { retryAtMs }) };
  return run.journal(where(effect), isWayBack(effect) ? "RB_OUTCOME" : "OUTCOME", body);
}

function journalVerified(effect: StepEffect, run: RunContext, state: ChangeState): Promise<void> {
  const body = { action: effect.action.id, purpose: effect.purpose, state };
  return run.journal(where(effect), isWayBack(effect) ? "RB_VERIFIED" : "VERIFIED", body);
}
