import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { answersOf } from "../../../support/answers-of.ts";
import { beforeEach, expect, it } from "vitest";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createTagReader } from "../../../../optimizer/adapters/aws/tag-reader.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);

beforeEach(() => {
  dynamoDb.reset();
  // A call of the mock does not tell its client, so the table's ARN tells the region it was described in.
  dynamoDb.on(DescribeTableCommand).callsFake(async (_, getClient: () => DynamoDBClient) => {
    const region = await getClient().config.region();
    return { Table: { TableName: "users", TableArn: `arn:${region}`, Replicas: [{ RegionName: "us-east-1" }, { RegionName: "eu-west-1" }] } };
  });
});

const tagsOf = () => createTagReader(clients).tagsOf([{ kind: "dynamodb-table", region: "us-east-1", id: "users" }]);

it("reads the tags of a global table in every region, each replica having its own", async () => {
  dynamoDb.on(ListTagsOfResourceCommand, { ResourceArn: "arn:us-east-1" }).resolves({ Tags: [{ Key: "a", Value: "1" }] });
  dynamoDb.on(ListTagsOfResourceCommand, { ResourceArn: "arn:eu-west-1" }).resolves({ Tags: [{ Key: "TenantId", Value: "7" }] });
  expect(await tagsOf()).toEqual([
    { kind: "tags", tags: { a: "1" } },
    { kind: "tags", tags: { TenantId: "7" } },
  ]);
});

it("calls the tags of a replica unreadable that may not be asked for them", async () => {
  dynamoDb.on(ListTagsOfResourceCommand, { ResourceArn: "arn:us-east-1" }).resolves({});
  dynamoDb.on(ListTagsOfResourceCommand, { ResourceArn: "arn:eu-west-1" }).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
  expect(await tagsOf()).toMatchObject([{ kind: "tags" }, { kind: "unreadable" }]);
});

it("asks nothing twice in one look at a table and its replicas, and asks again in the next", async () => {
  dynamoDb.on(ListTagsOfResourceCommand).resolves({});
  const refs = ["us-east-1", "eu-west-1", "us-east-1"].map((region) => ({ kind: "dynamodb-table" as const, region, id: "users" }));
  const reader = createTagReader(clients);
  expect(await reader.tagsOf(refs)).toHaveLength(4);
  expect([dynamoDb.commandCalls(DescribeTableCommand).length, dynamoDb.commandCalls(ListTagsOfResourceCommand).length]).toEqual([2, 2]);
  await reader.tagsOf(refs);
  expect(dynamoDb.commandCalls(ListTagsOfResourceCommand)).toHaveLength(4);
});
