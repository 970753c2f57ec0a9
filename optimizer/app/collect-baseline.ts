import { allSlotKeys, balancerSlotKeys } from "../core/metrics/balancer-slots.ts";
import { freezeBaseline } from "../core/model/baseline-codec.ts";
import { type Baseline, type Observation, type SeriesKey, seriesId, type Span } from "../core/model/observation.ts";
import type { Policy } from "../core/model/policy.ts";
import type { Inventory } from "../core/levers/resource-kinds.ts";
import type { Rule, RuleFacts } from "../core/model/rule.ts";
import { uniqueKeys } from "../core/planning/decide-all.ts";
import type { MetricReader } from "../ports/metrics.ts";
import type { Reporter } from "../ports/reporter.ts";
import { regionFailure } from "./region-failure.ts";

const hourMs = 60 * 60 * 1000;

/** Whole hours, ended by the last one whose newest points AWS has had the policy's time to complete. */
export function baselineSpan(nowMs: number, { baselineDays, window }: Policy): Span {
  const endMs = Math.floor((nowMs - window.settleMinutes * 60_000) / hourMs) * hourMs;
  return { startMs: endMs - baselineDays * 24 * hourMs, endMs };
}

interface Collection {
  readonly inventory: Inventory;
  readonly rules: readonly Rule[];
  /** What rules look at apart from the baseline itself. */
  readonly facts: Omit<RuleFacts, "baseline" | "inventory">;
  readonly span: Span;
}

/**
 * From coarse to fine: first everything hourly and the load balancers' slots, then 5 minutes only where a rule says that they could change
 * its verdict. Then frozen: hashed, never queried again.
 */
export async function collectBaseline({ inventory, rules, facts, span }: Collection, reader: MetricReader, reporter: Reporter): Promise<Baseline> {
  const { policy } = facts;
  const before = reader.requestsMade();
  const balancers = inventory.resources.filter((resource) => resource.kind === "load-balancer");
  const slots = balancers.flatMap((balancer) => allSlotKeys(balancerSlotKeys(balancer, policy.window.slotMinutes * 60)));
  const coarse = await readAll([...rules.flatMap((rule) => rule.demands(inventory, policy)), ...slots], span, reader, reporter);
  const freeze = (observations: readonly Observation[]): Baseline =>
    freezeBaseline({ span, observations: new Map(observations.map((one) => [seriesId(one.key), one])), metricRequests: reader.requestsMade() - before });

  const known = freeze(coarse);
  const refined = rules.flatMap((rule) => rule.refinements({ ...facts, inventory, baseline: known })).filter((key) => !known.observations.has(seriesId(key)));
  if (refined.length === 0) return known;
  return freeze([...coarse, ...(await readAll(refined, span, reader, reporter))]);
}

/** Each series once, all regions side by side; a region whose metrics fail has none, which rules read as insufficient data. */
async function readAll(keys: readonly SeriesKey[], span: Span, reader: MetricReader, reporter: Reporter): Promise<readonly Observation[]> {
  const unique = uniqueKeys(keys);
  const regions = [...new Set(unique.map(({ region }) => region))];
  const read = await Promise.all(
    regions.map(async (region): Promise<readonly Observation[]> => {
      const own = unique.filter((key) => key.region === region);
      const periods = [...new Set(own.map(({ periodSeconds }) => periodSeconds))].sort((a, b) => b - a);
      reporter.tell({
        kind: "study",
        part: "metrics",
        region,
        detail: `${own.length} series, every ${periods.map((seconds) => `${seconds / 60} min`).join(" or ")}`,
      });
      try {
        return await reader.read(region, own, span);
      } catch (error) {
        reporter.tell({ kind: "warning", message: `metrics of ${region} could not be read: ${regionFailure(error)}` });
        return [];
      }
    }),
  );
  return read.flat();
}
