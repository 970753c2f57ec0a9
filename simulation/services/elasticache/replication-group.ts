import { ElastiCacheServiceException } from "@aws-sdk/client-elasticache";
import { liveResource } from "../../account/live-resource.ts";
import { serviceErrors } from "../../account/service-error.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { argument, arn, named } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

export const errors = serviceErrors(ElastiCacheServiceException, "query");

export interface ReplicationGroup extends Owned {
  readonly id: string;
  readonly description: string;
  readonly engine: string;
  readonly nodeType: string;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly clusterMode: boolean;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
  readonly transitEncryption: boolean;
  readonly atRestEncryption: boolean;
  readonly kmsKeyId: string | null;
  readonly endpoint: string;
  readonly port: number;
}

export const replicationGroups = regionalStore<ReplicationGroup>();

function deployReplicationGroup(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const id = given.text("replication_group_id");
  // Without node groups the stack counts nodes: one primary and the rest replicas.
  const clusterMode = given.optionalText("num_node_groups") !== null;
  context.state.of(replicationGroups).add(id, {
    ...context.owned(resource, id),
    id,
    description: given.text("description"),
    engine: given.optionalText("engine") ?? "redis",
    nodeType: given.text("node_type"),
    shards: given.number("num_node_groups", 1),
    replicasPerShard: clusterMode ? given.number("replicas_per_node_group", 0) : given.number("num_cache_clusters", 1) - 1,
    clusterMode,
    automaticFailover: given.flag("automatic_failover_enabled", false),
    multiAz: given.flag("multi_az_enabled", false),
    transitEncryption: given.flag("transit_encryption_enabled", false),
    atRestEncryption: given.flag("at_rest_encryption_enabled", false),
    kmsKeyId: given.optionalText("kms_key_id"),
    endpoint: String(resource.attribute(clusterMode ? "configuration_endpoint_address" : "primary_endpoint_address")),
    port: given.number("port", 6379),
  });
}

export const cacheTypes: Readonly<Record<string, ResourceType>> = {
  aws_elasticache_replication_group: {
    attributes: {
      id: argument("replication_group_id"),
      arn: arn("elasticache", (self) => `replicationgroup:${self.text("replication_group_id")}`),
      configuration_endpoint_address: (self) => `clustercfg.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
      primary_endpoint_address: (self) => `master.${self.text("replication_group_id")}.${self.hex(6)}.${self.region}.cache.amazonaws.com`,
    },
    deploy: deployReplicationGroup,
    live: liveResource(replicationGroups),
  },
  aws_elasticache_subnet_group: { attributes: { ...named("name"), arn: arn("elasticache", (self) => `subnetgroup:${self.text("name")}`) } },
  aws_elasticache_parameter_group: { attributes: { ...named("name"), arn: arn("elasticache", (self) => `parametergroup:${self.text("name")}`) } },
};
