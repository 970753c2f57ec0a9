import type { AccountState } from "../../account-state.ts";
import type { DeploymentContext } from "../../deployment/deployment-context.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { Timeline } from "../../timeline.ts";
import type { DbCluster, DbInstance, InstanceState } from "./cluster.ts";

/** Where a stack names no maintenance window, AWS picks one at random; this account always picks this one. */
const defaultMaintenanceWindow = "sun:06:00-sun:06:30";

/** Aurora clusters with their instances, and the global databases they belong to. */
export function addDbClusters(context: DeploymentContext): void {
  const { state } = context;
  for (const resource of context.resources("aws_rds_cluster_instance")) {
    const instance = toInstance(context, resource);
    state.dbInstances.add(instance.id, instance);
  }
  for (const resource of context.resources("aws_rds_cluster")) {
    const cluster = toCluster(context, resource);
    state.dbClusters.add(cluster.id, cluster);
  }
  for (const resource of context.resources("aws_rds_global_cluster")) addGlobalCluster(context, resource);
}

function toInstance(context: DeploymentContext, resource: EvaluatedResource): DbInstance {
  const given = argumentsOf(resource);
  const id = given.text("identifier");
  const position = context.state.dbInstances.in(resource.region).length;
  const first: InstanceState = { instanceClass: given.text("instance_class"), status: "available", serving: true };
  return {
    ...context.owned(resource, id),
    id,
    clusterId: given.text("cluster_identifier"),
    resourceId: String(resource.attribute("dbi_resource_id")),
    promotionTier: given.number("promotion_tier", 0),
    zone: given.optionalText("availability_zone") ?? `${resource.region}${"abc"[position % 3] ?? "a"}`,
    endpoint: String(resource.attribute("endpoint")),
    maintenanceWindow: given.optionalText("preferred_maintenance_window") ?? defaultMaintenanceWindow,
    performanceInsights: given.flag("performance_insights_enabled", false),
    monitoringSeconds: given.number("monitoring_interval", 0),
    state: new Timeline(context.state.bornMs, first),
  };
}

function toCluster(context: DeploymentContext, resource: EvaluatedResource): DbCluster {
  const { state } = context;
  const given = argumentsOf(resource);
  const id = given.text("cluster_identifier");
  const members = membersOf(state, resource.region, id);
  const globalClusterId = given.optionalText("global_cluster_identifier");
  // Credentials belong to the cluster that takes writes: a secondary of a global database must not have any.
  const hasCredentials = given.optionalText("master_username") !== null || given.flag("manage_master_user_password", false);
  const isSecondary = globalClusterId !== null && !hasCredentials;
  return {
    ...context.owned(resource, id),
    id,
    resourceId: String(resource.attribute("cluster_resource_id")),
    engine: given.text("engine"),
    engineVersion: given.text("engine_version"),
    endpoint: String(resource.attribute("endpoint")),
    readerEndpoint: String(resource.attribute("reader_endpoint")),
    port: Number(resource.attribute("port")),
    backupRetentionDays: given.number("backup_retention_period", 1),
    deletionProtection: given.flag("deletion_protection", false),
    storageEncrypted: given.flag("storage_encrypted", false),
    kmsKeyId: given.optionalText("kms_key_id"),
    globalClusterId,
    isSecondary,
    memberIds: members.map((member) => member.id),
    state: new Timeline(state.bornMs, { status: "available", writer: isSecondary ? null : (members[0]?.id ?? null) }),
  };
}

/** By promotion tier, then name: the first is the writer at first. */
function membersOf(state: AccountState, region: string, clusterId: string): readonly DbInstance[] {
  return state.dbInstances
    .in(region)
    .filter((instance) => instance.clusterId === clusterId)
    .toSorted((a, b) => a.promotionTier - b.promotionTier || (a.id < b.id ? -1 : 1));
}

function addGlobalCluster(context: DeploymentContext, resource: EvaluatedResource): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const id = given.text("global_cluster_identifier");
  const clusters = state.dbClusters.all().filter((cluster) => cluster.globalClusterId === id);
  state.globalClusters.set(id, {
    ...context.owned(resource, id),
    id,
    resourceId: String(resource.attribute("global_cluster_resource_id")),
    engine: given.optionalText("engine") ?? clusters[0]?.engine ?? "aurora-mysql",
    engineVersion: given.optionalText("engine_version") ?? clusters[0]?.engineVersion ?? "",
    storageEncrypted: given.flag("storage_encrypted", false),
    deletionProtection: given.flag("deletion_protection", false),
    memberArns: clusters.map((cluster) => ({ arn: cluster.arn, isWriter: !cluster.isSecondary })),
  });
}
