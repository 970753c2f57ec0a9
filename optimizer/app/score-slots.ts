import { sameJson } from "../../contract/canonical-json.ts";
import { draftOf } from "../core/execution/draft.ts";
import type { Effect, StageKey } from "../core/execution/effect.ts";
import { plannedStage } from "../core/execution/edit-state.ts";
import { liveChecks } from "../core/execution/live-checks.ts";
import { readAgain, watchKey } from "../core/execution/polls.ts";
import { reachedRegions } from "../core/execution/reach.ts";
import { isGivenUpUnread } from "../core/execution/retry-limits.ts";
import { allSlotKeys, balancerSlotKeys, sampleCountKey } from "../core/metrics/balancer-slots.ts";
import type { OwnCheck } from "../core/model/action.ts";
import { allInOrder } from "../core/model/all-in-order.ts";
import type { UnreadRegion } from "../core/model/journal-record.ts";
import { type Observation, seriesId, type SeriesKey, type Span } from "../core/model/observation.ts";
import { oncePerValue } from "../core/model/once.ts";
import type { Plan } from "../core/model/plan.ts";
import type { ResourceOf } from "../core/levers/resource-kinds.ts";
import type { StageState } from "../core/model/run-state.ts";
import type { CheckedValue, SlotCounts, SlotScore } from "../core/model/window.ts";
import { asPartial, isWhole, neighbourSlots } from "../core/observation/completeness.ts";
import { commonShift, type ControlRegion, isNotOurs, mayBeNotOurs } from "../core/observation/control-regions.ts";
import { checkedValue, checkKeys } from "../core/observation/own-checks.ts";
import { scoreSlot } from "../core/observation/score-slot.ts";
import { slotReader } from "../core/observation/slot-counts.ts";
import type { MetricReader } from "../ports/metrics.ts";
import { regionFailure } from "./region-failure.ts";
import type { RunContext } from "./run-context.ts";
import { withWhatAwsTells, wordsOf } from "./what-aws-tells.ts";

/** A slot, and whether CloudWatch had all of its points. */
interface Scored {
  readonly score: SlotScore;
  readonly isWhole: boolean;
}

/** Scores slots of regions that are watched together; missed slots are read in one go and scored one by one, through the same code. */
export interface SlotScorer {
  /** `checks`: what changes that are in place promised of themselves, read along with the load balancers of their region. */
  score(regions: readonly string[], slot: Span, throughMs: number, checks?: readonly OwnCheck[]): Promise<Scored>;
  /** What was read is asked for anew. */
  forget(): void;
}

interface Batch {
  readonly region: string;
  readonly span: Span;
  readonly checks: readonly OwnCheck[];
  readonly observations: ReadonlyMap<string, Observation>;
}

/** What is asked of a region while these checks are looked at, with the name of each series. */
interface Asked {
  readonly checks: readonly OwnCheck[];
  readonly keys: readonly SeriesKey[];
  readonly ids: readonly string[];
}

export function createSlotScorer(plan: Plan, metrics: MetricReader): SlotScorer {
  const batches = new Map<string, Batch>();
  const askedOf = new Map<string, Asked>();
  const slotSeconds = plan.policy.window.slotMinutes * 60;
  // A window asks for the same series at each of its slots.
  const watchedIn = oncePerValue((region: string) =>
    balancersOf(plan, region).map((balancer) => ({
      balancer,
      keys: balancerSlotKeys(balancer, slotSeconds),
      sampleCount: sampleCountKey(balancer, slotSeconds),
    })),
  );
  return {
    async score(regions, slot, throughMs, checks = []) {
      const own = await allInOrder(regions.map((region) => batchOf(region, slot, throughMs, checks)));
      const read = own.flatMap((batch) => countsOf(batch, slot));
      const counts = read.map((each) => (each.isWhole ? each.counts : asPartial(each.counts)));
      const references = plan.balancers.filter(({ region }) => regions.includes(region));
      const score = scoreSlot(slot, counts, references, plan.policy.window);
      const checked = checks.length === 0 ? [] : checkedIn(own, checks, slot);
      return { score: checked.length === 0 ? score : { ...score, checks: checked }, isWhole: read.every((each) => each.isWhole) };
    },
    forget: () => batches.clear(),
  };

  function checkedIn(read: readonly Batch[], checks: readonly OwnCheck[], { startMs }: Span): readonly CheckedValue[] {
    const [first] = read;
    const observations = read.length === 1 && first !== undefined ? first.observations : new Map(read.flatMap((batch) => [...batch.observations]));
    return checks.map((check) => checkedValue(check, observations, startMs));
  }

  async function batchOf(region: string, slot: Span, throughMs: number, checks: readonly OwnCheck[]): Promise<Batch> {
    const known = batches.get(region);
    if (known !== undefined && covers(known.span, slot) && checks.every((check) => known.checks.includes(check))) return known;
    const batch = await readBatch(region, { startMs: slot.startMs, endMs: Math.max(slot.endMs, throughMs) }, checks);
    batches.set(region, batch);
    return batch;
  }

  function countsOf({ region, observations }: Batch, { startMs }: Span): readonly { readonly counts: SlotCounts; readonly isWhole: boolean }[] {
    return watchedIn(region).map(({ balancer, keys, sampleCount }) => {
      const counts = slotReader(balancer.fullName, keys, observations)(startMs);
      return { counts, isWhole: isWhole(sampleCount === undefined ? undefined : observations.get(seriesId(sampleCount)), startMs, counts) };
    });
  }

  /** Some slots more than asked for: sample counts are compared with those before. */
  async function readBatch(region: string, { startMs, endMs }: Span, checks: readonly OwnCheck[]): Promise<Batch> {
    const { keys, ids } = asking(region, checks);
    const span = { startMs: startMs - neighbourSlots * slotSeconds * 1000, endMs };
    const observations = keys.length === 0 ? [] : await metrics.read(region, keys, span);
    return { region, span, checks, observations: new Map(observations.map((each, at) => [ids[at] ?? seriesId(each.key), each])) };
  }

  /** The same list from slot to slot, as long as the checks are the same. */
  function asking(region: string, checks: readonly OwnCheck[]): Asked {
    const known = askedOf.get(region);
    if (known !== undefined && known.checks.length === checks.length && known.checks.every((check, at) => check === checks[at])) return known;
    const watched = watchedIn(region).flatMap((each) => [...allSlotKeys(each.keys), ...(each.sampleCount === undefined ? [] : [each.sampleCount])]);
    const keys = [...watched, ...checkKeys(checks).filter((key) => key.region === region)];
    const asked = { checks, keys, ids: keys.map(seriesId) };
    askedOf.set(region, asked);
    return asked;
  }
}

function balancersOf(plan: Plan, region: string): readonly ResourceOf<"load-balancer">[] {
  return plan.inventory.resources.filter((resource) => resource.kind === "load-balancer").filter(({ ref }) => ref.region === region);
}

function covers(span: Span, slot: Span): boolean {
  return span.startMs <= slot.startMs && slot.endMs <= span.endMs;
}

/** Late points are waited for as long as these many slots take; then the slot counts as what it is, inconclusive. */
const slotsWaitedFor = 8;

/** One due slot, journaled as soon as all of its points are there. */
export async function scoreDueSlot(
  { phase, region, round, watch, span, throughMs }: Extract<Effect, { readonly kind: "score" }>,
  run: RunContext,
  scorer: SlotScorer,
): Promise<void> {
  const key = { phase, region, round };
  const regions = reachedRegions(run.plan, phase, region);
  const checksIn = (slot: Span): readonly OwnCheck[] => checksOf(run, key, slot);
  const { score, isWhole: hasAll } = await scorer.score(regions, span, throughMs, checksIn(span));
  if (hasAll) {
    const revised = await readLatestAgain(scored(run, key, watch), { regions, span, scorer, checksIn });
    return run.journal(key, "SLOT", { watch, score, ...(revised.length === 0 ? {} : { revised }) });
  }
  scorer.forget();
  const nowMs = run.ports.clock.nowMs();
  const { slotMinutes, settleMinutes } = run.plan.policy.window;
  if (nowMs < span.endMs + slotsWaitedFor * slotMinutes * 60_000) {
    const untilMs = nowMs + Math.max(1, Math.min(settleMinutes, slotMinutes)) * 60_000;
    return run.notePoll((polls) => readAgain(polls, watchKey(key), untilMs, span.endMs));
  }
  const late = `metrics are ${Math.round((nowMs - span.endMs) / 60_000)} min late`;
  await run.journal(key, "SLOT", { watch, score: { ...score, reason: score.verdict === "inconclusive" ? late : `${score.reason}; ${late}` } });
}

/** Slots read again with the one after them. */
const readAgainSlots = 2;

/** The slots just before this one whose figures have changed since they were scored: some points came later than the sample counts said. */
async function readLatestAgain(before: readonly SlotScore[], { regions, span, scorer, checksIn }: Reading): Promise<readonly SlotScore[]> {
  const latest = before.slice(-readAgainSlots).filter(({ startMs, endMs }) => span.startMs - startMs <= readAgainSlots * (endMs - startMs));
  const read: SlotScore[] = [];
  for (const slot of latest) {
    // What began only afterwards promised nothing yet.
    const checks = checksIn(slot).filter(({ name }) => slot.checks?.some((checked) => checked.name === name));
    const { score, isWhole: hasAll } = await scorer.score(regions, { startMs: slot.startMs, endMs: slot.endMs }, span.endMs, checks);
    if (hasAll && !isAsScored(score, slot)) read.push(score);
  }
  return read;
}

interface Reading {
  readonly regions: readonly string[];
  readonly span: Span;
  readonly scorer: SlotScorer;
  readonly checksIn: (slot: Span) => readonly OwnCheck[];
}

/** By the figures alone: the words and verdicts follow from them. */
function isAsScored(again: SlotScore, before: SlotScore): boolean {
  return sameJson(again.counts, before.counts) && sameJson(again.checks ?? [], before.checks ?? []);
}

/** What the stage's changes promise of themselves. After a rollback none of them is in place any more. */
function checksOf(run: RunContext, key: StageKey, slot: Span): readonly OwnCheck[] {
  const stage = stageOf(run, key);
  return stage === undefined ? [] : liveChecks(plannedStage(run.plan, key.phase, key.region, key.round), stage, slot);
}

function scored(run: RunContext, key: StageKey, watch: "window" | "after-rollback"): readonly SlotScore[] {
  const stage = stageOf(run, key);
  return (watch === "window" ? stage?.window?.slots : stage?.confirmation) ?? [];
}

function stageOf(run: RunContext, { phase, region, round }: StageKey): StageState | undefined {
  return run
    .state()
    .phases.find(({ number }) => number === phase)
    ?.stages.find((each) => each.region === region && each.round === round);
}

/**
 * A breach is decided, unless an untouched region breaches as well: then a human has to look. A control that cannot be read is none, and the breach
 * says so: what does harm now waits for no answer of another region.
 */
export async function checkControl(
  { phase, region, round, controls, slots, verdict }: Extract<Effect, { readonly kind: "check-control" }>,
  run: RunContext,
): Promise<void> {
  const key = { phase, region, round };
  const { read, unread } = await readControls(
    controls.map((control) => ({ region: control, slots })),
    run,
  );
  const scores = read.map((each) => each.slots);
  if (isNotOurs(verdict, scores)) {
    const words = await wordsOf(region, run);
    return run.journal(key, "HOLD", {
      reason: `not ours: an untouched region breaches in the same slots (${verdict.detail}${words === "" ? "" : `; ${words}`})`,
      cause: "not-ours",
    });
  }
  const last = slots.at(-1);
  // The slot after the breach is not due yet, and one bad slot of the control is chance or the beginning of the same outage.
  if (last !== undefined && last.endMs === scored(run, key, "window").at(-1)?.endMs && mayBeNotOurs(verdict, scores)) {
    const { slotMinutes, settleMinutes } = run.plan.policy.window;
    const untilMs = last.endMs + (slotMinutes + settleMinutes) * 60_000;
    if (untilMs > run.ports.clock.nowMs()) return run.notePoll((polls) => readAgain(polls, watchKey(key), untilMs, last.endMs));
  }
  const words = unread.map(({ region: control, reason }) => `; ${control} could not be read beside it: ${reason}`).join("");
  const told = words === "" ? verdict : { ...verdict, detail: `${verdict.detail}${words}` };
  await run.append(await withWhatAwsTells(draftOf({ atMs: run.ports.clock.nowMs(), ...key }, "DECISION", { kind: "breach", verdict: told }), run));
}

/**
 * What untouched regions went through in the window's slots, for the end gate. What a window shows as a whole is no haste: a region that gives no
 * answer is asked again as any is, and is left out, by name, only once the policy's polls or minutes for that are over.
 */
export async function compareWithControls(
  { phase, region, round, controls, slots }: Extract<Effect, { readonly kind: "compare" }>,
  run: RunContext,
): Promise<void> {
  const key = { phase, region, round };
  const { read, unread } = await readControls(
    controls.map(({ region: control, untilMs }) => ({ region: control, slots: slots.filter(({ endMs }) => endMs <= untilMs) })),
    run,
  );
  const [first] = unread;
  if (first !== undefined && !isLastPoll(run, key)) throw first.error;
  const common = commonShift(
    read.map((each): ControlRegion => ({ references: run.plan.balancers.filter((balancer) => balancer.region === each.region), slots: each.slots })),
    slots.length,
  );
  await run.journal(key, "WINDOW", {
    event: "compared",
    throughMs: slots.at(-1)?.endMs ?? 0,
    regions: controls.map((control) => control.region),
    common: common ?? null,
    ...(unread.length === 0 ? {} : { unread: unread.map(({ region: control, reason }) => ({ region: control, reason })) }),
  });
}

/** Whether a further poll of the region's metrics without an answer would be the last. */
function isLastPoll(run: RunContext, key: StageKey): boolean {
  const { polls = 0, sinceMs } = stageOf(run, key)?.failing?.metrics ?? {};
  const nowMs = run.ports.clock.nowMs();
  return isGivenUpUnread({ polls: polls + 1, forMs: nowMs - (sinceMs ?? nowMs) }, run.plan.policy.unreadable);
}

interface ControlSlots<T extends Span> {
  readonly region: string;
  readonly slots: readonly T[];
}

interface ReadControls {
  readonly read: readonly ControlSlots<SlotScore>[];
  readonly unread: readonly (UnreadRegion & { readonly error: unknown })[];
}

async function readControls(controls: readonly ControlSlots<Span>[], run: RunContext): Promise<ReadControls> {
  const scorer = createSlotScorer(run.plan, run.ports.metrics);
  const read: ControlSlots<SlotScore>[] = [];
  const unread: (UnreadRegion & { readonly error: unknown })[] = [];
  for (const { region, slots } of controls) {
    const endMs = slots.at(-1)?.endMs ?? 0;
    try {
      const own: SlotScore[] = [];
      for (const slot of slots) own.push((await scorer.score([region], slot, endMs)).score);
      read.push({ region, slots: own });
    } catch (error) {
      const reason = regionFailure(error);
      unread.push({ region, reason, error });
      run.ports.reporter.tell({ kind: "warning", message: `${region} could not be read as control: ${reason}` });
    }
  }
  return { read, unread };
}
