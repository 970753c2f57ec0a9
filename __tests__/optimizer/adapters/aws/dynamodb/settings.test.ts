import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const dynamoDb = answersOf(DynamoDBClient);
const scaling = answersOf(ApplicationAutoScalingClient);

beforeEach(() => {
  dynamoDb.reset();
  scaling.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change) => createChangeWriter(clients).apply(change, "run-1|step-1");
const of = { region: "us-east-1", table: "users" };

function tableIs(difference: Partial<TableDescription> = {}): void {
  dynamoDb.on(DescribeTableCommand).resolves({ Table: { TableName: "users", TableStatus: "ACTIVE", ...difference } });
}

/** What UpdateTable was asked for, there and back. */
async function updates(change: Change, difference?: Partial<TableDescription>): Promise<readonly unknown[]> {
  tableIs(difference);
  dynamoDb.on(UpdateTableCommand).resolves({});
  await apply(change);
  await apply(inverse(change));
  return dynamoDb.commandCalls(UpdateTableCommand).map(({ args }) => args[0].input);
}

describe("a table's stream", () => {
  const change: ChangeOf<"dynamodb.stream"> = { kind: "dynamodb.stream", ...of, before: { viewType: "KEYS_ONLY" }, after: { viewType: null } };

  it("is settled as AWS shows it, on its way while the table is, and gone with it", async () => {
    tableIs({ StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.before });
    tableIs();
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.after });
    tableIs({ TableStatus: "UPDATING" });
    expect(await stateOf(change)).toMatchObject({ kind: "in-progress" });
    dynamoDb.on(DescribeTableCommand).rejects(Object.assign(new Error("gone"), { name: "ResourceNotFoundException" }));
    expect(await stateOf(change)).toMatchObject({ kind: "missing" });
  });

  it("is turned off, and on again with its view", async () => {
    expect(await updates(change)).toEqual([
      { TableName: "users", StreamSpecification: { StreamEnabled: false } },
      { TableName: "users", StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } },
    ]);
  });
});

describe("a table's billing mode", () => {
  const capacity = { table: { read: 5, write: 6 }, indexes: { "by-email": { read: 7, write: 8 } } };
  const change: ChangeOf<"dynamodb.billing-mode"> = {
    kind: "dynamodb.billing-mode",
    ...of,
    before: { mode: "PROVISIONED", capacity, isScaled: false },
    after: { mode: "PAY_PER_REQUEST" },
  };
  const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
  const index = { IndexName: "by-email", IndexStatus: "ACTIVE" as const, ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 } };

  it("is settled with its capacities, and on its way while the table or an index is", async () => {
    tableIs({ ProvisionedThroughput: throughput, GlobalSecondaryIndexes: [index] });
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.before });
    tableIs({ BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" } });
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.after });
    tableIs({ GlobalSecondaryIndexes: [{ ...index, IndexStatus: "UPDATING" }] });
    expect(await stateOf(change)).toMatchObject({ kind: "in-progress" });
  });

  it("is switched, and back with the capacity of the table and of each index that is there", async () => {
    const indexes = [index, { ...index, IndexName: "by-others" }];
    expect(await updates(change, { GlobalSecondaryIndexes: indexes })).toEqual([
      { TableName: "users", BillingMode: "PAY_PER_REQUEST" },
      {
        TableName: "users",
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: throughput,
        GlobalSecondaryIndexUpdates: [
          { Update: { IndexName: "by-email", ProvisionedThroughput: index.ProvisionedThroughput } },
          { Update: { IndexName: "by-others", ProvisionedThroughput: throughput } },
        ],
      },
    ]);
  });
});

describe("an index's Contributor Insights", () => {
  const change: ChangeOf<"dynamodb.contributor-insights"> = {
    kind: "dynamodb.contributor-insights",
    ...of,
    index: "by-email",
    before: { mode: "THROTTLED_KEYS" },
    after: { mode: null },
  };

  it.each([
    [
      { ContributorInsightsStatus: "ENABLED" as const, ContributorInsightsMode: "THROTTLED_KEYS" as const },
      { kind: "settled", value: { mode: "THROTTLED_KEYS" } },
    ],
    [{ ContributorInsightsStatus: "ENABLED" as const }, { kind: "settled", value: { mode: "ACCESSED_AND_THROTTLED_KEYS" } }],
    [{ ContributorInsightsStatus: "DISABLED" as const }, { kind: "settled", value: { mode: null } }],
    [{ ContributorInsightsStatus: "ENABLING" as const }, { kind: "in-progress" }],
    [{ ContributorInsightsStatus: "DISABLING" as const }, { kind: "in-progress" }],
    [{ ContributorInsightsStatus: "FAILED" as const }, { kind: "mixed" }],
  ])("that AWS shows as %o are %o", async (answer, state) => {
    dynamoDb.on(DescribeContributorInsightsCommand, { TableName: "users", IndexName: "by-email" }).resolves(answer);
    expect(await stateOf(change)).toMatchObject(state);
  });

  it("are turned off, and on again in their mode", async () => {
    dynamoDb.on(UpdateContributorInsightsCommand).resolves({});
    await apply(change);
    await apply(inverse(change));
    expect(dynamoDb.commandCalls(UpdateContributorInsightsCommand).map(({ args }) => args[0].input)).toEqual([
      { TableName: "users", IndexName: "by-email", ContributorInsightsAction: "DISABLE" },
      { TableName: "users", IndexName: "by-email", ContributorInsightsAction: "ENABLE", ContributorInsightsMode: "THROTTLED_KEYS" },
    ]);
  });
});

describe("the suspension of a table's scaling", () => {
  const change: ChangeOf<"dynamodb.scaling-suspension"> = {
    kind: "dynamodb.scaling-suspension",
    ...of,
    resourceId: "table/users",
    dimension: "dynamodb:table:ReadCapacityUnits",
    before: { scaleIn: false, scaleOut: false, scheduled: true },
    after: { scaleIn: true, scaleOut: true, scheduled: true },
  };
  const suspended = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };
  const named = { ServiceNamespace: "dynamodb", ResourceId: "table/users", ScalableDimension: "dynamodb:table:ReadCapacityUnits" } as const;
  const target: ScalableTarget = { ...named, MinCapacity: 5, MaxCapacity: 50, RoleARN: "arn:role", CreationTime: new Date(0) };

  it("is settled as its target says, and missing without one", async () => {
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [{ ...target, SuspendedState: suspended }] });
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.after });
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
    expect(await stateOf(change)).toMatchObject({ kind: "missing", detail: expect.stringContaining("table/users") });
  });

  it("is set and taken back without naming the target's bounds", async () => {
    scaling.on(RegisterScalableTargetCommand).resolves({});
    await apply(change);
    await apply(inverse(change));
    const before = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false, ScheduledScalingSuspended: true };
    expect(scaling.commandCalls(RegisterScalableTargetCommand).map(({ args }) => args[0].input)).toEqual([
      { ...named, SuspendedState: suspended },
      { ...named, SuspendedState: before },
    ]);
  });
});
