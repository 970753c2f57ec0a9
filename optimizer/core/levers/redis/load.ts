import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import { type Baseline, pointAt, type SeriesKey, type Statistic } from "../../model/observation.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { mean } from "../../sizing/quantile.ts";
import { added, combine, mapped, readSeries, scale, type Series } from "../../sizing/series.ts";
import { knownSizes, ofTodaysSize } from "../../sizing/sizes-before.ts";
import { nodeNames, type RedisNodeGroup, type RedisReplicationGroup } from "./replication-group.ts";

/** Network metrics are bytes a minute: a sample is what a node moved since the one before (ElastiCache guide, "Host-Level Metrics"). */
export const sampleSeconds = 60;

function keyOf(region: string, node: string, metric: Metric, statistic: Statistic, periodSeconds: number = hourSeconds): SeriesKey {
  return seriesKey(metric, region, { CacheClusterId: node }, statistic, periodSeconds);
}

interface Nodes {
  readonly baseline: Baseline;
  readonly group: RedisReplicationGroup;
  readonly names: readonly string[];
}

interface Asked {
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly periodSeconds?: number;
}

/** Point by point over the nodes; all must have a point. */
function over(nodes: Nodes, asked: Asked, join: (a: number, b: number) => number): Series {
  const name = `${asked.metric.metric} ${asked.statistic}`;
  return overAll(nodes, asked, (series) => series.reduce((a, b) => combine(name, a, b, join)));
}

/** In hours of another shape each node did and held another part of the whole. */
function overAll({ baseline, group, names }: Nodes, { metric, statistic, periodSeconds }: Asked, join: (series: readonly Series[]) => Series): Series {
  const { ref, nodeType, nodeGroups, sizesBefore } = group;
  const all = join(names.map((node) => readSeries(baseline, keyOf(ref.region, node, metric, statistic, periodSeconds))));
  const today = `${nodeType} in ${nodeGroups.length} shards of today's replicas`;
  return ofTodaysSize(baseline, { whose: `${ref.id} was`, today, before: knownSizes(sizesBefore) }, all);
}

/**
 * What a shard asks of the nodes that answer for it. Where replicas answer reads, too, that is the work of all of its nodes. Otherwise it is the
 * busiest node's, whichever was the primary at the time.
 */
export interface ShardLoad {
  readonly group: RedisReplicationGroup;
  readonly replicasAnswer: boolean;
}

/** Below this share, reads at replicas are health checks and the like. */
const leastReadShare = 0.01;

/** Whether clients read from replicas. Each shard's primary, whose name nobody tells in cluster mode, is the node that answers most. */
export function shardLoad(baseline: Baseline, group: RedisReplicationGroup): ShardLoad {
  const { region } = group.ref;
  const shares = group.nodeGroups.map(({ members }) => {
    const reads = members.map((node) => mean(readSeries(baseline, keyOf(region, node, metrics.redisGets, "Sum")).values));
    const all = reads.reduce(added, 0);
    return all === 0 ? 0 : 1 - Math.max(...reads) / all;
  });
  return { group, replicasAnswer: shares.some((share) => share >= leastReadShare) };
}

/** The busiest shard, point by point, of which so many nodes are left to answer: see `onNodesLeft`. */
function busiestShard(baseline: Baseline, { group, replicasAnswer }: ShardLoad, asked: Asked, left: number): Series {
  const shards = group.nodeGroups.map(({ members: names }) => {
    const nodes = { baseline, group, names };
    return replicasAnswer ? overAll(nodes, asked, (series) => onNodesLeft(series, left)) : over(nodes, asked, Math.max);
  });
  return shards.reduce((a, b) => combine(a.name, a, b, Math.max));
}

/**
 * So many times what the busiest of the nodes that are left does: its own, since writes are the primary's alone and clients that favour a node go on
 * favouring it, and an equal part of what those do that are gone, the largest of the others. Of nodes alike that is the work of all; of one node
 * that is left, whichever they are.
 */
function onNodesLeft(nodes: readonly Series[], left: number): Series {
  const all = nodes.reduce((a, b) => combine(a.name, a, b, added));
  const gone = Math.max(0, nodes.length - left);
  const values = mapped(all.values, (whole, at) => {
    if (Number.isNaN(whole)) return whole;
    const [busiest = 0, ...others] = nodes.map((node) => pointAt(node.values, at)).toSorted((a, b) => b - a);
    return left * busiest + others.slice(0, gone).reduce(added, 0);
  });
  return { ...all, values };
}

/** Percent of one engine thread that the busiest shard needs. */
export function engineCpuPercent(baseline: Baseline, load: ShardLoad, left: number): Quantity {
  return (statistic, periodSeconds) => busiestShard(baseline, load, { metric: metrics.redisEngineCpu, statistic, periodSeconds }, left);
}

/** Percent of the engine thread of the busiest node, as the requirement asks of CPU. */
export function busiestNodePercent(baseline: Baseline, group: RedisReplicationGroup): Quantity {
  return (statistic, periodSeconds) => over(nodesOf(baseline, group), { metric: metrics.redisEngineCpu, statistic, periodSeconds }, Math.max);
}

/** Gbit/s of the busiest shard, the larger direction, by the worst minute of each hour. */
export function networkGbps(baseline: Baseline, load: ShardLoad, left: number): Series {
  const inward = busiestShard(baseline, load, { metric: metrics.redisBytesIn, statistic: "Maximum" }, left);
  const outward = busiestShard(baseline, load, { metric: metrics.redisBytesOut, statistic: "Maximum" }, left);
  return scale(combine("NetworkBytesIn, NetworkBytesOut Maximum", inward, outward, Math.max), 8 / sampleSeconds / 1e9);
}

/** Connections to the busiest shard. */
export function connections(baseline: Baseline, load: ShardLoad, left: number): Series {
  return busiestShard(baseline, load, { metric: metrics.redisConnections, statistic: "Maximum" }, left);
}

/** Bytes that one shard's data take, with the engine's own overhead and what fragmentation keeps from being used. */
export function shardBytes(baseline: Baseline, group: RedisReplicationGroup, { members: names }: RedisNodeGroup): Series {
  const nodes = { baseline, group, names };
  const used = over(nodes, { metric: metrics.redisUsedBytes, statistic: "Maximum" }, Math.max);
  const fragmentation = over(nodes, { metric: metrics.redisFragmentation, statistic: "Maximum" }, Math.max);
  // A ratio below 1 is memory that the host swapped out: it needs room all the same.
  return combine("BytesUsedForCache × MemoryFragmentationRatio Maximum", used, fragmentation, (bytes, ratio) => bytes * Math.max(1, ratio));
}

/** Percent of its memory that the fullest node uses. */
export function memoryPercent(baseline: Baseline, group: RedisReplicationGroup): Series {
  return over(nodesOf(baseline, group), { metric: metrics.redisMemory, statistic: "Maximum" }, Math.max);
}

/** Keys thrown out for want of memory, of all nodes. */
export function evictions(baseline: Baseline, group: RedisReplicationGroup): Series {
  return over(nodesOf(baseline, group), { metric: metrics.redisEvictions, statistic: "Sum" }, added);
}

/** Reads and writes a second over all nodes, by the hour. */
export function commandsPerSecond(baseline: Baseline, group: RedisReplicationGroup): Series {
  const nodes = nodesOf(baseline, group);
  const reads = over(nodes, { metric: metrics.redisGets, statistic: "Sum" }, added);
  const writes = over(nodes, { metric: metrics.redisSets, statistic: "Sum" }, added);
  return scale(combine("GetTypeCmds + SetTypeCmds Sum", reads, writes, added), 1 / hourSeconds);
}

function nodesOf(baseline: Baseline, group: RedisReplicationGroup): Nodes {
  return { baseline, group, names: nodeNames(group) };
}

const hourly: readonly (readonly [Metric, Statistic])[] = [
  [metrics.redisEngineCpu, "Average"],
  [metrics.redisEngineCpu, "Maximum"],
  [metrics.redisMemory, "Maximum"],
  [metrics.redisUsedBytes, "Maximum"],
  [metrics.redisFragmentation, "Maximum"],
  [metrics.redisEvictions, "Sum"],
  [metrics.redisConnections, "Maximum"],
  [metrics.redisGets, "Sum"],
  [metrics.redisSets, "Sum"],
  [metrics.redisBytesIn, "Maximum"],
  [metrics.redisBytesOut, "Maximum"],
];

export function redisKeys(group: RedisReplicationGroup): readonly SeriesKey[] {
  return nodeNames(group).flatMap((node) => hourly.map(([metric, statistic]) => keyOf(group.ref.region, node, metric, statistic)));
}

export function fineEngineKeys(group: RedisReplicationGroup): readonly SeriesKey[] {
  return nodeNames(group).flatMap((node) =>
    (["Average", "Maximum"] as const).map((statistic) => keyOf(group.ref.region, node, metrics.redisEngineCpu, statistic, fineSeconds)),
  );
}
