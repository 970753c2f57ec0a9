/** Somebody deletes a target group that a group or a service goes on naming: AWS then describes none of a list with it. */
import { describe, expect, it } from "vitest";
import { records } from "../../support/run-records.ts";
import { type ActionName, openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";

const slotMs = 15 * 60_000;

function targetGroupsIn(input: object): readonly string[] {
  const { TargetGroupArns = [], ResourceArns = [] } = input as { readonly TargetGroupArns?: readonly string[]; readonly ResourceArns?: readonly string[] };
  return [...TargetGroupArns, ...ResourceArns].filter((arn) => arn.includes(":targetgroup/"));
}

interface Deleted {
  readonly name: ActionName;
  readonly from: "the start" | "the window";
}

async function withoutTargetGroup({ name, from }: Deleted): Promise<{ readonly run: SimulatedRun; readonly refused: () => number }> {
  let isGone = false;
  let refused = 0;
  const run = await openSimulatedRun(name, {
    answer(_command, output, input) {
      const [gone] = targetGroupsIn(input);
      if (!isGone || gone === undefined) return output;
      refused += 1;
      throw Object.assign(new Error(`Target groups '${gone}' not found`), {
        name: "TargetGroupNotFoundException",
        $metadata: { httpStatusCode: 400 },
        $fault: "client",
      });
    },
    async whenTimePassed(self) {
      const [stage] = self.test.state().phases[0]?.stages ?? [];
      if (isGone || stage?.window === undefined || stage.status !== "observing" || self.account.nowMs() <= stage.window.startMs + 2 * slotMs) return;
      isGone = true;
      await self.ports.runs.request(self.test.runId, { phase: null, by: "tester" });
    },
  });
  isGone = from === "the start";
  await run.drive();
  return { run, refused: () => refused };
}

describe.each(["smaller instances", "fewer instances"] as const)("a target group that is gone, of %s", (name) => {
  it("keeps no way back: what is not there marks nothing as a tenant's", async () => {
    const { run, refused } = await withoutTargetGroup({ name, from: "the window" });
    expect(refused()).toBeGreaterThan(0);
    expect(run.test.state().outcome).toBe("rolled-back");
    expect(records(run.test, "NEEDS_HUMAN")).toEqual([]);
  });

  it("counts as a tenant's before the first write, as whatever nobody can read", async () => {
    const { run } = await withoutTargetGroup({ name, from: "the start" });
    expect(run.mutations).toEqual([]);
    const [action] = run.test.state().phases[0]?.stages[0]?.actions ?? [];
    expect(action).toMatchObject({ status: "skipped", skip: { code: "tenant-resource", detail: expect.stringContaining("target group") } });
  });
});
