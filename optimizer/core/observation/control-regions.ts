import type { CommonShift, SlotScore, WindowVerdict } from "../model/window.ts";
import { medianRatio } from "./end-gate.ts";
import { median, middleOfAll } from "./hourly-medians.ts";
import { errorTally } from "./score-slot.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { busyHours, type Usual } from "./usual.ts";

/** One bad slot elsewhere is chance. */
const leastSlots = 2;

/**
 * Whether untouched regions breach in the same slots, so that the harm is `not ours`. One of them must breach in most of the slots that
 * were looked at, and in more than one: a single noisy slot elsewhere must not keep a rollback from happening.
 */
export function isNotOurs(verdict: WindowVerdict, controls: readonly (readonly SlotScore[])[]): boolean {
  return controls.some((scores) => {
    const newest = verdict.rule === "literal" || verdict.rule === "severe" ? scores.slice(-leastSlots) : scores;
    const breaching = newest.filter((score) => score.verdict === "breach").length;
    return breaching >= leastSlots && breaching > newest.length / 2;
  });
}

/** Whether one slot more may show that it is not ours: the newest slot of a control breaches, and so far it is the only one. */
export function mayBeNotOurs(verdict: WindowVerdict, controls: readonly (readonly SlotScore[])[]): boolean {
  return (verdict.rule === "severe" || verdict.rule === "literal") && controls.some((scores) => scores.at(-1)?.verdict === "breach");
}

/** An untouched region's load balancers, and the slots of the window as long as it was untouched. */
export interface ControlRegion {
  readonly references: readonly Usual[];
  readonly slots: readonly SlotScore[];
}

/** A control must have been untouched for at least this share of the window. */
const leastShare = 0.25;

/**
 * What a window of `windowSlots` slots has in common with regions in which nothing was changed: the median over them of how far their
 * medians lie above their usual, damped by what chance alone makes of it. Undefined when no region was untouched long enough.
 */
export function commonShift(controls: readonly ControlRegion[], windowSlots: number): CommonShift | undefined {
  const known = controls.filter(({ slots }) => slots.length > 0 && slots.length >= leastShare * windowSlots);
  const balancers = known.flatMap(({ references, slots }) => references.map((reference) => shiftOf(reference, slots, windowSlots)));
  if (balancers.length === 0) return undefined;
  const middle = (pick: (shift: CommonShift) => number): number => middleOfAll(balancers.map(pick));
  return {
    all: { p99Ratio: middle(({ all }) => all.p99Ratio), errorRate: middle(({ all }) => all.errorRate) },
    busy: { p99Ratio: middle(({ busy }) => busy.p99Ratio), errorRate: middle(({ busy }) => busy.errorRate) },
  };
}

function shiftOf(reference: Usual, slots: readonly SlotScore[], windowSlots: number): CommonShift {
  const busy = busyHours(reference);
  const inBusy = busy === null ? slots : slots.filter(({ startMs }) => busy[hourOfWeek(startMs)] === true);
  const fewer = Math.sqrt(windowSlots / slots.length);
  const { all = 0, busy: noiseInBusy = all } = reference.windowNoise ?? {};
  return {
    all: { p99Ratio: damped(medianRatio(slots, reference), all * fewer), errorRate: excessRate(slots, reference) },
    busy: { p99Ratio: damped(medianRatio(inBusy, reference), (busy === null ? all : noiseInBusy) * fewer), errorRate: excessRate(inBusy, reference) },
  };
}

/** In standard deviations: a shift within the first is chance, one beyond the second counts in full. */
const chance = 1.75;
const certain = 2.75;

/**
 * Firm shrinkage (Gao and Bruce 1997): nothing of log r up to 1.75 σ, all of it from 2.75 σ, evenly between. A shift that chance makes excuses
 * nothing, a holiday excuses itself in full.
 */
function damped(ratio: number | null, sigma: number): number {
  const log = ratio === null ? 0 : Math.log(ratio);
  if (log <= 0 || log <= chance * sigma) return 1;
  return Math.exp(Math.min(log, (certain * (log - chance * sigma)) / (certain - chance)));
}

/** By the median slot: an outage of its own that a control had meanwhile excuses nothing. */
function excessRate(slots: readonly SlotScore[], reference: Usual): number {
  const rates = slots.flatMap(({ counts }) => {
    const own = counts.find(({ loadBalancer, status }) => loadBalancer === reference.loadBalancer && status === "complete");
    const tally = own === undefined ? null : errorTally(own);
    return tally === null ? [] : [tally.errors / tally.requests];
  });
  return Math.max(0, (median(rates) ?? 0) - reference.errorRate);
}
