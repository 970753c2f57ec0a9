import { z } from "zod";

const share = z.number().min(0).max(1);

/** `rules.redisSize` of the policy. */
export const redisSizePolicy = z.strictObject({
  /** p95 of the busiest node's engine thread. */
  maxEngineCpuShare: share.default(0.3),
  /** Of the fullest node, at its fullest. */
  maxMemoryShare: share.default(0.5),
  /** Over all nodes, in the busiest hour. */
  maxCommandsPerSecond: z.number().positive().default(10_000),
  /** The node type that is tried first; where it does not fit, shapes between the target and today's, the cheapest first. */
  targetNodeType: z
    .string()
    .regex(/^cache\.[a-z0-9-]+\.[a-z0-9-]+$/, "is no node type of ElastiCache, such as cache.r6g.xlarge")
    .default("cache.r6g.xlarge"),
  /** Shards of the target; never more than today. 500 are the most that AWS takes (ElastiCache API reference, CreateReplicationGroup, NumNodeGroups). */
  targetShards: z.int().min(1).max(500).default(2),
  /** Replicas of each shard. Five is the most that AWS takes (ElastiCache API reference, CreateReplicationGroup, ReplicasPerNodeGroup). */
  targetReplicas: z.int().min(0).max(5).default(1),
});
