import { UserError } from "../../contract/user-error.ts";
import { allSlotKeys, balancerSlotKeys } from "../core/metrics/balancer-slots.ts";
import { billedForecast } from "../core/metrics/metric-batches.ts";
import { freezeBaseline } from "../core/model/baseline-codec.ts";
import { CollectedSeries } from "../core/model/collected-series.ts";
import { type Baseline, type FrozenBaseline, type Observation, type SeriesKey, seriesId, type Span } from "../core/model/observation.ts";
import type { Policy } from "../core/model/policy.ts";
import type { Inventory } from "../core/levers/resource-kinds.ts";
import type { Rule, RuleFacts } from "../core/model/rule.ts";
import { ownBill } from "../core/money/own-bill.ts";
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
  /** What the study may cost. */
  readonly budget: Budget;
}

export interface Budget {
  /** US dollars, CloudWatch's and Cost Explorer's requests together. */
  readonly maxUsd: number;
  /** Cost Explorer requests that the study makes besides. */
  readonly costExplorerRequests: number;
}

/**
 * From coarse to fine: first everything hourly and the load balancers' slots, then 5 minutes only where a rule says that they could change
 * its verdict. Then frozen: hashed, never queried again. What reading costs is told before it is spent; throws the UserError `too-dear` above the
 * budget.
 */
export async function collectBaseline(
  { inventory, rules, facts, span, budget }: Collection,
  reader: MetricReader,
  reporter: Reporter,
): Promise<FrozenBaseline> {
  const { policy } = facts;
  const before = reader.requestsMade();
  const balancers = inventory.resources.filter((resource) => resource.kind === "load-balancer");
  const slots = balancers.flatMap((balancer) => allSlotKeys(balancerSlotKeys(balancer, policy.window.slotMinutes * 60)));
  // Rules on one kind of resource demand the same keys: what they are is looked at once.
  const asked = uniqueKeys(new Set([...rules.flatMap((rule) => rule.demands(inventory, policy)), ...slots]));
  const price = { facts, span, budget };
  const first = tellPrice(asked, undefined, price, reporter);
  const coarse = await readAll(asked, span, reader, reporter);
  const collected = (observations: readonly Observation[]): Baseline => ({
    span,
    observations: new CollectedSeries(observations.map((one) => [seriesId(one.key), one])),
    metricRequests: reader.requestsMade() - before,
  });

  const known = collected(coarse);
  // One object for all rules: those on one kind of resource look at its studies together, once for the facts that they are given.
  const seen: RuleFacts = { ...facts, inventory, baseline: known };
  const refined = uniqueKeys(rules.flatMap((rule) => rule.refinements(seen)).filter((key) => !known.observations.has(seriesId(key))));
  if (refined.length === 0) return freezeBaseline({ ...known, coarser: known });
  tellPrice(refined, first, price, reporter);
  return freezeBaseline({ ...collected([...coarse, ...(await readAll(refined, span, reader, reporter))]), coarser: known });
}

/** What is read of CloudWatch, and where. */
interface Priced {
  readonly metricRequests: number;
  readonly regions: readonly string[];
}

/**
 * The price of reading these series, after what was already told, in words; nothing that is dearer than the budget is begun. Returns all that is
 * told now.
 */
function tellPrice(
  keys: readonly SeriesKey[],
  already: Priced | undefined,
  { facts, span, budget }: Pick<Collection, "facts" | "span" | "budget">,
  reporter: Reporter,
): Priced {
  const more = billedForecast(keys, span);
  const metricRequests = (already?.metricRequests ?? 0) + more;
  const regions = [...new Set([...(already?.regions ?? []), ...keys.map(({ region }) => region)])];
  const { usd } = ownBill(facts.prices, regions, { metricRequests, costExplorerRequests: budget.costExplorerRequests });
  const price = `$${usd.toFixed(2)}`;
  if (usd > budget.maxUsd) {
    throw new UserError({
      code: "too-dear",
      message: `this study would cost ${price} (${metricRequests} metrics, ${budget.costExplorerRequests} requests of Cost Explorer), more than --max-cost ${budget.maxUsd}`,
      hint: "raise --max-cost, study fewer regions with --region, or set a shorter baselineDays in the policy",
    });
  }
  const isFirst = already === undefined || already.metricRequests === 0;
  const detail = isFirst ? `${more} metrics and ${budget.costExplorerRequests} requests of Cost Explorer` : `${more} metrics more, every 5 minutes`;
  reporter.tell({ kind: "study", part: "price", detail: `${detail}: ${price} in all` });
  return { metricRequests, regions };
}

const daySeconds = 86_400;

function periodWords(seconds: number): string {
  return seconds === daySeconds ? "day" : `${seconds / 60} min`;
}

/** All regions side by side; a region whose metrics fail has none, which rules read as insufficient data. */
async function readAll(keys: readonly SeriesKey[], span: Span, reader: MetricReader, reporter: Reporter): Promise<readonly Observation[]> {
  const regions = [...new Set(keys.map(({ region }) => region))];
  const read = await Promise.all(
    regions.map(async (region): Promise<readonly Observation[]> => {
      const own = keys.filter((key) => key.region === region);
      const periods = [...new Set(own.map(({ periodSeconds }) => periodSeconds))].sort((a, b) => b - a);
      reporter.tell({
        kind: "study",
        part: "metrics",
        region,
        detail: `${own.length} series, every ${periods.map(periodWords).join(" or ")}`,
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
