import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";

/**
 * Regions that a region's actions of a phase change: its own, and those to which AWS copies what is done to a global table. They are
 * watched together, and none of them can be a control of another.
 */
export function reachedRegions(plan: Plan, phase: PhaseNumber, region: string): readonly string[] {
  const turns = plan.phases.find(({ number }) => number === phase)?.turns.filter((each) => each.region === region) ?? [];
  const copies = turns.flatMap(({ actions }) => actions).flatMap(({ resource }) => replicaRegionsOf(plan, resource.region, resource.id));
  return [...new Set([region, ...copies])];
}

function replicaRegionsOf({ inventory }: Plan, region: string, id: string): readonly string[] {
  const table = inventory.resources.filter((resource) => resource.kind === "dynamodb-table").find(({ ref }) => ref.region === region && ref.id === id);
  return table?.replicaRegions ?? [];
}
