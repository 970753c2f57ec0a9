import { oncePerName } from "../model/once.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import { regionsTouchedBy } from "../planning/touched.ts";

/** By phase and region. A plan never changes, and every step of a run asks. */
const reached = oncePerName<readonly string[]>();

/** Regions that a region's actions of a phase change. They are watched together, and none of them can be a control of another. */
export function reachedRegions(plan: Plan, phase: PhaseNumber, region: string): readonly string[] {
  return reached(plan, `${phase} ${region}`, () => regionsOf(plan, phase, region));
}

function regionsOf(plan: Plan, phase: PhaseNumber, region: string): readonly string[] {
  const stages = plan.phases.filter(({ number }) => number === phase).flatMap((planned) => planned.stages.filter((each) => each.region === region));
  return [...new Set([region, ...stages.flatMap(({ actions }) => actions).flatMap((action) => regionsTouchedBy(action, plan.inventory))])];
}
