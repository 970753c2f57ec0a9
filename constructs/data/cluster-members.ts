import type { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance/index.js";

/**
 * The first member becomes the writer because it is there before any other: RDS makes the first one that is ready the writer, whatever
 * its promotion tier. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-replicas-adding.html
 */
export function createMembers<T>(
  settings: readonly T[],
  create: (member: T, order: { readonly dependsOn?: RdsClusterInstance[] }) => RdsClusterInstance,
): void {
  const writer = settings.slice(0, 1).map((first) => create(first, {}));
  for (const other of settings.slice(1)) create(other, { dependsOn: writer });
}
