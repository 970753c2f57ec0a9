import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost } from "../../../../../optimizer/errors.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);

beforeEach(() => {
  for (const mock of [dynamoDb]) mock.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change, token = "run-1|step-1") => createChangeWriter(clients).apply(change, token);

function awsError(name: string, details: object = { $fault: "client" }): Error {
  return Object.assign(new Error(`said ${name}`), { name, ...details });
}

describe("indexes of DynamoDB", () => {
  const definition = {
    name: "by-email",
    key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
    projection: { type: "INCLUDE", nonKeyAttributes: ["city"] },
    maxReadRequestUnits: 1,
    maxWriteRequestUnits: -1,
  } as const;
  const index = {
    IndexName: "by-email",
    IndexStatus: "ACTIVE" as const,
    KeySchema: [{ AttributeName: "email", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["city"] },
    OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
  };
  const removal: ChangeOf<"dynamodb.index"> = { kind: "dynamodb.index", region, table: "users", index: "by-email", before: definition, after: null };
  const cap: ChangeOf<"dynamodb.index-read-cap"> = {
    kind: "dynamodb.index-read-cap",
    region,
    table: "users",
    index: "by-email",
    before: { maxReadRequestUnits: -1 },
    after: { maxReadRequestUnits: 1 },
  };

  function tableIs(difference: Partial<TableDescription>): void {
    const attributes = [
      { AttributeName: "id", AttributeType: "S" as const },
      { AttributeName: "email", AttributeType: "S" as const },
    ];
    const common = { TableName: "users", TableStatus: "ACTIVE", BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" } } as const;
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...common, AttributeDefinitions: attributes, GlobalSecondaryIndexes: [index], ...difference } });
  }

  it("are settled with definition and cap, or null once gone", async () => {
    tableIs({});
    expect(await stateOf(removal)).toEqual({ kind: "settled", value: definition });
    expect(await stateOf(cap)).toEqual({ kind: "settled", value: { maxReadRequestUnits: 1 } });
    tableIs({ GlobalSecondaryIndexes: [] });
    expect(await stateOf(removal)).toEqual({ kind: "settled", value: null });
    expect(await stateOf(cap)).toMatchObject({ kind: "missing" });
  });

  it("reach the replicas that came since the plan, by whatever is done to their table", async () => {
    tableIs({ Replicas: [{ RegionName: region }, { RegionName: "eu-west-1", ReplicaStatus: "ACTIVE" }, { RegionName: "us-west-2", ReplicaStatus: "ACTIVE" }] });
    const known = [
      { kind: "dynamodb-table", region: "us-west-2", id: "users" } as const,
      { kind: "dynamodb-table", region: "eu-west-1", id: "other" } as const,
    ];
    const stream: Change = { kind: "dynamodb.stream", region, table: "users", before: { viewType: "KEYS_ONLY" }, after: { viewType: null } };
    const capacity = { table: { read: 5, write: 5 }, indexes: {} };
    const billing: Change = {
      kind: "dynamodb.billing-mode",
      region,
      table: "users",
      before: { mode: "PROVISIONED", capacity, isScaled: false },
      after: { mode: "PAY_PER_REQUEST" },
    };
    for (const change of [cap, removal, stream, billing])
      expect(await createChangeReader(clients).reaches(change, known)).toEqual(["the replica of users in eu-west-1, of which the plan knows nothing"]);
    tableIs({});
    expect(await createChangeReader(clients).reaches(removal, [])).toEqual([]);
  });

  it.each([
    ["the table", { TableStatus: "UPDATING" as const }],
    ["another index", { GlobalSecondaryIndexes: [index, { ...index, IndexName: "other", IndexStatus: "CREATING" as const, Backfilling: true }] }],
    ["a replica", { Replicas: [{ RegionName: "eu-west-1", ReplicaStatus: "UPDATING" as const }] }],
  ])("are in progress while %s is", async (_, difference) => {
    tableIs(difference);
    expect(await stateOf(removal)).toMatchObject({ kind: "in-progress" });
    expect(await stateOf(cap)).toMatchObject({ kind: "in-progress" });
  });

  it("are missing with their table", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ResourceNotFoundException"));
    expect(await stateOf(removal)).toMatchObject({ kind: "missing" });
  });

  it("are capped, deleted, and created with the attributes of the whole table", async () => {
    dynamoDb.on(UpdateTableCommand).resolves({});
    tableIs({ AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], GlobalSecondaryIndexes: [] });
    await apply(cap);
    await apply(removal);
    await apply(inverse(removal));
    expect(dynamoDb.commandCalls(UpdateTableCommand).map((call) => call.args[0].input)).toEqual([
      { TableName: "users", GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-email", OnDemandThroughput: { MaxReadRequestUnits: 1 } } }] },
      { TableName: "users", GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-email" } }] },
      {
        TableName: "users",
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "email", AttributeType: "S" },
        ],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-email",
              KeySchema: [{ AttributeName: "email", KeyType: "HASH" }],
              Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["city"] },
              OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
            },
          },
        ],
      },
    ]);
  });

  it("tell refused, unclear and credential-less calls apart", async () => {
    dynamoDb.on(UpdateTableCommand).rejects(awsError("ResourceInUseException"));
    await expect(apply(cap)).rejects.toMatchObject({ kind: "busy", awsName: "ResourceInUseException" });
    dynamoDb.on(UpdateTableCommand).rejects(awsError("TimeoutError", {}));
    await expect(apply(cap)).rejects.toBeInstanceOf(ChangeOutcomeUnknown);
    dynamoDb.on(UpdateTableCommand).rejects(awsError("ExpiredTokenException"));
    await expect(apply(cap)).rejects.toBeInstanceOf(CredentialsLost);
  });

  it("call a connection lost before anything was sent a refusal, not an unknown outcome", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("TimeoutError", {}));
    await expect(apply(inverse(removal))).rejects.toBeInstanceOf(ChangeRejected);
    expect(dynamoDb.commandCalls(UpdateTableCommand)).toHaveLength(0);
  });
});
