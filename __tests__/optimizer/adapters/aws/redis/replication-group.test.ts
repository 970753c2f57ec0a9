import { DescribeReplicationGroupsCommand, ElastiCacheClient, ListTagsForResourceCommand } from "@aws-sdk/client-elasticache";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const elastiCache = mockClient(ElastiCacheClient);

beforeEach(() => {
  for (const mock of [elastiCache]) mock.reset();
});

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients).describe(emptyDeployment(region, parts));
}

describe("Redis replication groups", () => {
  it("have their real node groups and members", async () => {
    elastiCache.on(DescribeReplicationGroupsCommand).resolves({
      ReplicationGroups: [
        {
          ReplicationGroupId: "r",
          ARN: "arn:r",
          Status: "available",
          CacheNodeType: "cache.r6g.4xlarge",
          ClusterEnabled: true,
          NodeGroups: [
            { NodeGroupId: "0007", NodeGroupMembers: [{ CacheClusterId: "r-0007-002" }, { CacheClusterId: "r-0007-001" }] },
            { NodeGroupId: "0002", NodeGroupMembers: [{ CacheClusterId: "r-0002-001" }] },
          ],
        },
      ],
    });
    elastiCache.on(ListTagsForResourceCommand).resolves({ TagList: [{ Key: "k", Value: "v" }] });
    const { resources } = await described({ redisReplicationGroups: ["r"] });
    expect(resources).toMatchObject([
      {
        clusterMode: true,
        nodeGroups: [
          { id: "0002", members: ["r-0002-001"] },
          { id: "0007", members: ["r-0007-001", "r-0007-002"] },
        ],
        tags: { tags: { k: "v" } },
      },
    ]);
  });
});
