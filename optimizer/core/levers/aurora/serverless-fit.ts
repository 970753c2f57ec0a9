import type { MonthlyUsd } from "../../model/money.ts";
import type { Candidate, Evidence, Projection, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { limitsOf, type Option } from "../../sizing/choose-size.ts";
import { evidence } from "../../sizing/evidence.ts";
import { monthlyCost } from "../../money/monthly.ts";
import { overflowing } from "../../sizing/lost-zone.ts";
import { type Demand, figure, project, rounding } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { type HourlyDemand, oneInstance, worstHour, worstHourEvidence } from "../../sizing/worst-hour.ts";
import type { AcuRange, AuroraCluster } from "./cluster.ts";
import { volumeBytes } from "./load.ts";
import type { MemberDefinition } from "./member-definition.ts";
import { mostWithOneLost } from "./lost-member.ts";
import { slowdownIn } from "./serverless-latency.ts";
import type { ServerlessLoad } from "./serverless-load.ts";
import type { ClusterStudy } from "./study.ts";
import { poolShares } from "./working-set.ts";

/** "About 2 GiB of memory" (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html). */
const gibPerAcu = 2;
/** AWS changes a range in these steps (RDS API reference, ServerlessV2ScalingConfiguration). */
const stepAcu = 0.5;
/** What AWS asks for at least (aurora-serverless-v2.setting-capacity.html, "Choosing the minimum"). */
const insightsMinAcu = 2;
const globalMinAcu = 8;

export interface RangeFit {
  readonly evidence: readonly Evidence[];
  /** The requirement's range first, then the smallest that fits. */
  readonly options: readonly Option<AcuRange>[];
  /** Whether the whole volume is known to fit the buffer pool of the smallest instance. */
  readonly isPoolProven: (range: AcuRange) => boolean;
}

/** A member that was not read as a whole may have it. */
export function hasInsights(definition: MemberDefinition | undefined): boolean {
  return definition?.performanceInsights !== null;
}

/** `4–16 ACU` */
export function rangeText({ minAcu, maxAcu }: AcuRange): string {
  return `${minAcu}–${maxAcu} ACU`;
}

/**
 * Maximum and minimum jointly: the smallest maximum that carries what members needed, and the smallest minimum from which that is reached in
 * time. Both follow what each bounds, so that no other pair that fits is smaller in either.
 */
export function fitOf(study: ClusterStudy, load: ServerlessLoad, today: AcuRange): RangeFit {
  const { auroraServerlessCapacity: policy } = study.facts.policy.rules;
  const aim = {
    minAcu: Math.min(today.minAcu, policy.targetMinAcu),
    maxAcu: Math.max(Math.min(today.minAcu, policy.targetMinAcu), Math.min(today.maxAcu, policy.targetMaxAcu)),
  };
  const needs = needsOf(study, load, today);
  const maxAcu = steps(aim.maxAcu, today.maxAcu).find((acu) => fits(carried(needs, { minAcu: aim.minAcu, maxAcu: acu }))) ?? today.maxAcu;
  const minAcu = steps(aim.minAcu, today.minAcu).find((acu) => fits(reached(needs, { minAcu: acu, maxAcu }))) ?? today.minAcu;
  const best = { minAcu, maxAcu: Math.max(minAcu, maxAcu) };
  const nearest = {
    minAcu: Math.max(aim.minAcu, today.minAcu - stepAcu),
    maxAcu: Math.max(aim.maxAcu, today.maxAcu - stepAcu),
  };
  return {
    evidence: needs.evidence,
    options: distinct([aim, isSame(best, today) ? nearest : best]).map((range) => ({ to: range, candidate: candidateOf(needs, range) })),
    isPoolProven: (range) => poolOf(needs, range) <= needs.limits.usual,
  };
}

interface Needs {
  readonly facts: RuleFacts;
  readonly cluster: AuroraCluster;
  readonly load: ServerlessLoad;
  readonly today: AcuRange;
  readonly limits: ReturnType<typeof limitsOf>;
  /** Capacity units and connections with any one member lost, and hour by hour with none lost. */
  readonly usual: (range: AcuRange) => readonly Demand[];
  readonly hourly: (range: AcuRange) => HourlyDemand;
  /** Capacity units hour by hour with any one member lost. */
  readonly ifLost: (range: AcuRange) => HourlyDemand;
  /** Of the whole volume; not a number where it is not known. */
  readonly volumeGib: number;
  readonly evidence: readonly Evidence[];
}

const alone = { instancesBefore: 1, instancesAfter: 1 } as const;

function needsOf(study: ClusterStudy, load: ServerlessLoad, today: AcuRange): Needs {
  const { facts, cluster, load: clusterLoad } = study;
  const { baseline, policy, capacities } = facts;
  const { members } = cluster;
  const with1Lost = (name: string, lost: typeof members, of: typeof load.need) =>
    mostWithOneLost(name, cluster, clusterLoad.writers(), of, { carriers: members, lost });
  const need = with1Lost("ServerlessDatabaseCapacity Maximum", members, load.need);
  const hours = with1Lost("ServerlessDatabaseCapacity Maximum", [], load.need);
  const held = with1Lost("DatabaseConnections Maximum", members, load.connections);
  const note = members.length > 1 ? `any one of ${members.length} members lost` : "";
  const ifLost = members.length > 1 ? " with any other one lost" : "";
  const [acu, peak] = [quantile(need.values, 0.995), quantile(held.values, 1)];
  const one = oneInstance(hours.values.length);
  const acuOf = (range: AcuRange) => (name: string) => (name === rangeText(range) ? range : today).maxAcu;
  const connectionsOf = (range: AcuRange) => (name: string) =>
    capacities.auroraServerlessMaxConnections(cluster.engine, name === rangeText(range) ? range : today);
  const hourly = (range: AcuRange): HourlyDemand => ({
    dimension: "capacity",
    name: "capacity units of the busiest member",
    series: hours,
    unit: "Count",
    startMs: baseline.span.startMs,
    used: hours.values,
    instancesBefore: one,
    instancesAfter: one,
    note: "",
    capacityOf: acuOf(range),
  });
  const volume = volumeBytes(baseline, cluster);
  return {
    facts,
    cluster,
    load,
    today,
    limits: limitsOf(policy),
    usual: (range) => [
      { dimension: "capacity", statistic: "p99.5 of hourly maxima", current: acu / today.maxAcu, capacityOf: acuOf(range), note, ...alone },
      {
        dimension: "connections",
        statistic: `peak of ${Math.ceil(peak)} connections`,
        current: peak / (connectionsOf(range)(rangeText(today)) ?? Number.NaN),
        capacityOf: connectionsOf(range),
        note,
        ...alone,
      },
    ],
    hourly,
    ifLost: (range) => ({ ...hourly(range), series: need, used: need.values, note }),
    volumeGib: incompleteness(volume, policy) === undefined ? quantile(volume.values, 1) / 1024 ** 3 : Number.NaN,
    evidence: [
      evidence(`capacity units of one member${ifLost}`, acu, { series: need, statistic: "p99.5 of hourly maxima", unit: "Count" }),
      evidence(`connections to one member${ifLost}`, peak, { series: held, statistic: "Maximum", unit: "Connections" }),
      worstHourEvidence(hourly(today)),
    ],
  };
}

/** Shares of the maximum, and of the connections that come with it. */
function carried({ usual, hourly, ifLost, today, limits }: Needs, range: AcuRange): readonly Projection[] {
  const [from, to] = [rangeText(today), rangeText(range)];
  return [
    ...usual(range).flatMap((demand) => project(demand, from, to, limits.usual) ?? []),
    ...worstHour(hourly(range), from, to, limits),
    ...overflowing(ifLost(range), from, to),
  ];
}

/** What the minimum has to hold, and how far above it members have to come. */
function reached(needs: Needs, range: AcuRange): readonly Projection[] {
  const { facts, cluster, load, today } = needs;
  return [...pool(needs, range), ...leastOf(needs, range), ...scaleUp(needs, range), ...slowdownIn(facts, cluster, load, today, range)];
}

/** Share of the buffer pool of the smallest instance that the whole volume takes. */
function poolOf({ cluster, volumeGib }: Needs, { minAcu }: AcuRange): number {
  return volumeGib / (poolShares[cluster.engine] * gibPerAcu * minAcu);
}

/**
 * An idle instance shrinks to the minimum and drops the pages that its pool has no room for: they are read from storage again. Proven to fit when
 * the whole volume does; otherwise half of today's minimum a run, and nothing is claimed of the memory.
 */
function pool(needs: Needs, range: AcuRange): readonly Projection[] {
  const { today, limits, volumeGib, cluster } = needs;
  const projected = poolOf(needs, range);
  if (projected <= limits.usual) {
    const method = `the whole volume of ${figure(volumeGib)} GiB in a buffer pool of ${figure(poolShares[cluster.engine] * gibPerAcu * range.minAcu)} GiB at the minimum`;
    return [{ dimension: "memory", current: poolOf(needs, today), projected, limit: limits.usual, fits: true, method }];
  }
  if (range.minAcu >= today.minAcu / 2) return [];
  const method = "a full buffer pool at the minimum, since nothing proves the working set smaller: half of today's minimum a run";
  return [{ dimension: "memory", current: 1, projected: today.minAcu / range.minAcu, limit: 2, fits: false, method }];
}

/** Told only where it is too little: it is no share of anything. */
function leastOf({ cluster, today }: Needs, { minAcu }: AcuRange): readonly Projection[] {
  const asked = [
    ...(cluster.members.some(({ definition }) => hasInsights(definition))
      ? [{ least: insightsMinAcu, why: "Performance Insights keeps its figures in memory" }]
      : []),
    ...(cluster.globalRole === "primary" ? [{ least: globalMinAcu, why: "the primary cluster of a global database" }] : []),
  ];
  return asked
    .map((each) => ({ ...each, least: Math.min(each.least, today.minAcu) }))
    .filter(({ least }) => minAcu < least)
    .map(({ least, why }) => ({
      dimension: "memory",
      current: least / today.minAcu,
      projected: least / minAcu,
      limit: 1,
      fits: false,
      method: `${why}: AWS asks for a minimum of ${least} ACU`,
    }));
}

/**
 * "The scaling rate depends on the current capacity": a small instance grows slowly, and AWS names no figure. Today's range is what the
 * application has lived with, so that the highest sample may be as many times the minimum as today's maximum is.
 */
function scaleUp(needs: Needs, range: AcuRange): readonly Projection[] {
  const { today, hourly, limits } = needs;
  const most = today.maxAcu / today.minAcu;
  return worstHour(hourly(range), rangeText(today), rangeText(range), limits).map((worst) => {
    const peakAcu = worst.projected * range.maxAcu;
    const projected = peakAcu / range.minAcu / most;
    return {
      dimension: "scale-up",
      current: peakAcu / today.minAcu / most,
      projected,
      limit: 1,
      fits: projected <= 1 + rounding,
      method: `from ${range.minAcu} to ${figure(peakAcu)} ACU, of the ${figure(most)} times the minimum that today's maximum is`,
      worstHour: { atMs: worst.worstHour.atMs, rarePeaksMs: [] },
    };
  });
}

function candidateOf(needs: Needs, range: AcuRange): Candidate {
  const projections = [...carried(needs, range), ...reached(needs, range)];
  const [before, after] = [costOf(needs, needs.load.paidAcus()), costOf(needs, needs.load.paidAcusIn(range))];
  const monthlySavings: MonthlyUsd = before.kind === "known" && after.kind === "known" ? { kind: "known", usd: before.usd - after.usd } : before;
  return { target: rangeText(range), projections, fits: fits(projections), monthlySavings };
}

/** Of so many capacity units, all members together, at list prices. */
export function costOf({ facts: { prices }, cluster: { ref, storage = "standard" } }: Pick<Needs, "facts" | "cluster">, acus: number): MonthlyUsd {
  const name = `capacity units (${storage === "standard" ? "standard" : "I/O-Optimized"}) in ${ref.region}`;
  return monthlyCost({ name, hourlyUsd: prices.auroraAcuHourly(ref.region, storage) }, acus);
}

function fits(projections: readonly Projection[]): boolean {
  return projections.every((projection) => projection.fits);
}

/** Each half unit from one to the other. */
function steps(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, Math.round((to - from) / stepAcu)) + 1 }, (_, index) => from + index * stepAcu);
}

function isSame(one: AcuRange, other: AcuRange): boolean {
  return one.minAcu === other.minAcu && one.maxAcu === other.maxAcu;
}

function distinct(ranges: readonly AcuRange[]): readonly AcuRange[] {
  return ranges.filter((range, at) => ranges.findIndex((other) => isSame(range, other)) === at);
}
