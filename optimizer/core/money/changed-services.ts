import { isChangedByOthers } from "../execution/settle-stage.ts";
import type { Plan } from "../model/plan.ts";
import type { RunState } from "../model/run-state.ts";
import { ruleOf, rules } from "../levers/rules.ts";
import { regionsTouchedBy } from "../planning/touched.ts";
import type { ChangedService } from "./realized.ts";

export interface RegionChanges {
  readonly region: string;
  readonly services: readonly ChangedService[];
}

/**
 * Which services a run changed in which region, from its first intent to its last read-back, rollbacks included. What somebody else changed
 * since is left out: nobody can say whose savings those days show.
 */
export function changedServices(plan: Plan, state: RunState): readonly RegionChanges[] {
  const actions = new Map(plan.phases.flatMap(({ stages }) => stages.flatMap((stage) => stage.actions.map((action) => [action.id, action] as const))));
  const changedByOthers = new Set(
    state.phases.flatMap(({ stages }) => stages.flatMap((stage) => stage.actions.filter(isChangedByOthers).map(({ actionId }) => actionId))),
  );
  const regions = new Map<string, Map<string, ChangedService>>();
  for (const record of state.records) {
    if (record.type !== "INTENT" && record.type !== "RB_INTENT" && record.type !== "VERIFIED" && record.type !== "RB_VERIFIED") continue;
    const action = actions.get(record.body.action);
    if (action === undefined || changedByOthers.has(action.id)) continue;
    const { service, commitment, billedBy } = ruleOf(action.rule).cost;
    const isByHour = billedBy === undefined;
    // What AWS copies to other regions costs there, too.
    for (const region of regionsTouchedBy(action, plan.inventory)) {
      const services = regions.get(region) ?? new Map<string, ChangedService>();
      regions.set(region, services);
      const known = services.get(service) ?? {
        service,
        comparedAt: isByRequests(service) ? "equal-requests" : "equal-weekdays",
        isCommittable: false,
        firstChangeMs: record.at,
        lastChangeMs: record.at,
      };
      const isCommittable = known.isCommittable || commitment !== "none";
      const comparedAt = known.comparedAt === "equal-requests" && isByHour ? "whichever-is-less" : known.comparedAt;
      services.set(service, { ...known, comparedAt, isCommittable, lastChangeMs: Math.max(known.lastChangeMs, record.at) });
    }
  }
  return [...regions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([region, services]) => ({ region, services: [...services.values()] }));
}

/** A service's bill is one, whichever of its rules made a change. */
function isByRequests(service: string): boolean {
  return rules.some(({ cost }) => cost.service === service && cost.billedBy === "requests");
}
