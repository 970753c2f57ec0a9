import type { ResourceOf } from "../../core/levers/resource-kinds.ts";
import type { ResourceKind } from "../../core/model/resource-ref.ts";
import { autoScalingGroupAdapter } from "./asg/group.ts";
import { auroraClusterAdapter } from "./aurora/cluster.ts";
import { dynamoTableAdapter } from "./dynamodb/table.ts";
import { containerServiceAdapter } from "./ecs/container-service.ts";
import { lambdaFunctionAdapter } from "./lambda/lambda-function.ts";
import { loadBalancerAdapter } from "./load-balancer/load-balancer.ts";
import { rdsInstanceAdapter } from "./rds/instance.ts";
import { redisReplicationGroupAdapter } from "./redis/replication-group.ts";
import { regionAdapter } from "./region/region.ts";
import { bucketAdapter } from "./s3/bucket.ts";
import type { ResourceAdapter } from "./service-adapters.ts";

/** How each kind of resource is found in AWS; what is known of it without AWS stands in core/levers/resource-kinds.ts. */
export const resourceAdapters: { readonly [K in ResourceKind]: ResourceAdapter<ResourceOf<K>> } = {
  "load-balancer": loadBalancerAdapter,
  "auto-scaling-group": autoScalingGroupAdapter,
  "dynamodb-table": dynamoTableAdapter,
  "aurora-cluster": auroraClusterAdapter,
  "rds-instance": rdsInstanceAdapter,
  "redis-replication-group": redisReplicationGroupAdapter,
  "s3-bucket": bucketAdapter,
  "lambda-function": lambdaFunctionAdapter,
  "ecs-service": containerServiceAdapter,
  region: regionAdapter,
};
