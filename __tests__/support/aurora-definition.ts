import type { MemberDefinition } from "../../optimizer/core/levers/aurora/member-definition.ts";

/** A member as the stacks make it. */
export function aDefinition(overrides: Partial<MemberDefinition> = {}): MemberDefinition {
  return {
    engine: "aurora-mysql",
    instanceClass: "db.r6g.4xlarge",
    availabilityZone: "us-east-1a",
    promotionTier: 1,
    parameterGroup: "aurora",
    subnetGroup: "aurora",
    maintenanceWindow: "sun:05:00-sun:05:30",
    isPubliclyAccessible: false,
    upgradesMinorVersions: false,
    copiesTagsToSnapshots: true,
    monitoring: { intervalSeconds: 30, roleArn: "arn:aws:iam::123456789012:role/monitoring" },
    performanceInsights: { retentionDays: 7, kmsKeyArn: null },
    caCertificate: "rds-ca-rsa2048-g1",
    tags: { team: "data" },
    ...overrides,
  };
}
