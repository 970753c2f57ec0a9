import { metrics, seriesKey } from "../core/metrics/catalogue.ts";
import { resourcesOf } from "../core/levers/resource-kinds.ts";
import type { RealizedSoFar } from "../core/model/money.ts";
import type { Span } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { changedServices, type RegionChanges } from "../core/money/changed-services.ts";
import { firstRealizedDayEndMs, realizedSavings, type RealizedSaving, type RequestsByDay, realizedSoFarUsd } from "../core/money/realized.ts";
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
 * What a run's changes really saved until now: daily costs of the changed services after discounts, after against before, at equal requests
 * where these are what is paid for; less what commitments cost since that nothing uses, so that a fully committed account shows nothing. Cost Explorer is asked, and paid, only when a complete day can have been seen. That it cannot be read is told and never fatal.
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
        const span = spanOf(firstMs, nowMs);
        const requests = services.some(({ comparedAt }) => comparedAt !== "equal-weekdays")
          ? await requestsByDay(plan, region, span, reader)
          : new Map<number, number>();
        return realizedSavings(await costs.dailyCostByService({ region }, span), services, requests, nowMs).map((saving) => ({ region, ...saving }));
      }),
    );
    const services = byRegion.flat();
    const savings = services.length === 0 ? [] : [...services, ...(await unusedCommitments(changed, nowMs, costs))];
    const usd = realizedSoFarUsd(savings);
    if (usd === null) return { kind: "not-yet", reason: "Cost Explorer has no day of the changed services yet, or nobody knows its requests" };
    return { kind: "seen", usd, savings, costExplorerRequests: costs.requestsMade() };
  } catch (error) {
    return { kind: "unread", reason: reasonOf(error) };
  }
}

/**
 * What commitments cost more that nothing uses since the first service that they may cover was changed: a saving on covered usage is none as
 * long as its commitment is paid. Cost Explorer lists it under services and regions of its own, so it is asked for the whole account. No line
 * where it is nothing.
 */
async function unusedCommitments(
  changed: readonly RegionChanges[],
  nowMs: number,
  costs: CostReader,
): Promise<readonly (RealizedSaving & { region: string })[]> {
  const services = changed.flatMap((region) => region.services.filter(({ isCommittable }) => isCommittable));
  if (services.length === 0) return [];
  const firstChangeMs = Math.min(...services.map((service) => service.firstChangeMs));
  const lastChangeMs = Math.min(...services.map((service) => service.lastChangeMs));
  const span = spanOf(firstChangeMs, nowMs);
  const usdByDay = new Map<number, number>();
  for (const { dayStartMs, amortizedUsd } of await costs.dailyCostByService("unused-commitments", span))
    usdByDay.set(dayStartMs, (usdByDay.get(dayStartMs) ?? 0) + amortizedUsd);
  const service = "unused reservations and Savings Plans";
  const days = daysOf(span).map((dayStartMs) => ({ dayStartMs, service, amortizedUsd: usdByDay.get(dayStartMs) ?? 0 }));
  const changes = [{ service, comparedAt: "equal-weekdays", firstChangeMs, lastChangeMs }] as const;
  return realizedSavings(days, changes, new Map(), nowMs).flatMap((saving) => (Math.abs(saving.usd) < 0.005 ? [] : [{ region: "all regions", ...saving }]));
}

/** Whole UTC days, up to today's. */
function spanOf(firstChangeMs: number, nowMs: number): Span {
  return { startMs: Math.floor(firstChangeMs / dayMs) * dayMs - daysBefore * dayMs, endMs: Math.floor(nowMs / dayMs) * dayMs };
}

function daysOf({ startMs, endMs }: Span): readonly number[] {
  return Array.from({ length: Math.round((endMs - startMs) / dayMs) }, (_, day) => startMs + day * dayMs);
}

/** What the load balancers of a region answered on each whole day. */
async function requestsByDay(plan: Plan, region: string, span: Span, reader: MetricReader): Promise<RequestsByDay> {
  const balancers = resourcesOf(plan.inventory, "load-balancer").filter(({ ref }) => ref.region === region);
  const keys = balancers.map(({ fullName }) => seriesKey(metrics.balancerRequests, region, { LoadBalancer: fullName }, "Sum", dayMs / 1000));
  const series = keys.length === 0 ? [] : await reader.read(region, keys, span);
  return new Map(
    daysOf(span).flatMap((dayStartMs, day) => {
      const sum = series.reduce((all, { values }) => all + (values[day] ?? Number.NaN), 0);
      return series.length === 0 || Number.isNaN(sum) ? [] : [[dayStartMs, sum] as const];
    }),
  );
}

/** Credentials matter to a run, not to the report of one: whoever only reads a report may have none. */
function reasonOf(error: unknown): string {
  return error instanceof CredentialsLost ? error.message : regionFailure(error);
}
