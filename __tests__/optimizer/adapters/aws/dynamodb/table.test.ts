import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeContinuousBackupsCommand,
  DescribeGlobalTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListContributorInsightsCommand,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { ListPipesCommand, PipesClient } from "@aws-sdk/client-pipes";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);

const scaling = answersOf(ApplicationAutoScalingClient);

const lambda = answersOf(LambdaClient);
const pipes = answersOf(PipesClient);

beforeEach(() => {
  for (const mock of [dynamoDb, scaling, lambda, pipes]) mock.reset();
  lambda.on(ListEventSourceMappingsCommand).resolves({});
  pipes.on(ListPipesCommand).resolves({});
  dynamoDb.on(ListContributorInsightsCommand).resolves({});
  dynamoDb.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } });
  dynamoDb.on(DescribeContinuousBackupsCommand).resolves({ ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED" } });
  scaling.on(DescribeScalableTargetsCommand).resolves({});
});

function awsError(name: string): Error {
  return Object.assign(new Error(`said ${name}`), { name, $fault: "client" });
}

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, parts));
}

describe("DynamoDB tables", () => {
  const table = {
    TableName: "users",
    TableArn: "arn:users",
    TableStatus: "ACTIVE" as const,
    TableSizeBytes: 10,
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
    ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 },
    CreationDateTime: new Date("2026-01-01T00:00:00Z"),
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
        WarmThroughput: { ReadUnitsPerSecond: 20_000, WriteUnitsPerSecond: 4_000, Status: "ACTIVE" as const },
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
        capacity: { table: { read: 7, write: 8 }, indexes: { "by-email": { read: 0, write: 0 } } },
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

  it("carry all that would have to be set again: age, class, limits, warm throughput, insights and scaling", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...table, TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" } } });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const summary = { TableName: "users", ContributorInsightsStatus: "ENABLED" as const };
    dynamoDb.on(ListContributorInsightsCommand).resolves({
      ContributorInsightsSummaries: [summary, { ...summary, IndexName: "by-email", ContributorInsightsMode: "THROTTLED_KEYS" }],
      NextToken: "2",
    });
    dynamoDb.on(ListContributorInsightsCommand, { NextToken: "2" }).resolves({
      ContributorInsightsSummaries: [
        { ...summary, IndexName: "older" },
        { ...summary, IndexName: "off", ContributorInsightsStatus: "DISABLED" },
      ],
    });
    const target = {
      ServiceNamespace: "dynamodb",
      ResourceId: "table/users/index/by-email",
      MinCapacity: 1,
      MaxCapacity: 9,
      RoleARN: "r",
      CreationTime: new Date(0),
    } as const;
    scaling.on(DescribeScalableTargetsCommand).resolves({
      ScalableTargets: [{ ...target, ScalableDimension: "dynamodb:index:ReadCapacityUnits", SuspendedState: { DynamicScalingInSuspended: true } }],
    });
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([
      {
        createdAtMs: Date.UTC(2026, 0, 1),
        tableClass: "STANDARD_INFREQUENT_ACCESS",
        globalTable: { kind: "seen", value: "2019.11.21" },
        foreignReplicas: [],
        contributorInsights: { kind: "seen", value: { "by-email": "THROTTLED_KEYS", older: "ACCESSED_AND_THROTTLED_KEYS" } },
        scaling: {
          kind: "seen",
          value: [
            { resourceId: "table/users/index/by-email", minCapacity: 1, maxCapacity: 9, suspended: { scaleIn: true, scaleOut: false, scheduled: false } },
          ],
        },
        indexes: [{ definition: { warmThroughput: { readUnits: 20_000, writeUnits: 4_000 } } }],
      },
    ]);
    expect(scaling.commandCalls(DescribeScalableTargetsCommand)[0]?.args[0].input).toMatchObject({
      ServiceNamespace: "dynamodb",
      ResourceIds: ["table/users", "table/users/index/by-email"],
    });
  });

  it("carry what decides whether another table could be one with them: key, items, encryption, expiry, recovery", async () => {
    const plain = { ...table, ItemCount: 5, LocalSecondaryIndexes: [{ IndexName: "by-day" }] };
    dynamoDb.on(DescribeTableCommand).resolves({ Table: plain });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const first = await described({ tables: [{ name: "users" }] });
    expect(first.resources).toMatchObject([
      {
        key: [{ name: "id", keyType: "HASH", attributeType: "S" }],
        sizeBytes: 10,
        itemCount: 5,
        localIndexes: ["by-day"],
        expiryAttribute: { kind: "seen", value: null },
        recoveryDays: { kind: "seen", value: 0 },
      },
    ]);
    expect(first.resources[0]).not.toHaveProperty("kmsKeyArn");

    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...plain, SSEDescription: { Status: "ENABLED", KMSMasterKeyArn: "arn:key" } } });
    dynamoDb.on(DescribeTimeToLiveCommand).resolves({ TimeToLiveDescription: { TimeToLiveStatus: "ENABLING", AttributeName: "until" } });
    const recovery = (RecoveryPeriodInDays?: number) =>
      dynamoDb.on(DescribeContinuousBackupsCommand).resolves({
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: "ENABLED",
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED", ...(RecoveryPeriodInDays === undefined ? {} : { RecoveryPeriodInDays }) },
        },
      });
    recovery(7);
    const second = await described({ tables: [{ name: "users" }] });
    expect(second.resources).toMatchObject([{ kmsKeyArn: "arn:key", expiryAttribute: { value: "until" }, recoveryDays: { value: 7 } }]);
    recovery();
    expect((await described({ tables: [{ name: "users" }] })).resources).toMatchObject([{ recoveryDays: { value: 35 } }]);
  });

  it("name the replicas of another account, and not their own", async () => {
    const arn = (account: string, where: string) => `arn:aws:dynamodb:${where}:${account}:table/users`;
    const Replicas = [
      { RegionName: "eu-west-1", ReplicaArn: arn("123456789012", "eu-west-1") },
      { RegionName: "eu-central-1", ReplicaArn: arn("210987654321", "eu-central-1") },
    ];
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...table, TableArn: arn("123456789012", region), Replicas } });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([{ foreignReplicas: ["eu-central-1"] }]);
  });

  it.each([
    ["the current version, told by DescribeTable", { GlobalTableVersion: "2019.11.21" }, undefined, { kind: "seen", value: "2019.11.21" }],
    ["no global table without a stream, without a further call", { Replicas: [] }, undefined, { kind: "seen", value: "none" }],
    [
      "version 2017, which answers DescribeGlobalTable",
      { Replicas: [], StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const } },
      {},
      { kind: "seen", value: "2017.11.29" },
    ],
    [
      "no global table, which it does not know",
      { Replicas: [], StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const } },
      "GlobalTableNotFoundException",
      { kind: "seen", value: "none" },
    ],
    [
      "unseen where that is denied",
      { Replicas: [], StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const } },
      "AccessDeniedException",
      { kind: "unseen", reason: "DescribeGlobalTable: AccessDeniedException: said AccessDeniedException" },
    ],
  ])("are of %s", async (_, difference, answer, globalTable) => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...table, ...difference } });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    if (typeof answer === "string") dynamoDb.on(DescribeGlobalTableCommand).rejects(awsError(answer));
    else if (answer !== undefined) dynamoDb.on(DescribeGlobalTableCommand).resolves(answer);
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([{ globalTable }]);
    expect(dynamoDb.commandCalls(DescribeGlobalTableCommand)).toHaveLength(answer === undefined ? 0 : 1);
  });

  const streaming = { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const }, LatestStreamArn: "arn:users/stream/1" };

  it("name everything that is connected to their stream, page by page, running or not", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...table, ...streaming } });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    lambda
      .on(ListEventSourceMappingsCommand, { EventSourceArn: "arn:users/stream/1" })
      .resolves({ EventSourceMappings: [{ FunctionArn: "f1", State: "Enabled" }], NextMarker: "2" });
    lambda.on(ListEventSourceMappingsCommand, { Marker: "2" }).resolves({ EventSourceMappings: [{ FunctionArn: "f2", State: "Disabled" }] });
    pipes.on(ListPipesCommand, { SourcePrefix: "arn:users/stream/1" }).resolves({ Pipes: [{ Name: "p1", CurrentState: "STOPPED" }], NextToken: "2" });
    pipes.on(ListPipesCommand, { NextToken: "2" }).resolves({ Pipes: [{ Name: "p2", CurrentState: "RUNNING" }] });
    const { resources } = await described({ tables: [{ name: "users" }] });
    const value = ["function f1 (Enabled)", "function f2 (Disabled)", "pipe p1 (STOPPED)", "pipe p2 (RUNNING)"];
    expect(resources).toMatchObject([{ streamArn: "arn:users/stream/1", streamViewType: "KEYS_ONLY", streamConsumers: { kind: "seen", value } }]);
    pipes.reset();
    pipes.on(ListPipesCommand).rejects(awsError("AccessDeniedException"));
    expect((await described({ tables: [{ name: "users" }] })).resources).toMatchObject([
      { streamConsumers: { kind: "unseen", reason: expect.stringContaining("ListPipes: AccessDenied") } },
    ]);
  });

  it("have no stream once it is off, though AWS still names the latest; then nobody is asked what is connected", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...table, LatestStreamArn: "arn:users/stream/1" } });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources[0]).not.toHaveProperty("streamArn");
    expect(lambda.commandCalls(ListEventSourceMappingsCommand)).toHaveLength(0);
  });

  it("are described with what may not be seen, each with its reason", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    dynamoDb.on(ListContributorInsightsCommand).rejects(awsError("AccessDeniedException"));
    dynamoDb.on(DescribeTimeToLiveCommand).rejects(awsError("AccessDeniedException"));
    dynamoDb.on(DescribeContinuousBackupsCommand).rejects(awsError("AccessDeniedException"));
    scaling.on(DescribeScalableTargetsCommand).rejects(awsError("AccessDeniedException"));
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([
      {
        contributorInsights: { kind: "unseen", reason: expect.stringContaining("ListContributorInsights: AccessDenied") },
        scaling: { kind: "unseen", reason: expect.stringContaining("DescribeScalableTargets: AccessDenied") },
        expiryAttribute: { kind: "unseen", reason: expect.stringContaining("DescribeTimeToLive: AccessDenied") },
        recoveryDays: { kind: "unseen", reason: expect.stringContaining("DescribeContinuousBackups: AccessDenied") },
      },
    ]);
    scaling.on(DescribeScalableTargetsCommand).rejects(awsError("ThrottlingException"));
    await expect(described({ tables: [{ name: "users" }] })).rejects.toMatchObject({ code: "throttled" });
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
