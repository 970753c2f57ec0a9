import type { Effect } from "../core/execution/effect.ts";
import { reachedRegions } from "../core/execution/reach.ts";
import { allSlotKeys, balancerSlotKeys } from "../core/metrics/balancer-slots.ts";
import { type Observation, seriesId, type Span } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { ResourceOf } from "../core/levers/resource-kinds.ts";
import type { SlotCounts, SlotScore } from "../core/model/window.ts";
import { isNotOurs } from "../core/observation/control-regions.ts";
import { scoreSlot } from "../core/observation/score-slot.ts";
import { slotReader } from "../core/observation/slot-counts.ts";
import type { MetricReader } from "../ports/metrics.ts";
import { regionFailure } from "./region-failure.ts";
import type { RunContext } from "./run-context.ts";

/** Scores slots of regions that are watched together; missed slots are read in one go and scored one by one, through the same code. */
export interface SlotScorer {
  score(regions: readonly string[], slot: Span, throughMs: number): Promise<SlotScore>;
}

interface Batch {
  readonly span: Span;
  readonly observations: ReadonlyMap<string, Observation>;
}

export function createSlotScorer(plan: Plan, metrics: MetricReader): SlotScorer {
  const batches = new Map<string, Batch>();
  return {
    async score(regions, slot, throughMs) {
      const counts = await Promise.all(regions.map((region) => countsOf(region, slot, throughMs)));
      return scoreSlot(
        slot,
        counts.flat(),
        plan.balancers.filter(({ region }) => regions.includes(region)),
        plan.policy.window,
      );
    },
  };

  async function countsOf(region: string, slot: Span, throughMs: number): Promise<readonly SlotCounts[]> {
    const known = batches.get(region);
    const batch =
      known !== undefined && covers(known.span, slot) ? known : await readBatch(region, { startMs: slot.startMs, endMs: Math.max(slot.endMs, throughMs) });
    batches.set(region, batch);
    return balancersOf(plan, region).map((balancer) =>
      slotReader(balancer.fullName, balancerSlotKeys(balancer, plan.policy.window.slotMinutes * 60), batch.observations)(slot.startMs),
    );
  }

  async function readBatch(region: string, span: Span): Promise<Batch> {
    const keys = balancersOf(plan, region).flatMap((balancer) => allSlotKeys(balancerSlotKeys(balancer, plan.policy.window.slotMinutes * 60)));
    const observations = keys.length === 0 ? [] : await metrics.read(region, keys, span);
    return { span, observations: new Map(observations.map((each) => [seriesId(each.key), each])) };
  }
}

function balancersOf(plan: Plan, region: string): readonly ResourceOf<"load-balancer">[] {
  return plan.inventory.resources.filter((resource) => resource.kind === "load-balancer").filter(({ ref }) => ref.region === region);
}

function covers(span: Span, slot: Span): boolean {
  return span.startMs <= slot.startMs && slot.endMs <= span.endMs;
}

/** One due slot, journaled. */
export async function scoreDueSlot(
  { phase, region, round, watch, span, throughMs }: Extract<Effect, { readonly kind: "score" }>,
  run: RunContext,
  scorer: SlotScorer,
): Promise<void> {
  await run.journal({ phase, region, round }, "SLOT", { watch, score: await scorer.score(reachedRegions(run.plan, phase, region), span, throughMs) });
}

/** A breach is decided, unless an untouched region breaches as well: then a human has to look. An unreadable control is none. */
export async function checkControl(
  { phase, region, round, controls, slots, verdict }: Extract<Effect, { readonly kind: "check-control" }>,
  run: RunContext,
): Promise<void> {
  const scorer = createSlotScorer(run.plan, run.ports.metrics);
  const endMs = slots.at(-1)?.endMs ?? 0;
  const scores: SlotScore[][] = [];
  for (const control of controls) {
    try {
      const own: SlotScore[] = [];
      for (const slot of slots) own.push(await scorer.score([control], slot, endMs));
      scores.push(own);
    } catch (error) {
      run.ports.reporter.tell({ kind: "warning", message: `${control} could not be read as control: ${regionFailure(error)}` });
    }
  }
  if (!isNotOurs(verdict, scores)) return run.journal({ phase, region, round }, "DECISION", { kind: "breach", verdict });
  return run.journal({ phase, region, round }, "HOLD", {
    reason: `not ours: an untouched region breaches in the same slots (${verdict.detail})`,
    cause: "not-ours",
  });
}
