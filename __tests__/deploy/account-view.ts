import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import type { DeployedStack } from "./deployed-stack.ts";

/** What AWS itself says, asked by the test and not by the optimizer. */
export interface AccountView {
  readonly indexes: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Instances that are there, and the bounds: `15 (12 to 25)`. */
  readonly groupSize: string;
  /** Class by instance. */
  readonly auroraClasses: Readonly<Record<string, string>>;
  /** Undefined for the secondary of a global database, which has none. */
  readonly auroraWriter: string | undefined;
}

export async function viewAccount(awsUrl: string, stack: DeployedStack): Promise<AccountView> {
  const settings = { region: stack.region, endpoint: awsUrl, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const [table, groups, instances, clusters] = await Promise.all([
    new DynamoDBClient(settings).send(new DescribeTableCommand({ TableName: stack.tables["tenants"] })),
    new AutoScalingClient(settings).send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [stack.group] })),
    new RDSClient(settings).send(new DescribeDBInstancesCommand({ Filters: [{ Name: "db-cluster-id", Values: [stack.auroraCluster] }] })),
    new RDSClient(settings).send(new DescribeDBClustersCommand({ DBClusterIdentifier: stack.auroraCluster })),
  ]);
  const group = groups.AutoScalingGroups?.[0];
  const running = group?.Instances ?? [];
  const members = clusters.DBClusters?.[0]?.DBClusterMembers ?? [];
  return {
    indexes: (table.Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => String(IndexName)).sort(),
    instanceTypes: [...new Set(running.map(({ InstanceType }) => String(InstanceType)))].sort(),
    groupSize: `${running.length} (${group?.MinSize} to ${group?.MaxSize})`,
    auroraClasses: Object.fromEntries((instances.DBInstances ?? []).map((one) => [String(one.DBInstanceIdentifier), String(one.DBInstanceClass)])),
    auroraWriter: members.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier,
  };
}
