import type { MetricQuestion } from "../../account/service.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perMinute, silence, type MetricSeries } from "../../load/metric-series.ts";
import { tickMs } from "../../load/tick.ts";
import type { TickRows } from "../../load/tick-rows.ts";
import { cacheLoad, hostShare, redisField } from "./load.ts";
import { type GroupState, replicationGroups } from "./replication-group.ts";

/** `<replication group>-<shard>-<node>`, as ElastiCache names the nodes of a group with cluster mode. */
const nodeName = /^(?<group>.+)-(?<shard>\d{4})-(?<node>\d{3})$/;

/**
 * ElastiCache holds two to four connections to each node itself, and counts them
 * (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html, CurrConnections).
 */
const ownConnections = 3;

/** AWS/ElastiCache by CacheClusterId, also with CacheNodeId 0001. Node 001 of each shard is its primary. */
export function nodeSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const node = nodeName.exec(dimensions.get("CacheClusterId") ?? "")?.groups;
  if (node === undefined || dimensions.size > 2) return null;
  if (dimensions.size === 2 && dimensions.get("CacheNodeId") !== "0001") return null;
  const id = node["group"] ?? "";
  const group = model.state.of(replicationGroups).get(region, id);
  const rows = cacheLoad(model, region, id);
  if (rows === null || group === undefined) return null;
  const [shard, number] = [node["shard"], Number(node["node"])];
  const series = ofNode(rows, metric, number === 1);
  if (series === null) return null;
  // Nodes come and go with shards and replicas; most ticks find the state of the tick before.
  let seen: { readonly state: GroupState | undefined; readonly hasNode: boolean } | undefined;
  const isThere = (atMs: number): boolean => {
    const state = group.state.at(atMs);
    if (seen === undefined || seen.state !== state)
      seen = { state, hasNode: state?.shards.some(({ id, nodes }) => id === shard && nodes.includes(number)) ?? false };
    return seen.hasNode;
  };
  return {
    ...series,
    fill: (tick, samples) => {
      if (isThere((tick + 0.5) * tickMs)) series.fill(tick, samples);
      else silence(samples);
    },
  };
}

/** used_memory_rss ÷ used_memory: an ordinary figure for a cache whose keys come and go. */
const fragmentation = 1.08;

function ofNode(rows: TickRows, metric: string, primary: boolean): MetricSeries | null {
  const engineField = primary ? redisField.primaryEngine : redisField.replicaEngine;
  switch (metric) {
    case "EngineCPUUtilization":
      return gauge("Percent", (tick) => rows.at(tick, engineField) * 100);
    case "CPUUtilization":
      return gauge("Percent", (tick) => hostShare(rows.at(tick, engineField), rows.at(tick, redisField.vcpu)) * 100);
    case "DatabaseMemoryUsagePercentage":
      return gauge("Percent", (tick) => rows.at(tick, redisField.memory) * 100);
    case "BytesUsedForCache":
      return gauge("Bytes", (tick) => rows.at(tick, redisField.usedBytes));
    case "MemoryFragmentationRatio":
      return gauge("None", () => fragmentation);
    case "CurrConnections":
      return gauge("Count", (tick) => rows.at(tick, redisField.connections) + ownConnections);
    case "Evictions":
      return gauge("Count", (tick) => (primary ? rows.at(tick, redisField.evictions) * 60 : 0));
    case "GetTypeCmds":
      return gauge("Count", (tick) => (primary ? rows.at(tick, redisField.gets) * 60 : 0));
    case "SetTypeCmds":
      return gauge("Count", (tick) => (primary ? rows.at(tick, redisField.sets) * 60 : 0));
    case "NetworkBytesIn":
      return gauge("Bytes", (tick) => rows.at(tick, redisField.bytesIn) * 60);
    case "NetworkBytesOut":
      return gauge("Bytes", (tick) => (primary ? rows.at(tick, redisField.bytesOut) * 60 : 0));
    default:
      return null;
  }
}

/** A node publishes every minute, whatever it does; ElastiCache offers no percentiles. */
function gauge(unit: MetricSeries["unit"], valueAt: (tick: number) => number): MetricSeries {
  return {
    unit,
    shape: "normal",
    percentiles: false,
    ceiling: unit === "Percent" ? 100 : Infinity,
    fill(tick, samples) {
      const mean = valueAt(tick);
      perMinute(samples, 1, mean, mean * sampleSpread);
    },
  };
}
