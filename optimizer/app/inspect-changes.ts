import type { Effect } from "../core/execution/effect.ts";
import { handIn, type InPlace } from "../core/execution/in-place.ts";
import { stateWords } from "../core/execution/classify-state.ts";
import { awsCommands, optimizerCommands } from "../core/execution/manual-commands.ts";
import { inspectedTo, watchKey } from "../core/execution/polls.ts";
import { changeFacts, type ChangeState } from "../core/levers/change-kinds.ts";
import type { ChangeStep } from "../core/model/action.ts";
import { tenantReason } from "../core/sizing/tenant.ts";
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
  { phase, region, round, inPlace, throughMs }: Extract<Effect, { readonly kind: "inspect" }>,
  run: RunContext,
): Promise<void> {
  const key = { phase, region, round };
  const states = await run.ports.changeReader.statesOf(inPlace.flatMap(({ steps }) => steps.map(({ change }) => change)));
  let seen = 0;
  for (const each of inPlace) {
    const own = states.slice(seen, (seen += each.steps.length));
    const hand = handAmong(each, own, run) ?? (await tenantOf(each, run));
    if (hand === undefined) continue;
    const { action } = each;
    await run.journal({ phase: null, region: null }, "NEEDS_HUMAN", {
      reason: `${action.resource.id} was changed by somebody else, so it is left alone (${action.summary}): ${hand.found}`,
      commands: [...commandsForRest(each, own, run), ...optimizerCommands(run.runId, phase)],
    });
    await run.journal({ ...key, op: hand.step.id }, "DRIFT", { action: action.id, purpose: "forward", expected: hand.expected, found: hand.found });
  }
  run.notePoll((polls) => inspectedTo(polls, watchKey(key), throughMs));
}

function handAmong({ steps }: InPlace, states: readonly ChangeState[], run: RunContext): Hand | undefined {
  for (const [index, step] of steps.entries()) {
    const found = states[index] === undefined ? undefined : handIn(step, states[index], run.state().records);
    if (found !== undefined) return { step, expected: stateWords({ kind: "settled", value: step.change.after }), found };
  }
  return undefined;
}

/** A tag that marks a resource as a tenant's and was not there when it was changed. Tags that cannot be read say nothing; no write passes them. */
async function tenantOf({ action, steps }: InPlace, run: RunContext): Promise<Hand | undefined> {
  const step = steps.at(-1);
  if (step === undefined) return undefined;
  const concerned = [action.resource, ...steps.flatMap(({ change }) => changeFacts(change).touches(change, run.plan.inventory))];
  const tags = await run.ports.tags.tagsOf(concerned);
  const found = tenantReason(
    tags.filter(({ kind }) => kind === "tags"),
    run.plan.policy.tenantTags,
  );
  return found === undefined ? undefined : { step, expected: "no tenant's tag", found };
}

/** How a person undoes what is still as this run left it: nothing that somebody else has changed since. */
function commandsForRest({ action, steps }: InPlace, states: readonly ChangeState[], run: RunContext): readonly string[] {
  const left = steps.filter((step, index) => {
    const found = states[index];
    return found?.kind === "settled" && handIn(step, found, run.state().records) === undefined;
  });
  const back = action.rollback.filter(
    ({ change: undo, urgent }) => urgent !== true && left.some(({ change }) => change.kind === undo.kind && changeFacts(undo).same(change.after, undo.before)),
  );
  return awsCommands(back.map(({ change }) => change));
}
