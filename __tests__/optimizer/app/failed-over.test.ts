import {
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesCommandOutput,
  FailoverDBClusterCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { clientFactoryOf, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const minuteMs = 60_000;

/** When Aurora fails over by itself: 1 is the writer of the plan, 2 the reader that is resized and promoted, 3 another reader. */
type Moment = "before the first call" | "once the reader is resized" | "in the window";

/** Aurora makes another member the writer, as it does when the writer fails. */
async function failOver({ account }: SimulatedRun, member: number): Promise<void> {
  const { rds } = clientFactoryOf(account)(east);
  await rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: names.cluster, TargetDBInstanceIdentifier: names.instance(member) }));
  account.advanceTo(account.nowMs() + 10 * minuteMs);
}

async function rolesOf({ account }: SimulatedRun): Promise<{ readonly writer: string | undefined; readonly classes: readonly (string | undefined)[] }> {
  const { rds } = clientFactoryOf(account)(east);
  const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }));
  const { DBInstances: instances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  return {
    writer: cluster?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier,
    classes: [1, 2, 3].map((member) => instances.find(({ DBInstanceIdentifier: id }) => id === names.instance(member))?.DBInstanceClass),
  };
}

async function failedOver(moment: Moment, member: number): Promise<SimulatedRun> {
  let hasCome = false;
  const comes = async (run: SimulatedRun): Promise<void> => {
    if (hasCome) return;
    hasCome = true;
    await failOver(run, member);
  };
  const run = await openSimulatedRun("smaller writer", {
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (moment === "in the window" && stage?.status === "observing") await comes(self);
      if (moment === "once the reader is resized" && self.mutations.length > 0) await comes(self);
    },
  });
  if (moment === "before the first call") await comes(run);
  await run.drive();
  if (!hasCome) throw new Error("it never failed over");
  return run;
}

const [large, small] = ["db.r6g.4xlarge", "db.r6g.xlarge"];

describe("a cluster that fails over by itself", () => {
  it.each([
    ["to the reader that was to be resized", 2, /tap-test-aurora-2 is the writer of tap-test-aurora by now/],
    ["to another reader", 3, /fail over from tap-test-aurora-1 to tap-test-aurora-2: it is .*tap-test-aurora-3/],
  ])("%s, before anything was written, is left alone", async (_, member, said) => {
    const run = await failedOver("before the first call", member);
    expect(run.mutations).toEqual([]);
    expect(JSON.stringify(records(run.test, "DECISION").map(({ body }) => body)).replaceAll("\\", "")).toMatch(said);
    expect(run.test.state().outcome).toBe("nothing-to-do");
  });

  it("to another reader, once the first was resized, gets that one back, and no failover from the member that Aurora chose", async () => {
    const run = await failedOver("once the reader is resized", 3);
    expect(run.mutations).toEqual(["ModifyDBInstance", "ModifyDBInstance"]);
    expect(await rolesOf(run)).toEqual({ writer: names.instance(3), classes: [large, large, large] });
    expect(run.test.state().outcome).toBe("nothing-to-do");
    const commands = records(run.test, "NEEDS_HUMAN").flatMap(({ body }) => body.commands);
    expect(commands.filter((line) => line.includes("failover-db-cluster"))).toEqual([]);
  });

  it.each([
    ["to another reader", 3],
    ["back to the old writer", 1],
  ])("%s in the window is told, and not failed over once more", async (_, member) => {
    const run = await failedOver("in the window", member);
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining(names.instance(member)) } }]);
    expect(run.mutations).toEqual(["ModifyDBInstance", "FailoverDBCluster"]);
    expect(await rolesOf(run)).toEqual({ writer: names.instance(member), classes: [large, small, large] });
    expect(run.test.state().needsHuman?.reason).toContain("was changed by somebody else, so it is left alone");
  });
});

/** The standby has taken over: for some minutes it restarts, then the zones have changed places. */
function onStandby(run: SimulatedRun | undefined, sinceMs: number | undefined, instance: DBInstance): DBInstance {
  if (run === undefined || sinceMs === undefined || instance.DBInstanceIdentifier !== names.mysql) return instance;
  const isAway = run.account.nowMs() < sinceMs + 20 * minuteMs;
  return { ...instance, AvailabilityZone: "us-east-1c", SecondaryAvailabilityZone: "us-east-1a", ...(isAway ? { DBInstanceStatus: "rebooting" } : {}) };
}

describe("an instance with a standby that takes over", () => {
  it.each(["before the first call", "in the window"] as const)("%s is waited for, and is nobody's hand", async (moment) => {
    let opened: SimulatedRun | undefined;
    let sinceMs: number | undefined;
    const run = await openSimulatedRun("smaller MySQL", {
      answer: (command, output) =>
        command === "DescribeDBInstances"
          ? { ...output, DBInstances: ((output as DescribeDBInstancesCommandOutput).DBInstances ?? []).map((each) => onStandby(opened, sinceMs, each)) }
          : output,
      whenTimePassed: async ({ account, test }) => {
        if (test.state().phases[0]?.stages[0]?.status === "observing") sinceMs ??= account.nowMs();
      },
    });
    opened = run;
    if (moment === "before the first call") sinceMs = run.account.nowMs();
    await run.drive();
    expect(sinceMs).toBeDefined();
    expect(run.mutations).toEqual(["ModifyDBInstance"]);
    expect(records(run.test, "DRIFT")).toEqual([]);
    expect(run.test.state().outcome).toBe("adoptable");
    const written = records(run.test, "ATTEMPT")[0]?.at ?? Number.NaN;
    if (moment === "before the first call") expect(written).toBeGreaterThanOrEqual((sinceMs ?? 0) + 20 * minuteMs);
  });
});
