import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateCommand, DeleteLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import type { PhaseNumber } from "../../../optimizer/core/model/rule-id.ts";
import { east } from "../../support/plan-builder.ts";
import { decisions, records } from "../../support/run-records.ts";
import { type ActionName, openSimulatedRun, type SimulatedRun, type SimulatedRunOptions } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const slotMs = 15 * 60_000;

interface Deleted {
  readonly name?: ActionName;
  readonly isAll?: boolean;
  readonly settle?: SimulatedRunOptions["settle"];
}

/** A run of which somebody deletes the template's version that the group launches from, or all of the template, two slots into its window. */
async function withoutItsVersion(then: (run: SimulatedRun) => Promise<unknown>, { name, isAll, settle }: Deleted = {}): Promise<SimulatedRun> {
  let isDone = false;
  const run = await openSimulatedRun(name ?? "smaller instances", {
    ...(settle === undefined ? {} : { settle }),
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (isDone || stage?.window === undefined || stage.status !== "observing" || self.account.nowMs() <= stage.window.startMs + 2 * slotMs) return;
      isDone = true;
      const { LaunchTemplateId, Version } = (await group(self))?.LaunchTemplate ?? {};
      const { ec2 } = self.clients(east);
      if (isAll === true) await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
      else await ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version ?? ""] }));
      self.mutations.length = 0;
      await then(self);
    },
  });
  await run.drive();
  return run;
}

async function group({ clients }: SimulatedRun) {
  const { AutoScalingGroups: [found] = [] } = await clients(east).autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [names.group] }),
  );
  return found;
}

const phase: PhaseNumber = 2;

describe("a group whose template's version somebody deletes while it launches from it", () => {
  it("goes back all the same: it is pointed at a version that is there, and its instances are replaced", async () => {
    const run = await withoutItsVersion(({ ports, test }) => ports.runs.request(test.runId, { phase, by: "tester" }));
    expect(decisions(run.test)).toContain(`${east} rolled-back-verified`);
    const { LaunchTemplate, Instances = [] } = (await group(run)) ?? {};
    expect(LaunchTemplate?.Version).toBe("1");
    expect(new Set(Instances.map(({ InstanceType }) => InstanceType))).toEqual(new Set(["m5.4xlarge"]));
  });

  it("is told at once where nobody asked it back, with how to make it launch again, and nothing is written", async () => {
    const run = await withoutItsVersion(() => Promise.resolve());
    const gone = `${names.group} launches from version 2 of `;
    expect(records(run.test, "DRIFT")).toMatchObject([{ body: { found: expect.stringContaining(gone) } }]);
    const { reason, commands = [] } = run.test.state().needsHuman ?? {};
    expect(reason).toContain(gone);
    const [pointed, refreshed] = ["update-auto-scaling-group", "start-instance-refresh"].map((verb) => commands.findIndex((line) => line.includes(verb)));
    expect(pointed).toBeGreaterThanOrEqual(0);
    expect(refreshed).toBeGreaterThan(pointed ?? Number.NaN);
    expect(run.mutations).toEqual([]);
  });
});

describe("a group whose launch template somebody deletes as a whole", () => {
  const askBack = ({ ports, test }: SimulatedRun) => ports.runs.request(test.runId, { phase, by: "tester" });
  const gone = /launch template, with template ID \S+, does not exist/;

  it("does not go back by itself, and a person is told what is missing, with no command that AWS would refuse", async () => {
    const run = await withoutItsVersion(askBack, { isAll: true });
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const { reason, commands = [] } = run.test.state().needsHuman ?? {};
    expect(reason).toMatch(gone);
    expect(commands.filter((line) => line.startsWith("aws "))).toEqual([]);
    expect(run.mutations).toEqual([]);
  });

  it("is told at once where nobody asked it back: what rests on the template is no command of those either", async () => {
    const run = await withoutItsVersion(() => Promise.resolve(), { isAll: true });
    const { reason, commands = [] } = run.test.state().needsHuman ?? {};
    expect(reason).toMatch(gone);
    expect(commands.filter((line) => line.includes("aws "))).toEqual([]);
  });

  it("gets its numbers back and no instances: what it would launch from is told along with how many are there", async () => {
    const run = await withoutItsVersion(askBack, { name: "fewer instances", isAll: true, settle: { maxMinutes: 60, rollbackMaxDays: 1 } });
    expect(await group(run)).toMatchObject({ MinSize: 8, DesiredCapacity: 10, Instances: { length: 6 } });
    expect(run.test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const told = records(run.test, "NEEDS_HUMAN").map(({ body }) => body.reason);
    expect(told.length).toBeGreaterThan(2);
    for (const reason of told)
      expect(reason).toMatch(/launches from version 1 of lt-\w+, which is not there any more: 6 instances of \S+ are in service, 0 coming/);
  });
});
