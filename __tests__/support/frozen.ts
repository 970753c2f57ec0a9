import { encodeBaseline } from "../../optimizer/core/model/baseline-codec.ts";
import { sha256Hex } from "../../optimizer/core/model/hash.ts";
import type { Baseline, FrozenBaseline } from "../../optimizer/core/model/observation.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { MadePlan } from "../../optimizer/ports/run-store.ts";

/** A baseline as it is once it was stored, for those who store none. */
export function frozen(collected: Baseline): FrozenBaseline {
  return { ...collected, hash: sha256Hex([...encodeBaseline(collected)].join("")) };
}

/** A plan as it is once it was stored, with its baseline. */
export function wholePlan({ baseline, planOn }: MadePlan): { readonly plan: Plan; readonly baseline: FrozenBaseline } {
  const stored = frozen(baseline);
  return { plan: planOn(stored.hash), baseline: stored };
}
