import { oncePer } from "../model/once.ts";
import { type ResourceKind, type ResourceRef, refKey } from "../model/resource-ref.ts";
import { type AutoScalingGroup, autoScalingGroupFacts } from "./asg/group.ts";
import { type AuroraCluster, auroraClusterFacts } from "./aurora/cluster.ts";
import { type ContainerService, containerServiceFacts } from "./ecs/container-service.ts";
import { type DynamoTable, dynamoTableFacts } from "./dynamodb/table.ts";
import { type LambdaFunction, lambdaFunctionFacts } from "./lambda/lambda-function.ts";
import { type LoadBalancer, loadBalancerFacts } from "./load-balancer/load-balancer.ts";
import { type RedisReplicationGroup, redisReplicationGroupFacts } from "./redis/replication-group.ts";
import { type RdsInstance, rdsInstanceFacts } from "./rds/instance.ts";
import { type Region, regionFacts } from "./region/region.ts";
import type { ResourceFacts } from "./resource-facts.ts";
import { type Bucket, bucketFacts } from "./s3/bucket.ts";

export type Resource =
  | LoadBalancer
  | AutoScalingGroup
  | DynamoTable
  | AuroraCluster
  | RdsInstance
  | RedisReplicationGroup
  | Bucket
  | LambdaFunction
  | ContainerService
  | Region;
export type ResourceOf<K extends ResourceKind> = Extract<Resource, { readonly kind: K }>;

/** What is known of each kind of resource without asking AWS; how AWS describes it stands in adapters/aws/resource-adapters.ts. */
export const resourceKinds: { readonly [K in ResourceKind]: ResourceFacts<ResourceOf<K>> } = {
  "load-balancer": loadBalancerFacts,
  "auto-scaling-group": autoScalingGroupFacts,
  "dynamodb-table": dynamoTableFacts,
  "aurora-cluster": auroraClusterFacts,
  "rds-instance": rdsInstanceFacts,
  "redis-replication-group": redisReplicationGroupFacts,
  "s3-bucket": bucketFacts,
  "lambda-function": lambdaFunctionFacts,
  "ecs-service": containerServiceFacts,
  region: regionFacts,
};

export function resourceFacts<R extends Resource>(resource: R): ResourceFacts<R> {
  return resourceKinds[resource.kind] as unknown as ResourceFacts<R>;
}

/** A resource the outputs name but AWS could not describe: skipped with the reason, never guessed. */
export interface UndescribedResource {
  readonly ref: ResourceRef;
  readonly reason: "not-found" | "access-denied" | "failed" | "unsupported";
  readonly detail: string;
}

/** The live resources of every region, with the account they are in. */
export interface Inventory {
  readonly accountId: string;
  readonly resources: readonly Resource[];
  readonly undescribed: readonly UndescribedResource[];
  /** Region → why it could not be read at all; such a region is left out, the others go on. */
  readonly failedRegions: Readonly<Record<string, string>>;
}

interface Index {
  readonly byKey: ReadonlyMap<string, Resource>;
  readonly byKind: ReadonlyMap<ResourceKind, readonly Resource[]>;
}

/** Each resource looks for its neighbours: gone through every time, an account of a thousand would be gone through a million times. */
const indexOf = oncePer((resources: readonly Resource[]): Index => {
  // The first of equal keys, as whoever looks through the list finds it.
  const byKey = new Map(resources.toReversed().map((resource) => [refKey(resource.ref), resource]));
  const kinds = [...new Set(resources.map(({ kind }) => kind))];
  const byKind = new Map(kinds.map((kind) => [kind, resources.filter((resource) => resource.kind === kind)]));
  return { byKey, byKind };
});

/** The described resource, or undefined where it was not read. */
export function resourceAt({ resources }: Pick<Inventory, "resources">, ref: ResourceRef): Resource | undefined {
  return indexOf(resources).byKey.get(refKey(ref));
}

export function resourcesOf<K extends ResourceKind>({ resources }: Pick<Inventory, "resources">, kind: K): readonly ResourceOf<K>[] {
  return (indexOf(resources).byKind.get(kind) ?? []) as readonly ResourceOf<K>[];
}
