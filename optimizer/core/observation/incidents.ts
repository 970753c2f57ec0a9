import { pointAt } from "../model/observation.ts";
import type { BaselineIncident } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { SlotColumns } from "./slot-columns.ts";

/** Fewer errors are chance. */
const leastErrors = 20;

/** An error rate above the limit is an incident where it is this many times the usual; below that it is how this load balancer is. */
const timesUsualRate = 5;

/** Healthy slots between two bad ones that still belong to the same incident. */
const bridgedSlots = 2;

/** What takes more than this share of the baseline is no exception from the usual. */
const largestShare = 0.1;

export interface Incidents {
  readonly list: readonly BaselineIncident[];
  /** 1 where a slot belongs to an incident. */
  readonly isIll: Uint8Array;
}

/**
 * Outages and slow spells: errors above the limit and far above the usual, or a p99 of twice the usual in two slots in a row. One outage of
 * 90 minutes would otherwise make errors look so bursty that no harm stands out from them any more.
 */
export function incidentsOf(columns: SlotColumns, logRatios: Float64Array, { maxErrorRate }: Policy["window"]): Incidents {
  const { startMs, slotMs, requests, errors } = columns;
  const slots = requests.length;
  const usualRate = medianRate(columns);
  const isIll = new Uint8Array(slots);
  const isSlow = (slot: number): boolean => pointAt(logRatios, slot) >= Math.LN2;
  for (let slot = 0; slot < slots; slot += 1) {
    const [count, all] = [pointAt(errors, slot), pointAt(requests, slot)];
    const failing = count >= leastErrors && count > all * Math.max(maxErrorRate, timesUsualRate * usualRate);
    if (failing || (isSlow(slot) && (isSlow(slot - 1) || isSlow(slot + 1)))) isIll[slot] = 1;
  }
  bridge(isIll);
  const ill = isIll.reduce((sum, each) => sum + each, 0);
  if (ill > largestShare * slots) return { list: [], isIll: new Uint8Array(slots) };

  const list: BaselineIncident[] = [];
  for (let first = isIll.indexOf(1); first >= 0; first = isIll.indexOf(1, first)) {
    const past = isIll.indexOf(0, first);
    const end = past < 0 ? slots : past;
    let [count, all, slowest] = [0, 0, Number.NEGATIVE_INFINITY];
    for (let slot = first; slot < end; slot += 1) {
      count += pointAt(errors, slot);
      all += pointAt(requests, slot);
      const ratio = pointAt(logRatios, slot);
      if (ratio > slowest) slowest = ratio;
    }
    const p99Ratio = Number.isFinite(slowest) ? Math.exp(slowest) : null;
    list.push({ startMs: startMs + first * slotMs, endMs: startMs + end * slotMs, errorRate: all === 0 ? 1 : count / all, p99Ratio });
    first = end;
    if (end >= slots) break;
  }
  return { list, isIll };
}

/** Rates of whole days, so that few errors a slot do not make it zero. */
function medianRate({ requests, errors, slotMs }: SlotColumns): number {
  const perDay = Math.max(1, Math.round(86_400_000 / slotMs));
  const rates: number[] = [];
  for (let first = 0; first < requests.length; first += perDay) {
    let [count, all] = [0, 0];
    for (let slot = first; slot < Math.min(requests.length, first + perDay); slot += 1) {
      count += pointAt(errors, slot);
      all += pointAt(requests, slot);
    }
    if (all > 0) rates.push(count / all);
  }
  return rates.sort((a, b) => a - b)[Math.floor((rates.length - 1) / 2)] ?? 0;
}

function bridge(isIll: Uint8Array): void {
  for (let slot = 0, last = Number.NEGATIVE_INFINITY; slot < isIll.length; slot += 1) {
    if (isIll[slot] !== 1) continue;
    if (slot - last <= bridgedSlots + 1 && slot - last > 1) isIll.fill(1, last, slot);
    last = slot;
  }
}
