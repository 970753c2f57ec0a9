import { alternativesTo } from "../core/execution/alternatives.ts";
import type { StepEffect } from "../core/execution/effect.ts";
import { type Patience, patienceWith } from "../core/execution/retry-limits.ts";
import type { ChangeState, Shortage } from "../core/levers/change-kinds.ts";
import type { RunContext } from "./run-context.ts";
import { isWayBack } from "./step-in-run.ts";
import { tellDelay } from "./tell-delay.ts";

/** The capacity that AWS says it lacks for what this way back has asked it for. */
export function shortageIn(effect: StepEffect, run: RunContext, state: ChangeState): Shortage | undefined {
  if (!isWayBack(effect) || state.kind === "mixed" || state.kind === "missing" || state.shortage === undefined) return undefined;
  const own = run.state().records.filter(({ body }) => "action" in body && body.action === effect.action.id);
  const asked = own.findLast(({ type, op }) => type === "ATTEMPT" && op === effect.step.id) ?? own.find(({ type }) => type === "RB_INTENT");
  return asked !== undefined && state.shortage.atMs >= asked.at ? state.shortage : undefined;
}

/** AWS has accepted it, and goes on trying by itself: told at once, with what a person may do instead. */
export async function tellShortage(effect: StepEffect, run: RunContext, state: ChangeState): Promise<Shortage | undefined> {
  const shortage = shortageIn(effect, run, state);
  if (shortage !== undefined)
    await tellDelay(
      effect,
      run,
      { cause: "no-capacity", reason: `${effect.step.description}: ${shortage.words}` },
      { alternatives: alternativesTo(effect.step.change, run.plan.inventory) },
    );
  return shortage;
}

/** What lacks capacity on the way back is waited for as long as it would be asked for again. */
export function patienceFor(effect: StepEffect, run: RunContext, shortage: Shortage | undefined): Patience {
  const patience = patienceWith(effect.step.change, run.plan.policy.settle);
  return shortage === undefined ? patience : { ...patience, maxMinutes: run.plan.policy.settle.rollbackMaxDays * 24 * 60 };
}
