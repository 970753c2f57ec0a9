/** What a write rests on, denied right before it: no word of what the resource has become, and no call before it was seen. */
import { describe, expect, it } from "vitest";
import { records } from "../../support/run-records.ts";
import { type ActionName, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";

const minuteMs = 60_000;

/** Each call by which a form is read beside the resource's own description, and an action that rests on it. */
const reads: readonly (readonly [command: string, by: ActionName])[] = [
  ["DescribePolicies", "fewer instances"],
  ["DescribeScheduledActions", "smaller instances"],
  ["DescribeWarmPool", "fewer instances"],
  ["DescribeLaunchTemplateVersions", "smaller instances"],
  ["ListVersionsByFunction", "smaller function"],
  ["DescribeScalingPolicies", "smaller service"],
  ["DescribeDBClusterEndpoints", "one reader fewer"],
  ["DescribeBlueGreenDeployments", "smaller writer"],
  ["DescribeBlueGreenDeployments", "smaller MySQL"],
  ["DescribeScalableTargets", "another Redis"],
  ["ListBucketIntelligentTieringConfigurations", "Standard-IA"],
];

function denied(command: string): Error {
  const message = `User is not authorized to perform ${command}`;
  return Object.assign(new Error(message), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 }, $fault: "client" });
}

/** A run that is denied the command until so many minutes after its start. */
async function driven(command: string, by: ActionName, minutes: number): Promise<SimulatedRun> {
  let opened: SimulatedRun | undefined;
  let startMs = Number.NaN;
  const run = await openSimulatedRun(by, {
    answer: (name, output) => {
      if (opened === undefined || name !== command) return output;
      if (opened.account.nowMs() < startMs + minutes * minuteMs) throw denied(command);
      return output;
    },
  });
  opened = run;
  startMs = run.account.nowMs();
  await run.drive();
  return run;
}

describe.each(reads)("%s, denied before the first write of: %s", (command, by) => {
  it("is asked again until it answers, and the change is made then", async () => {
    const run = await driven(command, by, 10);
    const failed = records(run.test, "DECISION").flatMap(({ body }) => (body.kind === "poll-failed" ? [body.reason] : []));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.join()).toContain(command);
    expect(records(run.test, "DECISION").filter(({ body }) => body.kind === "action-skipped")).toEqual([]);
    expect(records(run.test, "HOLD")).toEqual([]);
    expect(run.mutations.length).toBeGreaterThan(0);
  });

  it("holds the region for a human where it goes on, and nothing was changed", async () => {
    const run = await driven(command, by, 100_000);
    expect(run.mutations).toEqual([]);
    const [hold] = records(run.test, "HOLD");
    expect(hold?.body).toMatchObject({ cause: "unreadable", reason: expect.stringContaining(command) });
    expect(records(run.test, "DECISION").filter(({ body }) => body.kind === "action-skipped")).toEqual([]);
  });
});
