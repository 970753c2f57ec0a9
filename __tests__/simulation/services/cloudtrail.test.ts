import { type CloudTrailClient, LookupEventsCommand, type LookupEventsCommandInput } from "@aws-sdk/client-cloudtrail";
import { ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const byName = (AttributeValue: string) => ({ LookupAttributes: [{ AttributeKey: "EventName" as const, AttributeValue }] });

async function events(client: CloudTrailClient, input: Partial<LookupEventsCommandInput> = {}) {
  const { Events = [] } = await client.send(new LookupEventsCommand(input));
  return Events.map(({ EventName, EventTime, CloudTrailEvent = "" }) => ({
    EventName,
    atMs: EventTime?.getTime(),
    record: JSON.parse(CloudTrailEvent) as object,
  }));
}

async function resize(account: SimulatedAccount, DBInstanceClass: string): Promise<void> {
  await clientsOf(account).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, DBInstanceClass, ApplyImmediately: true }));
}

describe("the event history of the simulated account", () => {
  it("has each call that changed something, five minutes later, with its parameters and answer in CloudTrail's spelling", async () => {
    const account = deployedAccount();
    const { cloudTrail } = clientsOf(account);
    const calledMs = account.nowMs();
    await resize(account, "db.m6g.large");
    advanceMinutes(account, 4);
    expect(await events(cloudTrail)).toEqual([]);
    advanceMinutes(account, 1);
    const requestParameters = { dBInstanceIdentifier: names.mysql, dBInstanceClass: "db.m6g.large", applyImmediately: true };
    expect(await events(cloudTrail, byName("ModifyDBInstance"))).toMatchObject([
      {
        EventName: "ModifyDBInstance",
        atMs: calledMs,
        record: {
          eventSource: "rds.amazonaws.com",
          requestParameters,
          responseElements: { dBInstanceClass: "db.m6g.2xlarge", pendingModifiedValues: { dBInstanceClass: "db.m6g.large" } },
        },
      },
    ]);
    expect(await events(cloudTrail, byName("ModifyDBCluster"))).toEqual([]);
    expect(await events(clientsOf(account, "us-west-2").cloudTrail)).toEqual([]);
  });

  it("forgets after 90 days", async () => {
    const account = deployedAccount();
    await resize(account, "db.m6g.large");
    advanceMinutes(account, 90 * 24 * 60);
    expect(await events(clientsOf(account).cloudTrail)).toHaveLength(1);
    advanceMinutes(account, 1);
    expect(await events(clientsOf(account).cloudTrail)).toEqual([]);
  });

  it("has what a scenario says was resized before, and the newest first, page by page", async () => {
    const account = deployedAccount(accountScenario({ resized: [{ region: "us-east-1", resource: names.mysql, from: "db.m6g.4xlarge", at: -240 }] }));
    const { cloudTrail } = clientsOf(account);
    await resize(account, "db.m6g.large");
    advanceMinutes(account, 60);
    const first = await cloudTrail.send(new LookupEventsCommand({ MaxResults: 1 }));
    const second = await cloudTrail.send(new LookupEventsCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect(second.NextToken).toBeUndefined();
    expect(
      [first, second].map(({ Events }) => (JSON.parse(Events?.[0]?.CloudTrailEvent ?? "") as { responseElements: unknown }).responseElements),
    ).toMatchObject([
      { dBInstanceClass: "db.m6g.2xlarge" },
      { dBInstanceClass: "db.m6g.4xlarge", pendingModifiedValues: { dBInstanceClass: "db.m6g.2xlarge" } },
    ]);
    const before = new Date(account.nowMs() - 3 * 3_600_000);
    expect(await events(cloudTrail, { EndTime: before })).toHaveLength(1);
    expect(await events(cloudTrail, { StartTime: before })).toHaveLength(1);
  });

  it("is the same for whoever opens the account's log again", async () => {
    const store = createMemoryAccountStore();
    await resize(deployedAccount(accountScenario(), store), "db.m6g.large");
    expect(deployedAccount(accountScenario(), store).state.calls).toMatchObject([
      { service: "rds", command: "ModifyDBInstance", output: { DBInstance: { DBInstanceClass: "db.m6g.2xlarge" } } },
    ]);
  });

  it.each<[string, Partial<LookupEventsCommandInput>]>([
    ["InvalidLookupAttributesException", { LookupAttributes: [...byName("A").LookupAttributes, ...byName("B").LookupAttributes] }],
    ["InvalidMaxResultsException", { MaxResults: 51 }],
    ["InvalidTimeRangeException", { StartTime: new Date(2), EndTime: new Date(1) }],
    ["InvalidNextTokenException", { NextToken: "none" }],
    ["NotSimulated", { LookupAttributes: [{ AttributeKey: "Username", AttributeValue: "x" }] }],
  ])("answers %s", async (name, input) => {
    await expect(events(clientsOf(deployedAccount()).cloudTrail, input)).rejects.toMatchObject({ name });
  });

  it.each<[string, string, number]>([
    ["no class", "cache.r6g.large", -240],
    ["a moment to come", "db.m6g.4xlarge", 1],
    ["a moment before it was there", "db.m6g.4xlarge", -91 * 24],
  ])("refuses a scenario in which something was resized from %s", (_, from, at) => {
    const scenario = accountScenario({ resized: [{ region: "us-east-1", resource: names.mysql, from, at }] });
    expect(() => deployedAccount(scenario)).toThrow(expect.objectContaining({ code: "bad-scenario" }));
  });
});
