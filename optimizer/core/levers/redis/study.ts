import { knownSizes } from "../../sizing/sizes-before.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { firstIncompleteness, incompleteness } from "../../sizing/completeness.ts";
import { type Estimate, hourSeconds, p95, p995, type Reading } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import { quantile } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Studies, Study } from "../lever.ts";
import { once, oncePerValue } from "../../model/once.ts";
import {
  busiestNodePercent,
  commandsPerSecond,
  connections,
  engineCpuPercent,
  evictions,
  memoryPercent,
  networkGbps,
  redisKeys,
  shardBytes,
  type ShardLoad,
  shardLoad,
} from "./load.ts";
import { type RedisReplicationGroup, redisReplicationGroupFacts, type RedisNodeGroup } from "./replication-group.ts";

/** A replication group under load: what every rule on it starts from. */
export interface RedisStudy extends Study {
  readonly facts: RuleFacts;
  readonly group: RedisReplicationGroup;
  /** The requirement's own figures. */
  readonly usual: () => UsualLoad;
  /** What the group as a whole has to carry. */
  readonly demand: () => RedisDemand;
}

export const redisStudies: Studies<"redis-replication-group", RedisStudy> = {
  kind: "redis-replication-group",
  otherSizes: ({ sizesBefore }) => knownSizes(sizesBefore),
  looksCloser: true,
  series: redisKeys,
  study: (facts, group) => (reading) => {
    const tenant = tenantReason(redisReplicationGroupFacts.tags(group), facts.policy.tenantTags);
    return {
      facts,
      group,
      refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant },
      usual: once(() => usualLoad(facts, group, reading)),
      demand: once(() => redisDemand(facts, group, reading)),
    };
  },
};

interface UsualLoad {
  /** Why the figures prove nothing. */
  readonly incomplete: string | undefined;
  readonly evidence: readonly Evidence[];
  /** Keys thrown out in the whole baseline: memory was too small already. */
  readonly evicted: number;
}

/**
 * The requirement asks for CPU: that of the engine's thread counts, since a host of many processors looks idle while its one thread is busy
 * (ElastiCache guide, "Which metrics should I monitor?").
 */
function usualLoad(facts: RuleFacts, group: RedisReplicationGroup, reading: Reading): UsualLoad {
  const { baseline, policy } = facts;
  const { maxEngineCpuShare, maxMemoryShare, maxCommandsPerSecond } = policy.rules.redisSize;
  const cpu = p95(facts, busiestNodePercent(baseline, group), reading);
  const memory = memoryPercent(baseline, group);
  const commands = commandsPerSecond(baseline, group);
  const evicted = evictions(baseline, group);
  return {
    incomplete: firstIncompleteness([cpu.series, memory, commands, evicted], policy),
    evidence: [
      evidence("engine CPU of the busiest node", quantile(cpu.series.values, cpu.quantile), {
        series: cpu.series,
        statistic: cpu.statistic,
        unit: "Percent",
        limit: maxEngineCpuShare * 100,
      }),
      evidence("memory of the fullest node", quantile(memory.values, 1), {
        series: memory,
        statistic: "Maximum",
        unit: "Percent",
        limit: maxMemoryShare * 100,
      }),
      evidence("commands a second in the busiest hour", quantile(commands.values, 1), {
        series: commands,
        statistic: "Sum",
        unit: "Count/Second",
        limit: maxCommandsPerSecond,
      }),
    ],
    evicted: evicted.values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0),
  };
}

/** One quantity that must fit, of the busiest shard at the moment that binds. */
interface ShardDemand {
  readonly dimension: "cpu" | "network" | "connections";
  /** Percent of an engine thread, Gbit/s, connections. */
  readonly amount: number;
  readonly statistic: string;
  /** The highest sample of each hour, in the same unit. */
  readonly hourlyMaxima: Series;
  readonly name: string;
  readonly unit: Evidence["unit"];
}

/** What a group has to carry, whatever its nodes. */
export interface RedisDemand {
  /** Whether replicas answer reads: then the nodes that are left of a shard share the work. */
  readonly replicasAnswer: boolean;
  /** What the busiest of so many nodes that are left of a shard has to carry, times their number; the busiest node's alone, where replicas answer nothing. */
  readonly demandsOn: (left: number) => readonly ShardDemand[];
  /** The most bytes each shard held, by its id, and those of each hour. */
  readonly shards: readonly { readonly id: string; readonly bytes: number; readonly byHour: Float64Array }[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

function redisDemand(facts: RuleFacts, group: RedisReplicationGroup, reading: Reading): RedisDemand {
  const { baseline, policy } = facts;
  const load = shardLoad(baseline, group);
  const dimensionsOn = oncePerValue((left: number) => dimensionsOf(facts, load, { left, reading }));
  // Of one node that is left, all that a shard does.
  const dimensions = dimensionsOn(1);
  const shards = group.nodeGroups.map((shard) => shardMemory(facts, group, shard));
  const isKnown = ({ estimate }: MeasuredDimension): boolean => incompleteness(estimate.series, policy) === undefined;
  const known = dimensions.filter(isKnown);
  return {
    replicasAnswer: load.replicasAnswer,
    demandsOn: oncePerValue((left: number) =>
      dimensionsOn(left)
        .filter(isKnown)
        .map(({ estimate, ...rest }) => ({ ...rest, amount: quantile(estimate.series.values, estimate.quantile), statistic: estimate.statistic })),
    ),
    shards: shards.map(({ id, bytes, series }) => ({ id, bytes, byHour: series.values })),
    evidence: [
      ...known.map(({ name, unit, estimate: { series, quantile: q, statistic } }) => evidence(name, quantile(series.values, q), { series, statistic, unit })),
      ...shards.map(({ id, bytes, series }) => evidence(`memory of shard ${id}`, bytes, { series, statistic: "Maximum", unit: "Bytes" })),
    ],
    unknown: [
      ...dimensions.flatMap(({ estimate }) => incompleteness(estimate.series, policy) ?? []),
      ...shards.flatMap(({ id, series }) => {
        const gap = incompleteness(series, policy);
        return gap === undefined ? [] : [`shard ${id}: ${gap}`];
      }),
    ],
  };
}

interface MeasuredDimension extends Omit<ShardDemand, "amount" | "statistic"> {
  readonly estimate: Estimate;
}

function dimensionsOf(
  facts: RuleFacts,
  load: ShardLoad,
  { left, reading }: { readonly left: number; readonly reading: Reading },
): readonly MeasuredDimension[] {
  const { baseline } = facts;
  const whose = load.replicasAnswer ? "all nodes of the busiest shard, since replicas answer reads" : "the busiest node";
  const busiest = engineCpuPercent(baseline, load, left);
  const network = worstHours(networkGbps(baseline, load, left));
  const connected: Estimate = { series: connections(baseline, load, left), quantile: 1, statistic: "Maximum" };
  const engine = { estimate: p995(facts, busiest, reading), hourlyMaxima: busiest("Maximum", hourSeconds) };
  return [
    { dimension: "cpu", name: `engine CPU of ${whose}`, unit: "Percent", ...engine },
    { dimension: "network", name: `network of ${whose}, larger direction`, unit: "Gbps", estimate: network, hourlyMaxima: network.series },
    { dimension: "connections", name: `connections to ${whose}`, unit: "Connections", estimate: connected, hourlyMaxima: connected.series },
  ];
}

function worstHours(series: Series): Estimate {
  return { series, quantile: 0.995, statistic: "p99.5 of hourly maxima" };
}

function shardMemory({ baseline }: RuleFacts, group: RedisReplicationGroup, shard: RedisNodeGroup) {
  const series = shardBytes(baseline, group, shard);
  return { id: shard.id, series, bytes: quantile(series.values, 1) };
}
