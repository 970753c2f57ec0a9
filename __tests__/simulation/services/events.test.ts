import { DecreaseReplicaCountCommand, DescribeEventsCommand as DescribeCacheEventsCommand } from "@aws-sdk/client-elasticache";
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteDBInstanceCommand, DescribeEventsCommand, type DescribeEventsCommandInput, ModifyDBInstanceCommand, type RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const dayMinutes = 24 * 60;

async function told(rds: RDSClient, input: DescribeEventsCommandInput = {}) {
  const { Events = [] } = await rds.send(new DescribeEventsCommand(input));
  return Events.map(({ SourceIdentifier, Message, EventCategories }) => [SourceIdentifier, EventCategories?.join(), Message]);
}

describe("the events of databases", () => {
  it("tell what happened to an instance, in AWS's words, for 14 days, and at once", async () => {
    const account = deployedAccount();
    const { rds } = clientsOf(account);
    expect(await told(rds)).toEqual([]);
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, DBInstanceClass: "db.m6g.large", ApplyImmediately: true }));
    expect(await told(rds)).toEqual([[names.mysql, "configuration change", "Applying modification to database instance class"]]);
    advanceMinutes(account, 60);
    const all = await told(rds, { Duration: 14 * dayMinutes, SourceType: "db-instance", SourceIdentifier: names.mysql });
    expect(all.map(([, , message]) => message)).toEqual([
      "Applying modification to database instance class",
      "DB instance shutdown",
      "DB instance restarted",
      "Finished applying modification to DB instance class",
    ]);
    expect(await told(rds, { Duration: 120, EventCategories: ["availability"] })).toHaveLength(2);
    expect(await told(rds, { Duration: 120, SourceType: "db-instance", SourceIdentifier: "another" })).toEqual([]);
    advanceMinutes(account, 14 * dayMinutes);
    expect(await told(rds, { Duration: 14 * dayMinutes })).toEqual([]);
  });

  it("tell a change that waited for its maintenance window when it was made", async () => {
    const account = deployedAccount();
    const { rds } = clientsOf(account);
    const member = names.instance(1);
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: member, DBInstanceClass: "db.r6g.2xlarge" }));
    expect(await told(rds, { Duration: 14 * dayMinutes })).toEqual([]);
    advanceMinutes(account, 8 * dayMinutes);
    const messages = (await told(rds, { Duration: 14 * dayMinutes })).filter(([id]) => id === member).map(([, , message]) => message);
    expect(messages.at(0)).toBe("Applying modification to database instance class");
    expect(messages.at(-1)).toBe("Finished applying modification to DB instance class");
  });

  it("tell of an instance that was deleted, and of one that a scenario says was resized before", async () => {
    const account = deployedAccount(accountScenario({ resized: [{ region: "us-east-1", resource: names.mysql, from: "db.m6g.4xlarge", at: -2 }] }));
    const { rds } = clientsOf(account);
    expect(await told(rds, { Duration: 180 })).toEqual([[names.mysql, "configuration change", "Finished applying modification to DB instance class"]]);
    const reader = names.instance(3);
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: reader }));
    advanceMinutes(account, 10);
    expect(await told(rds, { EventCategories: ["deletion"] })).toEqual([[reader, "deletion", "DB instance deleted"]]);
  });

  it("are refused as AWS refuses them", async () => {
    const { rds } = clientsOf(deployedAccount());
    await expect(told(rds, { SourceIdentifier: names.mysql })).rejects.toMatchObject({ name: "InvalidParameterCombination" });
    await expect(told(rds, { Duration: 14 * dayMinutes + 1 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(told(rds, { MaxRecords: 10 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(told(rds, { Marker: "none" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});

describe("the events of caches", () => {
  it("tell of nodes that came, went or changed", async () => {
    const account = deployedAccount();
    const { elastiCache } = clientsOf(account);
    const all = async (input = {}) => (await elastiCache.send(new DescribeCacheEventsCommand(input))).Events ?? [];
    expect(await all()).toEqual([]);
    await elastiCache.send(new DecreaseReplicaCountCommand({ ReplicationGroupId: names.redis, NewReplicaCount: 0, ApplyImmediately: true }));
    advanceMinutes(account, 60);
    const gone = await all({ Duration: 120 });
    expect(gone.length).toBeGreaterThan(0);
    expect(new Set(gone.map(({ Message }) => Message))).toEqual(new Set(["Cache cluster deleted"]));
    await expect(all({ Duration: 14 * dayMinutes + 1 })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await expect(all({ MaxRecords: 10 })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await expect(all({ Marker: "none" })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });
});

describe("when a function was modified", () => {
  it("is when its latest update was taken, not when that had settled", async () => {
    const account = deployedAccount();
    const { lambda } = clientsOf(account);
    const FunctionName = names.lambda;
    const modified = async () => Date.parse((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).LastModified ?? "");
    expect(await modified()).toBeLessThan(account.nowMs() - 13 * dayMinutes * 60_000);
    advanceMinutes(account, 5);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 2048 }));
    const updatedMs = account.nowMs();
    advanceMinutes(account, 30);
    expect(await modified()).toBe(updatedMs);
  });
});
