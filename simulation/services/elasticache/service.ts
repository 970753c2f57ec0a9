import { query, type Service } from "../../account/service.ts";
import { cacheDemand } from "./demand.ts";
import { describeReplicationGroups, listTagsForResource } from "./describe.ts";
import { nodeSeries } from "./metrics.ts";
import { cacheTypes, errors, replicationGroups } from "./replication-group.ts";

/** Read-only: sizes of replication groups do not change in this account yet. */
export const elastiCache: Service = {
  name: "elasticache",
  api: {
    client: "ElastiCacheClient",
    errors,
    commands: {
      DescribeReplicationGroups: query(describeReplicationGroups),
      ListTagsForResource: query(listTagsForResource),
    },
  },
  resources: cacheTypes,
  demands: [cacheDemand],
  metrics: { "AWS/ElastiCache": { percentiles: false, series: nodeSeries } },
  usage: {
    billedAs: "Amazon ElastiCache",
    instances: {
      commitment: "elasticache",
      usage: "NodeUsage",
      running: (state, region, atMs) =>
        atMs < state.bornMs
          ? []
          : state
              .of(replicationGroups)
              .in(region)
              .map(({ nodeType, shards, replicasPerShard }) => ({ type: nodeType, count: shards * (1 + replicasPerShard) })),
    },
  },
};
