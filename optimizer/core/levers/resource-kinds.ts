import type { ResourceRef } from "../model/resource-ref.ts";
import type { AuroraCluster } from "./aurora/cluster.ts";
import type { AutoScalingGroup } from "./asg/group.ts";
import type { DynamoTable } from "./dynamodb/table.ts";
import type { LoadBalancer } from "./load-balancer/load-balancer.ts";
import type { RedisReplicationGroup } from "./redis/replication-group.ts";

export type Resource = LoadBalancer | AutoScalingGroup | DynamoTable | AuroraCluster | RedisReplicationGroup;

/** A resource the outputs name but AWS could not describe: skipped with the reason, never guessed. */
export interface UndescribedResource {
  readonly ref: ResourceRef;
  readonly reason: "not-found" | "access-denied" | "failed";
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
