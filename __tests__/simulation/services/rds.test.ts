import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  FailoverDBClusterCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  type ModifyDBClusterCommandInput,
  type ModifyDBInstanceCommandInput,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { nextWindowStart } from "../../../simulation/account/maintenance-window.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { clusterAt } from "../../support/account-capacity.ts";
import { names } from "../../support/terraform-fixture.ts";

function world(region = "us-east-1", scenario = accountScenario()) {
  const account = deployedAccount(scenario);
  const { rds } = clientsOf(account, region);
  return {
    account,
    rds,
    modify: (position: number, more: Partial<ModifyDBInstanceCommandInput> = {}) =>
      rds.send(
        new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.instance(position), DBInstanceClass: "db.r6g.xlarge", ApplyImmediately: true, ...more }),
      ),
    failover: (position: number) =>
      rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster, TargetDBInstanceIdentifier: names.instance(position) })),
    instance: async (position: number) => (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: names.instance(position) }))).DBInstances?.[0],
    cluster: async () => (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }))).DBClusters?.[0],
    writer: async () =>
      (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }))).DBClusters?.[0]?.DBClusterMembers?.find(
        (member) => member.IsClusterWriter,
      )?.DBInstanceIdentifier,
    serving: () =>
      clusterAt(account, region, names.cluster, account.nowMs())
        ?.filter((member) => member.available)
        .map((member) => member.identifier),
  };
}

describe("ModifyDBInstance", () => {
  it("changes the class over minutes, part of them an outage", async () => {
    const { account, modify, instance, serving } = world();
    await modify(2);
    expect(await instance(2)).toMatchObject({
      DBInstanceStatus: "modifying",
      DBInstanceClass: "db.r6g.4xlarge",
      PendingModifiedValues: { DBInstanceClass: "db.r6g.xlarge" },
    });
    advanceMinutes(account, 4);
    expect(serving()).toEqual([names.instance(1), names.instance(3)]);
    advanceMinutes(account, 10);
    expect(await instance(2)).toMatchObject({ DBInstanceStatus: "available", DBInstanceClass: "db.r6g.xlarge", PendingModifiedValues: {} });
    expect(serving()).toHaveLength(3);
  });

  it("waits for the maintenance window unless told otherwise", async () => {
    const { account, modify, instance } = world();
    await modify(2, { ApplyImmediately: false });
    expect(await instance(2)).toMatchObject({ DBInstanceStatus: "available", PendingModifiedValues: { DBInstanceClass: "db.r6g.xlarge" } });
    advanceMinutes(account, 7 * 24 * 60);
    expect(await instance(2)).toMatchObject({ DBInstanceStatus: "available", DBInstanceClass: "db.r6g.xlarge" });
  });

  it("hands the writer's role to a reader when the writer goes away", async () => {
    const { account, modify, writer } = world();
    await modify(1);
    advanceMinutes(account, 5);
    expect(await writer()).toBe(names.instance(2));
  });

  it.each<[string, number, Partial<ModifyDBInstanceCommandInput>, string]>([
    ["an instance that does not exist", 9, {}, "DBInstanceNotFoundFault"],
    ["a class that does not exist", 2, { DBInstanceClass: "db.r6g.huge" }, "InvalidParameterCombination"],
    ["what the model lacks", 2, { PromotionTier: 0 }, "NotSimulated"],
  ])("refuses %s", async (_what, position, more, name) => {
    await expect(world().modify(position, more)).rejects.toMatchObject({ name });
  });

  it("refuses an instance that is being modified", async () => {
    const { modify } = world();
    await modify(2);
    await expect(modify(2, { DBInstanceClass: "db.r6g.large" })).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
  });

  it("is refused where AWS has no capacity", async () => {
    const { modify } = world("us-east-1", accountScenario({ faults: [{ kind: "insufficient-capacity", from: 0, until: 1 }] }));
    await expect(modify(2)).rejects.toMatchObject({ name: "InsufficientDBInstanceCapacityFault" });
  });
});

describe("FailoverDBCluster", () => {
  it("makes the named reader the writer after half a minute", async () => {
    const { account, failover, cluster, writer, serving } = world();
    await failover(3);
    expect((await cluster())?.Status).toBe("failing-over");
    expect(serving()).toEqual([names.instance(2)]);
    advanceMinutes(account, 1);
    expect((await cluster())?.Status).toBe("available");
    expect(await writer()).toBe(names.instance(3));
    expect(serving()).toHaveLength(3);
  });

  it("refuses the writer, a reader that is away, a stranger, and a second failover", async () => {
    const { account, failover, modify } = world();
    await expect(failover(1)).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    await expect(failover(9)).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
    await modify(2);
    await expect(failover(2)).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
    await failover(3);
    await expect(failover(1)).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    advanceMinutes(account, 30);
    await failover(2);
  });

  it("is refused on a secondary of a global database, whose members only read", async () => {
    const { failover, cluster } = world("us-west-2");
    await expect(failover(1)).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    expect((await cluster())?.DBClusterMembers).toEqual([expect.objectContaining({ IsClusterWriter: false })]);
  });
});

describe("RDS descriptions", () => {
  it("name the global database's members and who writes", async () => {
    const { rds } = world();
    const { GlobalClusters: [global] = [] } = await rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: "tap-test-global" }));
    expect(global?.GlobalClusterMembers?.map((member) => [member.DBClusterArn, member.IsWriter])).toEqual([
      [`arn:aws:rds:us-east-1:123456789012:cluster:${names.cluster}`, true],
      [`arn:aws:rds:us-west-2:123456789012:cluster:${names.cluster}`, false],
    ]);
  });

  it("list tags by ARN, and refuse ARNs of nothing", async () => {
    const { rds, cluster } = world();
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: (await cluster())?.DBClusterArn }));
    expect(TagList).toEqual([{ Key: "Project", Value: "tap" }]);
    const missing = new ListTagsForResourceCommand({ ResourceName: "arn:aws:rds:us-east-1:123456789012:db:nobody" });
    await expect(rds.send(missing)).rejects.toMatchObject({ name: "DBInstanceNotFoundFault" });
  });

  it("refuse filters and page sizes that AWS refuses", async () => {
    const { rds } = world();
    await expect(rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: "color", Values: ["red"] }] }))).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
    await expect(rds.send(new DescribeDBClustersCommand({ MaxRecords: 5 }))).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});

describe("ModifyDBCluster", () => {
  const retain = ({ rds }: ReturnType<typeof world>, input: Partial<ModifyDBClusterCommandInput>) =>
    rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, ApplyImmediately: true, ...input }));

  it("keeps backups for other days soon after, and says so until then", async () => {
    const here = world();
    const { account, cluster } = here;
    await retain(here, { BackupRetentionPeriod: 14 });
    expect(await cluster()).toMatchObject({ Status: "available", BackupRetentionPeriod: 30, PendingModifiedValues: { BackupRetentionPeriod: 14 } });
    advanceMinutes(account, 2);
    expect(await cluster()).toMatchObject({ Status: "available", BackupRetentionPeriod: 14, PendingModifiedValues: {} });
  });

  it.each([1, 35])("takes %s days", async (BackupRetentionPeriod) => {
    const here = world();
    await retain(here, { BackupRetentionPeriod });
    advanceMinutes(here.account, 2);
    expect((await here.cluster())?.BackupRetentionPeriod).toBe(BackupRetentionPeriod);
  });

  it.each([0, -1, 36, 14.5])("refuses %s days", async (BackupRetentionPeriod) => {
    await expect(retain(world(), { BackupRetentionPeriod })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });

  it("refuses a cluster that is not there, or fails over", async () => {
    await expect(retain(world(), { DBClusterIdentifier: "other", BackupRetentionPeriod: 14 })).rejects.toMatchObject({ name: "DBClusterNotFoundFault" });
    const here = world();
    await here.failover(2);
    await expect(retain(here, { BackupRetentionPeriod: 14 })).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
  });

  it("does not guess when AWS would apply it in the maintenance window, nor what other settings do", async () => {
    await expect(retain(world(), { BackupRetentionPeriod: 14, ApplyImmediately: false })).rejects.toMatchObject({ name: "NotSimulated" });
    await expect(retain(world(), { DeletionProtection: false })).rejects.toMatchObject({ name: "NotSimulated" });
  });
});

describe("ModifyDBInstance of what can be queued for the maintenance window", () => {
  const id = names.instance(2);
  async function queued() {
    const { account, rds } = world();
    const modify = (input: Partial<ModifyDBInstanceCommandInput>) => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, ...input }));
    const instance = async () => (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0];
    const before = await instance();
    await modify({ CACertificateIdentifier: "rds-ca-ecc384-g1" });
    await modify({ DBInstanceClass: "db.r6g.2xlarge" });
    return { account, modify, instance, before };
  }

  it("is told as pending until then", async () => {
    const { instance, before } = await queued();
    expect(await instance()).toMatchObject({
      DBInstanceStatus: "available",
      DBInstanceClass: before?.DBInstanceClass,
      CACertificateIdentifier: before?.CACertificateIdentifier,
      PendingModifiedValues: { CACertificateIdentifier: "rds-ca-ecc384-g1", DBInstanceClass: "db.r6g.2xlarge" },
    });
  });

  it("is carried out by any call that is to be carried out at once", async () => {
    const { account, modify, instance } = await queued();
    await modify({ ApplyImmediately: true });
    advanceMinutes(account, 15);
    expect(await instance()).toMatchObject({
      DBInstanceClass: "db.r6g.2xlarge",
      CACertificateIdentifier: "rds-ca-ecc384-g1",
      PendingModifiedValues: {},
    });
  });

  it("is off the queue once the present value is asked for, and the window changes nothing", async () => {
    const { account, modify, instance, before } = await queued();
    await modify({
      ...(before?.CACertificateIdentifier === undefined ? {} : { CACertificateIdentifier: before.CACertificateIdentifier }),
      ...(before?.DBInstanceClass === undefined ? {} : { DBInstanceClass: before.DBInstanceClass }),
      ApplyImmediately: true,
    });
    expect((await instance())?.PendingModifiedValues).toEqual({});
    advanceMinutes(account, 8 * 24 * 60);
    expect(await instance()).toMatchObject({ DBInstanceClass: before?.DBInstanceClass, CACertificateIdentifier: before?.CACertificateIdentifier });
  });

  it("is carried out in the maintenance window", async () => {
    const { account, instance } = await queued();
    advanceMinutes(account, 8 * 24 * 60);
    expect(await instance()).toMatchObject({ DBInstanceClass: "db.r6g.2xlarge", CACertificateIdentifier: "rds-ca-ecc384-g1", PendingModifiedValues: {} });
  });
});

describe("nextWindowStart", () => {
  it.each([
    ["sun:06:00-sun:06:30", "2026-06-01T00:00:00Z", "2026-06-07T06:00:00Z"],
    ["mon:00:00-mon:01:00", "2026-06-01T00:00:00Z", "2026-06-08T00:00:00Z"],
    ["mon:10:15-mon:11:00", "2026-06-01T00:00:00Z", "2026-06-01T10:15:00Z"],
  ])("%s after %s is %s", (window, after, expected) => {
    expect(new Date(nextWindowStart(window, Date.parse(after))).toISOString()).toBe(new Date(expected).toISOString());
  });
});
