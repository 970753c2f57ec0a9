import { allSlotKeys, balancerSlotKeys } from "../metrics/balancer-slots.ts";
import { type Baseline, pointAt, seriesId } from "../model/observation.ts";
import type { BalancerReference } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import { type Inventory, type ResourceOf, resourcesOf } from "../levers/resource-kinds.ts";
import { backTest } from "./back-test.ts";
import { addSlot, noEvidence } from "./balancer-evidence.ts";
import { errorDispersion, latencyNoise, levelsBefore, robustDeviation, windowMedians } from "./baseline-noise.ts";
import { hourlyMedians, hourlyPools, quantile, weekOf } from "./hourly-medians.ts";
import { incidentsOf } from "./incidents.ts";
import { knownReference } from "./known-references.ts";
import { columnsOf, type History, logRatiosOf, type SlotColumns } from "./slot-columns.ts";
import { slotReader } from "./slot-counts.ts";
import { hoursPerWeek } from "./hour-of-week.ts";
import { busyHours, type Usual, type WholeUsual, withP99 } from "./usual.ts";

/** Errors and latency of one load balancer in three phases share the chance of a false rollback; the run's own number is not known yet. */
const testsOfABalancer = 6;

/** Starts of windows in the baseline are half a day apart. */
const strideMs = 12 * 3_600_000;

/** Windows that would begin before a level is known say nothing of how well it foretells. */
const firstWindowMs = 7 * 24 * 3_600_000;

/**
 * What a load balancer looked like in the frozen baseline, and how the window's decision rule would have judged it; undefined when its
 * requests were never collected. Series are read at the policy's slot.
 */
export function balancerReference(baseline: Baseline, balancer: ResourceOf<"load-balancer">, policy: Policy): BalancerReference | undefined {
  const { window } = policy;
  const keys = balancerSlotKeys(balancer, window.slotMinutes * 60);
  const requests = baseline.observations.get(seriesId(keys.requests));
  if (requests === undefined) return undefined;
  const of = { region: balancer.ref.region, loadBalancer: balancer.fullName };
  const observations = allSlotKeys(keys).map((key) => baseline.observations.get(seriesId(key)));
  return knownReference(of, observations, window, () => {
    const slotMs = window.slotMinutes * 60_000;
    const { startMs } = requests;
    const countsAt = slotReader(balancer.fullName, keys, baseline.observations);
    const counts = Array.from(requests.values, (_, index) => countsAt(startMs + index * slotMs));
    const history: History = { startMs, slotMs, counts };
    const { usual, withoutWeek } = learnUsual(of, history, window);
    return { ...usual, ...backTest(history, withoutWeek, window, testsOfABalancer) };
  });
}

/** Of each load balancer whose requests were collected. */
export function balancerReferences(baseline: Baseline, inventory: Inventory, policy: Policy): readonly BalancerReference[] {
  return resourcesOf(inventory, "load-balancer").flatMap((balancer) => balancerReference(baseline, balancer, policy) ?? []);
}

export interface Learnt {
  readonly usual: Usual;
  /** The same as it would be known in this week, had the week itself not been seen: medians and level, not noise and dispersion. */
  withoutWeek(week: number): WholeUsual;
}

/** What a load balancer's history teaches of its usual figures. Incidents count for nothing but the requests. */
export function learnUsual({ region, loadBalancer }: Pick<Usual, "region" | "loadBalancer">, history: History, window: Policy["window"]): Learnt {
  const { startMs, slotMs, counts } = history;
  const seen = columnsOf(history);
  const pools = hourlyPools({ startMs, slotMs, values: seen.p99Seconds });
  const roughly = hourlyMedians(pools);
  const { list: incidents, isIll } = incidentsOf(
    seen,
    logRatiosOf(seen, () => roughly),
    window,
  );
  const columns: SlotColumns = { ...seen, p99Seconds: seen.p99Seconds.map((value, slot) => (isIll[slot] === 1 ? Number.NaN : value)) };
  const medians = hourlyMedians(pools, isIll);
  const logRatios = logRatiosOf(columns, () => medians);
  // Half of the allowed increase: harm that began before the baseline ended is not the usual.
  const levels = levelsBefore(slotMs, logRatios, Math.log1p(window.maxP99Increase) / 2);
  const residuals = lessLevel(logRatios, levels, slotMs);
  const noise = latencyNoise(startMs, slotMs, residuals);
  const requestsPerSlotByHour = hourlyMedians(hourlyPools({ startMs, slotMs, values: Float64Array.from(counts, (each) => each.requests ?? Number.NaN) }));
  const weekMedians = new Map<number, readonly (number | null)[]>();
  const mediansWithout = (week: number): readonly (number | null)[] => {
    const known =
      weekMedians.get(week) ??
      hourlyMedians(
        pools,
        isIll.map((ill, slot) => (ill === 1 || weekOf(slot, slotMs) === week ? 1 : 0)),
      );
    weekMedians.set(week, known);
    return known;
  };
  const { healthyErrors, healthyRequests, requests } = totals(seen, isIll);
  const usual: WholeUsual = {
    region,
    loadBalancer,
    p99SecondsByHour: atLevel(medians, pointAt(levels, levels.length - 1)),
    requestsPerSlotByHour,
    errorDispersion: errorDispersion(columns, isIll),
    errorRate: healthyRequests === 0 ? 0 : healthyErrors / healthyRequests,
    logP99Sigma: noise.sigma,
    logP99Autocorrelation: noise.autocorrelation,
    rareP99Ratio: Math.exp(
      quantile(
        residuals.filter((value) => !Number.isNaN(value)),
        0.999,
      ),
    ),
    windowNoise: windowNoise(
      lessLevel(logRatiosOf(columns, mediansWithout), levels, slotMs),
      { startMs, slotMs },
      busyHours({ requestsPerSlotByHour }),
      window,
    ),
    incidents,
    conclusiveShare: 0,
    requestsPerSecond: counts.length === 0 ? 0 : requests / ((counts.length * slotMs) / 1000),
  };
  const levelOfWeek = (week: number): number => pointAt(levels, Math.round((week * hoursPerWeek) / 24));
  return {
    usual: { ...usual, conclusiveShare: conclusiveShare(history, usual, window) },
    withoutWeek: (week) => withP99(usual, atLevel(mediansWithout(week), levelOfWeek(week))),
  };
}

function atLevel(medians: readonly (number | null)[], level: number): readonly (number | null)[] {
  return medians.map((value) => (value === null ? null : value * Math.exp(level)));
}

function lessLevel(logRatios: Float64Array, levels: Float64Array, slotMs: number): Float64Array {
  const perDay = Math.max(1, Math.round((24 * 3_600_000) / slotMs));
  return logRatios.map((value, slot) => value - pointAt(levels, Math.floor(slot / perDay)));
}

function totals(
  { errors, requests }: SlotColumns,
  isIll: Uint8Array,
): { readonly healthyErrors: number; readonly healthyRequests: number; readonly requests: number } {
  let [healthyErrors, healthyRequests, all] = [0, 0, 0];
  for (let slot = 0; slot < requests.length; slot += 1) {
    const here = pointAt(requests, slot);
    all += here;
    if (isIll[slot] === 1) continue;
    healthyErrors += pointAt(errors, slot);
    healthyRequests += here;
  }
  return { healthyErrors, healthyRequests, requests: all };
}

/** How far a whole window's median strays when nothing was changed: over windows of the baseline, each against the other weeks. */
function windowNoise(
  residuals: Float64Array,
  { startMs, slotMs }: Pick<History, "startMs" | "slotMs">,
  busy: readonly boolean[] | null,
  { minutes, slotMinutes }: Policy["window"],
): { readonly all: number; readonly busy: number } {
  const length = Math.max(1, Math.round(minutes / slotMinutes));
  const stride = Math.max(1, Math.round(Math.min(strideMs, minutes * 60_000) / slotMs));
  const medians: { readonly all: number | null; readonly busy: number | null }[] = [];
  for (let first = Math.round(firstWindowMs / slotMs); first + length <= residuals.length; first += stride) {
    // A window of minutes is of no use as an example of another hour's: one for each of half a day is enough of them.
    if (medians.length >= 200) break;
    if (weekOf(first, slotMs) !== weekOf(first + length - 1, slotMs)) continue;
    medians.push(windowMedians(residuals.subarray(first, first + length), startMs + first * slotMs, slotMs, busy));
  }
  return { all: robustDeviation(medians.flatMap(({ all }) => all ?? [])), busy: robustDeviation(medians.flatMap((each) => each.busy ?? [])) };
}

/** Share of slots that a window's coverage would have counted. */
function conclusiveShare({ startMs, slotMs, counts }: History, usual: Usual, window: Policy["window"]): number {
  if (counts.length === 0) return 0;
  const evidence = noEvidence(usual);
  for (const [index, each] of counts.entries()) {
    const slotStartMs = startMs + index * slotMs;
    const slot = { startMs: slotStartMs, endMs: slotStartMs + slotMs, counts: [each], verdict: "pass", reason: "" } as const;
    addSlot(evidence, slot, window, false);
  }
  return evidence.conclusive / counts.length;
}
