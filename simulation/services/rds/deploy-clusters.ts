import { blockLike, liveResource } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import type { AccountState } from "../../account/state.ts";
import { QueueableSetting } from "../../account/queued-setting.ts";
import { Timeline } from "../../account/timeline.ts";
import { type Arguments, argumentsOf } from "../../terraform/arguments.ts";
import { argument, arn, named } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { clusters, globalClusters, instanceDefaults, instances, isThere, type DbCluster, type DbInstance } from "./cluster.ts";
import { lifeOf } from "./resized-instance.ts";
import { clusterParameterGroups, deployClusterParameterGroup, deployParameterGroup, parameterGroups } from "./parameters.ts";

/** RDS API reference, CreateDBCluster, BackupRetentionPeriod. */
const defaultRetentionDays = 1;
/** Where a stack names no maintenance window, AWS picks one at random; this account always picks this one. */
export const defaultMaintenanceWindow = "sun:06:00-sun:06:30";

function deployInstance(resource: EvaluatedResource, context: DeploymentContext): void {
  const instance = toInstance(context, resource);
  context.state.of(instances).add(instance.id, instance);
}

function deployCluster(resource: EvaluatedResource, context: DeploymentContext): void {
  const cluster = toCluster(context, resource);
  context.state.of(clusters).add(cluster.id, cluster);
}

function toInstance(context: DeploymentContext, resource: EvaluatedResource): DbInstance {
  const given = argumentsOf(resource);
  const id = given.text("identifier");
  const position = context.state.of(instances).in(resource.region).length;
  return {
    ...context.owned(resource, id),
    id,
    clusterId: given.text("cluster_identifier"),
    resourceId: String(resource.attribute("dbi_resource_id")),
    promotionTier: given.number("promotion_tier", 0),
    zone: given.optionalText("availability_zone") ?? `${resource.region}${"abc"[position % 3] ?? "a"}`,
    endpoint: String(resource.attribute("endpoint")),
    maintenanceWindow: given.optionalText("preferred_maintenance_window") ?? defaultMaintenanceWindow,
    ...optional("parameterGroup", given.optionalText("db_parameter_group_name")),
    performanceInsights: given.flag("performance_insights_enabled", false),
    monitoringSeconds: given.number("monitoring_interval", 0),
    settings: {
      createdMs: context.state.bornMs,
      subnetGroup: given.optionalText("db_subnet_group_name"),
      monitoringRoleArn: given.optionalText("monitoring_role_arn"),
      insightsDays: given.number("performance_insights_retention_period", instanceDefaults.insightsDays),
      insightsKeyArn: given.optionalText("performance_insights_kms_key_id"),
      caCertificate: new QueueableSetting(context.state.bornMs, given.optionalText("ca_cert_identifier") ?? instanceDefaults.caCertificate),
      isPubliclyAccessible: given.flag("publicly_accessible", false),
      upgradesMinorVersions: given.flag("auto_minor_version_upgrade", true),
      copiesTagsToSnapshots: given.flag("copy_tags_to_snapshot", false),
    },
    state: lifeOf(context, resource.region, id, given.text("instance_class")),
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
    ...optional("engineMode", given.optionalText("engine_mode")),
    ...optional("storageType", given.optionalText("storage_type")),
    ...optional("parameterGroup", given.optionalText("db_cluster_parameter_group_name")),
    endpoint: String(resource.attribute("endpoint")),
    readerEndpoint: String(resource.attribute("reader_endpoint")),
    port: Number(resource.attribute("port")),
    backupRetentionDays: new Timeline(state.bornMs, given.number("backup_retention_period", defaultRetentionDays)),
    ...capacityRange(state.bornMs, given),
    deletionProtection: given.flag("deletion_protection", false),
    storageEncrypted: given.flag("storage_encrypted", false),
    kmsKeyId: given.optionalText("kms_key_id"),
    globalClusterId,
    isSecondary,
    memberIds: members.map((member) => member.id),
    state: new Timeline(state.bornMs, { status: "available", writer: isSecondary ? null : (members[0]?.id ?? null) }),
  };
}

function capacityRange(bornMs: number, given: Arguments): Pick<DbCluster, "capacityRange"> {
  const [range] = given.blocks("serverlessv2_scaling_configuration");
  if (range === undefined) return {};
  return { capacityRange: new Timeline(bornMs, { minAcu: range.number("min_capacity"), maxAcu: range.number("max_capacity") }) };
}

function optional<Name extends string>(name: Name, value: string | null): { readonly [N in Name]?: string } {
  return value === null || value === "" ? {} : ({ [name]: value } as { readonly [N in Name]: string });
}

/** By promotion tier, then name: the first is the writer at first. */
function membersOf(state: AccountState, region: string, clusterId: string): readonly DbInstance[] {
  return state
    .of(instances)
    .in(region)
    .filter((instance) => instance.clusterId === clusterId)
    .toSorted((a, b) => a.promotionTier - b.promotionTier || (a.id < b.id ? -1 : 1));
}

function deployGlobalCluster(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const id = given.text("global_cluster_identifier");
  const members = state
    .of(clusters)
    .all()
    .filter((cluster) => cluster.globalClusterId === id);
  state.of(globalClusters).set(id, {
    ...context.owned(resource, id),
    id,
    resourceId: String(resource.attribute("global_cluster_resource_id")),
    engine: given.optionalText("engine") ?? members[0]?.engine ?? "aurora-mysql",
    engineVersion: given.optionalText("engine_version") ?? members[0]?.engineVersion ?? "",
    storageEncrypted: given.flag("storage_encrypted", false),
    deletionProtection: given.flag("deletion_protection", false),
    memberArns: members.map((cluster) => ({ arn: cluster.arn, isWriter: !cluster.isSecondary })),
  });
}

/** Instances first: a cluster is deployed with its members, a global database with its clusters. */
export const auroraTypes: Readonly<Record<string, ResourceType>> = {
  aws_rds_cluster_instance: {
    attributes: {
      id: argument("identifier"),
      arn: arn("rds", (self) => `db:${self.text("identifier")}`),
      dbi_resource_id: (self) => `db-${self.hex(26).toUpperCase()}`,
      endpoint: (self) => `${self.text("identifier")}.${self.hex(12)}.${self.region}.rds.amazonaws.com`,
      port: () => 3306,
    },
    deploy: deployInstance,
    live: liveResource(
      instances,
      { instance_class: (instance, _given, atMs) => instance.state.at(atMs)?.instanceClass },
      { isGone: (instance, atMs) => !isThere(instance, atMs) },
    ),
  },
  aws_rds_cluster: {
    attributes: {
      id: argument("cluster_identifier"),
      arn: arn("rds", (self) => `cluster:${self.text("cluster_identifier")}`),
      cluster_resource_id: (self) => `cluster-${self.hex(26).toUpperCase()}`,
      endpoint: (self) => `${self.text("cluster_identifier")}.cluster-${self.hex(12)}.${self.region}.rds.amazonaws.com`,
      reader_endpoint: (self) => `${self.text("cluster_identifier")}.cluster-ro-${self.hex(12)}.${self.region}.rds.amazonaws.com`,
      port: () => 3306,
      engine_version_actual: argument("engine_version"),
      // What AWS keeps the master's password in, where a stack leaves that to it.
      master_user_secret: (self) => [
        { secret_arn: `arn:aws:secretsmanager:${self.region}:${self.accountId}:secret:rds!cluster-${self.hex(32)}-${self.hex(6)}`, secret_status: "active" },
      ],
    },
    deploy: deployCluster,
    live: liveResource(clusters, {
      serverlessv2_scaling_configuration: (cluster, given, atMs) => {
        const range = cluster.capacityRange?.at(atMs);
        const configured = given["serverlessv2_scaling_configuration"];
        return range === undefined ? undefined : blockLike(configured, { min_capacity: range.minAcu, max_capacity: range.maxAcu });
      },
      // A stack that names none has the default: Terraform sees no difference in that.
      backup_retention_period: (cluster, given, atMs) => {
        const days = cluster.backupRetentionDays.at(atMs);
        return days === defaultRetentionDays && (given["backup_retention_period"] ?? null) === null ? undefined : days;
      },
    }),
  },
  aws_rds_global_cluster: {
    attributes: {
      id: argument("global_cluster_identifier"),
      arn: arn("rds", (self) => `global-cluster:${self.text("global_cluster_identifier")}`, "account"),
      global_cluster_resource_id: (self) => `cluster-${self.hex(16)}`,
    },
    deploy: deployGlobalCluster,
  },
  aws_rds_cluster_parameter_group: {
    attributes: { ...named("name"), arn: arn("rds", (self) => `cluster-pg:${self.text("name")}`) },
    deploy: deployClusterParameterGroup,
    live: liveResource(clusterParameterGroups),
  },
  aws_db_parameter_group: {
    attributes: { ...named("name"), arn: arn("rds", (self) => `pg:${self.text("name")}`) },
    deploy: deployParameterGroup,
    live: liveResource(parameterGroups),
  },
  aws_db_subnet_group: { attributes: { ...named("name"), arn: arn("rds", (self) => `subgrp:${self.text("name")}`) } },
};
