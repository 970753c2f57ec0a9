import { mutation, query, type Service } from "../../account/service.ts";
import { cacheDemand } from "./demand.ts";
import {
  describeCacheClusters,
  describeCacheParameters,
  describeReplicationGroups,
  listAllowedNodeTypeModifications,
  listTagsForResource,
} from "./describe.ts";
import { describeEvents } from "./events.ts";
import { cacheStage } from "./load.ts";
import { nodeSeries } from "./metrics.ts";
import { cacheTypes, errors, replicationGroups } from "./replication-group.ts";
import { decreaseReplicaCount, increaseReplicaCount, modifyReplicationGroup } from "./resize.ts";
import { describeUpdateActions } from "./service-updates.ts";
import { modifyShardConfiguration } from "./reshard.ts";

export const elastiCache: Service = {
  name: "elasticache",
  api: {
    client: "ElastiCacheClient",
    errors,
    commands: {
      DescribeReplicationGroups: query(describeReplicationGroups),
      DescribeCacheClusters: query(describeCacheClusters),
      DescribeEvents: query(describeEvents),
      DescribeUpdateActions: query(describeUpdateActions),
      DescribeCacheParameters: query(describeCacheParameters),
      ListAllowedNodeTypeModifications: query(listAllowedNodeTypeModifications),
      ListTagsForResource: query(listTagsForResource),
      ModifyReplicationGroupShardConfiguration: mutation(modifyShardConfiguration),
      DecreaseReplicaCount: mutation(decreaseReplicaCount),
      IncreaseReplicaCount: mutation(increaseReplicaCount),
      ModifyReplicationGroup: mutation(modifyReplicationGroup),
    },
  },
  resources: cacheTypes,
  demands: [cacheDemand],
  capacity: (state, region) =>
    state
      .of(replicationGroups)
      .in(region)
      .map((group) => group.state),
  stage: cacheStage,
  metrics: { "AWS/ElastiCache": { percentiles: false, series: nodeSeries } },
  usage: {
    billedAs: "Amazon ElastiCache",
    instances: {
      commitment: "elasticache",
      usage: "NodeUsage",
      running: (state, region, atMs) =>
        state
          .of(replicationGroups)
          .in(region)
          .flatMap(({ engine, state: timeline }) => {
            const at = timeline.at(atMs);
            if (at === undefined) return [];
            const count = at.shards.reduce((sum, { nodes }) => sum + nodes.length, 0);
            return [{ type: at.nodeType, count, ...(engine === "redis" ? {} : { pricedAs: `elasticache-${engine}` }) }];
          }),
    },
  },
};
