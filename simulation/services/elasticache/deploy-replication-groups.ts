import type { DeploymentContext } from "../../deployment/deployment-context.ts";
import { argumentsOf } from "../../terraform/arguments.ts";

export function addReplicationGroups(context: DeploymentContext): void {
  for (const resource of context.resources("aws_elasticache_replication_group")) {
    const given = argumentsOf(resource);
    const id = given.text("replication_group_id");
    // Without node groups the stack counts nodes: one primary and the rest replicas.
    const clusterMode = given.optionalText("num_node_groups") !== null;
    context.state.replicationGroups.add(id, {
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
}
