import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = mockClient(DynamoDBClient);

beforeEach(() => {
  for (const mock of [dynamoDb]) mock.reset();
});

function awsError(name: string): Error {
  return Object.assign(new Error(`said ${name}`), { name, $fault: "client" });
}

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients).describe(emptyDeployment(region, parts));
}

describe("DynamoDB tables", () => {
  const table = {
    TableName: "users",
    TableArn: "arn:users",
    TableStatus: "ACTIVE" as const,
    TableSizeBytes: 10,
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" as const },
      { AttributeName: "email", AttributeType: "S" as const },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-email",
        IndexStatus: "ACTIVE" as const,
        KeySchema: [{ AttributeName: "email", KeyType: "HASH" as const }],
        Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["z", "a"] },
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
        OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
      },
    ],
    Replicas: [{ RegionName: "eu-west-1" }],
  };

  it("are PROVISIONED without BillingModeSummary, and carry full index definitions", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({ Tags: [{ Key: "a", Value: "1" }], NextToken: "2" });
    dynamoDb.on(ListTagsOfResourceCommand, { NextToken: "2" }).resolves({ Tags: [{ Key: "b", Value: "2" }] });
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([
      {
        billingMode: "PROVISIONED",
        replicaRegions: ["eu-west-1", "us-east-1"],
        tags: { kind: "tags", tags: { a: "1", b: "2" } },
        indexes: [
          {
            status: "ACTIVE",
            definition: {
              name: "by-email",
              key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
              projection: { type: "INCLUDE", nonKeyAttributes: ["a", "z"] },
              maxReadRequestUnits: 1,
              maxWriteRequestUnits: -1,
            },
          },
        ],
      },
    ]);
    expect(resources[0]).not.toHaveProperty("indexes.0.definition.readCapacityUnits");
  });

  it("count as a tenant's when their tags are refused", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(ListTagsOfResourceCommand).rejects(awsError("AccessDeniedException"));
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources[0]?.tags).toEqual({ kind: "unreadable", reason: "AccessDeniedException: said AccessDeniedException" });
  });

  it.each([
    ["ResourceNotFoundException", "not-found"],
    ["AccessDeniedException", "access-denied"],
    ["ValidationException", "failed"],
  ])("are undescribed after %s, while others are described", async (name, reason) => {
    dynamoDb.on(DescribeTableCommand, { TableName: "users" }).resolves({ Table: table });
    dynamoDb.on(DescribeTableCommand, { TableName: "gone" }).rejects(awsError(name));
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const inventory = await described({ tables: [{ name: "gone" }, { name: "users" }] });
    expect(inventory.resources.map(({ ref }) => ref.id)).toEqual(["users"]);
    expect(inventory.undescribed).toMatchObject([{ ref: { id: "gone" }, reason }]);
  });

  it("stop the whole reading when credentials expire, or AWS throttles to the end", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ExpiredTokenException"));
    await expect(described({ tables: [{ name: "users" }] })).rejects.toMatchObject({ code: "credentials-lost" });
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ThrottlingException"));
    await expect(described({ tables: [{ name: "users" }] })).rejects.toMatchObject({ code: "throttled" });
  });
});
