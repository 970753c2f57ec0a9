import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeDBClustersCommand, ModifyDBClusterCommand, type ServerlessV2ScalingConfiguration } from "@aws-sdk/client-rds";
import { beforeEach, describe, expect, it } from "vitest";
import { attachable } from "../../../optimizer/composition/attachable.ts";
import { openAccount, type SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickAt } from "../../../simulation/load/tick.ts";
import { services } from "../../../simulation/services.ts";
import { clusterField, clusterLoad } from "../../../simulation/services/rds/cluster-load.ts";
import { acuHours } from "../../../simulation/services/rds/serverless-usage.ts";
import type { Scenario } from "../../../simulation/scenario/scenario.ts";
import { accountScenario, advanceMinutes, clientsOf } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const region = "us-east-1";
const serverless = { 1: "db.serverless", 2: "db.serverless", 3: "db.serverless" };

/** 100 requests a second all day, by 12 instances of an application that holds a connection each. */
function scenario(writeVcpuSeconds: number, backgroundVcpu = 0.1): Scenario {
  return accountScenario({
    regions: {
      [region]: {
        traffic: { peakRequestsPerSecond: 100, nightShare: 1, weekendShare: 1, noiseSigma: 0 },
        application: { vcpuSecondsPerRequest: 0.001, memoryBaseGib: 0.5 },
        database: {
          writesPerRequest: 1,
          readsPerRequest: 1,
          writeVcpuSeconds,
          readVcpuSeconds: 0,
          backgroundVcpu,
          connectionsPerInstance: 1,
          workingSetGib: 2,
        },
      },
    },
  });
}

function opened(writeVcpuSeconds: number): SimulatedAccount {
  const account = openAccount(scenario(writeVcpuSeconds), createMemoryAccountStore());
  account.deploy(fixtureStacks({ classes: serverless }));
  return account;
}

const change = (account: SimulatedAccount, ServerlessV2ScalingConfiguration: ServerlessV2ScalingConfiguration, more = {}) =>
  clientsOf(account).rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier: names.cluster, ServerlessV2ScalingConfiguration, ApplyImmediately: true, ...more }),
  );
const described = async (account: SimulatedAccount) =>
  (await clientsOf(account).rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }))).DBClusters?.[0];

/** What a metric of a member was on average in the last five minutes that CloudWatch has points of. */
async function told(account: SimulatedAccount, MetricName: string, position: number): Promise<number | undefined> {
  const client = new CloudWatchClient({ region, maxAttempts: 1, credentials: { accessKeyId: "simulated", secretAccessKey: "simulated" } });
  account.attach(attachable(client), region);
  const until = (Math.floor(account.nowMs() / 300_000) - 1) * 300_000;
  const { MetricDataResults: [result] = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(until - 300_000),
      EndTime: new Date(until),
      MetricDataQueries: [
        {
          Id: "m",
          MetricStat: {
            Metric: { Namespace: "AWS/RDS", MetricName, Dimensions: [{ Name: "DBInstanceIdentifier", Value: names.instance(position) }] },
            Period: 300,
            Stat: "Average",
          },
        },
      ],
    }),
  );
  return result?.Values?.[0];
}

describe("ModifyDBCluster with a range of capacity units", () => {
  let account: SimulatedAccount;
  beforeEach(() => {
    account = opened(0.0001);
  });

  it("is `modifying` for a minute, with the range as it was, and has the new one then", async () => {
    await change(account, { MinCapacity: 1, MaxCapacity: 4 });
    expect(await described(account)).toMatchObject({ Status: "modifying", ServerlessV2ScalingConfiguration: { MinCapacity: 4, MaxCapacity: 16 } });
    await expect(change(account, { MinCapacity: 2, MaxCapacity: 4 })).rejects.toMatchObject({ name: "InvalidDBClusterStateFault" });
    advanceMinutes(account, 1);
    expect(await described(account)).toMatchObject({ Status: "available", ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 } });
  });

  it("leaves what a call does not name, and does nothing where nothing changes", async () => {
    await change(account, { MaxCapacity: 8.5 });
    advanceMinutes(account, 1);
    expect((await described(account))?.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 4, MaxCapacity: 8.5 });
    await change(account, { MinCapacity: 4, MaxCapacity: 8.5 });
    expect((await described(account))?.Status).toBe("available");
  });

  it.each<[string, ServerlessV2ScalingConfiguration]>([
    ["a minimum above the maximum", { MinCapacity: 8, MaxCapacity: 4 }],
    ["a maximum below today's minimum", { MaxCapacity: 2 }],
    ["a quarter of a unit", { MinCapacity: 1.25, MaxCapacity: 4 }],
    ["a maximum of a third", { MinCapacity: 1, MaxCapacity: 4.33 }],
    ["less than nothing", { MinCapacity: -1, MaxCapacity: 4 }],
    ["a maximum below 1", { MinCapacity: 0.5, MaxCapacity: 0.5 }],
    ["more than 256", { MinCapacity: 1, MaxCapacity: 256.5 }],
  ])("refuses %s", async (_, range) => {
    await expect(change(account, range)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    expect((await described(account))?.ServerlessV2ScalingConfiguration).toEqual({ MinCapacity: 4, MaxCapacity: 16 });
  });

  it("does not guess how instances pause, nor what becomes of a cluster that the stacks give no range", async () => {
    await expect(change(account, { MinCapacity: 0, MaxCapacity: 4 })).rejects.toMatchObject({ name: "NotSimulated" });
    await expect(change(account, { MinCapacity: 1, MaxCapacity: 4, SecondsUntilAutoPause: 300 })).rejects.toMatchObject({ name: "NotSimulated" });
    const rds = clientsOf(account, "us-west-2").rds;
    const elsewhere = new ModifyDBClusterCommand({
      DBClusterIdentifier: names.cluster,
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
      ApplyImmediately: true,
    });
    await expect(rds.send(elsewhere)).rejects.toMatchObject({ name: "NotSimulated" });
  });
});

describe("a serverless member", () => {
  it("idles at the minimum, and tells its CPU as a share of the maximum", async () => {
    const account = opened(0.0001);
    advanceMinutes(account, 15);
    expect(await told(account, "ServerlessDatabaseCapacity", 1)).toBeCloseTo(4);
    expect(await told(account, "ACUUtilization", 1)).toBeCloseTo(25);
    // 0.1 and 0.01 vCPU of the 4 that come with 16 units.
    expect(await told(account, "CPUUtilization", 1)).toBeCloseTo(2.75, 0);
  });

  it("grows with its load up to the maximum; the reader that is promoted first grows with it, the last one does not", async () => {
    // 1.6 vCPU at 70 % are 9.1 units.
    const busy = opened(0.015);
    advanceMinutes(busy, 15);
    expect(await told(busy, "ServerlessDatabaseCapacity", 1)).toBeCloseTo(1.6 / 0.7 / 0.25, 0);
    expect(await told(busy, "ServerlessDatabaseCapacity", 2)).toBeCloseTo(1.6 / 0.7 / 0.25, 0);
    expect(await told(busy, "ServerlessDatabaseCapacity", 3)).toBeCloseTo(4);
    await change(busy, { MinCapacity: 1, MaxCapacity: 4 });
    advanceMinutes(busy, 20);
    expect(await told(busy, "ACUUtilization", 1)).toBeCloseTo(100);
    expect(await told(busy, "CPUUtilization", 1)).toBeGreaterThan(95);
    expect(await told(busy, "ServerlessDatabaseCapacity", 3)).toBeCloseTo(1);
  });

  it("tells what it commits: each statement of its own, the writer's and the readers' apart", async () => {
    const account = opened(0.0001);
    advanceMinutes(account, 15);
    expect(await told(account, "CommitThroughput", 1)).toBeCloseTo(100, -1);
    expect(await told(account, "CommitThroughput", 2)).toBeCloseTo(50, -1);
    expect(await told(account, "CommitThroughput", 3)).toBeCloseTo(50, -1);
  });

  it("computes each statement longer on a part of a vCPU, besides letting it wait longer", async () => {
    const [writeVcpuSeconds, asked] = [0.001, 100];
    const account = opened(writeVcpuSeconds);
    const waited = (): number => {
      const model = createLoadModel(scenario(writeVcpuSeconds), account.state, services);
      return clusterLoad(model, region, names.cluster)?.rows.at(tickAt(account.nowMs()) - 1, clusterField.waitP99) ?? Number.NaN;
    };
    /** Of one server, that all requests come to (M/M/1). */
    const wait = (vcpu: number): number => {
      const busy = (0.1 + asked * writeVcpuSeconds) / vcpu;
      return (Math.log(busy / 0.01) * (writeVcpuSeconds / vcpu)) / (1 - busy);
    };
    advanceMinutes(account, 15);
    expect(waited()).toBeCloseTo(wait(1), 3);
    await change(account, { MinCapacity: 2, MaxCapacity: 4 });
    advanceMinutes(account, 15);
    expect(waited()).toBeCloseTo(wait(0.5) + writeVcpuSeconds, 3);
  });

  it("holds the connections that the application's instances and tasks open", async () => {
    const account = opened(0.0001);
    advanceMinutes(account, 15);
    // 10 instances of the group and 8 tasks.
    expect(Math.round((await told(account, "DatabaseConnections", 1)) ?? 0)).toBe(18);
  });
});

describe("the bill of serverless members", () => {
  const hours = (account: SimulatedAccount, of: Scenario, at = region) => {
    const untilMs = Math.floor(account.nowMs() / 3_600_000) * 3_600_000;
    return acuHours(createLoadModel(of, account.state, services), at, untilMs - 3_600_000, untilMs);
  };

  it("counts an hour of what each had, and nothing of provisioned ones", () => {
    const account = opened(0.0001);
    advanceMinutes(account, 90);
    expect(hours(account, scenario(0.0001))).toEqual([{ usage: "Aurora:ServerlessV2Usage", units: expect.closeTo(3 * 4) }]);
    expect(hours(account, scenario(0.0001), "us-west-2")).toEqual([]);
  });

  it("counts the minimum where no load is described, and another usage with I/O-Optimized storage", () => {
    const idle = accountScenario();
    const account = openAccount(idle, createMemoryAccountStore());
    const stacks = fixtureStacks({ classes: { 1: "db.serverless", 2: "db.r6g.xlarge", 3: "db.r6g.xlarge" } });
    const { primary } = stacks as Record<string, { readonly resource: Record<string, Record<string, Record<string, unknown>>> }>;
    primary!.resource["aws_rds_cluster"]!["cluster"]!["storage_type"] = "aurora-iopt1";
    account.deploy(stacks);
    advanceMinutes(account, 90);
    expect(hours(account, idle)).toEqual([{ usage: "Aurora:ServerlessV2IOOptimizedUsage", units: expect.closeTo(4) }]);
  });
});
