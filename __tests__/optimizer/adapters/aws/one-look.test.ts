import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, it } from "vitest";
import { createChangeReader } from "../../../../optimizer/adapters/aws/change-reader.ts";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createTagReader } from "../../../../optimizer/adapters/aws/tag-reader.ts";
import type { ChangeOf } from "../../../../optimizer/core/levers/change-kinds.ts";
import type { Look } from "../../../../optimizer/ports/look.ts";
import { answersOf } from "../../../support/answers-of.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);
const changes = createChangeReader(clients);
const tags = createTagReader(clients);
const stream: ChangeOf<"dynamodb.stream"> = {
  kind: "dynamodb.stream",
  region,
  table: "users",
  before: { viewType: "NEW_IMAGE" },
  after: { viewType: null },
};

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(DescribeTableCommand).resolves({ Table: { TableName: "users", TableArn: "arn", TableStatus: "ACTIVE", Replicas: [] } });
  dynamoDb.on(ListTagsOfResourceCommand).resolves({ Tags: [] });
});

const described = () => dynamoDb.commandCalls(DescribeTableCommand).length;

async function lookAt(look?: Look): Promise<void> {
  await changes.statesOf([stream], look);
  await tags.tagsOf([{ kind: "dynamodb-table", region, id: "users" }], look);
}

it("describes once in a look what both the states and the tags rest on", async () => {
  await lookAt(Symbol("look"));
  expect(described()).toBe(1);
});

it("asks anew in the next look, even one of the same moment", async () => {
  await lookAt(Symbol("look"));
  await lookAt(Symbol("look"));
  expect(described()).toBe(2);
});

it("keeps no answer for questions that belong to no look", async () => {
  await lookAt();
  expect(described()).toBe(2);
});

it("shares nothing between the clients of two accounts", async () => {
  const look = Symbol("look");
  await lookAt(look);
  const others = createClientFactory({ credentials: { accessKeyId: "y", secretAccessKey: "y" } });
  await createChangeReader(others).statesOf([stream], look);
  expect(described()).toBe(2);
});
