import type { RealizedSoFar } from "../core/model/money.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { changedServices } from "../core/money/changed-services.ts";
import { firstRealizedDayEndMs, realizedSavings, realizedSoFarUsd } from "../core/money/realized.ts";
import { utcDay } from "../core/model/utc.ts";
import { CredentialsLost } from "../errors.ts";
import type { CostReader } from "../ports/costs.ts";
import { regionFailure } from "./region-failure.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Every weekday four times before the first change. */
const daysBefore = 28;

/**
 * What a run's changes really saved until now: daily costs of the changed services, after against before. Cost Explorer is asked,
 * and paid, only when a complete day can have been seen. That it cannot be read is told and never fatal.
 */
export async function realizedSoFar(plan: Plan, state: RunState, nowMs: number, costs: () => Promise<CostReader>): Promise<RealizedSoFar> {
  const changed = changedServices(plan, state);
  if (changed.length === 0) return { kind: "not-yet", reason: "nothing was changed" };
  const seenFromMs = Math.min(...changed.flatMap(({ services }) => services.map(({ lastChangeMs }) => firstRealizedDayEndMs(lastChangeMs))));
  if (nowMs < seenFromMs) return { kind: "not-yet", reason: `the first whole day after a change is complete on ${utcDay(seenFromMs)}` };
  try {
    const reader = await costs();
    const byRegion = await Promise.all(
      changed.map(async ({ region, services }) => {
        const firstMs = Math.min(...services.map(({ firstChangeMs }) => firstChangeMs));
        const span = { startMs: Math.floor(firstMs / dayMs) * dayMs - daysBefore * dayMs, endMs: Math.floor(nowMs / dayMs) * dayMs };
        return realizedSavings(await reader.dailyCostByService(region, span), services, nowMs).map((saving) => ({ region, ...saving }));
      }),
    );
    const savings = byRegion.flat();
    const usd = realizedSoFarUsd(savings);
    if (usd === null) return { kind: "not-yet", reason: "Cost Explorer has no day of the changed services yet" };
    return { kind: "seen", usd, savings, costExplorerRequests: reader.requestsMade() };
  } catch (error) {
    return { kind: "unread", reason: reasonOf(error) };
  }
}

/** Credentials matter to a run, not to the report of one: whoever only reads a report may have none. */
function reasonOf(error: unknown): string {
  return error instanceof CredentialsLost ? error.message : regionFailure(error);
}
