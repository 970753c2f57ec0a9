import { disruptionSpans } from "../core/execution/disruption-spans.ts";
import type { Effect } from "../core/execution/effect.ts";
import { healthJudgedTo } from "../core/execution/polls.ts";
import { reachedRegions } from "../core/execution/reach.ts";
import type { Span } from "../core/model/observation.ts";
import type { SlotScore } from "../core/model/window.ts";
import { healthNow } from "../core/observation/health-now.ts";
import type { RunContext } from "./run-context.ts";
import type { SlotScorer } from "./score-slots.ts";

type HealthCheck = Extract<Effect, { readonly kind: "check-health" }>;

/** Polls at the region's latest slots before an action begins. Only what is not healthy, and the end of that, is worth a record. */
export async function checkHealth({ phase, region, round, action, slots }: HealthCheck, run: RunContext, scorer: SlotScorer): Promise<void> {
  const { plan } = run;
  const regions = reachedRegions(plan, phase, region);
  const endMs = slots.at(-1)?.endMs ?? 0;
  const scores = await latestWhole(slots, regions, scorer);
  const references = plan.balancers.filter((each) => regions.includes(each.region));
  const actions = plan.phases.flatMap(({ stages }) => stages.flatMap((stage) => stage.actions)).filter((each) => regions.includes(each.region));
  const health =
    scores.length === 0
      ? ({ kind: "unhealthy", detail: "metrics are late: no slot of the last hours is whole" } as const)
      : healthNow(scores, references, plan.policy.window, disruptionSpans(actions, run.state().records));
  const key = { phase, region, round };
  run.notePoll((polls) => healthJudgedTo(polls, action.id, endMs));
  const isWaiting = run
    .state()
    .phases.some(
      ({ number, stages }) =>
        number === phase &&
        stages.some((stage) => stage.actions.some(({ actionId, unhealthySinceMs }) => actionId === action.id && unhealthySinceMs !== undefined)),
    );
  if (health.kind === "unhealthy" && !isWaiting) return run.journal(key, "DECISION", { kind: "unhealthy", action: action.id, detail: health.detail });
  if (health.kind === "healthy" && isWaiting) return run.journal(key, "DECISION", { kind: "healthy", action: action.id });
}

/** Late points say nothing of health: instead of a slot that is not all there, the one before the others is asked, this many at most. */
const furthestBack = 8;

/** As many of the latest slots as were asked for, those whose points are all there; in order of time. */
async function latestWhole(slots: readonly Span[], regions: readonly string[], scorer: SlotScorer): Promise<readonly SlotScore[]> {
  const first = slots[0];
  const last = slots.at(-1);
  if (first === undefined || last === undefined) return [];
  const slotMs = last.endMs - last.startMs;
  const found: SlotScore[] = [];
  for (let startMs = last.startMs; found.length < slots.length && startMs >= first.startMs - furthestBack * slotMs; startMs -= slotMs) {
    const { score, isWhole } = await scorer.score(regions, { startMs, endMs: startMs + slotMs }, last.endMs);
    if (isWhole) found.unshift(score);
    else scorer.forget();
  }
  return found;
}
