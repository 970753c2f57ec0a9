import { paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, ListTablesCommand, ListTagsOfResourceCommand, ResourceNotFoundException, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { paginateDescribeDBInstances } from "@aws-sdk/client-rds";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { openAccount } from "../../../simulation/account/account.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const capReads = (units: number) =>
  new UpdateTableCommand({
    TableName: names.table,
    GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-plan", OnDemandThroughput: { MaxReadRequestUnits: units } } }],
  });

describe("simulated account behind SDK clients", () => {
  it("answers with typed output and metadata", async () => {
    const { sts, dynamoDb } = clientsOf(deployedAccount());
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe("123456789012");
    expect(identity.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    expect(Table?.CreationDateTime).toEqual(new Date("2026-03-03T00:00:00Z"));
  });

  it("throws the SDK's own exception classes", async () => {
    const { dynamoDb } = clientsOf(deployedAccount());
    await expect(dynamoDb.send(new DescribeTableCommand({ TableName: "nobody" }))).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it("refuses what it does not model by name, without retrying", async () => {
    const calls: string[] = [];
    const account = deployedAccount(accountScenario(), createMemoryAccountStore(), {
      onCall: (region, service, command) => calls.push([region, service, command].join(" ")),
    });
    const { dynamoDb } = clientsOf(account, "us-east-1", 5);
    await expect(dynamoDb.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: "NotSimulated", message: "not simulated: dynamodb ListTables" });
    expect(calls).toEqual(["us-east-1 dynamodb ListTables"]);
  });

  it("serves the SDK's paginators", async () => {
    const { rds, autoScaling } = clientsOf(deployedAccount());
    const members: string[] = [];
    const filter = { Filters: [{ Name: "db-cluster-id", Values: [names.cluster] }], MaxRecords: 20 };
    for await (const page of paginateDescribeDBInstances({ client: rds }, filter))
      members.push(...(page.DBInstances ?? []).map((member) => member.DBInstanceIdentifier ?? ""));
    expect(members).toEqual([names.instance(1), names.instance(2), names.instance(3)]);
    const groups: unknown[] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: autoScaling }, { MaxRecords: 1 })) groups.push(...(page.AutoScalingGroups ?? []));
    expect(groups).toHaveLength(1);
  });

  it("is retried by the SDK when it throttles", async () => {
    const faults = [{ kind: "throttling" as const, from: 0, until: 1, commands: ["DescribeTable"], times: 2 }];
    const { dynamoDb } = clientsOf(deployedAccount(accountScenario({ faults })), "us-east-1", 4);
    const { $metadata } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    expect($metadata.attempts).toBe(3);
  });

  it("keeps region and region apart", async () => {
    const account = deployedAccount();
    const { dynamoDb } = clientsOf(account, "eu-west-1");
    await expect(dynamoDb.send(new DescribeTableCommand({ TableName: names.table }))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("shows the stack's tags with the scenario's over them", async () => {
    const tags = [{ resource: "tap-{suffix}-tenants", region: "us-east-1", tags: { TenantId: "acme" } }];
    const { dynamoDb } = clientsOf(deployedAccount(accountScenario({ tags })));
    const { Tags } = await dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: `arn:aws:dynamodb:us-east-1:123456789012:table/${names.table}` }));
    expect(Tags).toEqual([
      { Key: "Project", Value: "tap" },
      { Key: "TenantId", Value: "acme" },
    ]);
  });
});

describe("the account as a fold of its log", () => {
  it("is the same when another opens the log in the middle of a change", async () => {
    const store = createMemoryAccountStore();
    const first = deployedAccount(accountScenario(), store);
    await clientsOf(first).dynamoDb.send(capReads(1));
    const second = openAccount(accountScenario(), store);
    expect(second.nowMs()).toBe(first.nowMs());
    const table = async (account: typeof first) => (await clientsOf(account).dynamoDb.send(new DescribeTableCommand({ TableName: names.table }))).Table;
    expect(await table(second)).toEqual(await table(first));
    advanceMinutes(second, 5);
    expect((await table(first))?.GlobalSecondaryIndexes?.[0]).toMatchObject({ IndexStatus: "ACTIVE", OnDemandThroughput: { MaxReadRequestUnits: 1 } });
    expect(await table(second)).toEqual(await table(first));
  });

  it("logs a change once and a refused one never", async () => {
    const store = createMemoryAccountStore();
    const { dynamoDb } = clientsOf(deployedAccount(accountScenario(), store));
    await dynamoDb.send(capReads(1));
    await expect(dynamoDb.send(capReads(2))).rejects.toMatchObject({ name: "ResourceInUseException" });
    expect(store.entries().map((entry) => entry.kind)).toEqual(["deploy", "call"]);
  });

  it("never turns virtual time back", () => {
    const account = deployedAccount();
    const startMs = account.nowMs();
    advanceMinutes(account, 10);
    account.advanceTo(startMs);
    expect(account.nowMs()).toBe(startMs + 600_000);
    expect(() => account.advanceTo(Number.NaN)).toThrowError(expect.objectContaining({ code: "bad-time" }));
  });

  it("deploys once, and refuses stacks that would change it", () => {
    const store = createMemoryAccountStore();
    const account = deployedAccount(accountScenario(), store);
    account.deploy(fixtureStacks());
    expect(store.entries()).toHaveLength(1);
    expect(() => account.deploy(fixtureStacks({ instanceType: "m5.2xlarge" }))).toThrowError(expect.objectContaining({ code: "already-deployed" }));
    expect(store.entries()).toHaveLength(1);
  });

  it("applies a change whose reply gets lost, once", async () => {
    const faults = [{ kind: "reply-lost" as const, from: 0, until: 1, commands: ["UpdateTable"], times: 1 }];
    const { dynamoDb } = clientsOf(deployedAccount(accountScenario({ faults })));
    await expect(dynamoDb.send(capReads(7))).rejects.toMatchObject({ name: "TimeoutError", code: "ECONNRESET" });
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    expect(Table?.GlobalSecondaryIndexes?.[0]?.OnDemandThroughput?.MaxReadRequestUnits).toBe(7);
  });

  it("answers stale reads as of the past", async () => {
    const faults = [{ kind: "stale-reads" as const, from: 0, until: 1, lagSeconds: 20 }];
    const { dynamoDb } = clientsOf(deployedAccount(accountScenario({ faults })));
    await dynamoDb.send(capReads(1));
    const { Table } = await dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({ IndexStatus: "ACTIVE" });
    expect(Table?.GlobalSecondaryIndexes?.[0]).not.toHaveProperty("OnDemandThroughput");
  });

  it.each([
    ["access-denied" as const, "AccessDeniedException"],
    ["expired-token" as const, "ExpiredTokenException"],
  ])("refuses by schedule: %s", async (kind, name) => {
    const faults = [{ kind, from: 1, until: 2, region: "us-east-1" }];
    const account = deployedAccount(accountScenario({ faults }));
    const { dynamoDb } = clientsOf(account);
    const describeTable = () => dynamoDb.send(new DescribeTableCommand({ TableName: names.table }));
    await describeTable();
    advanceMinutes(account, 60);
    await expect(describeTable()).rejects.toMatchObject({ name });
    advanceMinutes(account, 60);
    await describeTable();
  });
});
