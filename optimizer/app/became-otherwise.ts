import { standingOf, stateWords } from "../core/execution/classify-state.ts";
import type { StepEffect } from "../core/execution/effect.ts";
import { compareForm } from "../core/execution/form-differences.ts";
import { resourceAt } from "../core/levers/resource-kinds.ts";
import { CouldNotBeSeen } from "../errors.ts";
import type { RunContext } from "./run-context.ts";
import { actionState } from "./step-in-run.ts";

/**
 * In what the resource of a step forward is otherwise than the plan saw it; days may have passed. On the way back it gets what was there before.
 * Before an action's first write, what its later steps are about is looked at besides, such as the writer of a cluster that may have failed
 * over: then nothing of the action is begun, rather than undone in the middle. Rejects with `CouldNotBeSeen` where AWS does not let us see a part of
 * it, which is like any poll without an answer: asked again, and held for a human in the end.
 */
export async function becameOtherwise(effect: StepEffect, run: RunContext): Promise<readonly string[]> {
  const form = await formNow(effect, run);
  return form.length > 0 ? form : laterSteps(effect, run);
}

async function formNow({ action: { resource } }: StepEffect, run: RunContext): Promise<readonly string[]> {
  const planned = resourceAt(run.plan.inventory, resource);
  if (planned === undefined) return [];
  const { differences, unseen } = compareForm(planned, await run.ports.resources.describe(resource));
  if (differences.length === 0 && unseen.length > 0) throw new CouldNotBeSeen(unseen.join("; "));
  return differences;
}

async function laterSteps(effect: StepEffect, run: RunContext): Promise<readonly string[]> {
  if (Object.keys(actionState(effect, run)?.steps ?? {}).length > 0) return [];
  const later = effect.action.steps.flatMap((step) => (step.kind === "change" && step.id !== effect.step.id ? [step] : []));
  if (later.length === 0) return [];
  const states = await run.ports.changeReader.statesOf(
    later.map(({ change }) => change),
    Symbol("before the first write"),
  );
  return later.flatMap(({ change, description }, at) => {
    const state = states[at];
    return state !== undefined && standingOf(change, state) === "foreign" ? [`${description}: it is ${stateWords(state)}`] : [];
  });
}
