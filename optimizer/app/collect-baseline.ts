import { UserError } from "../../contract/user-error.ts";
import { allSlotKeys, balancerSlotKeys } from "../core/metrics/balancer-slots.ts";
import { billedForecast } from "../core/metrics/metric-batches.ts";
import { inRegion, readingRounds, regionsOf } from "../core/metrics/reading-rounds.ts";
import { CollectedSeries } from "../core/model/collected-series.ts";
import { type Baseline, type Observation, type SeriesKey, seriesId, type Span } from "../core/model/observation.ts";
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
 * From coarse to fine: first the hourly series of what may be looked at closer, then 5 minutes only where a rule says that they could change
 * its verdict, and with them the other hourly series, in the room that is left in their calls. What
 * reading costs is told before it is spent, that of all hourly series first; throws the UserError `too-dear` above the budget.
 */
export async function collectBaseline({ inventory, rules, facts, span, budget }: Collection, reader: MetricReader, reporter: Reporter): Promise<Baseline> {
  const { policy } = facts;
  const before = reader.requestsMade();
  const balancers = inventory.resources.filter((resource) => resource.kind === "load-balancer");
  const slots = balancers.flatMap((balancer) => allSlotKeys(balancerSlotKeys(balancer, policy.window.slotMinutes * 60)));
  // Rules on one kind of resource demand the same list of keys: it is looked at once.
  const demanded = (which: readonly Rule[]): readonly SeriesKey[] => [...new Set(which.map((rule) => rule.demands(inventory, policy)))].flat();
  const [closer, others] = [rules.filter(({ looksCloser }) => looksCloser), rules.filter(({ looksCloser }) => !looksCloser)];
  const { now, later } = readingRounds(uniqueKeys(demanded(closer)), uniqueKeys([...demanded(others), ...slots]), span);

  const read = (keys: readonly SeriesKey[]): Promise<readonly Observation[]> => readAll(keys, span, reader, reporter);
  /** With what was collected before: its names are not made again. */
  const collected = (observations: readonly Observation[], known?: Baseline): Baseline => {
    const all = new CollectedSeries(known?.observations ?? []);
    for (const one of observations) all.set(seriesId(one.key), one);
    return { span, observations: all, metricRequests: reader.requestsMade() - before };
  };
  /** What these rules want to see besides. One object for all of them: those on one kind of resource study each resource once for it. */
  const refined = (which: readonly Rule[], baseline: Baseline): readonly SeriesKey[] => {
    const seen: RuleFacts = { ...facts, inventory, baseline };
    return uniqueKeys(which.flatMap((rule) => rule.refinements(seen)).filter((key) => !baseline.observations.has(seriesId(key))));
  };

  const bill = createBill({ facts, budget }, reporter);
  const ofNow = billedForecast(now, span);
  const ofHours = ofNow + billedForecast(later, span);
  bill.tell(ofHours, regionsOf([...now, ...later]));
  const known = collected(await read(now));

  const finer = refined(closer, known);
  const next = uniqueKeys([...finer, ...later]);
  const ofBoth = finer.length === 0 ? ofHours : ofNow + billedForecast(next, span);
  if (finer.length > 0) bill.tell(ofBoth, regionsOf(finer));
  const complete: Baseline = { ...collected(next.length === 0 ? [] : await read(next), known), coarser: known };

  const besides = refined(others, complete);
  if (besides.length === 0) return { ...complete, coarser: complete };
  bill.tell(ofBoth + billedForecast(besides, span), regionsOf(besides));
  return { ...collected(await read(besides), complete), coarser: complete };
}

/**
 * Tells in words what all that is to be read comes to, and what is new of it. Nothing that is dearer than the budget is begun: throws the UserError
 * `too-dear`.
 */
function createBill(
  { facts, budget }: Pick<Collection, "facts" | "budget">,
  reporter: Reporter,
): { readonly tell: (metricRequests: number, regions: readonly string[]) => void } {
  const { maxUsd, costExplorerRequests } = budget;
  let told = 0;
  let everywhere: readonly string[] = [];
  return {
    tell(metricRequests, regions) {
      everywhere = [...new Set([...everywhere, ...regions])];
      const { usd } = ownBill(facts.prices, everywhere, { metricRequests, costExplorerRequests });
      const price = `$${usd.toFixed(2)}`;
      if (usd > maxUsd) {
        throw new UserError({
          code: "too-dear",
          message: `this study would cost ${price} (${metricRequests} metrics, ${costExplorerRequests} requests of Cost Explorer), more than --max-cost ${maxUsd}`,
          hint: "raise --max-cost, study fewer regions with --region, or set a shorter baselineDays in the policy",
        });
      }
      const detail = told === 0 ? `${metricRequests} metrics and ${costExplorerRequests} requests of Cost Explorer` : `${metricRequests - told} metrics more`;
      reporter.tell({ kind: "study", part: "price", detail: `${detail}: ${price} in all` });
      told = metricRequests;
    },
  };
}

const daySeconds = 86_400;

function periodWords(seconds: number): string {
  return seconds === daySeconds ? "day" : `${seconds / 60} min`;
}

/** All regions side by side; a region whose metrics fail has none, which rules read as insufficient data. */
async function readAll(keys: readonly SeriesKey[], span: Span, reader: MetricReader, reporter: Reporter): Promise<readonly Observation[]> {
  const read = await Promise.all(
    regionsOf(keys).map(async (region): Promise<readonly Observation[]> => {
      const own = inRegion(keys, region);
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
