import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTableCommand,
  type GlobalSecondaryIndexUpdate,
  type StreamSpecification,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { indexAt } from "../../support/account-capacity.ts";
import { names } from "../../support/terraform-fixture.ts";

function world() {
  const account = deployedAccount();
  const { dynamoDb } = clientsOf(account);
  const replica = clientsOf(account, "us-west-2").dynamoDb;
  const update = (change: GlobalSecondaryIndexUpdate, more: object = {}) =>
    dynamoDb.send(new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [change], ...more }));
  const table = async (client = dynamoDb) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: names.table }));
    return { ...Table, indexes: Object.fromEntries((Table?.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName, index])) };
  };
  return { account, update, table, dynamoDb, replica };
}

const remove = (IndexName: string): GlobalSecondaryIndexUpdate => ({ Delete: { IndexName } });
const cap = (IndexName: string, units: number): GlobalSecondaryIndexUpdate => ({ Update: { IndexName, OnDemandThroughput: { MaxReadRequestUnits: units } } });
const create = (IndexName: string): GlobalSecondaryIndexUpdate => ({
  Create: { IndexName, KeySchema: [{ AttributeName: "email", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } },
});

describe("DynamoDB UpdateTable", () => {
  it("deletes an index over minutes, in every replica, with its key attribute", async () => {
    const { account, update, table, replica } = world();
    await update(remove("by-plan"));
    expect((await table()).TableStatus).toBe("UPDATING");
    expect((await table(replica)).indexes["by-plan"]?.IndexStatus).toBe("DELETING");
    advanceMinutes(account, 10);
    for (const client of [undefined, replica]) {
      const after = await table(client);
      expect(Object.keys(after.indexes)).toEqual(["by-domain"]);
      expect(after.AttributeDefinitions?.map((attribute) => attribute.AttributeName)).toEqual(["pk", "by-domain"]);
      expect(after.TableStatus).toBe("ACTIVE");
    }
  });

  it("changes one index at a time", async () => {
    const { account, update } = world();
    await update(create("by-email"), { AttributeDefinitions: [{ AttributeName: "email", AttributeType: "S" }] });
    await expect(update(remove("by-plan"))).rejects.toMatchObject({ name: "ResourceInUseException" });
    advanceMinutes(account, 2);
    await expect(update(remove("by-plan"))).rejects.toMatchObject({ name: "LimitExceededException" });
    advanceMinutes(account, 20);
    await update(remove("by-plan"));
  });

  it("refuses two creations or deletions in one call", async () => {
    const { dynamoDb } = world();
    const call = new UpdateTableCommand({ TableName: names.table, GlobalSecondaryIndexUpdates: [remove("by-plan"), remove("by-domain")] });
    await expect(dynamoDb.send(call)).rejects.toMatchObject({ name: "LimitExceededException" });
  });

  it("creates an index with a backfill", async () => {
    const { account, update, table } = world();
    await update(create("by-email"), { AttributeDefinitions: [{ AttributeName: "email", AttributeType: "S" }] });
    advanceMinutes(account, 2);
    expect((await table()).indexes["by-email"]).toMatchObject({ IndexStatus: "CREATING", Backfilling: true });
    advanceMinutes(account, 20);
    expect((await table()).indexes["by-email"]).toMatchObject({ IndexStatus: "ACTIVE", Projection: { ProjectionType: "KEYS_ONLY" } });
  });

  it("caps and frees reads, in every replica", async () => {
    const { account, update, table, replica } = world();
    await update(cap("by-plan", 1));
    advanceMinutes(account, 1);
    expect((await table(replica)).indexes["by-plan"]?.OnDemandThroughput?.MaxReadRequestUnits).toBe(1);
    expect(indexAt(account, "us-west-2", names.table, "by-plan", account.nowMs())?.maxReadRequestUnits).toBe(1);
    await update(cap("by-plan", -1));
    advanceMinutes(account, 1);
    expect((await table()).indexes["by-plan"]).not.toHaveProperty("OnDemandThroughput");
  });

  it.each([
    ["an index that does not exist", remove("by-nothing"), {}, "ResourceNotFoundException"],
    ["an index that exists", create("by-plan"), {}, "ValidationException"],
    ["a key without a type", create("by-email"), {}, "ValidationException"],
    ["a cap of zero", cap("by-plan", 0), {}, "ValidationException"],
    ["a table setting outside the model", remove("by-plan"), { TableClass: "STANDARD" }, "NotSimulated"],
  ])("refuses %s", async (_what, change, more, name) => {
    await expect(world().update(change, more)).rejects.toMatchObject({ name });
  });
});

describe("the stream of a simulated table", () => {
  const set = (account: ReturnType<typeof deployedAccount>, TableName: string, StreamSpecification: StreamSpecification) =>
    clientsOf(account).dynamoDb.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  const on = { StreamEnabled: true, StreamViewType: "KEYS_ONLY" as const };
  const off = { StreamEnabled: false };

  it("goes off and comes back as another one", async () => {
    const account = deployedAccount();
    const described = async () => (await clientsOf(account).dynamoDb.send(new DescribeTableCommand({ TableName: names.regionalTable }))).Table;
    const before = await described();
    await set(account, names.regionalTable, off);
    advanceMinutes(account, 1);
    expect(await described()).not.toHaveProperty("StreamSpecification");
    await set(account, names.regionalTable, on);
    advanceMinutes(account, 1);
    const after = await described();
    expect(after?.StreamSpecification).toEqual(on);
    expect(after?.LatestStreamArn).not.toBe(before?.LatestStreamArn);
  });

  it.each([
    ["a second one", names.regionalTable, on, "already has an enabled stream"],
    ["a global table's", names.table, off, "not allowed for a Global Table replica"],
  ])("is refused: %s", async (_, table, specification, message) => {
    await expect(set(deployedAccount(), table, specification)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  it("is refused where there is none, or without what it shall show", async () => {
    const account = deployedAccount();
    await set(account, names.regionalTable, off);
    advanceMinutes(account, 1);
    await expect(set(account, names.regionalTable, off)).rejects.toMatchObject({ message: expect.stringContaining("no stream to disable") });
    await expect(set(account, names.regionalTable, { StreamEnabled: true })).rejects.toMatchObject({ message: expect.stringContaining("StreamViewType") });
  });
});

describe("how a simulated table is paid", () => {
  const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
  const provisioned = {
    BillingMode: "PROVISIONED" as const,
    ProvisionedThroughput: units,
    GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-day", ProvisionedThroughput: units } }],
  };
  const onDemand = { BillingMode: "PAY_PER_REQUEST" as const };
  const set = (account: ReturnType<typeof deployedAccount>, TableName: string, input: object) =>
    clientsOf(account).dynamoDb.send(new UpdateTableCommand({ TableName, ...input }));

  it("changes to on-demand four times in 24 hours, and back at any time", async () => {
    const account = deployedAccount();
    for (let time = 0; time < 4; time++) {
      await set(account, names.regionalTable, provisioned);
      advanceMinutes(account, 10);
      await set(account, names.regionalTable, onDemand);
      advanceMinutes(account, 10);
    }
    await set(account, names.regionalTable, provisioned);
    advanceMinutes(account, 10);
    await expect(set(account, names.regionalTable, onDemand)).rejects.toMatchObject({ name: "LimitExceededException" });
    advanceMinutes(account, 24 * 60);
    await set(account, names.regionalTable, onDemand);
  });

  it.each([
    ["capacity on demand", { ...onDemand, ProvisionedThroughput: units }],
    ["no capacity for a provisioned table", { BillingMode: "PROVISIONED" as const }],
    ["no capacity for its indexes", { BillingMode: "PROVISIONED" as const, ProvisionedThroughput: units }],
  ])("is refused with %s", async (_, input) => {
    await expect(set(deployedAccount(), names.table, input)).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("how long a simulated table keeps its items", () => {
  const { dynamoDb } = clientsOf(deployedAccount());
  const kept = async (TableName: string) => [
    (await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription,
    (await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription,
  ];

  it("is what its stack says: by an attribute, restorable for 35 days unless it names others; else neither", async () => {
    expect(await kept(names.regionalTable)).toEqual([
      { TimeToLiveStatus: "ENABLED", AttributeName: "until" },
      { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 },
    ]);
    expect(await kept(names.table)).toEqual([{ TimeToLiveStatus: "DISABLED" }, { PointInTimeRecoveryStatus: "DISABLED" }]);
  });

  it("is not known of no table, which each call says by its own name", async () => {
    const none = { TableName: "nothing" };
    await expect(dynamoDb.send(new DescribeTimeToLiveCommand(none))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(dynamoDb.send(new DescribeContinuousBackupsCommand(none))).rejects.toMatchObject({ name: "TableNotFoundException" });
  });

  it("says of a table whose scenario names no items that it counted none", async () => {
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    expect(Table).toMatchObject({ ItemCount: 0, TableSizeBytes: 0 });
  });
});
