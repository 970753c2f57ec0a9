import { liveResource } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { QueueableSetting } from "../../account/queued-setting.ts";
import { Timeline } from "../../account/timeline.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { argument, arn } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { instanceDefaults } from "./cluster.ts";
import { defaultMaintenanceWindow } from "./deploy-clusters.ts";
import { lifeOf } from "./resized-instance.ts";
import { standaloneInstances, type StandaloneInstance } from "./standalone.ts";

/** Of an instance that Terraform makes, where the stack says nothing (resource aws_db_instance, backup_retention_period). */
const defaultRetentionDays = 0;
/** Where a stack names none, AWS picks one at random; this account always picks this one. */
const defaultBackupWindow = "05:00-05:30";

function toInstance(context: DeploymentContext, resource: EvaluatedResource): StandaloneInstance {
  const { state } = context;
  const given = argumentsOf(resource);
  const id = given.text("identifier");
  const count = (name: string): number | null => (given.optionalText(name) === null ? null : given.number(name, 0));
  return {
    ...context.owned(resource, id),
    id,
    resourceId: String(resource.attribute("resource_id")),
    engine: given.optionalText("engine"),
    engineVersion: given.optionalText("engine_version"),
    zone: given.optionalText("availability_zone") ?? `${resource.region}a`,
    host: String(resource.attribute("address")),
    port: Number(resource.attribute("port")),
    multiAz: given.flag("multi_az", false),
    replicaOf: given.optionalText("replicate_source_db"),
    maintenanceWindow: given.optionalText("maintenance_window") ?? defaultMaintenanceWindow,
    backupWindow: given.optionalText("backup_window") ?? defaultBackupWindow,
    parameterGroup: given.optionalText("parameter_group_name"),
    storageGib: count("allocated_storage"),
    maxStorageGib: count("max_allocated_storage"),
    storageType: given.optionalText("storage_type") ?? "gp2",
    kmsKeyId: given.optionalText("kms_key_id"),
    deletionProtection: given.flag("deletion_protection", false),
    performanceInsights: given.flag("performance_insights_enabled", false),
    monitoringSeconds: given.number("monitoring_interval", 0),
    settings: {
      createdMs: state.bornMs,
      subnetGroup: given.optionalText("db_subnet_group_name"),
      monitoringRoleArn: given.optionalText("monitoring_role_arn"),
      insightsDays: given.number("performance_insights_retention_period", instanceDefaults.insightsDays),
      insightsKeyArn: given.optionalText("performance_insights_kms_key_id"),
      caCertificate: new QueueableSetting(state.bornMs, given.optionalText("ca_cert_identifier") ?? instanceDefaults.caCertificate),
      isPubliclyAccessible: given.flag("publicly_accessible", false),
      upgradesMinorVersions: given.flag("auto_minor_version_upgrade", true),
      copiesTagsToSnapshots: given.flag("copy_tags_to_snapshot", false),
    },
    backupRetentionDays: new Timeline(state.bornMs, given.number("backup_retention_period", defaultRetentionDays)),
    state: lifeOf(context, resource.region, id, given.text("instance_class")),
  };
}

function deployStandalone(resource: EvaluatedResource, context: DeploymentContext): void {
  const instance = toInstance(context, resource);
  context.state.of(standaloneInstances).add(instance.id, instance);
}

export const standaloneTypes: Readonly<Record<string, ResourceType>> = {
  aws_db_instance: {
    attributes: {
      // Not the identifier: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#attribute-reference
      id: (self) => self.attribute("resource_id"),
      resource_id: (self) => `db-${self.hex(26).toUpperCase()}`,
      arn: arn("rds", (self) => `db:${self.text("identifier")}`),
      address: (self) => `${self.text("identifier")}.${self.hex(12)}.${self.region}.rds.amazonaws.com`,
      endpoint: (self) => `${String(self.attribute("address"))}:${String(self.attribute("port"))}`,
      port: (self) => self.argument("port") ?? (self.argument("engine") === "postgres" ? 5432 : 3306),
      engine_version_actual: argument("engine_version"),
      status: () => "available",
    },
    deploy: deployStandalone,
    live: liveResource(standaloneInstances, {
      instance_class: (instance, _given, atMs) => instance.state.at(atMs)?.instanceClass,
      // Computed by AWS where the stack says nothing: Terraform sees no difference then.
      backup_retention_period: ({ backupRetentionDays }, given, atMs) =>
        (given["backup_retention_period"] ?? null) === null ? undefined : backupRetentionDays.at(atMs),
    }),
  },
};
