import type { BalancerReference } from "../../optimizer/core/model/plan.ts";
import { defaultPolicy, type Policy } from "../../optimizer/core/model/policy.ts";
import type { SlotCounts, SlotScore, WindowVerdict } from "../../optimizer/core/model/window.ts";
import { judgeWindow } from "../../optimizer/core/observation/judge-window.ts";
import type { Judging } from "../../optimizer/core/observation/judging.ts";
import { scoreSlot } from "../../optimizer/core/observation/score-slot.ts";
import { balancerName, east, evenReference, startMs } from "./plan-builder.ts";
import { latencyNoise } from "../../optimizer/core/observation/baseline-noise.ts";
import { type Random, seededRandom } from "./seeded-random.ts";

export const quarterMs = 15 * 60_000;
export const window: Policy["window"] = defaultPolicy.window;

export function counts(over: Partial<SlotCounts> = {}): SlotCounts {
  return { loadBalancer: balancerName(east), requests: 20_000, target5xx: 0, elb5xx: 0, p99Seconds: 0.1, healthyHosts: 8, status: "complete", ...over };
}

/** Scores slots one after another from the window's start. */
export function scored(each: readonly SlotCounts[], policy = window, reference: BalancerReference = evenReference(east)): readonly SlotScore[] {
  return each.map((one, index) => {
    const slotStartMs = startMs + index * quarterMs;
    return scoreSlot({ startMs: slotStartMs, endMs: slotStartMs + quarterMs }, [one], [reference], policy);
  });
}

export function judging(over: Partial<Judging> = {}): Judging {
  return {
    policy: window,
    references: [evenReference(east)],
    tests: 1,
    disruptions: [],
    deadlineMs: startMs + 192 * quarterMs,
    extensionLeftMinutes: 24 * 60,
    ...over,
  };
}

export interface Traffic {
  readonly requests: number;
  /** True error rate, 0 to 1. */
  readonly errorRate: number;
  /** Variance ÷ mean of the error counts. */
  readonly dispersion?: number;
  /** True p99 ÷ the usual. */
  readonly p99Ratio?: number;
  /** Standard deviation and lag-1 autocorrelation of the log ratio from slot to slot, as in research/safety.md §2. */
  readonly sigma?: number;
  readonly autocorrelation?: number;
}

/** 48 hours of slots with Poisson (or bursty) errors and an AR(1) of log p99. */
export function windowOf(traffic: Traffic, random: Random, slots = 192): readonly SlotCounts[] {
  const { requests, errorRate, dispersion = 1, p99Ratio = 1, sigma = 0.05, autocorrelation = 0.5 } = traffic;
  let noise = random.gaussian() * sigma;
  return Array.from({ length: slots }, (_, slot) => {
    if (slot > 0) noise = autocorrelation * noise + Math.sqrt(1 - autocorrelation ** 2) * sigma * random.gaussian();
    return counts({
      requests,
      target5xx: Math.min(requests, random.poisson((requests * errorRate) / dispersion) * dispersion),
      p99Seconds: 0.1 * p99Ratio * Math.exp(noise),
    });
  });
}

/** What 60 days of such traffic, unharmed, teach: noise as the baseline would measure it, by the code that measures it. */
export function referenceFor(traffic: Traffic): BalancerReference {
  const before = windowOf({ ...traffic, p99Ratio: 1 }, seededRandom(4242), 60 * 96);
  const usual = Array.from({ length: 168 }, () => 0.1);
  const noise = latencyNoise(
    startMs,
    quarterMs,
    Float64Array.from(before, ({ p99Seconds }) => Math.log((p99Seconds ?? Number.NaN) / 0.1)),
  );
  return evenReference(east, {
    requestsPerSlotByHour: usual.map(() => traffic.requests),
    logP99Sigma: noise.sigma,
    logP99Autocorrelation: noise.autocorrelation,
    errorDispersion: traffic.dispersion ?? 1,
  });
}

/** A breach is the same however many slots come at once (statistics.test.ts), and most are found in these. */
const firstSlots = 32;

/** The first slot (from 1) after which the window breaches, as a run would see it; undefined when it never does. */
export function slotsToBreach(each: readonly SlotCounts[], over: Partial<Judging> = {}): number | undefined {
  const reference = { ...evenReference(east), ...over.references?.[0] };
  const judge = (slots: readonly SlotCounts[]): WindowVerdict => judgeWindow(scored(slots, over.policy, reference), judging(over));
  const early = judge(each.slice(0, firstSlots));
  const verdict = early.kind === "breach" ? early : judge(each);
  return verdict.kind === "breach" ? verdict.slots : undefined;
}
