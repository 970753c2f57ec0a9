import type { Policy } from "../model/policy.ts";
import type { SlotCounts, SlotScore } from "../model/window.ts";
import { errorTally, p99RatioIn } from "./score-slot.ts";
import { addErrors, addLatency, type Evidence, largest, middleOf, noErrorEvidence, noLatencyEvidence } from "./sequential-evidence.ts";
import { notSevere, type Severity, severityOf } from "./severe.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { busyHours, type Usual } from "./usual.ts";

/** What slots so far say of one load balancer under one kind of load. */
export interface LoadEvidence {
  readonly errors: Evidence;
  readonly latency: Evidence;
  /** The largest of each: mostly too small for the whole to suffice, so that it need not be gone through after every slot. */
  readonly mostOfErrors: number;
  readonly mostOfLatency: number;
  readonly errorCount: number;
  readonly requestCount: number;
}

interface GrowingLoad extends LoadEvidence {
  latency: Evidence;
  mostOfErrors: number;
  mostOfLatency: number;
  errorCount: number;
  requestCount: number;
  /** The latency step being filled. */
  readonly step: LatencyStep;
}

interface LatencyStep {
  slots: number;
  logRatios: number[];
  requests: number;
  /** Slots of the step whose own requests are too few for a p99; the step's sum may still be enough. */
  thin: number[];
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

/**
 * Evidence to which slots are added in place: a back-test over 60 days adds some 45,000 for each load balancer, and would throw away as many copies.
 * Whoever goes on from evidence that another keeps starts from a copy.
 */
export interface GrowingEvidence extends BalancerEvidence {
  readonly all: GrowingLoad;
  readonly busy: GrowingLoad | undefined;
  conclusive: number;
  readonly conclusiveTail: boolean[];
  busySlots: number;
  busyConclusive: number;
  severity: Severity;
  slowSlots: number;
  lostSlots: number;
  seenLostSlots: number;
  mostHosts: number | null;
  hosts: number | null;
}

/** None of this many latest slots may be inconclusive when a window closes. */
export const tailSlots = 8;

/** Traffic below this share of the usual counts as lost. */
const lostShare = 0.1;

export function noEvidence(reference: Usual): GrowingEvidence {
  const busy = busyHours(reference);
  return {
    reference,
    busyHours: busy,
    all: noLoadEvidence(),
    busy: busy === null ? undefined : noLoadEvidence(),
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

function noLoadEvidence(): GrowingLoad {
  return {
    errors: noErrorEvidence.slice(),
    latency: noLatencyEvidence,
    mostOfErrors: largest(noErrorEvidence),
    mostOfLatency: largest(noLatencyEvidence),
    errorCount: 0,
    requestCount: 0,
    step: { slots: 0, logRatios: [], requests: 0, thin: [] },
  };
}

/** The same evidence, to which slots can be added while the other stays what it is. */
export function copyOfEvidence(evidence: GrowingEvidence): GrowingEvidence {
  const { all, busy, conclusiveTail } = evidence;
  return { ...evidence, all: copyOfLoad(all), busy: busy && copyOfLoad(busy), conclusiveTail: [...conclusiveTail] };
}

function copyOfLoad(load: GrowingLoad): GrowingLoad {
  const { slots, logRatios, requests, thin } = load.step;
  return { ...load, errors: load.errors.slice(), step: { slots, logRatios: [...logRatios], requests, thin: [...thin] } };
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
 * Adds one more slot to the evidence. `disrupted`: a declared disruption overlaps it. Then it is neither severe nor sequential
 * evidence, which would only say that the disruption happened; the end gate counts it.
 */
export function addSlot(evidence: GrowingEvidence, slot: SlotScore, policy: Policy["window"], disrupted: boolean): void {
  const { reference, all, busy } = evidence;
  const counts = countsOf(slot, reference.loadBalancer);
  const hour = hourOfWeek(slot.startMs);
  const isBusy = evidence.busyHours?.[hour] === true;
  if (isBusy) evidence.busySlots += 1;
  if (counts === undefined) {
    addInconclusive(evidence, policy);
    return;
  }
  const tally = counts.status === "complete" || counts.requests === null ? errorTally(counts) : null;
  const ratio = counts.status === "complete" ? p99RatioIn(hour, counts, reference) : null;
  const severity = disrupted ? notSevere : severityOf(counts, { tally, ratio, rareRatio: reference.rareP99Ratio ?? 1 }, policy);
  const { requests } = counts;
  const judged = tally !== null && requests !== null && tally.requests >= policy.minRequestsForErrorRate && ratio !== null;
  const isLost = isBelowUsual(hour, counts, reference, policy);
  const signs: Signs = {
    errors: tally?.errors ?? 0,
    requests: tally?.requests ?? 0,
    isTallied: tally !== null,
    ratio,
    isDisrupted: disrupted,
    isThin: judged && requests < policy.minRequestsForP99,
  };
  addTo(all, signs, reference, policy);
  if (busy !== undefined && isBusy) {
    addTo(busy, signs, reference, policy);
    closeBusyStep(busy, reference, policy);
  }
  if (judged) evidence.conclusive += 1;
  if (judged && isBusy) evidence.busyConclusive += 1;
  addToTail(evidence.conclusiveTail, judged);
  evidence.severity = severity;
  evidence.slowSlots = severity.kind === "slow" ? evidence.slowSlots + 1 : 0;
  evidence.lostSlots = isLost ? evidence.lostSlots + 1 : 0;
  evidence.seenLostSlots = isLost && counts.requests !== null ? evidence.seenLostSlots + 1 : 0;
  if (counts.healthyHosts !== null) evidence.mostHosts = Math.max(evidence.mostHosts ?? 0, counts.healthyHosts);
  evidence.hosts = counts.healthyHosts ?? evidence.hosts;
  closeStep(evidence, policy);
}

function countsOf({ counts }: SlotScore, loadBalancer: string): SlotCounts | undefined {
  for (let at = 0; at < counts.length; at += 1) if (counts[at]?.loadBalancer === loadBalancer) return counts[at];
  return undefined;
}

function addTo(load: GrowingLoad, { errors, requests, isTallied, ratio, isDisrupted, isThin }: Signs, reference: Usual, policy: Policy["window"]): void {
  const { step } = load;
  if (isTallied && !isDisrupted) {
    addErrors(load.errors, errors, requests, policy.maxErrorRate, reference.errorDispersion);
    load.mostOfErrors = largest(load.errors);
  }
  load.errorCount += errors;
  load.requestCount += requests;
  if (ratio !== null && !isDisrupted) {
    step.logRatios.push(Math.log(ratio));
    step.requests += requests;
  }
  if (isThin) step.thin.push(step.slots);
  step.slots += 1;
}

function addInconclusive(evidence: GrowingEvidence, policy: Policy["window"]): void {
  evidence.all.step.slots += 1;
  evidence.severity = notSevere;
  evidence.slowSlots = 0;
  addToTail(evidence.conclusiveTail, false);
  closeStep(evidence, policy);
}

/**
 * A full step becomes latency evidence when its requests together carry a p99 (ten samples above it); if they do not, the slots that
 * were too thin on their own turn inconclusive.
 */
function closeStep(evidence: GrowingEvidence, policy: Policy["window"]): void {
  const { all, reference, conclusiveTail } = evidence;
  const { step } = all;
  if (step.slots < slotsPerStep(policy)) return;
  if (step.logRatios.length === 0 || step.requests >= policy.minRequestsForP99) addStep(all, reference, policy);
  else {
    for (const slotOfStep of step.thin) {
      const index = conclusiveTail.length - step.slots + slotOfStep;
      if (index >= 0) conclusiveTail[index] = false;
    }
    evidence.conclusive -= step.thin.length;
  }
  beginStep(step);
}

/** Ready for the next slots. */
function beginStep(step: LatencyStep): void {
  step.slots = 0;
  step.requests = 0;
  step.logRatios = [];
  if (step.thin.length > 0) step.thin = [];
}

function closeBusyStep(busy: GrowingLoad, reference: Usual, policy: Policy["window"]): void {
  const { step } = busy;
  if (step.slots < slotsPerStep(policy)) return;
  if (step.requests >= policy.minRequestsForP99) addStep(busy, reference, policy);
  beginStep(step);
}

function addStep(load: GrowingLoad, reference: Usual, policy: Policy["window"]): void {
  const { logRatios } = load.step;
  if (logRatios.length === 0) return;
  const hours = (logRatios.length * policy.slotMinutes) / 60;
  const noise = { sigma: reference.logP99Sigma, autocorrelation: reference.logP99Autocorrelation };
  load.latency = addLatency(load.latency, middleOf(logRatios), hours, policy.maxP99Increase, noise);
  load.mostOfLatency = largest(load.latency);
}

/** Missing figures are no lost traffic: `status` is not complete then, or nothing of the load balancer is there at all. */
function isBelowUsual(hour: number, counts: SlotCounts, reference: Usual, policy: Policy["window"]): boolean {
  const usual = reference.requestsPerSlotByHour[hour] ?? 0;
  if (counts.status !== "complete" || usual < policy.minRequestsForErrorRate) return false;
  return (counts.requests ?? 0) < lostShare * usual;
}

function addToTail(tail: boolean[], judged: boolean): void {
  if (tail.length === tailSlots) tail.shift();
  tail.push(judged);
}
