import { DescribeDBClustersCommand, DescribeDBInstancesCommand, DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const account = "123456789012";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const rds = mockClient(RDSClient);

beforeEach(() => {
  for (const mock of [rds]) mock.reset();
});

function awsError(name: string): Error {
  return Object.assign(new Error(`said ${name}`), { name, $fault: "client" });
}

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients).describe(emptyDeployment(region, parts));
}

describe("Aurora clusters", () => {
  const arn = `arn:aws:rds:${region}:${account}:cluster:c`;
  const cluster = {
    DBClusterIdentifier: "c",
    DBClusterArn: arn,
    Engine: "aurora-mysql",
    EngineVersion: "8.0.mysql_aurora.3.10.0",
    Status: "available",
    BackupRetentionPeriod: 30,
    TagList: [],
    DBClusterMembers: [
      { DBInstanceIdentifier: "c-1", IsClusterWriter: false, PromotionTier: 1 },
      { DBInstanceIdentifier: "c-2", IsClusterWriter: true, PromotionTier: 0 },
    ],
  };
  const member = (identifier: string) => ({
    DBInstanceIdentifier: identifier,
    DBInstanceArn: `arn:${identifier}`,
    DBInstanceClass: "db.r6g.4xlarge",
    DBInstanceStatus: "available",
    TagList: [{ Key: "name", Value: identifier }],
  });

  beforeEach(() => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [cluster] });
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [member("c-2")], Marker: "2" });
    rds.on(DescribeDBInstancesCommand, { Marker: "2" }).resolves({ DBInstances: [member("c-1")] });
    rds.on(DescribeGlobalClustersCommand).resolves({ GlobalClusters: [{ GlobalClusterIdentifier: "other", GlobalClusterMembers: [] }], Marker: "2" });
    rds
      .on(DescribeGlobalClustersCommand, { Marker: "2" })
      .resolves({ GlobalClusters: [{ GlobalClusterIdentifier: "world", GlobalClusterMembers: [{ DBClusterArn: arn, IsWriter: false }] }] });
  });

  it("have roles by the member list, and their role in a global database", async () => {
    const { resources } = await described({ auroraClusters: ["c"] });
    expect(resources).toMatchObject([
      {
        globalClusterId: "world",
        globalRole: "secondary",
        members: [
          { identifier: "c-1", role: "reader", promotionTier: 1, tags: { tags: { name: "c-1" } } },
          { identifier: "c-2", role: "writer", promotionTier: 0 },
        ],
      },
    ]);
  });

  it("have the tags of all members read", async () => {
    const tags = await createTagReader(clients).tagsOf({ kind: "aurora-cluster", region, id: "c" });
    expect(tags.map((one) => (one.kind === "tags" ? one.tags : one))).toEqual([{}, { name: "c-2" }, { name: "c-1" }]);
  });

  it("are unreadable, not untagged, when they are gone", async () => {
    rds.on(DescribeDBClustersCommand).rejects(awsError("DBClusterNotFoundFault"));
    expect(await createTagReader(clients).tagsOf({ kind: "aurora-cluster", region, id: "c" })).toEqual([
      { kind: "unreadable", reason: "said DBClusterNotFoundFault" },
    ]);
  });
});
