import type { BalancerSlotKeys } from "../metrics/balancer-slots.ts";
import { type Observation, pointAt, seriesId, type SeriesKey } from "../model/observation.ts";
import { oncePer } from "../model/once.ts";
import type { SlotCounts } from "../model/window.ts";

/** A window reads by the same keys at each of its slots. */
const idOf = oncePer((key: SeriesKey) => seriesId(key));

/** Reads the figures of one load balancer slot by slot, out of observations that cover them. A point AWS does not have is null. */
export function slotReader(loadBalancer: string, keys: BalancerSlotKeys, observations: ReadonlyMap<string, Observation>): (startMs: number) => SlotCounts {
  const find = (key: SeriesKey): Observation | undefined => observations.get(idOf(key));
  const [requests, target5xx, elb5xx, p99] = [find(keys.requests), find(keys.target5xx), find(keys.elb5xx), find(keys.p99)];
  const healthyHosts = keys.healthyHosts.map(find);
  const status = worstStatus([requests, target5xx, elb5xx, p99].map((observation) => observation?.status ?? "failed"));
  return (startMs) => {
    const hosts = healthyHosts.map((observation) => countAt(observation, startMs)).filter((value) => value !== null);
    return resolveCounts({
      loadBalancer,
      requests: countAt(requests, startMs),
      target5xx: countAt(target5xx, startMs),
      elb5xx: countAt(elb5xx, startMs),
      p99Seconds: countAt(p99, startMs),
      healthyHosts: hosts.length === 0 ? null : hosts.reduce((sum, value) => sum + value, 0),
      status,
    });
  };
}

/**
 * Counts as they may be compared: what is no count (NaN, infinite, negative) is missing, and an absent error count is zero only while
 * requests of the same slot witness that AWS was reporting (5XX counts are published only when they are not zero).
 */
export function resolveCounts(counts: SlotCounts): SlotCounts {
  const requests = figure(counts.requests);
  const witnessed = requests !== null && requests > 0 && counts.status === "complete";
  const errors = (value: number | null): number | null => figure(value) ?? (witnessed ? 0 : null);
  return {
    loadBalancer: counts.loadBalancer,
    requests,
    target5xx: errors(counts.target5xx),
    elb5xx: errors(counts.elb5xx),
    p99Seconds: figure(counts.p99Seconds),
    healthyHosts: figure(counts.healthyHosts),
    status: counts.status,
  };
}

function figure(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

function countAt(observation: Observation | undefined, startMs: number): number | null {
  if (observation === undefined) return null;
  const index = (startMs - observation.startMs) / (observation.key.periodSeconds * 1000);
  return figure(pointAt(observation.values, index));
}

function worstStatus(statuses: readonly SlotCounts["status"][]): SlotCounts["status"] {
  if (statuses.includes("failed")) return "failed";
  return statuses.includes("partial") ? "partial" : "complete";
}
