import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { classesBefore, rangesBefore } from "../../../../../optimizer/adapters/aws/aurora/classes-before.ts";
import { allSizes } from "../../../../../optimizer/adapters/aws/sizes-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const client = new CloudTrailClient({ region: "us-east-1" });
const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();
const hourMs = 3_600_000;
const createdMs = dayMs(1) - 365 * 24 * hourMs;
const mysql: DBInstance = { DBInstanceIdentifier: "mysql", DBInstanceClass: "db.m6g.large", InstanceCreateTime: new Date(createdMs) };
const beforeCreation = { size: "what had its name before it was created", fromMs: null, untilMs: createdMs };

beforeEach(() => cloudTrail.reset());

/** Events of a day, newest first as CloudTrail lists them. */
function happened(...events: readonly (readonly [number, object, object?])[]): void {
  cloudTrail.on(LookupEventsCommand).resolves({
    Events: events
      .map(([number, requestParameters, responseElements = {}]) => ({
        EventTime: day(number),
        CloudTrailEvent: JSON.stringify({ requestParameters, responseElements }),
      }))
      .toReversed(),
  });
}

const toLarge = { dBInstanceIdentifier: "mysql", dBInstanceClass: "db.m6g.large", applyImmediately: true };
const of = (instance: DBInstance = mysql) => classesBefore(client, (_, ask) => ask(), instance);

describe("the classes that an instance had", () => {
  it("count from some hours after the change, by what the instance was when it was asked for", async () => {
    happened([10, toLarge, { dBInstanceClass: "db.m6g.4xlarge", pendingModifiedValues: { dBInstanceClass: "db.m6g.large" } }]);
    expect(await of()).toEqual({
      kind: "seen",
      value: [
        beforeCreation,
        { size: "db.m6g.4xlarge", fromMs: null, untilMs: dayMs(10) },
        { size: "on its way to db.m6g.large", fromMs: dayMs(10), untilMs: dayMs(10) + 6 * hourMs },
      ],
    });
  });

  it("count from eight days after a change that waits for the maintenance window", async () => {
    happened([10, { ...toLarge, applyImmediately: false }, { dBInstanceClass: "db.m6g.4xlarge" }]);
    expect((await of()).kind === "seen" && (await of())).toMatchObject({ value: [{}, {}, { fromMs: dayMs(10), untilMs: dayMs(18) }] });
  });

  it("leave out other instances', and calls about something else", async () => {
    happened(
      [10, { ...toLarge, dBInstanceIdentifier: "mysql-2" }, { dBInstanceClass: "db.m6g.4xlarge" }],
      [11, { dBInstanceIdentifier: "mysql", backupRetentionPeriod: 7 }, { dBInstanceClass: "db.m6g.large" }],
      [12, toLarge, { dBInstanceClass: "db.m6g.large" }],
    );
    expect(await of()).toEqual({ kind: "seen", value: [beforeCreation] });
  });

  it("are told by identifiers in any case", async () => {
    happened([10, { ...toLarge, dBInstanceIdentifier: "MySQL" }, { dBInstanceClass: "db.m6g.4xlarge" }]);
    expect(await of()).toMatchObject({ value: [{}, { size: "db.m6g.4xlarge" }, {}] });
  });

  it("are another instance's until it was given the name", async () => {
    happened([10, { dBInstanceIdentifier: "mysql-new", newDBInstanceIdentifier: "mysql", applyImmediately: true }, { dBInstanceClass: "db.m6g.large" }]);
    expect(await of()).toMatchObject({ value: [{}, { fromMs: null, untilMs: dayMs(10) }, { fromMs: dayMs(10), untilMs: dayMs(10) + 6 * hourMs }] });
  });

  it("are not known before a change of which CloudTrail has no answer", async () => {
    happened([10, toLarge]);
    expect(await of()).toMatchObject({ value: [{}, { size: "another size, which no record tells", fromMs: null, untilMs: dayMs(10) }, {}] });
  });
});

describe("the ranges that a serverless cluster had", () => {
  const cluster: DBCluster = { DBClusterIdentifier: "aurora", ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 32 } };
  const ranges = () => rangesBefore(client, (_, ask) => ask(), cluster);

  it("count from the change to today's, also where one bound alone was asked for", async () => {
    const asked = { dBClusterIdentifier: "aurora", applyImmediately: true, serverlessV2ScalingConfiguration: { maxCapacity: 32 } };
    happened([10, asked, { serverlessV2ScalingConfiguration: { minCapacity: 1, maxCapacity: 32 } }]);
    expect(await ranges()).toMatchObject({
      value: [
        { fromMs: null, untilMs: dayMs(10) },
        { fromMs: dayMs(10), untilMs: dayMs(10) + 6 * hourMs },
      ],
    });
    happened([10, { ...asked, dBClusterIdentifier: "other" }], [11, { dBClusterIdentifier: "aurora", backupRetentionPeriod: 7 }]);
    expect(await ranges()).toEqual({ kind: "seen", value: [] });
  });

  it("are unseen with the classes or by themselves", () => {
    const seen = { kind: "seen", value: [] } as const;
    const unseen = { kind: "unseen", reason: "denied" } as const;
    expect(allSizes([seen, seen])).toEqual(seen);
    expect(allSizes([unseen, seen])).toBe(unseen);
    expect(allSizes([seen, unseen])).toBe(unseen);
  });
});
