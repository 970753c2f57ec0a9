import type { Effect, StageKey } from "../core/execution/effect.ts";
import { handIn, type InPlace } from "../core/execution/in-place.ts";
import { onTopOfOthers, standingOf, stateWords } from "../core/execution/classify-state.ts";
import { awsCommands, optimizerCommands } from "../core/execution/manual-commands.ts";
import { inspectedAt, inspectedTo, lookKey, pauseUntil, watchKey } from "../core/execution/polls.ts";
import { changeFacts, type ChangeKind, type ChangeState } from "../core/levers/change-kinds.ts";
import type { ChangeStep } from "../core/model/action.ts";
import { tenantReason } from "../core/sizing/tenant.ts";
import type { Look } from "../ports/look.ts";
import { regionFailure } from "./region-failure.ts";
import type { RunContext } from "./run-context.ts";

interface Hand {
  readonly step: ChangeStep;
  readonly expected: string;
  readonly found: string;
}

/**
 * Describes what a region's actions have in place. What somebody else changed is left alone from then on, neither written nor counted nor
 * adopted, and a human is told what may be left of ours.
 */
export async function inspectChanges(
  { phase, region, round, inPlace, throughMs, closing }: Extract<Effect, { readonly kind: "inspect" }>,
  run: RunContext,
): Promise<void> {
  const key = { phase, region, round };
  const look: Look = Symbol("look");
  const seen = await allSeen(inPlace, look, run);
  let isMet = false;
  for (const { each, own } of seen.known) {
    const hand = handAmong(each, own, run) ?? (await tenantOf(each, look, run));
    if (hand === undefined) continue;
    isMet = true;
    const { action } = each;
    await run.journal({ phase: null, region: null }, "NEEDS_HUMAN", {
      reason: `${action.resource.id} was changed by somebody else, so it is left alone (${action.summary}): ${hand.found}`,
      commands: [...commandsForRest(each, own, run), ...optimizerCommands(run.runId, phase)],
    });
    await run.journal({ ...key, op: hand.step.id }, "DRIFT", { action: action.id, purpose: "forward", expected: hand.expected, found: hand.found });
  }
  // What was seen of the others is said first; the region as a whole is not known, and nothing of it passes.
  if (seen.failure !== undefined) throw seen.failure.error;
  run.notePoll((polls) => inspectedTo(polls, watchKey(key), throughMs));
  if (isMet) return;
  const moving = movingWords(seen.known);
  if (closing === undefined) return noteLook(key, moving, run);
  if (moving === undefined) return run.journal(key, "WINDOW", { event: "closed", verdict: closing.verdict });
  const reason = `nobody can say yet whether it stays as it was left: ${moving}`;
  if (closing.extendToMs === undefined) return run.journal(key, "HOLD", { reason, cause: "coverage" });
  await run.journal(key, "WINDOW", { event: "extended", deadlineMs: closing.extendToMs, reason });
}

interface Seen {
  readonly each: InPlace;
  readonly own: readonly ChangeState[];
}

/** Action by action within one look: one that AWS does not describe hides nothing of the others. */
async function allSeen(
  inPlace: readonly InPlace[],
  look: Look,
  run: RunContext,
): Promise<{ readonly known: readonly Seen[]; readonly failure?: { readonly error: unknown } }> {
  const known: Seen[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (const each of inPlace) {
    try {
      const changes = each.steps.map(({ change }) => change);
      known.push({ each, own: await run.ports.changeReader.statesOf(changes, look) });
    } catch (error) {
      // Throws on what is no matter of the region.
      regionFailure(error);
      failure ??= { error };
    }
  }
  return { known, ...(failure === undefined ? {} : { failure }) };
}

/**
 * What had been read back and is on its way again, or neither here nor there, such as a function whose latest update failed: somebody else began
 * that, and it may end anywhere.
 */
function movingWords(known: readonly Seen[]): string | undefined {
  const moving = known.flatMap(({ each, own }) => {
    const state = own.find(({ kind }) => kind === "in-progress" || kind === "mixed");
    return state === undefined ? [] : [`${each.action.resource.id}: ${stateWords(state)}`];
  });
  return moving[0];
}

/** Before a phase closes, what is on its way is looked at until it has ended, or has had as long as anything may take. */
function noteLook(key: StageKey, moving: string | undefined, run: RunContext): void {
  const { lastSeq, records } = run.state();
  const { settle } = run.plan.policy;
  const nowMs = run.ports.clock.nowMs();
  const sinceMs = records.findLast(({ phase }) => phase === key.phase)?.at ?? nowMs;
  if (moving === undefined || nowMs >= sinceMs + settle.maxMinutes * 60_000) return run.notePoll((polls) => inspectedAt(polls, watchKey(key), lastSeq));
  run.notePoll((polls) => pauseUntil(polls, lookKey(key), nowMs + settle.pollSeconds * 1000));
}

/** The first step that somebody else was at, with what was lost of the others: a group whose template's version is gone can start nothing at all. */
function handAmong({ steps }: InPlace, states: readonly ChangeState[], run: RunContext): Hand | undefined {
  const hands = steps.flatMap((step, index) => {
    const state = states[index];
    const found = state === undefined ? undefined : handIn(step, state, run.state().records);
    return state === undefined || found === undefined ? [] : [{ step, state, found }];
  });
  const [first, ...others] = hands;
  if (first === undefined) return undefined;
  const lost = others.filter(({ state }) => isLost(state)).map(({ found }) => found);
  return { step: first.step, expected: stateWords({ kind: "settled", value: first.step.change.after }), found: [first.found, ...lost].join("; ") };
}

function isLost(state: ChangeState | undefined): boolean {
  return state?.kind === "mixed" && state.lost === true;
}

/** A tag that marks a resource as a tenant's and was not there when it was changed. Tags that cannot be read say nothing; no write passes them. */
async function tenantOf({ action, steps }: InPlace, look: Look, run: RunContext): Promise<Hand | undefined> {
  const step = steps.at(-1);
  if (step === undefined) return undefined;
  const concerned = [action.resource, ...steps.flatMap(({ change }) => changeFacts(change).touches(change, run.plan.inventory))];
  const tags = await run.ports.tags.tagsOf(concerned, look);
  const found = tenantReason(
    tags.filter(({ kind }) => kind === "tags"),
    run.plan.policy.tenantTags,
  );
  return found === undefined ? undefined : { step, expected: "no tenant's tag", found };
}

/**
 * How a person undoes what is still as this run left it, and what works for nobody any more: nothing that somebody else has changed since, and of
 * what one call replaces as a whole our part alone.
 */
function commandsForRest({ action, steps }: InPlace, states: readonly ChangeState[], run: RunContext): readonly string[] {
  const missing = new Set(steps.filter((_, index) => states[index]?.kind === "missing").map(({ change }) => change.kind));
  const undoing = notRestingOn(missing, action.rollback)
    .filter(({ urgent }) => urgent !== true)
    .map(({ change }) => change);
  const shared = steps.flatMap(({ change }, index) => {
    const state = states[index];
    if (state === undefined) return [];
    return undoing
      .filter((undo) => undo.kind === change.kind)
      .map((undo) => ({ undo, onTop: onTopOfOthers(undo, state) }))
      .filter(({ undo, onTop }) => onTop !== undo && standingOf(onTop, state) === "before");
  });
  const left = steps.filter((step, index) => {
    const found = states[index];
    return isLost(found) || (found?.kind === "settled" && handIn(step, found, run.state().records) === undefined);
  });
  const back = undoing.flatMap((undo) => {
    if (left.some(({ change }) => change.kind === undo.kind && changeFacts(undo).same(change.after, undo.before))) return [undo];
    return shared.flatMap((each) => (each.undo === undo ? [each.onTop] : []));
  });
  return awsCommands(back);
}

/** Without the steps about what is not there any more, and those after them that rest on it: AWS would refuse their commands. */
function notRestingOn(missing: ReadonlySet<ChangeKind>, wayBack: readonly ChangeStep[]): readonly ChangeStep[] {
  let isBarred = false;
  return wayBack.filter(({ alone, change }) => {
    if (alone === true) isBarred = false;
    isBarred ||= missing.has(change.kind);
    return !isBarred;
  });
}
