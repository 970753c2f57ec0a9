import { compareForm } from "../core/execution/form-differences.ts";
import { resourceAt } from "../core/levers/resource-kinds.ts";
import type { Action } from "../core/model/action.ts";
import { CouldNotBeSeen } from "../errors.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Days may have passed since the plan: in what the resource is another kind of thing by now, in words. Rejects with `CouldNotBeSeen` where AWS does
 * not let us see a part of it, which is like any poll without an answer: asked again, and held for a human in the end.
 */
export async function becomeOtherwise({ resource }: Action, run: RunContext): Promise<readonly string[]> {
  const planned = resourceAt(run.plan.inventory, resource);
  if (planned === undefined) return [];
  const { differences, unseen } = compareForm(planned, await run.ports.resources.describe(resource));
  if (differences.length === 0 && unseen.length > 0) throw new CouldNotBeSeen(unseen.join("; "));
  return differences;
}
