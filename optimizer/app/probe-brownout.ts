import type { Effect } from "../core/execution/effect.ts";
import { pollKey, probedTo } from "../core/execution/polls.ts";
import { resolvedValues, witnessKeys } from "../core/metrics/absence.ts";
import { type Observation, type SeriesKey, seriesId, type Span } from "../core/model/observation.ts";
import { uniqueKeys } from "../core/planning/decide-all.ts";
import type { MetricReader } from "../ports/metrics.ts";
import type { RunContext } from "./run-context.ts";

type Probe = Extract<Effect, { readonly kind: "probe" }>;

/**
 * Polls at a brownout so far. Any value above zero ends it at once; at its end it is silent only when nearly all periods are known to be
 * zero: a gap counts as zero only beside a witness.
 */
export async function probeBrownout(effect: Probe, run: RunContext): Promise<void> {
  const { action, step, span, brownout, phase, region, round } = effect;
  const found = await readProbes(step.probes, span, run.ports.metrics);
  const tell = (event: "silent" | "read" | "unclear", detail: string): Promise<void> =>
    run.journal({ phase, region, round, op: step.id }, "BROWN_OUT", { action: action.id, event, ...brownout, detail });
  if (found.read !== undefined) return tell("read", `${found.read.metric} in ${found.read.region} was ${found.read.value}`);
  if (span.endMs < brownout.endMs) return run.notePoll((polls) => probedTo(polls, pollKey({ action, step, purpose: "forward" }), span.endMs));
  const share = found.periods === 0 ? 0 : found.known / found.periods;
  if (share < run.plan.policy.window.minConclusiveShare) return tell("unclear", `only ${found.known} of ${found.periods} periods are known to be silent`);
  return tell("silent", `${found.periods} periods without a read`);
}

interface Found {
  readonly read?: { readonly metric: string; readonly region: string; readonly value: number };
  readonly periods: number;
  readonly known: number;
}

async function readProbes(probes: readonly SeriesKey[], span: Span, metrics: MetricReader): Promise<Found> {
  let periods = 0;
  let known = 0;
  for (const { region, periodSeconds, own } of grouped(probes)) {
    const whole = wholePeriods(span, periodSeconds);
    if (whole.endMs <= whole.startMs) continue;
    const read = await metrics.read(region, uniqueKeys([...own, ...own.flatMap(witnessKeys)]), whole);
    const observations = new Map(read.map((each): [string, Observation] => [seriesId(each.key), each]));
    for (const probe of own) {
      const values = resolvedValues({ observations }, probe) ?? new Float64Array((whole.endMs - whole.startMs) / (periodSeconds * 1000)).fill(Number.NaN);
      const value = values.find((each) => each > 0);
      if (value !== undefined) return { read: { metric: probe.metric, region, value }, periods, known };
      periods += values.length;
      known += observations.get(seriesId(probe))?.status === "complete" ? values.filter((each) => each === 0).length : 0;
    }
  }
  return { periods, known };
}

function grouped(probes: readonly SeriesKey[]): readonly { readonly region: string; readonly periodSeconds: number; readonly own: readonly SeriesKey[] }[] {
  const groups = new Map<string, { readonly region: string; readonly periodSeconds: number; readonly own: SeriesKey[] }>();
  for (const probe of probes) {
    const { region, periodSeconds } = probe;
    const key = `${region}|${periodSeconds}`;
    const group = groups.get(key) ?? { region, periodSeconds, own: [] };
    group.own.push(probe);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Only periods that lie wholly within the brownout: what was read before the cap proves nothing. */
function wholePeriods({ startMs, endMs }: Span, periodSeconds: number): Span {
  const periodMs = periodSeconds * 1000;
  return { startMs: Math.ceil(startMs / periodMs) * periodMs, endMs: Math.floor(endMs / periodMs) * periodMs };
}
