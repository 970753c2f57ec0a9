import {
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeDBProxyTargetsCommand,
  DescribeOrderableDBInstanceOptionsCommand,
  DescribePendingMaintenanceActionsCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
} from "@aws-sdk/client-rds";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { openAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import type { Scenario } from "../../../simulation/scenario/scenario.ts";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import { standaloneInstances } from "../../../simulation/services/rds/standalone.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

function cloudWatchOf(account: ReturnType<typeof deployedAccount>): CloudWatchClient {
  const client = new CloudWatchClient({ region: "us-east-1", maxAttempts: 1, credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
  account.attach(attachable(client), "us-east-1");
  return client;
}

function world(scenario: Scenario = accountScenario()) {
  const account = deployedAccount(scenario);
  const { rds } = clientsOf(account);
  return {
    account,
    rds,
    modify: (input: Partial<ModifyDBInstanceCommandInput>) => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, ...input })),
    instance: async () => (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: names.mysql }))).DBInstances?.[0],
  };
}

const around = {
  maintenance: [{ on: "instances", action: "system-update", afterHours: 1 }],
  blueGreenDeployments: ["next"],
  proxies: ["pool"],
  awsBackup: true,
} as const;
const load = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 } };
const surrounded = () => accountScenario({ regions: { "us-east-1": { ...load, database: { writeVcpuSeconds: 0.01, readVcpuSeconds: 0.01, around } } } });

describe("an instance outside of clusters", () => {
  it("is described beside the members of clusters, and is in no cluster", async () => {
    const { rds, instance } = world();
    const all = await rds.send(new DescribeDBInstancesCommand({}));
    expect(all.DBInstances?.map(({ DBInstanceIdentifier: id }) => id)).toContain(names.mysql);
    const members = await rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: "db-cluster-id", Values: [names.cluster] }] }));
    expect(members.DBInstances?.map(({ DBInstanceIdentifier: id }) => id)).not.toContain(names.mysql);
    expect(await instance()).toMatchObject({ MultiAZ: true, AllocatedStorage: 100, BackupRetentionPeriod: 30, ReadReplicaDBInstanceIdentifiers: [] });
    expect((await instance())?.DBClusterIdentifier).toBeUndefined();
  });

  it("has tags of its own", async () => {
    const { rds, instance } = world();
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: (await instance())?.DBInstanceArn }));
    expect(TagList).toEqual([{ Key: "Project", Value: "tap" }]);
  });

  it("stands in what the scenario puts around the databases", async () => {
    const { rds, instance } = world(surrounded());
    const { DBInstanceArn: arn = "" } = (await instance()) ?? {};
    const { PendingMaintenanceActions: maintenance } = await rds.send(
      new DescribePendingMaintenanceActionsCommand({ Filters: [{ Name: "db-instance-id", Values: [names.mysql] }] }),
    );
    expect(maintenance).toMatchObject([{ ResourceIdentifier: arn }]);
    const { BlueGreenDeployments: deployments } = await rds.send(new DescribeBlueGreenDeploymentsCommand({}));
    expect(deployments?.map(({ Source }) => Source)).toContain(arn);
    const { Targets: targets } = await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: "pool" }));
    expect(targets).toContainEqual({ RdsResourceId: names.mysql, Type: "RDS_INSTANCE" });
  });

  it("is neither deleted nor made again by guesswork, and its name is taken", async () => {
    const { rds } = world();
    await expect(rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: names.mysql }))).rejects.toMatchObject({ name: "NotSimulated" });
    const again = new CreateDBInstanceCommand({
      DBInstanceIdentifier: names.mysql,
      DBClusterIdentifier: names.cluster,
      DBInstanceClass: "db.r6g.large",
      Engine: "aurora-mysql",
    });
    await expect(rds.send(again)).rejects.toMatchObject({ name: "DBInstanceAlreadyExistsFault" });
  });
});

describe("ModifyDBInstance of its backup retention", () => {
  it.each([undefined, false, true])("keeps backups for other days soon after, with ApplyImmediately %s alike", async (ApplyImmediately) => {
    const { account, modify, instance } = world();
    await modify({ BackupRetentionPeriod: 7, ApplyImmediately });
    const noted = { BackupRetentionPeriod: 30, PendingModifiedValues: { BackupRetentionPeriod: 7 } };
    expect(await instance()).toMatchObject({ DBInstanceStatus: "available", ...noted });
    advanceMinutes(account, 2);
    expect(await instance()).toMatchObject({ DBInstanceStatus: "available", BackupRetentionPeriod: 7, PendingModifiedValues: {} });
  });

  it.each<[string, Partial<ModifyDBInstanceCommandInput>, string]>([
    ["more than 35 days", { BackupRetentionPeriod: 36 }, "InvalidParameterValue"],
    ["less than none", { BackupRetentionPeriod: -1 }, "InvalidParameterValue"],
    ["half a day", { BackupRetentionPeriod: 7.5 }, "InvalidParameterValue"],
    ["an end of all backups, which is an outage: not simulated", { BackupRetentionPeriod: 0 }, "NotSimulated"],
    ["what the model lacks", { MultiAZ: false }, "NotSimulated"],
    ["an instance that is not there", { DBInstanceIdentifier: "nobody" }, "DBInstanceNotFoundFault"],
  ])("refuses %s", async (_, input, name) => {
    await expect(world().modify(input)).rejects.toMatchObject({ name });
  });

  it("takes no other number of days where AWS Backup owns the backups, of a cluster neither", async () => {
    const { rds, modify, instance } = world(surrounded());
    const refused = { name: "InvalidParameterValue", message: expect.stringContaining(String((await instance())?.AwsBackupRecoveryPointArn)) };
    await expect(modify({ BackupRetentionPeriod: 7 })).rejects.toMatchObject(refused);
    await modify({ BackupRetentionPeriod: 30 });
    const ofCluster = new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, BackupRetentionPeriod: 7, ApplyImmediately: true });
    await expect(rds.send(ofCluster)).rejects.toMatchObject({ name: "InvalidParameterValue", message: expect.stringContaining("AwsBackupRecoveryPointArn") });
  });
});

describe("ModifyDBInstance of its class", () => {
  it("replaces the standby, fails over to it, and replaces the old one", async () => {
    const { account, modify, instance } = world();
    const serving = () => account.state.of(standaloneInstances).get("us-east-1", names.mysql)?.state.at(account.nowMs())?.serving;
    await modify({ DBInstanceClass: "db.m6g.large", ApplyImmediately: true });
    expect(await instance()).toMatchObject({
      DBInstanceStatus: "modifying",
      DBInstanceClass: "db.m6g.2xlarge",
      PendingModifiedValues: { DBInstanceClass: "db.m6g.large" },
    });
    expect(serving()).toBe(true);
    advanceMinutes(account, 8);
    expect(serving()).toBe(false);
    advanceMinutes(account, 1);
    expect(serving()).toBe(true);
    expect(await instance()).toMatchObject({ DBInstanceStatus: "modifying", DBInstanceClass: "db.m6g.large" });
    advanceMinutes(account, 12);
    expect(await instance()).toMatchObject({ DBInstanceStatus: "available", DBInstanceClass: "db.m6g.large", PendingModifiedValues: {} });
  });

  it("refuses a second change meanwhile, whatever it is of", async () => {
    const { modify } = world();
    await modify({ DBInstanceClass: "db.m6g.large", ApplyImmediately: true });
    for (const input of [{ DBInstanceClass: "db.m6g.xlarge", ApplyImmediately: true }, { BackupRetentionPeriod: 7 }])
      await expect(modify(input)).rejects.toMatchObject({ name: "InvalidDBInstanceStateFault" });
  });

  it.each<[string, Partial<ModifyDBInstanceCommandInput>, string]>([
    ["a class that AWS does not offer", { DBInstanceClass: "db.m6g.huge", ApplyImmediately: true }, "InvalidParameterCombination"],
    ["to guess what happens in the maintenance window", { DBInstanceClass: "db.m6g.large" }, "NotSimulated"],
  ])("refuses %s", async (_, input, name) => {
    await expect(world().modify(input)).rejects.toMatchObject({ name });
  });

  it("refuses a class that Performance Insights does not watch while it is on", async () => {
    const stacks = structuredClone(fixtureStacks()) as { readonly primary: { readonly resource: Record<string, Record<string, Record<string, unknown>>> } };
    Object.assign(stacks.primary.resource["aws_db_instance"]?.["mysql"] ?? {}, { instance_class: "db.t3.large", performance_insights_enabled: true });
    const account = openAccount(accountScenario(), createMemoryAccountStore());
    account.deploy({ ...stacks });
    const change = (DBInstanceClass: string) =>
      clientsOf(account).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: names.mysql, DBInstanceClass, ApplyImmediately: true }));
    await expect(change("db.t3.small")).rejects.toMatchObject({
      name: "InvalidParameterCombination",
      message: expect.stringContaining("Performance Insights"),
    });
    await change("db.t3.medium");
  });

  it("is refused where AWS has no capacity", async () => {
    const { modify } = world(accountScenario({ faults: [{ kind: "insufficient-capacity", from: 0, until: 1 }] }));
    const change = { DBInstanceClass: "db.m6g.large", ApplyImmediately: true };
    await expect(modify(change)).rejects.toMatchObject({ name: "InsufficientDBInstanceCapacityFault" });
  });
});

describe("what is set and offered", () => {
  it("lists the parameters that somebody has set, and refuses a group that is not there", async () => {
    const { rds, instance } = world();
    const { DBParameterGroups: [group] = [] } = (await instance()) ?? {};
    const { Parameters: parameters } = await rds.send(new DescribeDBParametersCommand({ DBParameterGroupName: group?.DBParameterGroupName, Source: "user" }));
    expect(parameters?.map(({ ParameterName: name, ParameterValue: value }) => `${name} = ${value}`)).toEqual(["max_connections = 500", "slow_query_log = 1"]);
    const missing = new DescribeDBParametersCommand({ DBParameterGroupName: "nobody", Source: "user" });
    await expect(rds.send(missing)).rejects.toMatchObject({ name: "DBParameterGroupNotFoundFault" });
  });

  it("offers every class whose capacity is known", async () => {
    const { rds } = world();
    const { OrderableDBInstanceOptions: options } = await rds.send(new DescribeOrderableDBInstanceOptionsCommand({ Engine: "mysql", EngineVersion: "8.0" }));
    expect(options?.filter(({ StorageType }) => StorageType === "gp3").map(({ DBInstanceClass }) => DBInstanceClass)).toContain("db.t3.small");
  });
});

describe("the load of an instance outside of clusters", () => {
  const minute = 60_000;
  const quiet = { traffic: { peakRequestsPerSecond: 100 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 } };
  const asked = { writeVcpuSeconds: 0.01, readVcpuSeconds: 0.005, workingSetGib: 2, volumeGib: 4 };

  async function metric(account: ReturnType<typeof deployedAccount>, name: string, statistic: string): Promise<number | undefined> {
    const { MetricDataResults: [result] = [] } = await cloudWatchOf(account).send(
      new GetMetricDataCommand({
        StartTime: new Date(account.nowMs() - 10 * minute),
        EndTime: new Date(account.nowMs() - 5 * minute),
        MetricDataQueries: [
          {
            Id: "a",
            MetricStat: {
              Metric: { Namespace: "AWS/RDS", MetricName: name, Dimensions: [{ Name: "DBInstanceIdentifier", Value: names.mysql }] },
              Period: 300,
              Stat: statistic,
            },
          },
        ],
      }),
    );
    return result?.Values?.[0];
  }

  it("takes CPU by its requests, memory by its data, and is silent while it is away", async () => {
    const account = deployedAccount(accountScenario({ regions: { "us-east-1": { ...quiet, database: asked } } }));
    const percent = (await metric(account, "CPUUtilization", "Average")) ?? Number.NaN;
    // At most 100 requests a second, each 0.2 × 10 ms and 0.8 × 5 ms on 8 vCPUs, and 0.2 in the background.
    expect(percent).toBeGreaterThan(2);
    expect(percent).toBeLessThan(10.5);
    const usedGib = 32 - ((await metric(account, "FreeableMemory", "Minimum")) ?? Number.NaN) / 1024 ** 3;
    expect(usedGib).toBeGreaterThan(4);
    expect(usedGib).toBeLessThan(8);
    for (const name of [
      "DatabaseConnections",
      "ReadIOPS",
      "WriteIOPS",
      "ReadThroughput",
      "WriteThroughput",
      "NetworkReceiveThroughput",
      "NetworkTransmitThroughput",
    ])
      expect(await metric(account, name, "Maximum"), name).toBeGreaterThan(0);
  });
});
