import type { AlarmDefinition, AlarmMetric } from "./alarm-definition.ts";

export interface WatchedCache {
  readonly replicationGroupId: string;
  /** The blueprint's number of shards, or more where sizing says more. Adopting fewer takes no alarm away: the alarms of a node that is gone are silent. */
  readonly shards: number;
  readonly replicasPerShard: number;
}

/** An alarm a shard, over its nodes: whichever of them is the primary. */
export function redisAlarms({ replicationGroupId, shards, replicasPerShard }: WatchedCache): readonly AlarmDefinition[] {
  const nodes = range(replicasPerShard + 1);
  return range(shards).flatMap((shard) => {
    const metrics = (name: string, stat: string): Readonly<Record<string, AlarmMetric>> =>
      Object.fromEntries(
        nodes.map((node) => [
          `n${node}`,
          { namespace: "AWS/ElastiCache", name, dimensions: { CacheClusterId: nodeId(replicationGroupId, shard, node), CacheNodeId: "0001" }, stat },
        ]),
      );
    const greatest = (name: string) => ({ kind: "formula", expression: "MAX(METRICS())", metrics: metrics(name, "Maximum") }) as const;
    const common = { beyond: "above", periodSeconds: 300, periods: 3, datapoints: 3 } as const;
    return [
      {
        ...common,
        key: `redis-${shard}-engine-cpu`,
        description: `Shard ${shard}: the engine's one thread is busy more than 80 %`,
        source: greatest("EngineCPUUtilization"),
        threshold: 80,
      },
      {
        ...common,
        key: `redis-${shard}-memory`,
        description: `Shard ${shard}: more than 80 % of memory`,
        source: greatest("DatabaseMemoryUsagePercentage"),
        threshold: 80,
      },
      {
        ...common,
        key: `redis-${shard}-evictions`,
        description: `Shard ${shard}: keys are evicted for want of memory`,
        source: { kind: "formula", expression: "SUM(METRICS())", metrics: metrics("Evictions", "Sum") },
        threshold: 0,
      },
    ];
  });
}

/** As ElastiCache names them in cluster mode: `<group>-0001-001`. */
function nodeId(group: string, shard: number, node: number): string {
  return `${group}-${String(shard).padStart(4, "0")}-${String(node).padStart(3, "0")}`;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
