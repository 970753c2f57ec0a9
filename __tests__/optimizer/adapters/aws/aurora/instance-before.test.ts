import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { type DBInstance, DescribeEventsCommand, RDSClient } from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { instanceBefore } from "../../../../../optimizer/adapters/aws/aurora/instance-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const rds = answersOf(RDSClient);
const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }), rds: new RDSClient({ region: "us-east-1" }) };
const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();
const hourMs = 3_600_000;

const writer: DBInstance = { DBInstanceIdentifier: "aurora-1", DBInstanceClass: "db.r6g.large", DBClusterIdentifier: "aurora" };
const alone: DBInstance = { DBInstanceIdentifier: "mysql", DBInstanceClass: "db.m6g.large" };
const of = (instance: DBInstance, nowMs = dayMs(31)) => instanceBefore({ clients, once: (_, ask) => ask(), nowMs }, instance);

beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  rds.reset();
  rds.on(DescribeEventsCommand).resolves({ Events: [] });
});

function called(name: string, ...events: readonly (readonly [number, object, object?])[]): void {
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: name }];
  const Events = events.map(([number, requestParameters, responseElements = {}]) => ({
    EventTime: day(number),
    CloudTrailEvent: JSON.stringify({ requestParameters, responseElements }),
  }));
  cloudTrail.on(LookupEventsCommand, { LookupAttributes }).resolves({ Events });
}

describe("an instance beside which others were", () => {
  const deleted = (name: string, more: object = {}) => [{ dBInstanceIdentifier: name }, { dBInstanceIdentifier: name, ...more }] as const;

  it("shared its load until the last reader of its cluster was deleted, from when that was made", async () => {
    called("DeleteDBInstance", [20, ...deleted("aurora-3", { dBClusterIdentifier: "aurora", instanceCreateTime: day(10).toISOString() })]);
    expect(await of(writer)).toEqual({
      kind: "seen",
      value: [{ size: "sharing its load with aurora-3, which was deleted", fromMs: dayMs(9), untilMs: dayMs(20) + hourMs }],
    });
    called("DeleteDBInstance", [20, ...deleted("aurora-3", { dBClusterIdentifier: "aurora", instanceCreateTime: "a while ago" })]);
    expect(await of(writer)).toMatchObject({ value: [{ fromMs: null }] });
  });

  it("shared nothing with those of other clusters, or with other instances' replicas", async () => {
    called(
      "DeleteDBInstance",
      [18, ...deleted("other-3", { dBClusterIdentifier: "other" })],
      [19, ...deleted("replica", { readReplicaSourceDBInstanceIdentifier: "another" })],
      [20, ...deleted("lonely")],
    );
    expect(await of(writer)).toEqual({ kind: "seen", value: [] });
    expect(await of(alone)).toEqual({ kind: "seen", value: [] });
  });

  it("shared its reads with its own replica, wherever that was", async () => {
    for (const source of ["mysql", "arn:aws:rds:us-east-1:123456789012:db:mysql"]) {
      called("DeleteDBInstance", [20, ...deleted("replica", { readReplicaSourceDBInstanceIdentifier: source })]);
      expect(await of(alone)).toMatchObject({ value: [{ untilMs: dayMs(20) + hourMs }] });
    }
  });

  it("may have been beside one of which CloudTrail does not say whose it was", async () => {
    called("DeleteDBInstance", [20, { dBInstanceIdentifier: "unknown" }]);
    expect(await of(writer)).toMatchObject({ value: [{ size: "sharing its load with unknown, which was deleted" }] });
  });

  it("is not known for a quarter of an hour after one was deleted that no call names yet", async () => {
    rds.on(DescribeEventsCommand).resolves({
      Events: [{ Date: day(20), SourceIdentifier: "aurora-3", Message: "DB instance deleted", EventCategories: ["deletion"] }],
    });
    expect(await of(writer, dayMs(20) + 14 * 60_000)).toMatchObject({
      kind: "unseen",
      reason: expect.stringContaining("aurora-3 was deleted, maybe a reader"),
    });
    expect(await of(writer, dayMs(20) + 15 * 60_000)).toEqual({ kind: "seen", value: [] });
    called("DeleteDBInstance", [20, ...deleted("aurora-3", { dBClusterIdentifier: "aurora" })]);
    expect(await of(writer, dayMs(20) + 14 * 60_000)).toMatchObject({ kind: "seen", value: [{}] });
  });
});

describe("an instance that a blue/green deployment put in another one's place", () => {
  const arn = (kind: string, name: string): string => `arn:aws:rds:us-east-1:123456789012:${kind}:${name}`;

  it("was another one until then, also where the answer names its cluster alone", async () => {
    const members = [{ sourceMember: arn("db", "mysql"), targetMember: arn("db", "mysql-green-abc") }];
    for (const [instance, response] of [
      [alone, { switchoverDetails: members }],
      [alone, { source: arn("db", "mysql") }],
      [writer, { source: arn("cluster", "aurora"), target: arn("cluster", "aurora-green") }],
    ] as const) {
      called("SwitchoverBlueGreenDeployment", [20, { blueGreenDeploymentIdentifier: "bgd-1" }, response]);
      expect(await of(instance)).toEqual({
        kind: "seen",
        value: [{ size: "the one that had its name before a blue/green switchover", fromMs: null, untilMs: dayMs(20) + hourMs }],
      });
    }
  });

  it("is none that the answer does not name, unless it names nobody", async () => {
    called("SwitchoverBlueGreenDeployment", [20, {}, { source: arn("db", "other") }]);
    expect(await of(alone)).toEqual({ kind: "seen", value: [] });
    called("SwitchoverBlueGreenDeployment", [20, {}, { status: "SWITCHOVER_IN_PROGRESS" }]);
    expect(await of(alone)).toMatchObject({ value: [{ untilMs: dayMs(20) + hourMs }] });
  });
});

it("is unseen where one of its histories is", async () => {
  for (const name of ["ModifyDBInstance", "DeleteDBInstance", "SwitchoverBlueGreenDeployment"]) {
    cloudTrail.reset();
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
    const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: name }];
    cloudTrail.on(LookupEventsCommand, { LookupAttributes }).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $fault: "client" }));
    expect(await of(writer)).toEqual({ kind: "unseen", reason: "CloudTrail's LookupEvents: AccessDeniedException: no" });
  }
});
