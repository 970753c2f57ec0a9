import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { tickMs, tickSeconds } from "../../load/tick.ts";
import { demandOf, type TableDemand } from "./demand.ts";
import { billingAt, indexesAt, tables, usualWarmUnits, type Table, type TableCore } from "./table.ts";

type Kind = "reads" | "writes";

/** An on-demand table grows to twice its previous peak, and needs half an hour for that (developer guide, "Initial throughput and scaling properties"). */
const growthFactor = 2;
const growthTicks = Math.round((30 * 60) / tickSeconds);
/**
 * Unused capacity of the last 300 seconds may be used besides (developer guide, "Burst capacity"): a tick is just as long.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
 */
const burstTicks = Math.round(300 / tickSeconds);

/** What a table answers of the units that it is asked for, 0 to 1, by tick and moment; of the rest each request is throttled. */
export interface Answered {
  /** Whether it answers everything in a tick, whatever of its capacities holds then. */
  isWhole(tick: number): boolean;
  of(kind: Kind, tick: number, atMs: number): number;
}

export function answeredBy(model: LoadModel, core: TableCore, demand: TableDemand, requestsPerSecond: ByTick): Answered {
  const firstTick = Math.floor(Math.max(core.createdMs, Date.parse(model.scenario.start) - model.scenario.historyDays * 86_400_000) / tickMs);
  const perRequest: Readonly<Record<Kind, number>> = {
    reads: demand.readsPerRequest * demand.unitsPerRead,
    writes: demand.writesPerRequest * demand.unitsPerWrite,
  };
  /** Units a second. */
  const wanted = (kind: Kind, tick: number): number => (tick < firstTick ? 0 : requestsPerSecond(tick) * perRequest[kind]);
  const peaks = { reads: peakBefore((tick) => wanted("reads", tick), firstTick), writes: peakBefore((tick) => wanted("writes", tick), firstTick) };
  const least = leastUnits(model, core);
  return {
    isWhole: (tick) => wanted("reads", tick) <= least("reads") && wanted("writes", tick) <= least("writes"),
    of(kind, tick, atMs) {
      const asked = wanted(kind, tick);
      const steady = steadyUnits(core, kind, atMs);
      if (asked <= steady.units) return 1;
      const burst = Math.max(0, steady.units - wanted(kind, tick - burstTicks));
      const units = steady.isProvisioned ? steady.units + burst : Math.max(steady.units, growthFactor * peaks[kind](tick - growthTicks));
      return Math.min(1, units / asked);
    },
  };
}

/**
 * Units a second that are there whatever was asked for before. Provisioned, each write goes into every index, whose capacity bounds the table's.
 * On demand, twice the previous peak, which for a table that was switched is half of what it was provisioned for, or what a new one has, if that is
 * more (https://repost.aws/knowledge-center/on-demand-table-throttling-dynamodb).
 */
function steadyUnits(core: TableCore, kind: Kind, atMs: number): { readonly units: number; readonly isProvisioned: boolean } {
  const now = billingAt(core, atMs);
  if (now.mode === "PROVISIONED") {
    const units = kind === "reads" ? now.readCapacityUnits : Math.min(now.writeCapacityUnits, ...indexesAt(core, atMs).map((each) => each.writeCapacityUnits));
    return { units, isProvisioned: true };
  }
  const fresh = kind === "reads" ? usualWarmUnits.warmReadUnits : usualWarmUnits.warmWriteUnits;
  const before = core.billing
    .moments()
    .filter((moment) => moment <= atMs)
    .map((moment) => billingAt(core, moment))
    .findLast(({ mode }) => mode === "PROVISIONED");
  const half = (kind === "reads" ? (before?.readCapacityUnits ?? 0) : (before?.writeCapacityUnits ?? 0)) / 2;
  return { units: Math.max(fresh, growthFactor * half), isProvisioned: false };
}

/** The least that it ever took a second, known anew when the account changed. */
function leastUnits({ state }: LoadModel, core: TableCore): (kind: Kind) => number {
  let revision = -1;
  const known = { reads: 0, writes: 0 };
  return (kind) => {
    if (state.revision !== revision) {
      const moments = [core.billing, ...core.indexes.values()].flatMap((timeline) => timeline.moments());
      for (const each of ["reads", "writes"] as const) known[each] = Math.min(...moments.map((atMs) => steadyUnits(core, each, atMs).units));
      revision = state.revision;
    }
    return known[kind];
  };
}

/** The highest of all ticks up to one; looked at once each, mostly forward. */
function peakBefore(of: ByTick, firstTick: number): ByTick {
  let seen = firstTick - 1;
  let peak = 0;
  return (until) => {
    if (until < seen) {
      seen = firstTick - 1;
      peak = 0;
    }
    for (; seen < until; seen += 1) peak = Math.max(peak, of(seen + 1));
    return peak;
  };
}

const remembered = rememberPerModel<Stage>();

/** Requests of the region whose read or write is throttled fail: the application answers them with 500. */
export function tablesStage(model: LoadModel, region: string): Stage | null {
  const all = model.state
    .of(tables)
    .in(region)
    .filter(({ core }) => isAsked(demandOf(model, region, core.name)));
  if (all.length === 0) return null;
  return remembered(model, region, () => {
    const stages = all.map((table) => failedBy(model, table));
    return {
      failed: (tick: number) =>
        Math.min(
          1,
          stages.reduce((sum, failed) => sum + failed(tick), 0),
        ),
      waitMedian: () => 0,
      waitP99: () => 0,
    };
  });
}

function isAsked({ readsPerRequest, writesPerRequest }: TableDemand): boolean {
  return readsPerRequest + writesPerRequest > 0;
}

function failedBy(model: LoadModel, { region, core }: Table): ByTick {
  const demand = demandOf(model, region, core.name);
  const answered = answeredBy(model, core, demand, model.requests(region));
  return (tick) => {
    if (answered.isWhole(tick)) return 0;
    let failed = 0;
    model.history.eachPart(region, tick, 0, (atMs, share) => {
      failed += share * (demand.readsPerRequest * (1 - answered.of("reads", tick, atMs)) + demand.writesPerRequest * (1 - answered.of("writes", tick, atMs)));
    });
    return failed;
  };
}
