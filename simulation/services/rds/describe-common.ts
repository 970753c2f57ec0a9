import type { DBInstance, PendingModifiedValues } from "@aws-sdk/client-rds";
import type { InstanceSettings, InstanceState } from "./cluster.ts";

interface AnyInstance {
  readonly id: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly zone: string;
  readonly maintenanceWindow: string;
  readonly parameterGroup?: string | null;
  readonly performanceInsights: boolean;
  readonly monitoringSeconds: number;
  readonly settings: InstanceSettings;
}

/** What AWS says of an instance, whether it is a member of a cluster or stands alone. */
export function commonDescription(instance: AnyInstance, current: InstanceState | undefined, atMs: number): DBInstance {
  const { settings, parameterGroup } = instance;
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: current?.status ?? "creating",
    DBInstanceClass: current?.instanceClass ?? "",
    AvailabilityZone: instance.zone,
    InstanceCreateTime: new Date(settings.createdMs),
    PreferredMaintenanceWindow: instance.maintenanceWindow,
    ...((parameterGroup ?? null) === null ? {} : { DBParameterGroups: [{ DBParameterGroupName: parameterGroup ?? "", ParameterApplyStatus: "in-sync" }] }),
    PerformanceInsightsEnabled: instance.performanceInsights,
    ...(instance.performanceInsights ? { PerformanceInsightsRetentionPeriod: settings.insightsDays } : {}),
    ...(instance.performanceInsights && settings.insightsKeyArn !== null ? { PerformanceInsightsKMSKeyId: settings.insightsKeyArn } : {}),
    MonitoringInterval: instance.monitoringSeconds,
    ...(settings.monitoringRoleArn === null ? {} : { MonitoringRoleArn: settings.monitoringRoleArn }),
    ...(settings.subnetGroup === null ? {} : { DBSubnetGroup: { DBSubnetGroupName: settings.subnetGroup } }),
    CACertificateIdentifier: settings.caCertificate.valueAt(atMs),
    PendingModifiedValues: pendingValues(settings, current, atMs),
    PubliclyAccessible: settings.isPubliclyAccessible,
    AutoMinorVersionUpgrade: settings.upgradesMinorVersions,
    CopyTagsToSnapshot: settings.copiesTagsToSnapshots,
  };
}

function pendingValues({ caCertificate }: InstanceSettings, current: InstanceState | undefined, atMs: number): PendingModifiedValues {
  const certificate = caCertificate.queuedAt(atMs);
  return {
    ...(current?.pendingClass === undefined ? {} : { DBInstanceClass: current.pendingClass }),
    ...(certificate === undefined ? {} : { CACertificateIdentifier: certificate }),
  };
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
