import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import type { PhaseNumber } from "../../../optimizer/core/model/rule-id.ts";
import { east } from "../../support/plan-builder.ts";
import { decisions, records } from "../../support/run-records.ts";
import { openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";
import { names } from "../../support/terraform-fixture.ts";

const slotMs = 15 * 60_000;

/** A run of which somebody deletes the template's version that the group launches from, two slots into its window. */
async function withoutItsVersion(then: (run: SimulatedRun) => Promise<unknown>): Promise<SimulatedRun> {
  let isDone = false;
  const run = await openSimulatedRun("smaller instances", {
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (isDone || stage?.window === undefined || stage.status !== "observing" || self.account.nowMs() <= stage.window.startMs + 2 * slotMs) return;
      isDone = true;
      const { LaunchTemplateId, Version } = (await group(self))?.LaunchTemplate ?? {};
      await self.clients(east).ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version ?? ""] }));
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
