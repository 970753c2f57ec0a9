import type { Policy } from "../model/policy.ts";
import type { SlotScore, WindowVerdict } from "../model/window.ts";
import { addSlot, type BalancerEvidence, copyOfEvidence, type LoadEvidence, noEvidence, slotsPerStep } from "./balancer-evidence.ts";
import { endGate, medianRatio } from "./end-gate.ts";
import { type JudgedSoFar, judgedSoFar, type Judging, rememberJudged } from "./judging.ts";
import { brokenOnce, brokenPromise, isDisrupted } from "./own-checks.ts";
import { peakSeenMs } from "./peak-hours.ts";
import { idlePromises, unseenEnd, unseenPromise } from "./promise-coverage.ts";
import { percent } from "../model/percent.ts";
import { reaches } from "./sequential-evidence.ts";

/**
 * What all slots so far say. The first slot at which the evidence suffices makes a breach, whether slots come one by one or all at once.
 * At the deadline: the end gate, then coverage; missing data extends the window and in the end holds it, and never passes.
 */
export function judgeWindow(slots: readonly SlotScore[], judging: Judging): WindowVerdict {
  const opinion = opinionOf(slots, judging, judgedSoFar(slots, judging));
  if (opinion.kind !== "breach") rememberJudged(opinion.seen, judging);
  return verdict(opinion);
}

/** Whether `judgeWindow` says breach, without the figures to it. */
export function isBreach(slots: readonly SlotScore[], judging: Judging): boolean {
  return opinionOf(slots, judging).kind === "breach";
}

function opinionOf(slots: readonly SlotScore[], judging: Judging, before?: JudgedSoFar): Opinion {
  const thresholds = sequentialThresholds(judging);
  const evidence = before?.evidence.map(copyOfEvidence) ?? judging.references.map(noEvidence);
  const judged = before?.slots.length ?? 0;
  for (const [further, slot] of slots.slice(judged).entries()) {
    const at = judged + further;
    const disrupted = isDisrupted(slot, judging.disruptions);
    for (const each of evidence) addSlot(each, slot, judging.policy, disrupted);
    const finding = breachAt(evidence, slot, judging.policy, thresholds) ?? ownFinding(slots, at, judging);
    if (finding !== undefined) return { kind: "breach", finding, seen: { evidence, slots: slots.slice(0, at + 1) } };
  }
  return opinionSoFar({ evidence, slots }, judging);
}

interface Finding {
  readonly rule: WindowVerdict["rule"];
  /** In words, for whoever asks: a back-test only asks whether there is a finding. */
  readonly detail: () => string;
  readonly of?: BalancerEvidence;
}

interface Opinion {
  readonly kind: WindowVerdict["kind"];
  readonly finding: Finding;
  readonly seen: JudgedSoFar;
}

function ownFinding(slots: readonly SlotScore[], at: number, { checks = [], disruptions }: Judging): Finding | undefined {
  const detail = brokenPromise(slots, at, checks, disruptions);
  return detail === undefined ? undefined : { rule: "own-check", detail: () => detail };
}

const nothing: Finding = { rule: "none", detail: () => "" };

/** What slots without a breach in them say. */
function opinionSoFar(seen: JudgedSoFar, judging: Judging): Opinion {
  const { policy, deadlineMs, extensionLeftMinutes, common } = judging;
  const last = seen.slots.at(-1);
  const over = last !== undefined && last.endMs >= deadlineMs;
  const failed = over ? endGate(seen.evidence, seen.slots, policy, common) : undefined;
  if (failed !== undefined) return { kind: "breach", finding: { rule: "end-gate", detail: () => failed.detail, of: failed.of }, seen };
  const lost = seen.evidence.find(({ lostSlots }) => lostSlots >= 2);
  if (lost !== undefined) {
    const fell = lost.seenLostSlots === lost.lostSlots;
    const detail = fell ? "traffic fell below a tenth of the usual" : "no requests are reported: there is no traffic, or its metrics are missing";
    return { kind: "hold", finding: { rule: "traffic-lost", detail: () => detail, of: lost }, seen };
  }
  if (!over) return { kind: "watching", finding: nothing, seen };
  const gap = coverageGap(seen, policy) ?? unseenEnd(seen.slots, judging) ?? unseenPromise(seen.slots, judging);
  // What is half of a breach in the last slot is as little known as what is missing: it neither passes nor is it undone by chance.
  const unclear = gap ?? harmBegun(seen, judging);
  if (unclear === undefined) return { kind: "pass", finding: { rule: "none", detail: () => passedHow(seen, judging) }, seen };
  return { kind: extensionLeftMinutes > 0 ? "extend" : "hold", finding: { rule: "coverage", detail: () => unclear }, seen };
}

/** What the last slot shows that would be a breach, or lost traffic, if the next one showed it, too. */
function harmBegun({ evidence, slots }: JudgedSoFar, { checks = [], disruptions }: Judging): string | undefined {
  for (const { reference, severity, slowSlots, lostSlots } of evidence) {
    if (severity.kind === "slow" && slowSlots === 1) return `${reference.loadBalancer}: ${severity.detail()} in the last slot`;
    if (lostSlots === 1) return `${reference.loadBalancer}: traffic below a tenth of the usual in the last slot`;
  }
  return brokenOnce(slots, checks, disruptions);
}

/** What of the newest slot makes the evidence suffice for a rollback. */
function breachAt(evidence: readonly BalancerEvidence[], slot: SlotScore, policy: Policy["window"], thresholds: SequentialThresholds): Finding | undefined {
  for (const of of evidence) {
    const { severity } = of;
    if (severity.kind === "severe") return { rule: "severe", detail: severity.detail, of };
    if (severity.kind === "slow" && of.slowSlots >= 2) return { rule: "severe", detail: () => `${severity.detail()} in two slots`, of };
    // Without any reported request a scale-in proves nothing: at night groups shrink, and metrics may be missing.
    if (of.seenLostSlots >= 2 && of.hosts !== null && of.mostHosts !== null && of.hosts < of.mostHosts) {
      return { rule: "traffic-lost", detail: () => `traffic fell below a tenth of the usual and healthy hosts from ${of.mostHosts} to ${of.hosts}`, of };
    }
  }
  switch (policy.decision) {
    case "literal":
      return slot.verdict === "breach" ? { rule: "literal", detail: () => slot.reason } : undefined;
    case "sequential":
      return sequentialBreach(evidence, policy, thresholds);
  }
}

/** In logarithms. */
interface SequentialThresholds {
  readonly errors: number;
  readonly latency: number;
}

/** All hours and the busy ones are looked at apart. */
const loadClasses = 2;

/** E ≥ looks × tests ÷ α: the chance of a false alarm over the run is at most α under any true rate within the limit. */
function sequentialThresholds({ policy, tests }: Judging): SequentialThresholds {
  const slots = Math.max(1, policy.minutes / policy.slotMinutes);
  const steps = Math.max(1, slots / slotsPerStep(policy));
  const threshold = (looks: number): number => Math.log((looks * loadClasses * Math.max(1, tests)) / policy.falseRollbackChance);
  return { errors: threshold(slots), latency: threshold(steps) };
}

function sequentialBreach(evidence: readonly BalancerEvidence[], policy: Policy["window"], thresholds: SequentialThresholds): Finding | undefined {
  for (const of of evidence) {
    const found = sequentialFinding(of.all, "", policy, thresholds) ?? (of.busy && sequentialFinding(of.busy, " in the busiest hours", policy, thresholds));
    if (found !== undefined) return { ...found, of };
  }
  return undefined;
}

function sequentialFinding(load: LoadEvidence, when: string, policy: Policy["window"], thresholds: SequentialThresholds): Finding | undefined {
  if (load.mostOfErrors >= thresholds.errors && reaches(load.errors, thresholds.errors)) {
    const rate = (): string => percent(load.errorCount / load.requestCount, 2);
    return { rule: "sequential-errors", detail: () => `errors ${rate()} so far${when}: above ${percent(policy.maxErrorRate, 2)} beyond chance` };
  }
  if (load.mostOfLatency >= thresholds.latency && reaches(load.latency, thresholds.latency)) {
    return { rule: "sequential-p99", detail: () => `p99 above ×${(1 + policy.maxP99Increase).toFixed(2)} beyond chance${when}` };
  }
  return undefined;
}

function coverageGap({ evidence, slots }: JudgedSoFar, policy: Policy["window"]): string | undefined {
  if (evidence.length === 0) return "the region has no load balancer to judge by";
  for (const { reference, conclusive, conclusiveTail, busySlots, busyConclusive } of evidence) {
    if (conclusive < policy.minConclusiveShare * slots.length) return `${reference.loadBalancer}: ${conclusive} of ${slots.length} slots conclusive`;
    if (busyConclusive < policy.minConclusiveShare * busySlots) {
      return `${reference.loadBalancer}: ${busyConclusive} of ${busySlots} slots of its busiest hours conclusive`;
    }
    if (conclusiveTail.includes(false)) return `${reference.loadBalancer}: one of the latest ${conclusiveTail.length} slots is inconclusive`;
  }
  return undefined;
}

/** What a pass owes its reader: that it is one only beside untouched regions, that it never saw the week's peak, or nothing of what was changed. */
function passedHow({ evidence, slots }: JudgedSoFar, judging: Judging): string {
  const { policy, common } = judging;
  const said: string[] = [];
  const without = common === undefined ? undefined : endGate(evidence, slots, policy);
  if (without !== undefined) said.push(`${without.detail}, as in untouched regions`);
  const [first, last] = [slots[0], slots.at(-1)];
  const references = evidence.map(({ reference }) => reference);
  if (first !== undefined && last !== undefined && peakSeenMs(first.startMs, references) > last.endMs)
    said.push("passed without its peak: the busiest hours of the week are not in it");
  said.push(...idlePromises(slots, judging));
  return said.join("; ");
}

function verdict({ kind, finding: { rule, detail, of }, seen: { evidence, slots } }: Opinion): WindowVerdict {
  const requests = evidence.reduce((sum, each) => sum + each.all.requestCount, 0);
  const errors = evidence.reduce((sum, each) => sum + each.all.errorCount, 0);
  const conclusive = evidence.length === 0 ? 0 : Math.min(...evidence.map((each) => each.conclusive));
  // A window that goes on is judged after every slot, where a median of all slots would cost most and nobody reads it.
  const ratios = kind === "watching" ? [] : evidence.map(({ reference }) => medianRatio(slots, reference)).filter((ratio) => ratio !== null);
  return {
    kind,
    rule,
    detail: detail(),
    ...(of === undefined ? {} : { loadBalancer: of.reference.loadBalancer }),
    errorRate: requests === 0 ? null : errors / requests,
    medianP99Ratio: ratios.length === 0 ? null : Math.max(...ratios),
    conclusiveShare: slots.length === 0 ? 0 : conclusive / slots.length,
    slots: slots.length,
  };
}
