import { DescribeDBInstancesCommand, ModifyDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import type { Change, ChangeOf } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const rds = answersOf(RDSClient);

beforeEach(() => rds.reset());

const reader = createChangeReader(clients);
const apply = (change: Change) => createChangeWriter(clients).apply(change, "run-1|step-1");
const is = (more: object) =>
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [{ DBInstanceIdentifier: "mysql", DBInstanceStatus: "available", BackupRetentionPeriod: 30, PendingModifiedValues: {}, ...more }],
  });

describe("how long an instance keeps its backups", () => {
  const retention: ChangeOf<"rds.instance-backup-retention"> = {
    kind: "rds.instance-backup-retention",
    region,
    instance: "mysql",
    before: { days: 30 },
    after: { days: 7 },
  };

  it.each<[string, object, object]>([
    ["settled", {}, { kind: "settled", value: { days: 30 } }],
    ["on its way while AWS has only noted it", { PendingModifiedValues: { BackupRetentionPeriod: 7 } }, { kind: "in-progress" }],
    ["on its way while the instance is modified", { DBInstanceStatus: "modifying" }, { kind: "in-progress" }],
    [
      "as it is meanwhile where a class is noted, which it does not carry out",
      { PendingModifiedValues: { DBInstanceClass: "db.m6g.large" } },
      { kind: "in-progress", meanwhile: { days: 30 } },
    ],
    ["stuck with an instance that is", { DBInstanceStatus: "storage-full" }, { kind: "mixed" }],
    ["settled beside what goes on waiting for the maintenance window", { PendingModifiedValues: { EngineVersion: "8.0.41" } }, { kind: "settled" }],
  ])("is %s", async (_, instance, state) => {
    is(instance);
    expect(await reader.stateOf(retention)).toMatchObject(state);
  });

  it("is missing with its instance", async () => {
    rds.on(DescribeDBInstancesCommand).rejects(Object.assign(new Error("no"), { name: "DBInstanceNotFoundFault" }));
    expect((await reader.stateOf(retention)).kind).toBe("missing");
  });

  it("is changed without applying what else waits, there and back", async () => {
    rds.on(ModifyDBInstanceCommand).resolves({});
    await apply(retention);
    await apply({ ...retention, before: { days: 7 }, after: { days: 30 } });
    expect(rds.commandCalls(ModifyDBInstanceCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { DBInstanceIdentifier: "mysql", BackupRetentionPeriod: 7 },
      { DBInstanceIdentifier: "mysql", BackupRetentionPeriod: 30 },
    ]);
  });

  it("is refused where AWS Backup owns it by now", async () => {
    rds.on(ModifyDBInstanceCommand).rejects(Object.assign(new Error("AwsBackupRecoveryPointArn"), { name: "InvalidParameterValueException" }));
    await expect(apply(retention)).rejects.toMatchObject({ kind: "invalid" });
  });
});

describe("the class of an instance outside of clusters", () => {
  const size: ChangeOf<"rds.standalone-class"> = {
    kind: "rds.standalone-class",
    region,
    instance: "mysql",
    multiAz: true,
    before: { instanceClass: "db.m6g.2xlarge" },
    after: { instanceClass: "db.m6g.large" },
  };
  const isOf = (instanceClass: string, more: object = {}) => is({ DBInstanceClass: instanceClass, MultiAZ: true, ...more });

  it.each<[string, object, object]>([
    ["settled", {}, { kind: "settled", value: { instanceClass: "db.m6g.2xlarge" } }],
    ["on its way while the instance is modified", { DBInstanceStatus: "modifying" }, { kind: "in-progress" }],
    ["on its way while its storage is optimized", { DBInstanceStatus: "storage-optimization" }, { kind: "in-progress" }],
    ["on its way while AWS has only noted it", { PendingModifiedValues: { DBInstanceClass: "db.m6g.large" } }, { kind: "in-progress" }],
    ["stuck with an instance that is", { DBInstanceStatus: "incompatible-parameters" }, { kind: "mixed" }],
    ["not as it was while something else waits, which ours would apply", { PendingModifiedValues: { EngineVersion: "8.4" } }, { kind: "mixed" }],
  ])("is %s", async (_, instance, state) => {
    isOf("db.m6g.2xlarge", instance);
    expect(await reader.stateOf(size)).toMatchObject(state);
  });

  it("is there once it is, whatever waits besides", async () => {
    isOf("db.m6g.large", { PendingModifiedValues: { EngineVersion: "8.4" } });
    expect(await reader.stateOf(size)).toEqual({ kind: "settled", value: { instanceClass: "db.m6g.large" } });
  });

  it("is changed at once, there and back", async () => {
    isOf("db.m6g.2xlarge");
    rds.on(ModifyDBInstanceCommand).resolves({});
    await apply(size);
    await apply({ ...size, before: size.after, after: size.before });
    expect(rds.commandCalls(ModifyDBInstanceCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { DBInstanceIdentifier: "mysql", DBInstanceClass: "db.m6g.large", ApplyImmediately: true },
      { DBInstanceIdentifier: "mysql", DBInstanceClass: "db.m6g.2xlarge", ApplyImmediately: true },
    ]);
  });

  it("is left alone where the standby is gone meanwhile: its restart would be an outage of minutes", async () => {
    isOf("db.m6g.2xlarge", { MultiAZ: false });
    await expect(apply(size)).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("no standby any more") });
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toEqual([]);
  });

  it.each([
    ["InsufficientDBInstanceCapacityFault", "no-capacity"],
    ["InvalidDBInstanceStateFault", "busy"],
    ["InvalidParameterCombinationException", "invalid"],
  ])("tells what %s means: %s", async (name, kind) => {
    isOf("db.m6g.2xlarge");
    rds.on(ModifyDBInstanceCommand).rejects(Object.assign(new Error("no"), { name, $fault: "client" }));
    await expect(apply(size)).rejects.toMatchObject({ kind });
  });
});
