import { canonicalJson } from "../../contract/canonical-json.ts";
import { standingOf, stateWords } from "../../optimizer/core/execution/classify-state.ts";
import { patienceWith } from "../../optimizer/core/execution/retry-limits.ts";
import { type Change, changeFacts } from "../../optimizer/core/levers/change-kinds.ts";
import type { Action } from "../../optimizer/core/model/action.ts";
import { sha256Hex } from "../../optimizer/core/model/hash.ts";
import type { JournalRecord, RecordOf } from "../../optimizer/core/model/journal-record.ts";
import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import type { RunState, StageState } from "../../optimizer/core/model/run-state.ts";
import { staysInPlace } from "../../optimizer/core/execution/action-steps.ts";
import { foldRecord } from "../../optimizer/core/execution/fold.ts";
import { isGoingBack } from "../../optimizer/core/execution/stage-status.ts";
import { forwardChanges } from "../../optimizer/core/planning/touched.ts";
import type { LogEntry } from "../../simulation/account/store.ts";
import { partKey } from "./hand.ts";
import { troublesOf } from "./schedule.ts";
import { trueErrorRate, trueRequests } from "./true-harm.ts";
import type { LockHolder, World } from "./world.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** These figures are not the engine's own constants: what is looked after must not be what looks. */
const staleDescribeMs = 300_000;
const mostAcceptances = 4;

type Call = Extract<LogEntry, { readonly kind: "call" }>;

/** At each change of the account: who made it, whether that was written down before, whose it is, and whether it may be made at all. */
export function onMutation(world: World, by: LockHolder, { region, command, input, atMs }: Call): void {
  const last = world.records.at(-1);
  const words = `${command} in ${region}`;
  if (world.holder !== by) world.violate("no mutation without the lease", `${words} by ${by.name}, held by ${world.holder?.name ?? "nobody"}`);
  if (last?.type !== "ATTEMPT") return world.violate("intent before mutation", `${words} after ${last?.type ?? "nothing"}`);
  const step = last.op ?? "";
  const intent = world.records.findLast(
    (record): record is RecordOf<"INTENT" | "RB_INTENT"> => (record.type === "INTENT" || record.type === "RB_INTENT") && record.op === step,
  );
  if (intent === undefined) return world.violate("intent before mutation", `${words} without a durable intent of ${step}`);
  const { change, token } = intent.body;
  if (world.tenants.has(refKey(changeFacts(change).resourceOf(change)))) world.violate("never a tenant's resource", `${words} for ${step}`);
  const { part, ...resource } = changeFacts<Change>(change).resourceOf(change);
  if ([resource, { ...resource, ...(part === undefined ? {} : { part }) }].some((ref) => world.madeAnew.has(partKey(ref))))
    world.violate("nothing is written to what was made anew by somebody else", `${words} for ${step}`);
  if ("DBInstanceIdentifier" in input && world.foreignMembers.has(`${region}/${String(input.DBInstanceIdentifier)}`))
    world.violate("nothing is written over what somebody else changed", `${words} for ${step}`);
  if (input["ApplyImmediately"] === true && carriesOutQueued(world, `${region}/${String(input["DBInstanceIdentifier"])}`, atMs))
    world.violate("what somebody queued is not carried out", `${words} for ${step}`);
  const stage = stageOf(world.state(), last);
  if (last.body.purpose === "forward" && stage !== undefined) {
    if (isGoingBack(stage)) world.violate("nothing begins after a breach", `${words}: ${step} in a region that goes back`);
    if (stage.held !== undefined) world.violate("nothing is changed while held", `${words}: ${step}: ${stage.held.reason}`);
  }
  const text = canonicalJson(input);
  const before = world.mutations.filter((one) => one.step === step && one.command === command && canonicalJson(one.input) === text);
  const isTaken = before.some((one) => atMs - one.atMs < staleDescribeMs) && command !== "CreateLaunchTemplateVersion";
  if (isTaken) world.violate("no doubled work", `${words}: ${step} again ${(atMs - (before.at(-1)?.atMs ?? 0)) / 1000} s after it was accepted`);
  if (last.body.purpose === "forward" && before.length > mostAcceptances) world.violate("no endless repetition", `${words}: ${step} ${before.length} times`);
  world.mutations.push({ atMs, region, command, input, token, step });
}

/** Whether something is still queued for the member that a describe could show. */
function carriesOutQueued(world: World, member: string, atMs: number): boolean {
  const queued = world.queued.get(member);
  const staleMs = troublesOf(world.schedule, "aws").some(({ fault }) => fault.kind === "stale-reads") ? staleDescribeMs : 0;
  return queued !== undefined && atMs >= queued.atMs + staleMs && atMs < queued.windowMs;
}

/** At each record: the chain, that what is said to be read is so, and that what begins may begin in the state that the run was in before it. */
export async function onRecord(world: World, state: RunState, record: JournalRecord): Promise<void> {
  const before = world.records.find(({ seq }) => seq === record.seq - 1);
  if (before !== undefined) {
    if (record.prev !== sha256Hex(canonicalJson(before))) world.violate("an unbroken chain", `record ${record.seq}`);
    if (record.epoch < before.epoch) world.violate("one writer at a time", `record ${record.seq} of epoch ${record.epoch} after ${before.epoch}`);
  }
  if (record.type === "VERIFIED" || record.type === "RB_VERIFIED") await readIsSo(world, record);
  if (record.type === "DECISION" && record.body.kind === "rolled-back-verified") await priorStateIsBack(world, record);
  if (record.type === "INTENT" && record.body.purpose === "forward") await beginsAllowed(world, state, record);
  if (record.type === "SLOT" && world.schedule.troubles.some(({ kind }) => kind === "metrics")) await slotIsWhole(world, record);
}

/** A slot that tells something tells of all its requests, however late its points come. */
async function slotIsWhole(world: World, { region, body: { score } }: RecordOf<"SLOT">): Promise<void> {
  if (region === null || score.verdict === "inconclusive" || score.reason.includes("late")) return;
  const told = score.counts.reduce((sum, { requests }) => sum + (requests ?? 0), 0);
  const regions = [...new Set(score.counts.map(({ loadBalancer }) => loadBalancer))];
  const inAll = await Promise.all(
    world.stored.plan.balancers.filter(({ loadBalancer }) => regions.includes(loadBalancer)).map((one) => trueRequests(world, one.region, score)),
  );
  const all = inAll.reduce((sum, requests) => sum + requests, 0);
  if (told < 0.95 * all) world.violate("a slot is whole or inconclusive", `${region}: ${told} of ${all} requests`);
}

async function readIsSo(world: World, { op, body, region }: RecordOf<"VERIFIED" | "RB_VERIFIED">): Promise<void> {
  const change = changeOf(world, op ?? "");
  if (change === undefined || isTouched(world, change)) return;
  const state = await world.truth.changes.stateOf(change);
  if (standingOf(change, state) !== "after")
    world.violate("said is read", `${op} in ${region} is told as ${stateWords(body.state)}, and is ${stateWords(state)}`);
}

async function priorStateIsBack(world: World, record: RecordOf<"DECISION">): Promise<void> {
  const planned = plannedStageOf(world, record);
  const stage = stageOf(world.state(), record);
  for (const action of planned?.actions ?? []) {
    const own = stage?.actions.find(({ actionId }) => actionId === action.id);
    if (own === undefined || staysInPlace(action, own) || own.status === "rollback-incomplete" || own.status === "pending") continue;
    for (const change of firstChanges(action)) {
      if (isTouched(world, change)) continue;
      const state = await world.truth.changes.stateOf(change);
      // What an earlier round is still taking back of the same resource keeps AWS busy with it; the end looks again.
      if (state.kind === "in-progress" && isBusyOtherwise(world, action, change)) continue;
      if (standingOf(change, state) !== "before")
        world.violate("rolled back is as before", `${action.id}: ${change.kind} is ${stateWords(state)}, was ${canonicalJson(change.before)}`);
    }
  }
}

/** Whether the run is about another change of the resource, of another action. */
function isBusyOtherwise(world: World, { id }: Action, change: Change): boolean {
  const key = refKey(changeFacts(change).resourceOf(change));
  const atWork = world.state().phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.filter(({ actionId }) => actionId !== id)));
  return atWork
    .flatMap(({ steps }) => Object.values(steps))
    .filter(({ status }) => status === "intended" || status === "applied")
    .some(({ stepId }) => {
      const other = changeOf(world, stepId);
      return other !== undefined && refKey(changeFacts(other).resourceOf(other)) === key;
    });
}

/** A stage's first intent: nobody it depends on went back, the canary was watched, and the region is well. */
async function beginsAllowed(world: World, state: RunState, record: RecordOf<"INTENT">): Promise<void> {
  const phase = state.phases.find(({ number }) => number === record.phase);
  const own = stageOf(state, record);
  if (own === undefined || own.status !== "pending") return;
  const harmed = phase?.stages.find(
    (stage) => isGoingBack(stage) && (stage.round === own.round || own.round === 3 || (stage.region === own.region && stage.round < own.round)),
  );
  if (harmed !== undefined) world.violate("no region begins after a breach in its phase", `${record.op} while ${harmed.region} is ${harmed.status}`);
  const canary = plannedStagesOf(world, record).find((stage) => stage.role === "canary" && stage.region !== own.region);
  const canaryState = canary === undefined ? undefined : stageOf(state, { ...record, region: canary.region });
  if (canaryState !== undefined && !canaryState.soaked && ["pending", "acting", "observing"].includes(canaryState.status))
    world.violate("others wait for the canary", `${record.op} while ${canary?.region} is ${canaryState.status}`);
  const slotMs = world.stored.plan.policy.window.slotMinutes * minuteMs;
  const endMs = Math.floor((world.nowMs() - 5 * minuteMs) / slotMs) * slotMs;
  const rate = await trueErrorRate(world, own.region, { startMs: endMs - 2 * slotMs, deadlineMs: endMs });
  if (rate > 4 * world.stored.plan.policy.window.maxErrorRate)
    world.violate("nothing begins in a region that is not well", `${record.op} at ${(100 * rate).toFixed(1)} % errors in ${own.region}`);
}

/** Before time moves: what is live is looked at, and nobody waits for longer than somebody said. */
export function atRest(world: World, pending: readonly JournalRecord[], untilMs: number): void {
  if (world.run === undefined || world.records.length === 0) return;
  const { policy } = world.stored.plan;
  const state = pending.reduce((before, record) => foldRecord(world.stored.plan, before, record), world.state());
  const nowMs = world.nowMs();
  const watchMs = Math.max(policy.unreadable.maxMinutes, 8 * policy.window.slotMinutes) * minuteMs + hourMs;
  const actMs = Math.max(policy.settle.maxMinutes, policy.settle.backfillMaxMinutes) * minuteMs + hourMs;
  const resumedMs = world.records.findLast(({ type }) => type === "LEASE")?.at ?? 0;
  waitsEnd(world, state);
  for (const phase of state.phases) {
    for (const stage of phase.stages) {
      if (stage.held !== undefined || !["acting", "observing", "rolling-back", "confirming"].includes(stage.status)) continue;
      const looked = lastLookMs(world, phase.number, stage);
      const limitMs = stage.status === "observing" || stage.status === "confirming" ? watchMs : actMs;
      if (untilMs - Math.max(looked, resumedMs) > limitMs)
        world.violate(
          "what is live is watched",
          `${stage.region} in phase ${phase.number} is ${stage.status}, not looked at for ${Math.round((nowMs - looked) / minuteMs)} minutes`,
        );
    }
  }
}

/** What AWS accepted is there, or was given up, within the time that it may take. */
function waitsEnd(world: World, state: RunState): void {
  const { policy } = world.stored.plan;
  for (const stage of state.phases.flatMap(({ stages }) => stages)) {
    if (stage.held !== undefined || !["acting", "rolling-back"].includes(stage.status)) continue;
    for (const action of stage.actions.filter(({ status }) => status === "acting" || status === "rolling-back")) {
      for (const step of Object.values(action.steps)) {
        const change = step.status === "applied" || step.status === "intended" ? changeOf(world, step.stepId) : undefined;
        if (change === undefined || step.purpose !== (action.status === "acting" ? "forward" : "rollback")) continue;
        const waitedMs = world.nowMs() - Math.max(step.acceptedMs ?? step.at, world.records.findLast(({ type }) => type === "LEASE")?.at ?? 0);
        // A way back is tried again and again; it has days, and a human is told.
        const mostMs = Math.max(
          patienceWith(change, policy.settle).maxMinutes * minuteMs,
          step.purpose === "rollback" ? policy.settle.rollbackMaxDays * 24 * hourMs : 0,
        );
        if (waitedMs > mostMs + hourMs)
          world.violate("every wait has an end", `${step.stepId} is ${step.status} for ${Math.round(waitedMs / minuteMs)} minutes`);
      }
    }
  }
}

/**
 * The newest thing that tells of an answer of the region: a slot, a read-back, a hold; failed polls do not count. What goes back waits for all
 * that came after it.
 */
function lastLookMs(world: World, phase: number, { region, round, status, window, confirmFromMs, confirmation }: StageState): number {
  const told = world.records.findLast(
    (record) =>
      // What was held is looked at from its release on.
      ((record.type === "HOLD" && record.body.releasedBy !== undefined && (record.region ?? region) === region) ||
        (status === "rolling-back" ? (record.phase ?? 0) >= phase : record.region === region && record.phase === phase && (record.round ?? 1) === round)) &&
      !(record.type === "DECISION" && (record.body.kind === "poll-failed" || record.body.kind === "poll-succeeded")),
  );
  const slotEnds = [window?.startMs ?? 0, window?.slots.at(-1)?.endMs ?? 0, confirmFromMs ?? 0, confirmation.at(-1)?.endMs ?? 0];
  return Math.max(told?.at ?? 0, ...slotEnds);
}

/** Once nobody does anything any more: what differs from before is kept and was watched, or was told; and the outcome says so. */
export async function atEnd(world: World): Promise<void> {
  if (world.run === undefined || world.records.length === 0) {
    if (world.mutations.length > 0) world.violate("intent before mutation", "the account was changed before the first record");
    return;
  }
  const state = world.state();
  closedIsLast(world);
  everythingIsPaged(world);
  for (const planned of world.stored.plan.phases) {
    for (const { region, round = 1, actions } of planned.stages) {
      const stage = state.phases.find(({ number }) => number === planned.number)?.stages.find((each) => each.region === region && each.round === round);
      if (stage === undefined) continue;
      for (const action of actions) await actionIsAccounted(world, action, stage, planned.number);
      if (stage.status === "passed") await passedWasWatched(world, stage, actions);
    }
  }
}

function closedIsLast(world: World): void {
  const closed = world.records.findIndex(({ type }) => type === "CLOSED");
  const after = closed < 0 ? [] : world.records.slice(closed + 1).filter(({ type }) => type !== "LEASE" && type !== "PAGED");
  if (after.length > 0) world.violate("nothing follows the end", `${after[0]?.type} after CLOSED`);
}

/** Whichever process died when: each breach and each end that is not a good one was told, and none was journaled as told twice. */
function everythingIsPaged(world: World): void {
  const told = world.records.flatMap(({ type, body }) => (type === "PAGED" ? [body.event] : []));
  const owed = world.records.flatMap((record) => {
    if (record.type === "DECISION" && record.body.kind === "breach") return [`breach:${record.seq}`];
    if (record.type === "CLOSED" && record.body.outcome !== "adoptable" && record.body.outcome !== "nothing-to-do") return [`ended:${record.seq}`];
    return [];
  });
  for (const event of owed) if (!told.includes(event)) world.violate("what needs a person is told", `nobody was told of ${event}`);
  if (new Set(told).size !== told.length) world.violate("what was told is not told again", told.join(", "));
}

async function actionIsAccounted(world: World, action: Action, stage: StageState, phase: number): Promise<void> {
  const own = stage.actions.find(({ actionId }) => actionId === action.id);
  if (own === undefined) return;
  const isKept = (stage.status === "passed" || stage.status === "rolled-back") && (own.status === "applied" || own.status === "finished");
  for (const change of firstChanges(action)) {
    const isForeign = isTouched(world, change);
    const standing = standingOf(change, await world.truth.changes.stateOf(change));
    // What a later action of the plan changed again is that one's business; its own states say so.
    if (isKept && standing !== "after" && isLastOn(world, action, change) && !wasTouchedLater(world, change, phase)) {
      world.violate(isForeign ? "what somebody else changed is not kept" : "kept is live", `${action.id}: ${change.kind} is ${standing}`);
    }
    if (isKept || standing === "before" || isForeign) continue;
    const isOurs = world.mutations.some((one) => action.steps.some(({ id }) => id === one.step));
    if (isOurs && !isTold(world, action, stage, phase))
      world.violate("what differs is told", `${action.id} (${own.status}, ${stage.status}): ${change.kind} is ${standing}`);
  }
}

function isTold(world: World, action: Action, stage: StageState, phase: number): boolean {
  const state = world.state();
  if (stage.held !== undefined || stage.status === "rollback-incomplete") return true;
  if (state.outcome === undefined && state.needsHuman !== undefined) return true;
  return world.records.some((record) => record.type === "NEEDS_HUMAN" && (record.phase === phase || record.body.reason.includes(action.resource.id)));
}

/** A pass needs a window that begins after the newest change, has no hole, and was not harmful as the account itself says. */
async function passedWasWatched(world: World, { window, region, actions, watchFromMs }: StageState, planned: readonly Action[]): Promise<void> {
  const visible = planned.filter(({ id, judgedBy }) => judgedBy === undefined && actions.some((own) => own.actionId === id && own.status === "applied"));
  if (visible.length === 0) return;
  if (window === undefined) return world.violate("kept was watched", `${region}: no window`);
  const steps = visible.flatMap((action) => action.steps.map(({ id }) => id));
  const changedMs = Math.max(watchFromMs ?? 0, ...world.mutations.filter(({ step }) => steps.includes(step)).map(({ atMs }) => atMs));
  const { minConclusiveShare, maxErrorRate, slotMinutes } = world.stored.plan.policy.window;
  // The slot of the change itself counts.
  if (window.startMs + slotMinutes * minuteMs <= changedMs) world.violate("kept was watched", `${region}: its window began before its last change`);
  const end = window.slots.at(-1)?.endMs ?? 0;
  const expected = Math.round((window.deadlineMs - window.startMs) / (slotMinutes * minuteMs));
  const conclusive = window.slots.filter(({ verdict }) => verdict !== "inconclusive").length;
  if (end < window.deadlineMs || window.slots.length < expected) world.violate("kept was watched", `${region}: ${window.slots.length} of ${expected} slots`);
  if (conclusive < minConclusiveShare * expected - 1e-9)
    world.violate("missing data never passes", `${region}: ${conclusive} of ${expected} slots were conclusive`);
  const rate = await trueErrorRate(world, region, window);
  if (rate > maxErrorRate * 1.05) world.violate("harm is not kept", `${region}: ${(100 * rate).toFixed(2)} % errors in the window that passed`);
}

/** Of each thing that an action changes, its first change: with the state before the action. */
function firstChanges(action: Action): readonly Change[] {
  const changes = forwardChanges(action).filter(({ kind }) => kind !== "ec2.launch-template-version" && kind !== "dynamodb.index-read-cap");
  return changes;
}

function isLastOn(world: World, action: Action, change: Change): boolean {
  const key = (one: Change): string => `${one.kind} ${JSON.stringify(changeFacts(one).resourceOf(one))}`;
  const all = world.stored.plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions));
  return all.findLast((other) => forwardChanges(other).some((one) => key(one) === key(change)))?.id === action.id;
}

/**
 * Somebody else came after the phase was closed, or so shortly before that a stale describe did not show it: whoever adopts what was kept
 * describes it again.
 */
function wasTouchedLater(world: World, change: Change, phase: number): boolean {
  const closed = world.records.findLast((record) => record.type === "DECISION" && record.phase === phase && record.body.kind === "phase-closed");
  const touched = world.touched.get(refKey(changeFacts(change).resourceOf(change)));
  const staleMs = troublesOf(world.schedule, "aws").some(({ fault }) => fault.kind === "stale-reads") ? staleDescribeMs : 0;
  return touched !== undefined && touched.atMs >= (closed?.at ?? 0) - staleMs;
}

function isTouched(world: World, change: Change): boolean {
  return world.touched.has(refKey(changeFacts(change).resourceOf(change)));
}

function changeOf(world: World, step: string): Change | undefined {
  const intent = world.records.find((record) => (record.type === "INTENT" || record.type === "RB_INTENT") && record.op === step);
  if (intent?.type === "INTENT" || intent?.type === "RB_INTENT") return intent.body.change;
  const actions = world.stored.plan.phases.flatMap(({ stages }) => stages.flatMap((stage) => stage.actions));
  return actions.flatMap(({ steps, rollback }) => [...steps, ...rollback].flatMap((one) => (one.kind === "change" && one.id === step ? [one.change] : [])))[0];
}

interface Placed {
  readonly phase: number | null;
  readonly region: string | null;
  readonly round?: number;
}

function stageOf(state: RunState, { phase, region, round = 1 }: Placed): StageState | undefined {
  return state.phases.find(({ number }) => number === phase)?.stages.find((stage) => stage.region === region && stage.round === round);
}

/** All stages of the record's round, in the order in which they act. */
function plannedStagesOf({ stored }: World, { phase, round = 1 }: Placed) {
  return (stored.plan.phases.find(({ number }) => number === phase)?.stages ?? []).filter((stage) => (stage.round ?? 1) === round);
}

function plannedStageOf({ stored }: World, { phase, region, round = 1 }: Placed) {
  return stored.plan.phases.find(({ number }) => number === phase)?.stages.find((stage) => stage.region === region && (stage.round ?? 1) === round);
}
