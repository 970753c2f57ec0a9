import type { Metric } from "@aws-sdk/client-cloudwatch";
import { momentMs } from "../../scenario/references.ts";
import { fitsPattern } from "../../scenario/references.ts";
import { hashUnit } from "../../load/noise.ts";
import type { MetricQuery } from "./metric-query.ts";
import { tickMs } from "../../load/tick.ts";
import type { Scenario } from "../../scenario/scenario.ts";

const dayMs = 86_400_000;
/** A period's newest point comes one to three minutes after its end. */
const earliestMs = 60_000;
const latestMs = 180_000;

/** How long points of a period are kept: 5 minutes 63 days, an hour 455 days (Amazon CloudWatch User Guide, metrics retention). */
export function retentionMs(periodSeconds: number): number {
  return (periodSeconds % 3600 === 0 ? 455 : 63) * dayMs;
}

/** Which ticks of a metric CloudWatch shows at a moment: not the newest, and not those the scenario says are missing. */
export function shownTicks(
  scenario: Scenario,
  region: string,
  { metric, streamIn }: Pick<MetricQuery, "metric" | "streamIn">,
  nowMs: number,
): (tick: number) => boolean {
  const startMs = Date.parse(scenario.start);
  const lagMs = scenario.metricFaults
    .filter((fault) => fault.kind === "late-points" && isAt(fault, region, nowMs, startMs))
    .reduce((lag, fault) => Math.max(lag, fault.kind === "late-points" ? fault.lagSeconds * 1000 : 0), 0);
  const gaps = missingSpans(scenario, region, metric, startMs);
  const settledMs = nowMs - lagMs - latestMs;
  return (tick) => {
    const endMs = (tick + 1) * tickMs;
    if (endMs > settledMs && endMs + lagMs + earliestMs + (latestMs - earliestMs) * hashUnit(scenario.seed, streamIn(region), tick) > nowMs) return false;
    return gaps.length === 0 || !gaps.some((gap) => endMs > gap.fromMs && endMs - tickMs < gap.untilMs);
  };
}

/** Share of each series that a query made now is answered with: below 1 during a `partial-data` fault. */
export function answeredShare(scenario: Scenario, region: string, nowMs: number): number {
  const startMs = Date.parse(scenario.start);
  return scenario.metricFaults.reduce(
    (share, fault) => (fault.kind === "partial-data" && isAt(fault, region, nowMs, startMs) ? Math.min(share, fault.share) : share),
    1,
  );
}

function isAt(fault: Scenario["metricFaults"][number], region: string, nowMs: number, startMs: number): boolean {
  const here = fault.region === undefined || fault.region === region;
  return here && nowMs >= momentMs(fault.from, startMs) && nowMs < momentMs(fault.until, startMs);
}

function missingSpans(scenario: Scenario, region: string, metric: Metric, startMs: number): readonly { readonly fromMs: number; readonly untilMs: number }[] {
  return scenario.missingMetrics
    .filter((missing) => missing.region === region && missing.namespace === metric.Namespace)
    .filter((missing) => missing.metrics === undefined || missing.metrics.includes(metric.MetricName ?? ""))
    .filter((missing) => (metric.Dimensions ?? []).some(({ Value }) => fitsPattern(missing.resource, Value ?? "")))
    .map(({ from, until }) => ({
      fromMs: from === undefined ? -Infinity : momentMs(from, startMs),
      untilMs: until === undefined ? Infinity : momentMs(until, startMs),
    }));
}
