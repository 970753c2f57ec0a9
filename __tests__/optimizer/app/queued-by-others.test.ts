import { DescribeCacheClustersCommand, ModifyReplicationGroupCommand } from "@aws-sdk/client-elasticache";
import { DescribeDBInstancesCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { runExitCode } from "../../../optimizer/commands/run-result.ts";
import type { ChangeKind } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../../support/plan-builder.ts";
import { records } from "../../support/run-records.ts";
import { runLines } from "../../support/shell-lines.ts";
import { type ActionName, clientFactoryOf, openSimulatedRun, type SimulatedRun, type SimulatedRunOptions } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const dayMs = 86_400_000;

interface Case {
  readonly name: ActionName;
  readonly kind: ChangeKind;
  /** Queues another setting for the maintenance window of what the change is about. */
  readonly queue: (run: SimulatedRun) => Promise<unknown>;
  /** The setting as it is, and as what it is queued. */
  readonly now: (run: SimulatedRun) => Promise<{ readonly value: string | undefined; readonly queued: string | undefined }>;
}

const certificate = "rds-ca-ecc384-g1";
const ofInstance = (id: string): Pick<Case, "queue" | "now"> => ({
  queue: ({ account }) =>
    clientFactoryOf(account)(east).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, CACertificateIdentifier: certificate })),
  now: async ({ account }) => {
    const { DBInstances: [found] = [] } = await clientFactoryOf(account)(east).rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return { value: found?.CACertificateIdentifier, queued: found?.PendingModifiedValues?.CACertificateIdentifier };
  },
});

const cases: readonly Case[] = [
  { name: "smaller MySQL", kind: "rds.standalone-class", ...ofInstance(names.mysql) },
  { name: "smaller writer", kind: "rds.instance-class", ...ofInstance(names.instance(2)) },
  {
    name: "another Redis",
    kind: "redis.node-type",
    queue: ({ account }) =>
      clientFactoryOf(account)(east).elastiCache.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: names.redis, EngineVersion: "7.2" })),
    now: async ({ account }) => {
      const { CacheClusters: [found] = [] } = await clientFactoryOf(account)(east).elastiCache.send(new DescribeCacheClustersCommand({}));
      return { value: found?.EngineVersion, queued: found?.PendingModifiedValues?.EngineVersion };
    },
  },
];

interface Course {
  readonly settle?: SimulatedRunOptions["settle"];
  readonly queueAt: "before it is asked back" | "right before the call there" | "right before the call back";
  /** What a person does once told. */
  readonly helps?: (run: SimulatedRun, commands: readonly string[]) => Promise<void>;
}

/** A run that is asked back in its window, while somebody queues another setting. */
async function played({ name, kind, queue }: Case, { settle, queueAt, helps }: Course): Promise<SimulatedRun> {
  let [isQueued, isHelped] = [false, false];
  const queuesOnce = async (self: SimulatedRun): Promise<void> => {
    if (isQueued) return;
    isQueued = true;
    await queue(self);
  };
  const run = await openSimulatedRun(name, {
    ...(settle === undefined ? {} : { settle }),
    async whenTimePassed(self) {
      const { test, ports } = self;
      const state = test.state();
      const told = toldIn(self);
      if (told.length > 0 && !isHelped && helps !== undefined) {
        isHelped = true;
        await helps(self, told[0]?.body.commands ?? []);
      }
      if (state.phases[0]?.stages[0]?.status !== "observing" || state.rollbackRequested !== undefined || test.requests.length > 0) return;
      if (queueAt === "before it is asked back") await queuesOnce(self);
      await ports.runs.request(test.runId, { phase: null, by: "tester" });
    },
  });
  await run.driveWith({
    ...run.ports,
    changeWriter: {
      async apply(change, ...more) {
        const isBack = run.test.state().rollbackRequested !== undefined;
        if (change.kind === kind && queueAt === (isBack ? "right before the call back" : "right before the call there")) await queuesOnce(run);
        await run.ports.changeWriter.apply(change, ...more);
      },
    },
  });
  expect(isQueued, "nobody queued anything").toBe(true);
  return run;
}

function toldIn({ test }: SimulatedRun) {
  return records(test, "NEEDS_HUMAN").filter(({ body }) => body.goesOn === true);
}

function statusOf({ test }: SimulatedRun): string | undefined {
  return test.state().phases[0]?.stages[0]?.status;
}

async function paste({ account }: SimulatedRun, lines: readonly string[]): Promise<void> {
  await runLines(lines, { clients: clientFactoryOf(account), sleep: (seconds) => account.advanceTo(account.nowMs() + seconds * 1000) });
}

describe.each(cases)("what somebody queued for the maintenance window beside $kind", (each) => {
  it.each(["before it is asked back", "right before the call back"] as const)(
    "%s is not carried out with the way back: a human is told at once, and once it is cancelled as printed the run goes on by itself",
    async (queueAt) => {
      let atWaiting: number | undefined;
      const run = await played(each, {
        queueAt,
        helps: async (self, commands) => {
          atWaiting = runExitCode(self.test.state());
          await paste(self, commands.slice(0, 1));
        },
      });
      const [told] = toldIn(run);
      const waits = records(run.test, "DECISION").find(({ body }) => body.kind === "busy" && body.detail.includes("maintenance window"));
      expect(told?.at).toBe(waits?.at);
      expect(told?.body.reason).toContain("this run has not queued that");
      expect(told?.body.commands.length).toBeGreaterThan(1);
      expect(atWaiting).toBe(6);
      expect(statusOf(run)).toBe("rolled-back");
      expect(await each.now(run)).toMatchObject({ queued: undefined });
      expect((await each.now(run)).value).not.toBe(certificate);
      expect((await each.now(run)).value).not.toBe("7.2");
    },
  );

  it("is carried out with ours where a person leaves the first line out, and the run finds its size back", async () => {
    const run = await played(each, {
      queueAt: "before it is asked back",
      helps: async (self, commands) => paste(self, commands.slice(1)),
    });
    expect(statusOf(run)).toBe("rolled-back");
    expect(await each.now(run)).toEqual({ value: each.kind === "redis.node-type" ? "7.2" : certificate, queued: undefined });
  });

  it("is waited for no longer than the policy's days: then the rollback is incomplete", async () => {
    const run = await played(each, { queueAt: "before it is asked back", settle: { rollbackMaxDays: 0.25 } });
    expect(statusOf(run)).toBe("rollback-incomplete");
    expect(await each.now(run)).toMatchObject({ queued: expect.any(String) });
    const waits = records(run.test, "DECISION").find(({ body }) => body.kind === "busy" && body.detail.includes("maintenance window"));
    const given = records(run.test, "DECISION").find(({ body }) => body.kind === "action-skipped" && body.code === "rollback-failed");
    expect((given?.at ?? 0) - (waits?.at ?? 0)).toBe(0.25 * dayMs);
  });

  it("is carried out with the way back where the policy says so", async () => {
    const run = await played(each, { queueAt: "before it is asked back", settle: { rollbackAppliesQueued: true } });
    expect(statusOf(run)).toBe("rolled-back");
    expect(toldIn(run)).toEqual([]);
    expect(await each.now(run)).toEqual({ value: each.kind === "redis.node-type" ? "7.2" : certificate, queued: undefined });
  });

  it("between our look and our call there keeps ours from being sent, whatever the policy says of the way back", async () => {
    const run = await played(each, { queueAt: "right before the call there", settle: { rollbackAppliesQueued: true } });
    expect(await each.now(run)).toMatchObject({ queued: expect.any(String) });
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { purpose: "forward", found: expect.stringContaining("waits for its maintenance window") } }]);
    expect(run.test.state().needsHuman?.reason).toContain("changed by somebody else");
  });
});

it("what somebody queued is waited for where nobody does anything, until AWS carries it out in its window, and told once an hour at most", async () => {
  const run = await played(cases[0]!, { queueAt: "before it is asked back" });
  expect(statusOf(run)).toBe("rolled-back");
  expect(toldIn(run).length).toBeGreaterThan(5);
  for (const [index, { at }] of toldIn(run).slice(1).entries()) expect(at - (toldIn(run)[index]?.at ?? 0)).toBeGreaterThanOrEqual(3_600_000);
});

it("a class that somebody queued for another reader's maintenance window holds a failover back up for minutes, in which it may begin, and no longer", async () => {
  const id = names.instance(3);
  const queue: Case["queue"] = ({ account }) =>
    clientFactoryOf(account)(east).rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, DBInstanceClass: "db.r6g.2xlarge" }));
  const run = await played({ ...ofInstance(id), name: "smaller writer", kind: "rds.failover", queue }, { queueAt: "before it is asked back" });
  const waits = records(run.test, "DECISION").find(({ body }) => body.kind === "busy");
  expect(waits).toMatchObject({ op: expect.stringContaining("failover"), body: { detail: expect.stringContaining(`instance ${id} is to become`) } });
  const asked = records(run.test, "RB_INTENT").find(({ op }) => op === waits?.op);
  const back = records(run.test, "RB_VERIFIED").find(({ op }) => op === waits?.op);
  const minutesTo = (at = Number.NaN): number => (at - (waits?.at ?? Number.NaN)) / 60_000;
  expect(minutesTo(asked?.at)).toBeGreaterThanOrEqual(5);
  expect(minutesTo(back?.at)).toBeLessThan(15);
  const { DBInstances: [found] = [] } = await clientFactoryOf(run.account)(east).rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  expect(found?.PendingModifiedValues?.DBInstanceClass).toBe("db.r6g.2xlarge");
  expect(statusOf(run)).toBe("rolled-back");
});
