import type { Policy } from "../model/policy.ts";
import type { SlotScore } from "../model/window.ts";
import { errorTally, p99Ratio } from "./score-slot.ts";
import { addErrors, addLatency, type Evidence, middleOf, noErrorEvidence, noLatencyEvidence } from "./sequential-evidence.ts";
import { notSevere, type Severity, severityOf } from "./severe.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { busyHours, type Usual } from "./usual.ts";

/** What slots so far say of one load balancer under one kind of load. */
export interface LoadEvidence {
  readonly errors: Evidence;
  readonly latency: Evidence;
  readonly errorCount: number;
  readonly requestCount: number;
  /** The latency step being filled. */
  readonly step: LatencyStep;
}

interface LatencyStep {
  readonly slots: number;
  readonly logRatios: readonly number[];
  readonly requests: number;
  /** Slots of the step whose own requests are too few for a p99; the step's sum may still be enough. */
  readonly thin: readonly number[];
}

/** What all slots so far say of one balancer. Folding slots one by one or all at once gives the same evidence. */
export interface BalancerEvidence {
  readonly reference: Usual;
  readonly busyHours: readonly boolean[] | null;
  readonly all: LoadEvidence;
  /** Of the busy hours alone, so that quiet ones cannot outweigh them; undefined where no hours are busier than others. */
  readonly busy: LoadEvidence | undefined;
  /** Slots that can be judged both by errors and by latency. */
  readonly conclusive: number;
  readonly conclusiveTail: readonly boolean[];
  readonly busySlots: number;
  readonly busyConclusive: number;
  readonly severity: Severity;
  readonly slowSlots: number;
  readonly lostSlots: number;
  /** Of the lost slots, how many had requests, if few: what has none at all may be metrics that are missing. */
  readonly seenLostSlots: number;
  readonly mostHosts: number | null;
  readonly hosts: number | null;
}

const emptyStep: LatencyStep = { slots: 0, logRatios: [], requests: 0, thin: [] };
const noLoadEvidence: LoadEvidence = { errors: noErrorEvidence, latency: noLatencyEvidence, errorCount: 0, requestCount: 0, step: emptyStep };

/** None of this many latest slots may be inconclusive when a window closes. */
export const tailSlots = 8;

/** Traffic below this share of the usual counts as lost. */
const lostShare = 0.1;

export function noEvidence(reference: Usual): BalancerEvidence {
  const busy = busyHours(reference);
  return {
    reference,
    busyHours: busy,
    all: noLoadEvidence,
    busy: busy === null ? undefined : noLoadEvidence,
    conclusive: 0,
    conclusiveTail: [],
    busySlots: 0,
    busyConclusive: 0,
    severity: notSevere,
    slowSlots: 0,
    lostSlots: 0,
    seenLostSlots: 0,
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

/** What a slot says of one balancer. */
interface Signs {
  readonly errors: number;
  readonly requests: number;
  readonly isTallied: boolean;
  readonly ratio: number | null;
  readonly isDisrupted: boolean;
  readonly isThin: boolean;
}

/**
 * The evidence with one more slot. `disrupted`: a declared disruption overlaps it (seam 20). Then it is neither severe nor sequential
 * evidence, which would only say that the disruption happened; the end gate counts it.
 */
export function addSlot(before: BalancerEvidence, slot: SlotScore, policy: Policy["window"], disrupted: boolean): BalancerEvidence {
  const { reference } = before;
  const counts = slot.counts.find(({ loadBalancer }) => loadBalancer === reference.loadBalancer);
  const isBusy = before.busyHours?.[hourOfWeek(slot.startMs)] === true;
  if (counts === undefined) return inconclusiveSlot(before, isBusy, policy);
  const tally = counts.status === "complete" || counts.requests === null ? errorTally(counts) : null;
  const ratio = counts.status === "complete" ? p99Ratio(slot.startMs, counts, reference) : null;
  const severity = disrupted ? notSevere : severityOf(counts, { tally, ratio, rareRatio: reference.rareP99Ratio ?? 1 }, policy);
  const judged = tally !== null && counts.requests !== null && tally.requests >= policy.minRequestsForErrorRate && ratio !== null;
  const isLost = isBelowUsual(slot, counts, reference, policy);
  const signs: Signs = {
    errors: tally?.errors ?? 0,
    requests: tally?.requests ?? 0,
    isTallied: tally !== null,
    ratio,
    isDisrupted: disrupted,
    isThin: judged && (counts.requests ?? 0) < policy.minRequestsForP99,
  };
  // Every member is named, in the order of the interface, here and wherever evidence is made: spreading makes a back-test over 60 days several
  // times slower, and evidence in several orders has it compiled anew for each.
  return closeStep(
    {
      reference,
      busyHours: before.busyHours,
      all: addTo(before.all, signs, reference, policy),
      busy: before.busy !== undefined && isBusy ? closedBusy(addTo(before.busy, signs, reference, policy), reference, policy) : before.busy,
      conclusive: before.conclusive + (judged ? 1 : 0),
      conclusiveTail: tail(before.conclusiveTail, judged),
      busySlots: before.busySlots + (isBusy ? 1 : 0),
      busyConclusive: before.busyConclusive + (isBusy && judged ? 1 : 0),
      severity,
      slowSlots: severity.kind === "slow" ? before.slowSlots + 1 : 0,
      lostSlots: isLost ? before.lostSlots + 1 : 0,
      seenLostSlots: isLost && counts.requests !== null ? before.seenLostSlots + 1 : 0,
      mostHosts: counts.healthyHosts === null ? before.mostHosts : Math.max(before.mostHosts ?? 0, counts.healthyHosts),
      hosts: counts.healthyHosts ?? before.hosts,
    },
    policy,
  );
}

function addTo(
  before: LoadEvidence,
  { errors, requests, isTallied, ratio, isDisrupted, isThin }: Signs,
  reference: Usual,
  policy: Policy["window"],
): LoadEvidence {
  const { step } = before;
  const counts = ratio !== null && !isDisrupted;
  return {
    errors: !isTallied || isDisrupted ? before.errors : addErrors(before.errors, errors, requests, policy.maxErrorRate, reference.errorDispersion),
    latency: before.latency,
    errorCount: before.errorCount + errors,
    requestCount: before.requestCount + requests,
    step: {
      slots: step.slots + 1,
      logRatios: counts ? [...step.logRatios, Math.log(ratio)] : step.logRatios,
      requests: step.requests + (counts ? requests : 0),
      thin: isThin ? [...step.thin, step.slots] : step.thin,
    },
  };
}

function inconclusiveSlot(before: BalancerEvidence, isBusy: boolean, policy: Policy["window"]): BalancerEvidence {
  const all = { ...before.all, step: { ...before.all.step, slots: before.all.step.slots + 1 } };
  const busySlots = before.busySlots + (isBusy ? 1 : 0);
  return closeStep({ ...before, all, busySlots, severity: notSevere, slowSlots: 0, conclusiveTail: tail(before.conclusiveTail, false) }, policy);
}

/**
 * A full step becomes latency evidence when its requests together carry a p99 (ten samples above it); if they do not, the slots that
 * were too thin on their own turn inconclusive.
 */
function closeStep(evidence: BalancerEvidence, policy: Policy["window"]): BalancerEvidence {
  const { all, reference } = evidence;
  const { step } = all;
  if (step.slots < slotsPerStep(policy)) return evidence;
  if (step.logRatios.length === 0 || step.requests >= policy.minRequestsForP99)
    return stepped(evidence, withStep(all, reference, policy), evidence.conclusive, evidence.conclusiveTail);
  const conclusiveTail = evidence.conclusiveTail.map((judged, index) => {
    const slotOfStep = index - (evidence.conclusiveTail.length - step.slots);
    return judged && !step.thin.includes(slotOfStep);
  });
  return stepped(evidence, closed(all, all.latency), evidence.conclusive - step.thin.length, conclusiveTail);
}

/** The evidence after a step of its latency was closed. */
function stepped(evidence: BalancerEvidence, all: LoadEvidence, conclusive: number, conclusiveTail: readonly boolean[]): BalancerEvidence {
  return {
    reference: evidence.reference,
    busyHours: evidence.busyHours,
    all,
    busy: evidence.busy,
    conclusive,
    conclusiveTail,
    busySlots: evidence.busySlots,
    busyConclusive: evidence.busyConclusive,
    severity: evidence.severity,
    slowSlots: evidence.slowSlots,
    lostSlots: evidence.lostSlots,
    seenLostSlots: evidence.seenLostSlots,
    mostHosts: evidence.mostHosts,
    hosts: evidence.hosts,
  };
}

/** Ready for the next step. */
function closed({ errors, errorCount, requestCount }: LoadEvidence, latency: Evidence): LoadEvidence {
  return { errors, latency, errorCount, requestCount, step: emptyStep };
}

function closedBusy(busy: LoadEvidence, reference: Usual, policy: Policy["window"]): LoadEvidence {
  if (busy.step.slots < slotsPerStep(policy)) return busy;
  return busy.step.requests < policy.minRequestsForP99 ? closed(busy, busy.latency) : withStep(busy, reference, policy);
}

function withStep(load: LoadEvidence, reference: Usual, policy: Policy["window"]): LoadEvidence {
  const { logRatios } = load.step;
  if (logRatios.length === 0) return closed(load, load.latency);
  const hours = (logRatios.length * policy.slotMinutes) / 60;
  const noise = { sigma: reference.logP99Sigma, autocorrelation: reference.logP99Autocorrelation };
  return closed(load, addLatency(load.latency, middleOf(logRatios), hours, policy.maxP99Increase, noise));
}

/** Missing figures are no lost traffic: `status` is not complete then, or nothing of the load balancer is there at all. */
function isBelowUsual(slot: SlotScore, counts: SlotScore["counts"][number], reference: Usual, policy: Policy["window"]): boolean {
  const usual = reference.requestsPerSlotByHour[hourOfWeek(slot.startMs)] ?? 0;
  if (counts.status !== "complete" || usual < policy.minRequestsForErrorRate) return false;
  return (counts.requests ?? 0) < lostShare * usual;
}

function tail(before: readonly boolean[], judged: boolean): readonly boolean[] {
  return before.length < tailSlots ? [...before, judged] : [...before.slice(1), judged];
}
