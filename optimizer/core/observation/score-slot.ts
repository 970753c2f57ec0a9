import { percent } from "../model/percent.ts";
import type { Policy } from "../model/policy.ts";
import type { Span } from "../model/observation.ts";
import type { SlotCounts, SlotScore } from "../model/window.ts";
import { resolveCounts } from "./slot-counts.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import type { Usual } from "./usual.ts";

type WindowPolicy = Policy["window"];

/**
 * What one slot alone says. Missing figures make it inconclusive, never a pass; figures that show harm make it a breach even where others
 * are missing. `references` are those of the region: a load balancer without counts is inconclusive too.
 */
export function scoreSlot(span: Span, counts: readonly SlotCounts[], references: readonly Usual[], policy: WindowPolicy): SlotScore {
  const resolved = counts.map(resolveCounts);
  const [first = inconclusive("no load balancer to judge by"), ...others] = references.map((reference) => {
    const own = resolved.find(({ loadBalancer }) => loadBalancer === reference.loadBalancer);
    return own === undefined ? inconclusive(`${reference.loadBalancer} was not read`) : scoreBalancer(span.startMs, own, reference, policy);
  });
  const opinions = [first, ...others];
  const worst = opinions.find(({ verdict }) => verdict === "breach") ?? opinions.find(({ verdict }) => verdict === "inconclusive") ?? first;
  return { ...span, counts: resolved, verdict: worst.verdict, reason: worst.reason };
}

type Opinion = Pick<SlotScore, "verdict" | "reason">;

function scoreBalancer(startMs: number, counts: SlotCounts, reference: Usual, policy: WindowPolicy): Opinion {
  const tally = errorTally(counts);
  if (tally === null) return inconclusive(counts.status === "complete" ? "no traffic, or its metrics are lost" : `metrics ${counts.status}`);
  if (counts.requests === null) return breach(`${grouped(tally.errors)} server errors and not one request reported`);
  if (counts.healthyHosts === 0) return breach("no healthy host");
  if (counts.status !== "complete") return inconclusive(`metrics ${counts.status}`);
  if (tally.requests < policy.minRequestsForErrorRate) return inconclusive(`${tally.requests} requests are too few for a rate`);
  const rate = tally.errors / tally.requests;
  if (!(rate <= policy.maxErrorRate)) return breach(`errors ${percent(rate, 2)} > ${percent(policy.maxErrorRate, 2)}`);
  const ratio = p99Ratio(startMs, counts, reference);
  if (ratio === null) return inconclusive(counts.p99Seconds === null ? "no latency reported" : "the baseline has no latency for this hour");
  const limit = 1 + policy.maxP99Increase;
  if (counts.requests >= policy.minRequestsForP99 && !(ratio <= limit)) return breach(`p99 ×${ratio.toFixed(2)} > ×${limit.toFixed(2)}`);
  return { verdict: "pass", reason: `errors ${percent(rate, 2)}, p99 ×${ratio.toFixed(2)}` };
}

export interface ErrorTally {
  readonly errors: number;
  readonly requests: number;
}

/**
 * Errors out of requests: (target 5xx + ELB 5xx) of (requests + ELB 5xx). RequestCount leaves out requests rejected before a target was
 * chosen, so that it is absent exactly at a total outage. Null when neither requests nor errors are there.
 */
export function errorTally({ requests, target5xx, elb5xx }: SlotCounts): ErrorTally | null {
  const errors = (target5xx ?? 0) + (elb5xx ?? 0);
  const all = (requests ?? 0) + (elb5xx ?? 0);
  if (requests === null) return errors > 0 ? { errors, requests: Math.max(errors, all) } : null;
  if (all === 0 || target5xx === null || elb5xx === null) return null;
  return { errors, requests: all };
}

/** p99 ÷ the baseline's median of the same hour of the week; null where either is missing. */
export function p99Ratio(startMs: number, counts: SlotCounts, reference: Usual): number | null {
  return p99RatioIn(hourOfWeek(startMs), counts, reference);
}

/** The same, where the hour of the week is known. */
export function p99RatioIn(hour: number, { p99Seconds }: SlotCounts, reference: Usual): number | null {
  const usual = reference.p99SecondsByHour[hour];
  return p99Seconds === null || typeof usual !== "number" || !(usual > 0) || !(p99Seconds > 0) ? null : p99Seconds / usual;
}

function breach(reason: string): Opinion {
  return { verdict: "breach", reason };
}

function inconclusive(reason: string): Opinion {
  return { verdict: "inconclusive", reason };
}

const thousands = new Intl.NumberFormat("en-US");

/** A count with its thousands separated. */
export function grouped(count: number): string {
  return thousands.format(count);
}
