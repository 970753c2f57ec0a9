import { metrics, seriesKey } from "../core/metrics/catalogue.ts";
import { resourcesOf } from "../core/levers/resource-kinds.ts";
import type { RealizedSoFar } from "../core/model/money.ts";
import type { Span } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { changedServices } from "../core/money/changed-services.ts";
import { firstRealizedDayEndMs, realizedSavings, type RequestsByDay, realizedSoFarUsd } from "../core/money/realized.ts";
import { utcDay } from "../core/model/utc.ts";
import { CredentialsLost } from "../errors.ts";
import type { CostReader } from "../ports/costs.ts";
import type { MetricReader } from "../ports/metrics.ts";
import { regionFailure } from "./region-failure.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Every weekday four times before the first change. */
const daysBefore = 28;

/** What is asked of AWS for it. */
interface SavingReaders {
  readonly costs: CostReader;
  readonly metrics: MetricReader;
}

/**
 * What a run's changes really saved until now: daily costs of the changed services, after against before, at equal requests where
 * these are what is paid for. Cost Explorer is asked, and paid, only when a complete day can have been seen. That it cannot be read is told and never fatal.
 */
export async function realizedSoFar(plan: Plan, state: RunState, nowMs: number, readers: () => Promise<SavingReaders>): Promise<RealizedSoFar> {
  const changed = changedServices(plan, state);
  if (changed.length === 0) return { kind: "not-yet", reason: "nothing was changed" };
  const seenFromMs = Math.min(...changed.flatMap(({ services }) => services.map(({ lastChangeMs }) => firstRealizedDayEndMs(lastChangeMs))));
  if (nowMs < seenFromMs) return { kind: "not-yet", reason: `the first whole day after a change is complete on ${utcDay(seenFromMs)}` };
  try {
    const { costs, metrics: reader } = await readers();
    const byRegion = await Promise.all(
      changed.map(async ({ region, services }) => {
        const firstMs = Math.min(...services.map(({ firstChangeMs }) => firstChangeMs));
        const span = { startMs: Math.floor(firstMs / dayMs) * dayMs - daysBefore * dayMs, endMs: Math.floor(nowMs / dayMs) * dayMs };
        const requests = services.some(({ comparedAt }) => comparedAt === "equal-requests")
          ? await requestsByDay(plan, region, span, reader)
          : new Map<number, number>();
        return realizedSavings(await costs.dailyCostByService(region, span), services, requests, nowMs).map((saving) => ({ region, ...saving }));
      }),
    );
    const savings = byRegion.flat();
    const usd = realizedSoFarUsd(savings);
    if (usd === null) return { kind: "not-yet", reason: "Cost Explorer has no day of the changed services yet, or nobody knows its requests" };
    return { kind: "seen", usd, savings, costExplorerRequests: costs.requestsMade() };
  } catch (error) {
    return { kind: "unread", reason: reasonOf(error) };
  }
}

/** What the load balancers of a region answered on each whole day. */
async function requestsByDay(plan: Plan, region: string, span: Span, reader: MetricReader): Promise<RequestsByDay> {
  const balancers = resourcesOf(plan.inventory, "load-balancer").filter(({ ref }) => ref.region === region);
  const keys = balancers.map(({ fullName }) => seriesKey(metrics.balancerRequests, region, { LoadBalancer: fullName }, "Sum", dayMs / 1000));
  const series = keys.length === 0 ? [] : await reader.read(region, keys, span);
  const days = Array.from({ length: Math.round((span.endMs - span.startMs) / dayMs) }, (_, day) => day);
  return new Map(
    days.flatMap((day) => {
      const sum = series.reduce((all, { values }) => all + (values[day] ?? Number.NaN), 0);
      return series.length === 0 || Number.isNaN(sum) ? [] : [[span.startMs + day * dayMs, sum] as const];
    }),
  );
}

/** Credentials matter to a run, not to the report of one: whoever only reads a report may have none. */
function reasonOf(error: unknown): string {
  return error instanceof CredentialsLost ? error.message : regionFailure(error);
}
