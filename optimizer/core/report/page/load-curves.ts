import { errorTally } from "../../observation/score-slot.ts";
import type { BalancerReference, Plan } from "../../model/plan.ts";
import type { RunState } from "../../model/run-state.ts";
import type { SlotCounts, SlotScore } from "../../model/window.ts";
import { hourOfWeek } from "../../observation/hour-of-week.ts";

/** What a load balancer showed in one slot. Null where AWS had no point. */
export interface CurvePoint {
  readonly startMs: number;
  readonly errorShare: number | null;
  readonly p99Seconds: number | null;
  /** The p99 of the same hour of the week in the baseline, raised by what the policy allows. */
  readonly p99LimitSeconds: number | null;
  readonly verdict: SlotScore["verdict"];
}

export interface LoadCurve {
  readonly region: string;
  readonly loadBalancer: string;
  readonly points: readonly CurvePoint[];
}

/** Error rate and p99 of each load balancer in every slot that the run scored, in order of time. */
export function loadCurves(plan: Plan, state: RunState): readonly LoadCurve[] {
  const curves = new Map<string, { readonly region: string; readonly loadBalancer: string; readonly points: Map<number, CurvePoint> }>();
  for (const record of state.records) {
    if (record.type !== "SLOT" || record.region === null) continue;
    const { score } = record.body;
    for (const counts of score.counts) {
      const region = regionOf(plan, counts.loadBalancer, record.region);
      const key = `${region}|${counts.loadBalancer}`;
      const curve = curves.get(key) ?? { region, loadBalancer: counts.loadBalancer, points: new Map<number, CurvePoint>() };
      curve.points.set(score.startMs, pointOf(counts, score, plan, region));
      curves.set(key, curve);
    }
  }
  return [...curves.values()]
    .map(({ points, ...place }) => ({ ...place, points: [...points.values()].sort((a, b) => a.startMs - b.startMs) }))
    .sort((a, b) => (`${a.region}|${a.loadBalancer}` < `${b.region}|${b.loadBalancer}` ? -1 : 1));
}

/** Regions that AWS copies a change to are scored with the acting one: a load balancer's own region is the plan's to say. */
function regionOf({ balancers }: Plan, loadBalancer: string, acting: string): string {
  const known = balancers.filter((each) => each.loadBalancer === loadBalancer);
  return known.find(({ region }) => region === acting)?.region ?? known[0]?.region ?? acting;
}

function pointOf(counts: SlotCounts, { startMs, verdict }: SlotScore, plan: Plan, region: string): CurvePoint {
  const reference = plan.balancers.find((each) => each.loadBalancer === counts.loadBalancer && each.region === region);
  return { startMs, verdict, errorShare: errorShareOf(counts), p99Seconds: counts.p99Seconds, p99LimitSeconds: p99Limit(reference, startMs, plan) };
}

/** As the window counts it: an outage in which no request found a target is all errors, not a gap. */
function errorShareOf(counts: SlotCounts): number | null {
  const tally = errorTally(counts);
  return tally === null ? null : tally.errors / tally.requests;
}

function p99Limit(reference: BalancerReference | undefined, atMs: number, { policy }: Plan): number | null {
  const usual = reference?.p99SecondsByHour[hourOfWeek(atMs)];
  return usual === undefined || usual === null ? null : usual * (1 + policy.window.maxP99Increase);
}
