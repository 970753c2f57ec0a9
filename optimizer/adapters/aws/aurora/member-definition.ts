import type { DBInstance } from "@aws-sdk/client-rds";
import type { MemberDefinition } from "../../../core/levers/aurora/member-definition.ts";
import { readTags } from "../../../core/model/resource-ref.ts";
import { answered } from "../answered.ts";
import { tagsOf } from "../tag-records.ts";

/** AWS keeps Performance Insights for 7 days where nothing else is said (RDS API reference, CreateDBInstance). */
const freeRetentionDays = 7;
/** Aurora's own tier where none was given (RDS API reference, CreateDBInstance, PromotionTier). */
const usualTier = 1;

/** What a member would have to be made again by. */
export function definitionOf(instance: DBInstance): MemberDefinition {
  const tags = tagsOf(instance.TagList);
  return {
    engine: answered(instance.Engine, "Engine"),
    instanceClass: answered(instance.DBInstanceClass, "DBInstanceClass"),
    availabilityZone: instance.AvailabilityZone ?? null,
    promotionTier: instance.PromotionTier ?? usualTier,
    parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? null,
    subnetGroup: instance.DBSubnetGroup?.DBSubnetGroupName ?? null,
    maintenanceWindow: instance.PreferredMaintenanceWindow ?? null,
    isPubliclyAccessible: instance.PubliclyAccessible ?? false,
    upgradesMinorVersions: instance.AutoMinorVersionUpgrade ?? false,
    copiesTagsToSnapshots: instance.CopyTagsToSnapshot ?? false,
    monitoring: monitoringOf(instance),
    performanceInsights:
      instance.PerformanceInsightsEnabled === true
        ? { retentionDays: instance.PerformanceInsightsRetentionPeriod ?? freeRetentionDays, kmsKeyArn: instance.PerformanceInsightsKMSKeyId ?? null }
        : null,
    caCertificate: instance.CACertificateIdentifier ?? null,
    tags: readTags(tags),
  };
}

function monitoringOf({ MonitoringInterval: intervalSeconds = 0, MonitoringRoleArn: roleArn }: DBInstance): MemberDefinition["monitoring"] {
  return intervalSeconds === 0 ? null : { intervalSeconds, roleArn: answered(roleArn, "MonitoringRoleArn") };
}
