import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { type DBCluster, type DBInstance, DescribeEventsCommand, RDSClient } from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { classesBefore, rangesBefore } from "../../../../../optimizer/adapters/aws/aurora/classes-before.ts";
import { allSizes } from "../../../../../optimizer/adapters/aws/sizes-before.ts";
import type { History } from "../../../../../optimizer/adapters/aws/history.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const rds = answersOf(RDSClient);
const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }), rds: new RDSClient({ region: "us-east-1" }) };
/** Of May, in fractions from its first. */
const day = (number: number): Date => new Date(Math.round(Date.UTC(2026, 4, 1) + (number - 1) * 86_400_000));
const dayMs = (number: number): number => day(number).getTime();
const hourMs = 3_600_000;
const createdMs = dayMs(1) - 365 * 24 * hourMs;
const mysql: DBInstance = { DBInstanceIdentifier: "mysql", DBInstanceClass: "db.m6g.large", InstanceCreateTime: new Date(createdMs) };
const beforeCreation = { size: "what had its name before it was created", fromMs: null, untilMs: createdMs };

const history: History<"rds"> = { clients, once: (_, ask) => ask(), nowMs: dayMs(31) };

beforeEach(() => {
  cloudTrail.reset();
  rds.reset();
  rds.on(DescribeEventsCommand).resolves({ Events: [] });
});

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

const started = "Applying modification to database instance class";
const finished = "Finished applying modification to DB instance class";

/** RDS's own events, on two pages. */
function tells(...events: readonly (readonly [number, string, string?])[]): void {
  const [first, ...rest] = events.map(([number, Message, SourceIdentifier = "mysql"]) => ({
    Date: day(number),
    SourceIdentifier,
    Message,
    EventCategories: [/modification/.test(Message) ? "configuration change" : "availability"],
  }));
  rds.on(DescribeEventsCommand).resolves({ Events: first === undefined ? [] : [first], Marker: "2" });
  rds.on(DescribeEventsCommand, { Marker: "2" }).resolves({ Events: rest });
}

const toLarge = { dBInstanceIdentifier: "mysql", dBInstanceClass: "db.m6g.large", applyImmediately: true };
const of = (instance: DBInstance = mysql) => classesBefore(history, instance);

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

  it("count from the moment at which RDS says that the class was changed, whenever it was asked for", async () => {
    happened([10, { ...toLarge, applyImmediately: false }, { dBInstanceClass: "db.m6g.4xlarge" }]);
    tells([14, started], [14.01, finished], [20, finished, "another"]);
    expect(await of()).toMatchObject({
      value: [
        {},
        { size: "db.m6g.4xlarge", fromMs: null, untilMs: dayMs(14) },
        { size: "on its way to db.m6g.large", fromMs: dayMs(14), untilMs: dayMs(14.01) },
      ],
    });
    tells([14.01, finished]);
    expect(await of(), "also where it does not say when that began").toMatchObject({ value: [{}, { untilMs: dayMs(10) }, { untilMs: dayMs(14.01) }] });
  });

  it("are not known before a change of which RDS alone tells, though a call before it led to today's", async () => {
    happened([10, toLarge, { dBInstanceClass: "db.m6g.4xlarge" }]);
    tells([10.01, finished], [20, started], [20.01, finished]);
    expect(await of()).toMatchObject({
      value: [
        {},
        { size: "db.m6g.4xlarge", untilMs: dayMs(10) },
        { untilMs: dayMs(10) + 6 * hourMs },
        { size: "another size, which no record tells", fromMs: dayMs(10) + 6 * hourMs, untilMs: dayMs(20) },
        { fromMs: dayMs(20), untilMs: dayMs(20.01) },
      ],
    });
    happened([19.99, toLarge, { dBInstanceClass: "db.m6g.large" }]);
    tells([20.01, finished]);
    expect(await of(), "a call that asked for what was there explains no change").toMatchObject({
      value: [{}, { size: "another size, which no record tells", untilMs: dayMs(20.01) - 6 * hourMs }, {}],
    });
  });

  it("are unseen for a quarter of an hour after something that CloudTrail does not explain yet", async () => {
    happened();
    const minute = 1 / (24 * 60);
    tells([31 - 14 * minute, "DB instance restarted"]);
    expect(await of()).toEqual({
      kind: "unseen",
      reason:
        'RDS tells "DB instance restarted" of mysql at 2026-05-30T23:46Z, and CloudTrail, which may be 15 minutes late, does not tell why yet: plan again after 2026-05-31T00:01Z',
    });
    tells([31 - 15 * minute, "DB instance restarted"], [31 - minute, "DB instance restarted", "another"]);
    expect(await of()).toMatchObject({ kind: "seen" });
    happened([31 - 12 * minute, toLarge, { dBInstanceClass: "db.m6g.4xlarge" }]);
    tells([31 - 10 * minute, "DB instance restarted"], [31 - minute, finished]);
    expect(await of(), "by a call that changed it").toMatchObject({ kind: "seen", value: [{}, { size: "db.m6g.4xlarge" }, {}] });
  });

  it.each(["AccessDenied", "Throttling"])("are unseen where RDS answers %s", async (name) => {
    happened();
    rds.on(DescribeEventsCommand).rejects(Object.assign(new Error("no"), { name, $fault: "client" }));
    expect(await of()).toEqual({ kind: "unseen", reason: `RDS's DescribeEvents: ${name}: no` });
  });

  it("are not known before a change of which CloudTrail has no answer", async () => {
    happened([10, toLarge]);
    expect(await of()).toMatchObject({ value: [{}, { size: "another size, which no record tells", fromMs: null, untilMs: dayMs(10) }, {}] });
  });
});

describe("the ranges that a serverless cluster had", () => {
  const cluster: DBCluster = { DBClusterIdentifier: "aurora", ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 32 } };
  const ranges = () => rangesBefore(history, cluster);

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
