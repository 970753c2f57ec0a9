/**
 * All that CreateDBInstance takes for a member of an Aurora cluster and that is the member's own; `null` where AWS names none. What a member
 * has from its cluster is not sent: engine version, storage, backups, log exports, network type, Database Insights' mode
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html).
 */
export interface MemberDefinition {
  readonly engine: string;
  readonly instanceClass: string;
  readonly availabilityZone: string | null;
  /** 0 is promoted first, 15 last. */
  readonly promotionTier: number;
  readonly parameterGroup: string | null;
  readonly subnetGroup: string | null;
  /** UTC, `ddd:hh:mm-ddd:hh:mm`. */
  readonly maintenanceWindow: string | null;
  readonly isPubliclyAccessible: boolean;
  readonly upgradesMinorVersions: boolean;
  readonly copiesTagsToSnapshots: boolean;
  readonly monitoring: { readonly intervalSeconds: number; readonly roleArn: string } | null;
  readonly performanceInsights: { readonly retentionDays: number; readonly kmsKeyArn: string | null } | null;
  readonly caCertificate: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** CreateDBInstance's input, as the API and as the command line (`--cli-input-json`) take it. */
export function creationOf(cluster: string, instance: string, definition: MemberDefinition) {
  const { monitoring, performanceInsights } = definition;
  return {
    DBInstanceIdentifier: instance,
    DBClusterIdentifier: cluster,
    Engine: definition.engine,
    DBInstanceClass: definition.instanceClass,
    PromotionTier: definition.promotionTier,
    PubliclyAccessible: definition.isPubliclyAccessible,
    AutoMinorVersionUpgrade: definition.upgradesMinorVersions,
    CopyTagsToSnapshot: definition.copiesTagsToSnapshots,
    MonitoringInterval: monitoring?.intervalSeconds ?? 0,
    ...(monitoring === null ? {} : { MonitoringRoleArn: monitoring.roleArn }),
    EnablePerformanceInsights: performanceInsights !== null,
    ...(performanceInsights === null ? {} : { PerformanceInsightsRetentionPeriod: performanceInsights.retentionDays }),
    ...named("PerformanceInsightsKMSKeyId", performanceInsights?.kmsKeyArn ?? null),
    ...named("AvailabilityZone", definition.availabilityZone),
    ...named("DBParameterGroupName", definition.parameterGroup),
    ...named("DBSubnetGroupName", definition.subnetGroup),
    ...named("PreferredMaintenanceWindow", definition.maintenanceWindow),
    ...named("CACertificateIdentifier", definition.caCertificate),
    Tags: Object.entries(definition.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function named<Name extends string>(name: Name, value: string | null): { readonly [N in Name]?: string } {
  return value === null ? {} : ({ [name]: value } as { readonly [N in Name]: string });
}
