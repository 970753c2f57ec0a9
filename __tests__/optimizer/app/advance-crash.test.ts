import { describe, expect, it } from "vitest";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { type AccountScript, type CrashPoint, drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { resumeRun } from "../../../optimizer/app/drive-run.ts";
import { buildTestPlan, groupPhase, startMs, threePhases, west } from "../../support/plan-builder.ts";
import { refreshOf } from "../../support/run-records.ts";

const minuteMs = 60_000;
const shortest = { window: { minutes: 3, soakMinutes: 1 } };

interface Story {
  readonly name: string;
  readonly plan: Plan;
  readonly script: () => AccountScript;
  readonly outcome: string;
}

const stories: readonly Story[] = [
  { name: "two regions on healthy traffic", plan: buildTestPlan({ phases: groupPhase, policy: shortest }), script: () => ({}), outcome: "adoptable" },
  {
    name: "a brownout and a removed index",
    plan: buildTestPlan({ phases: threePhases.slice(0, 1), policy: shortest }),
    script: () => ({}),
    outcome: "adoptable",
  },
  {
    name: "a canary that breaches and is rolled back",
    plan: buildTestPlan({ phases: groupPhase, policy: shortest }),
    script: () => ({
      traffic: (region, ms, aws) => (region === west && aws.valueAt(refreshOf(west), ms).instanceType === "m5.2xlarge" ? { ...healthy, errors: 500 } : healthy),
    }),
    outcome: "rolled-back",
  },
  {
    name: "an index that is read during its brownout",
    plan: buildTestPlan({ phases: threePhases.slice(0, 1), policy: shortest }),
    script: () => ({ indexReads: (ms) => (ms >= startMs + 5 * minuteMs ? 3 : 0) }),
    outcome: "nothing-to-do",
  },
];

/** Runs the story, dying once, and goes on with new processes until it is through. */
async function survive({ plan, script }: Story, crash?: CrashPoint): Promise<TestAccount> {
  const account = new TestAccount(plan, script());
  const first = await drive(account, crash);
  if (first === "crashed") await drive(account);
  return account;
}

describe.each(stories)("$name", (story) => {
  it("ends the same wherever the process is killed, with every write behind a durable intent, and then changes nothing more", async () => {
    const whole = await survive(story);
    expect(whole.state().outcome).toBe(story.outcome);
    const ending = await whole.aws.snapshot();
    const { calls } = whole;
    // Killed after a call is killed before the next one: between the two nothing outlives the process.
    const points = [...Array.from({ length: calls }, (_, index): CrashPoint => ({ call: index + 1, when: "before" })), { call: calls, when: "after" } as const];
    for (const point of points) {
      const at = `killed ${point.when} call ${point.call} of ${calls}`;
      const account = await survive(story, point);
      expect(account.state().outcome, at).toBe(story.outcome);
      expect(await account.aws.snapshot(), at).toEqual(ending);
      expect(account.violations, at).toEqual([]);
      expect(account.open, at).toBe(false);
      const mutations = account.aws.mutations.length;
      expect(mutations, at).toBe(whole.aws.mutations.length);
      await resumeRun(account.runId, driver, openProcess(account));
      expect(account.aws.mutations.length, at).toBe(mutations);
    }
  }, 60_000);
});

describe("a process that was away for long", () => {
  it("evaluates the missed slots in order when it comes back, and rolls back a breach that happened meanwhile", async () => {
    const account = new TestAccount(buildTestPlan({ phases: groupPhase }), {
      traffic: (region, ms) =>
        region === west && ms >= startMs + 3 * minuteMs ? { ...healthy, p99Seconds: ms < startMs + 6 * minuteMs ? 0.4 : 0.1 } : healthy,
    });
    const crashed = await drive(account, { call: 80, when: "before" });
    expect(crashed).toBe("crashed");
    account.nowMs = startMs + 60 * minuteMs;
    await drive(account);
    const slots = account.records.flatMap((record) => (record.type === "SLOT" ? [record.body.score.startMs] : []));
    expect(slots).toEqual(slots.toSorted((a, b) => a - b));
    expect(account.state().phases[0]?.stages.find(({ region }) => region === west)?.status).toBe("rolled-back");
  });

  it("tells who is held by a live process, and takes over from a dead one", async () => {
    const account = new TestAccount(buildTestPlan({ phases: groupPhase }));
    await drive(account, { call: 40, when: "after" });
    account.holder = { alive: () => true };
    await expect(drive(account)).rejects.toMatchObject({ code: "locked" });
    account.holder = { alive: () => false };
    await drive(account);
    expect(account.records.some((record) => record.type === "LEASE" && record.body.event === "stolen")).toBe(true);
    expect(account.state().outcome).toBe("adoptable");
  });
});
