import type { ResourceKind } from "../../../optimizer/core/model/resource-ref.ts";
import type { Becoming } from "./becoming.ts";
import { ofFunctions, ofGroups, ofServices } from "./of-compute.ts";
import { ofClusters, ofInstances } from "./of-databases.ts";
import { ofBuckets, ofRedisGroups, ofTables } from "./of-stores.ts";

/** A new kind of resource says here what it may become, or why it may become nothing else. */
export const becomings: { readonly [K in ResourceKind]: readonly Becoming[] | { readonly nothing: string } } = {
  "load-balancer": { nothing: "no change is made to one" },
  region: { nothing: "no change is made to one" },
  "auto-scaling-group": ofGroups,
  "dynamodb-table": ofTables,
  "aurora-cluster": ofClusters,
  "rds-instance": ofInstances,
  "redis-replication-group": ofRedisGroups,
  "s3-bucket": ofBuckets,
  "lambda-function": ofFunctions,
  "ecs-service": ofServices,
};
