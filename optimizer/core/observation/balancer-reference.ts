import { balancerSlotKeys } from "../metrics/balancer-slots.ts";
import { type Baseline, seriesId } from "../model/observation.ts";
import type { BalancerReference } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { ResourceOf } from "../levers/resource-kinds.ts";
import { backTest, type History } from "./back-test.ts";
import { addSlot, noEvidence } from "./balancer-evidence.ts";
import { errorDispersion, latencyNoise, sum } from "./baseline-noise.ts";
import { errorTally } from "./score-slot.ts";
import { slotReader } from "./slot-counts.ts";
import type { Usual } from "./usual.ts";
import { hourlyMedians, type HourlyPools, hourlyPools, type SlotSeries } from "./usual-latency.ts";

/** Errors and latency of one balancer in three phases share the chance of a false roll-back; the run's own number is not known yet. */
const testsOfABalancer = 6;

/**
 * What a balancer looked like in the frozen baseline, and how the window's decision rule would have judged it; undefined when its
 * requests were never collected. Series are read at the policy's slot (seam 26).
 */
export function balancerReference(baseline: Baseline, balancer: ResourceOf<"load-balancer">, policy: Policy): BalancerReference | undefined {
  const { window } = policy;
  const keys = balancerSlotKeys(balancer, window.slotMinutes * 60);
  const requests = baseline.observations.get(seriesId(keys.requests));
  if (requests === undefined) return undefined;
  const slotMs = window.slotMinutes * 60_000;
  const { startMs } = requests;
  const countsAt = slotReader(balancer.fullName, keys, baseline.observations);
  const counts = Array.from(requests.values, (_, index) => countsAt(startMs + index * slotMs));
  const history: History = { startMs, slotMs, counts };
  const latency = latencySeries(history);
  const pools = hourlyPools(latency);
  const usual = usualOf(balancer, history, { latency, pools }, window);
  // Medians that do not know the week they will judge; noise and dispersion are the whole baseline's.
  const leaveOneWeekOut = (week: number): Usual => ({ ...usual, p99SecondsByHour: hourlyMedians(pools, week) });
  return { ...usual, ...backTest(history, leaveOneWeekOut, window, testsOfABalancer) };
}

interface Latency {
  readonly latency: SlotSeries;
  readonly pools: HourlyPools;
}

function usualOf({ ref, fullName }: ResourceOf<"load-balancer">, history: History, { latency, pools }: Latency, window: Policy["window"]): Usual {
  const { counts } = history;
  const p99SecondsByHour = hourlyMedians(pools);
  const noise = latencyNoise(latency, p99SecondsByHour);
  const tallies = counts.map((each) => (each.requests === null ? null : errorTally(each))).filter((tally) => tally !== null);
  const errors = tallies.map((tally) => tally.errors);
  const requests = tallies.map((tally) => tally.requests);
  const all = sum(requests);
  const usual: Usual = {
    region: ref.region,
    loadBalancer: fullName,
    p99SecondsByHour,
    requestsPerSlotByHour: hourlyMedians(hourlyPools({ ...latency, values: Float64Array.from(counts, (each) => each.requests ?? Number.NaN) })),
    errorDispersion: errorDispersion(errors, requests),
    errorRate: all === 0 ? 0 : sum(errors) / all,
    logP99Sigma: noise.sigma,
    logP99Autocorrelation: noise.autocorrelation,
    conclusiveShare: 0,
    requestsPerSecond: counts.length === 0 ? 0 : sum(counts.map((each) => each.requests ?? 0)) / ((counts.length * history.slotMs) / 1000),
  };
  return { ...usual, conclusiveShare: conclusiveShare(history, usual, window) };
}

function latencySeries({ startMs, slotMs, counts }: History): SlotSeries {
  return { startMs, slotMs, values: Float64Array.from(counts, (each) => each.p99Seconds ?? Number.NaN) };
}

/** Share of slots that a window's coverage would have counted. */
function conclusiveShare({ startMs, slotMs, counts }: History, usual: Usual, window: Policy["window"]): number {
  if (counts.length === 0) return 0;
  let evidence = noEvidence(usual);
  for (const [index, each] of counts.entries()) {
    const slotStartMs = startMs + index * slotMs;
    const slot = { startMs: slotStartMs, endMs: slotStartMs + slotMs, counts: [each], verdict: "pass", reason: "" } as const;
    evidence = addSlot(evidence, slot, window, false);
  }
  return evidence.conclusive / counts.length;
}
