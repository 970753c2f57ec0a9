import type { Usual } from "./usual.ts";
import type { Policy } from "../model/policy.ts";
import type { SlotScore } from "../model/window.ts";
import { addErrors, type ErrorEvidence, noErrorEvidence } from "./error-evidence.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { addLatency, type LatencyEvidence, noLatencyEvidence } from "./latency-evidence.ts";
import { errorTally, p99Ratio } from "./score-slot.ts";
import { notSevere, type Severity, severityOf } from "./severe.ts";

/** What all slots so far say of one balancer. Folding slots one by one or all at once gives the same evidence. */
export interface BalancerEvidence {
  readonly reference: Usual;
  readonly errors: ErrorEvidence;
  readonly latency: LatencyEvidence;
  readonly errorCount: number;
  readonly requestCount: number;
  /** The latency step being filled. */
  readonly step: LatencyStep;
  /** Slots that can be judged both by errors and by latency. */
  readonly conclusive: number;
  readonly conclusiveTail: readonly boolean[];
  readonly severity: Severity;
  readonly slowSlots: number;
  readonly lostSlots: number;
  readonly mostHosts: number | null;
  readonly hosts: number | null;
}

interface LatencyStep {
  readonly slots: number;
  readonly logRatios: readonly number[];
  readonly requests: number;
  /** Slots of the step whose own requests are too few for a p99; the step's sum may still be enough. */
  readonly thin: readonly number[];
}

const emptyStep: LatencyStep = { slots: 0, logRatios: [], requests: 0, thin: [] };

/** None of this many latest slots may be inconclusive when a window closes. */
export const tailSlots = 8;

/** Traffic below this share of the usual counts as lost. */
const lostShare = 0.1;

export function noEvidence(reference: Usual): BalancerEvidence {
  return {
    reference,
    errors: noErrorEvidence,
    latency: noLatencyEvidence,
    errorCount: 0,
    requestCount: 0,
    step: emptyStep,
    conclusive: 0,
    conclusiveTail: [],
    severity: notSevere,
    slowSlots: 0,
    lostSlots: 0,
    mostHosts: null,
    hosts: null,
  };
}

/**
 * Slots of one latency step: an hour, or a 48th of the window where that is shorter, so that short windows have as many looks as long ones.
 */
export function slotsPerStep({ minutes, slotMinutes }: Policy["window"]): number {
  return Math.max(1, Math.round(Math.min(60, minutes / 48) / slotMinutes));
}

/**
 * The evidence with one more slot. `disrupted`: a declared disruption overlaps it (seam 20). Then it is neither severe nor sequential
 * evidence, which would only say that the disruption happened; the end gate counts it.
 */
export function addSlot(before: BalancerEvidence, slot: SlotScore, policy: Policy["window"], disrupted: boolean): BalancerEvidence {
  const { reference } = before;
  const counts = slot.counts.find(({ loadBalancer }) => loadBalancer === reference.loadBalancer);
  if (counts === undefined) return closeStep(inconclusiveSlot(before), policy);
  const tally = counts.status === "complete" || counts.requests === null ? errorTally(counts) : null;
  const ratio = counts.status === "complete" ? p99Ratio(slot.startMs, counts, reference) : null;
  const severity = disrupted ? notSevere : severityOf(counts, { tally, ratio }, policy);
  const judged = tally !== null && counts.requests !== null && tally.requests >= policy.minRequestsForErrorRate && ratio !== null;
  // Every member is named: spreading makes a back-test over 60 days several times slower.
  const next: BalancerEvidence = {
    reference,
    latency: before.latency,
    errors:
      tally === null || disrupted ? before.errors : addErrors(before.errors, tally.errors, tally.requests, policy.maxErrorRate, reference.errorDispersion),
    errorCount: before.errorCount + (tally?.errors ?? 0),
    requestCount: before.requestCount + (tally?.requests ?? 0),
    severity,
    slowSlots: severity.kind === "slow" ? before.slowSlots + 1 : 0,
    lostSlots: isLost(slot, counts, reference, policy) ? before.lostSlots + 1 : 0,
    hosts: counts.healthyHosts ?? before.hosts,
    mostHosts: counts.healthyHosts === null ? before.mostHosts : Math.max(before.mostHosts ?? 0, counts.healthyHosts),
    conclusive: before.conclusive + (judged ? 1 : 0),
    conclusiveTail: tail(before.conclusiveTail, judged),
    step: addToStep(before.step, disrupted ? null : ratio, counts.requests, judged && (counts.requests ?? 0) < policy.minRequestsForP99),
  };
  return closeStep(next, policy);
}

function inconclusiveSlot(before: BalancerEvidence): BalancerEvidence {
  return { ...before, severity: notSevere, slowSlots: 0, conclusiveTail: tail(before.conclusiveTail, false), step: addToStep(before.step, null, null, false) };
}

function addToStep(step: LatencyStep, ratio: number | null, requests: number | null, thin: boolean): LatencyStep {
  return {
    slots: step.slots + 1,
    logRatios: ratio === null ? step.logRatios : [...step.logRatios, Math.log(ratio)],
    requests: step.requests + (ratio === null ? 0 : (requests ?? 0)),
    thin: thin ? [...step.thin, step.slots] : step.thin,
  };
}

/**
 * A full step becomes latency evidence when its requests together carry a p99 (ten samples above it); if they do not, the slots that
 * were too thin on their own turn inconclusive.
 */
function closeStep(evidence: BalancerEvidence, policy: Policy["window"]): BalancerEvidence {
  const { step, reference } = evidence;
  if (step.slots < slotsPerStep(policy)) return evidence;
  if (step.logRatios.length === 0) return { ...evidence, step: emptyStep };
  if (step.requests < policy.minRequestsForP99) {
    const conclusiveTail = evidence.conclusiveTail.map((judged, index) => {
      const slotOfStep = index - (evidence.conclusiveTail.length - step.slots);
      return judged && !step.thin.includes(slotOfStep);
    });
    return { ...evidence, step: emptyStep, conclusive: evidence.conclusive - step.thin.length, conclusiveTail };
  }
  const mean = step.logRatios.reduce((sum, log) => sum + log, 0) / step.logRatios.length;
  const hours = (step.logRatios.length * policy.slotMinutes) / 60;
  const noise = { sigma: reference.logP99Sigma, autocorrelation: reference.logP99Autocorrelation };
  return { ...evidence, step: emptyStep, latency: addLatency(evidence.latency, mean, hours, policy.maxP99Increase, noise) };
}

function isLost(slot: SlotScore, counts: SlotScore["counts"][number], reference: Usual, policy: Policy["window"]): boolean {
  const usual = reference.requestsPerSlotByHour[hourOfWeek(slot.startMs)] ?? 0;
  if (counts.status !== "complete" || usual < policy.minRequestsForErrorRate) return false;
  return (counts.requests ?? 0) < lostShare * usual;
}

function tail(before: readonly boolean[], judged: boolean): readonly boolean[] {
  return [...before, judged].slice(-tailSlots);
}
