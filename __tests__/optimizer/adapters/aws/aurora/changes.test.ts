import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  FailoverDBClusterCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf } from "../../../../../optimizer/core/levers/change-kinds.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const rds = answersOf(RDSClient);

beforeEach(() => {
  for (const mock of [rds]) mock.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change, token = "run-1|step-1") => createChangeWriter(clients).apply(change, token);

function awsError(name: string, details: object = { $fault: "client" }): Error {
  return Object.assign(new Error(`said ${name}`), { name, ...details });
}

describe("Aurora", () => {
  const size: ChangeOf<"rds.instance-class"> = {
    kind: "rds.instance-class",
    region,
    cluster: "c",
    instance: "c-1",
    before: { instanceClass: "db.r6g.4xlarge" },
    after: { instanceClass: "db.r6g.xlarge" },
  };
  const failover: ChangeOf<"rds.failover"> = { kind: "rds.failover", region, cluster: "c", before: { writer: "c-1" }, after: { writer: "c-2" } };

  function clusterIs(clusterStatus: string, memberStatus: string, pending?: string): void {
    const members = [
      { DBInstanceIdentifier: "c-1", IsClusterWriter: true },
      { DBInstanceIdentifier: "c-2", IsClusterWriter: false },
    ];
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ DBClusterIdentifier: "c", Status: clusterStatus, DBClusterMembers: members }] });
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        {
          DBInstanceIdentifier: "c-1",
          DBInstanceClass: "db.r6g.4xlarge",
          DBInstanceStatus: memberStatus,
          ...(pending === undefined ? {} : { PendingModifiedValues: { DBInstanceClass: pending } }),
        },
      ],
    });
  }

  it("is settled with class and writer when cluster and members are available", async () => {
    clusterIs("available", "available");
    expect(await stateOf(size)).toEqual({ kind: "settled", value: { instanceClass: "db.r6g.4xlarge" } });
    expect(await stateOf(failover)).toEqual({ kind: "settled", value: { writer: "c-1" } });
  });

  it.each([
    ["a member is modified", "available", "modifying", undefined, "in-progress"],
    ["the cluster fails over", "failing-over", "available", undefined, "in-progress"],
    ["AWS has only noted the new class", "available", "available", "db.r6g.xlarge", "in-progress"],
    ["a member is stuck", "available", "incompatible-parameters", undefined, "mixed"],
  ])("is unsettled while %s", async (_, clusterStatus, memberStatus, pending, kind) => {
    clusterIs(clusterStatus, memberStatus, pending);
    expect((await stateOf(size)).kind).toBe(kind);
    expect((await stateOf(failover)).kind).toBe(kind);
  });

  it("tells who the writer is meanwhile, where a class is only noted: a failover carries none out", async () => {
    clusterIs("available", "available", "db.r6g.xlarge");
    expect(await stateOf(failover)).toMatchObject({ kind: "in-progress", meanwhile: { writer: "c-1" } });
    clusterIs("failing-over", "available", "db.r6g.xlarge");
    expect(await stateOf(failover)).not.toHaveProperty("meanwhile");
  });

  it("is left alone while other changes wait for its maintenance window: an immediate change would apply them, too", async () => {
    clusterIs("available", "available");
    const instance = { DBInstanceIdentifier: "c-1", DBInstanceStatus: "available", PendingModifiedValues: { EngineVersion: "8.0.mysql_aurora.3.10.0" } };
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ ...instance, DBInstanceClass: "db.r6g.4xlarge" }] });
    expect(await stateOf(size)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("EngineVersion"), queued: { cancel: null } });
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [{ ...instance, DBInstanceClass: "db.r6g.xlarge" }] });
    expect(await stateOf(size)).toEqual({ kind: "settled", value: { instanceClass: "db.r6g.xlarge" } });
  });

  it("is modified at once, and fails over to the named member", async () => {
    rds.on(ModifyDBInstanceCommand).resolves({});
    rds.on(FailoverDBClusterCommand).resolves({});
    clusterIs("available", "available");
    await apply(size);
    await apply(failover);
    expect(rds.commandCalls(ModifyDBInstanceCommand)[0]?.args[0].input).toEqual({
      DBInstanceIdentifier: "c-1",
      DBInstanceClass: "db.r6g.xlarge",
      ApplyImmediately: true,
    });
    expect(rds.commandCalls(FailoverDBClusterCommand)[0]?.args[0].input).toEqual({ DBClusterIdentifier: "c", TargetDBInstanceIdentifier: "c-2" });
  });

  const retention: ChangeOf<"rds.backup-retention"> = { kind: "rds.backup-retention", region, cluster: "c", before: { days: 30 }, after: { days: 14 } };
  const keeps = (days: number, more: object = {}) =>
    rds
      .on(DescribeDBClustersCommand)
      .resolves({ DBClusters: [{ DBClusterIdentifier: "c", Status: "available", BackupRetentionPeriod: days, PendingModifiedValues: {}, ...more }] });

  it("tells for how many days backups are kept, once nothing of it is pending", async () => {
    keeps(30);
    expect(await stateOf(retention)).toEqual({ kind: "settled", value: { days: 30 } });
    keeps(30, { PendingModifiedValues: { BackupRetentionPeriod: 14 } });
    expect(await stateOf(retention)).toMatchObject({ kind: "in-progress", detail: expect.stringContaining("14 days") });
    keeps(30, { Status: "modifying" });
    expect((await stateOf(retention)).kind).toBe("in-progress");
    rds.on(DescribeDBClustersCommand).rejects(awsError("DBClusterNotFoundFault"));
    expect((await stateOf(retention)).kind).toBe("missing");
  });

  it("leaves the retention alone while other changes of the cluster wait, which an immediate one would apply, too", async () => {
    const PendingModifiedValues = { EngineVersion: "8.0.mysql_aurora.3.10.0" };
    keeps(30, { PendingModifiedValues });
    expect(await stateOf(retention)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("EngineVersion"), queued: { cancel: null } });
    keeps(14, { PendingModifiedValues });
    expect(await stateOf(retention)).toEqual({ kind: "settled", value: { days: 14 } });
  });

  it("changes the retention at once", async () => {
    rds.on(ModifyDBClusterCommand).resolves({});
    keeps(30);
    await apply(retention);
    expect(rds.commandCalls(ModifyDBClusterCommand)[0]?.args[0].input).toEqual({ DBClusterIdentifier: "c", BackupRetentionPeriod: 14, ApplyImmediately: true });
  });

  const capacity: ChangeOf<"rds.serverless-capacity"> = {
    kind: "rds.serverless-capacity",
    region,
    cluster: "c",
    before: { minAcu: 4, maxAcu: 16 },
    after: { minAcu: 1, maxAcu: 4 },
  };
  const ranges = (MinCapacity: number, MaxCapacity: number, more: object = {}) =>
    keeps(30, { ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity }, ...more });

  it("tells between which capacities a cluster's instances move, once the cluster is available", async () => {
    ranges(4, 16);
    expect(await stateOf(capacity)).toEqual({ kind: "settled", value: { minAcu: 4, maxAcu: 16 } });
    ranges(4, 16, { Status: "modifying" });
    expect((await stateOf(capacity)).kind).toBe("in-progress");
    keeps(30);
    expect(await stateOf(capacity)).toMatchObject({ kind: "missing", detail: expect.stringContaining("no range") });
    rds.on(DescribeDBClustersCommand).rejects(awsError("DBClusterNotFoundFault"));
    expect((await stateOf(capacity)).kind).toBe("missing");
  });

  it("leaves the capacity alone while other changes of the cluster wait, which an immediate one would apply, too", async () => {
    const PendingModifiedValues = { EngineVersion: "17.9" };
    ranges(4, 16, { PendingModifiedValues });
    expect(await stateOf(capacity)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("EngineVersion"), queued: { cancel: null } });
    ranges(1, 4, { PendingModifiedValues });
    expect(await stateOf(capacity)).toEqual({ kind: "settled", value: { minAcu: 1, maxAcu: 4 } });
  });

  it("changes minimum and maximum in one call, at once", async () => {
    rds.on(ModifyDBClusterCommand).resolves({});
    ranges(4, 16);
    await apply(capacity);
    expect(rds.commandCalls(ModifyDBClusterCommand)[0]?.args[0].input).toEqual({
      DBClusterIdentifier: "c",
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
      ApplyImmediately: true,
    });
  });

  it("restarts a reader only while it is one: roles change by themselves when a writer fails", async () => {
    rds.on(ModifyDBInstanceCommand).resolves({});
    clusterIs("available", "available");
    await expect(apply({ ...size, role: "reader" })).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining("c-1 is the writer of c") });
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toEqual([]);
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [{ DBInstanceIdentifier: "c-2", DBInstanceStatus: "available", DBInstanceClass: "db.r6g.4xlarge" }],
    });
    await apply({ ...size, instance: "c-2", role: "reader" });
    expect(rds.commandCalls(ModifyDBInstanceCommand)).toHaveLength(1);
  });

  it("tells a lack of capacity", async () => {
    clusterIs("available", "available");
    rds.on(ModifyDBInstanceCommand).rejects(awsError("InsufficientDBInstanceCapacityFault"));
    await expect(apply(size)).rejects.toMatchObject({ kind: "no-capacity" });
  });
});
