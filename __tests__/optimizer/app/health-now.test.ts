import { describe, expect, it } from "vitest";
import { continueRun, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { drive, driver, healthy, openProcess, type SlotTraffic, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, indexAction, startMs, threePhases, west } from "../../support/plan-builder.ts";
import { groupsOnly, records } from "../../support/run-records.ts";

const minuteMs = 60_000;

function ill(until: number, how: Partial<SlotTraffic>) {
  return (region: string, ms: number): SlotTraffic => (region === west && ms < startMs + until * minuteMs ? { ...healthy, ...how } : healthy);
}

/** Minutes after the start at which the first change was made in the region. */
function firstWriteMinutes(account: TestAccount, region: string): number {
  const first = account.aws.mutations.find(({ change }) => change.region === region);
  return ((first?.atMs ?? Number.NaN) - startMs) / minuteMs;
}

describe("before an action begins", () => {
  it.each([
    ["an incident of 27 % errors", { errors: 270 }],
    ["a p99 half as slow again, in slot after slot", { p99Seconds: 0.15 }],
    ["lost traffic", { requests: 20 }],
    ["metrics that say nothing", { requests: null, p99Seconds: null, hosts: null }],
  ])("%s is waited out, said, and nothing is changed meanwhile", async (_, how) => {
    const account = new TestAccount(groupsOnly(), { traffic: ill(20, how) });
    await drive(account);
    expect(firstWriteMinutes(account, west)).toBeGreaterThanOrEqual(20);
    expect(
      records(account, "DECISION")
        .slice(0, 2)
        .map(({ region, body }) => [region, body.kind]),
    ).toEqual([
      [west, "unhealthy"],
      [west, "healthy"],
    ]);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("one noisy slot is no incident", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: (region, ms) => (region === west && ms === startMs - 2 * minuteMs ? { ...healthy, p99Seconds: 0.13 } : healthy),
    });
    await drive(account);
    expect(records(account, "DECISION").map(({ body }) => body.kind)).not.toContain("unhealthy");
  });

  it("an incident that does not end is held for a human, with nothing changed in its region, and continue looks anew", async () => {
    const account = new TestAccount(groupsOnly({ health: { waitMinutes: 30 }, rollout: "together" }), { traffic: ill(60, { errors: 270 }) });
    await drive(account);
    expect(records(account, "HOLD")).toMatchObject([{ region: west, body: { cause: "unhealthy" } }]);
    expect(account.state().needsHuman?.commands).toContain(`optimizer continue ${account.runId}`);
    expect(Number.isNaN(firstWriteMinutes(account, west))).toBe(true);
    expect(account.state().phases[0]?.stages.find(({ region }) => region === east)?.status).toBe("passed");
    account.nowMs = Math.max(account.nowMs, startMs + 90 * minuteMs);
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("adoptable");
  });

  it("the wait is as long when a new process looks each time", async () => {
    const account = new TestAccount(groupsOnly({ health: { waitMinutes: 30 } }), { traffic: ill(600, { errors: 270 }) });
    let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    while (result.stopped === "waiting") {
      account.nowMs = result.nextDueMs ?? 0;
      result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    }
    expect(records(account, "HOLD")).toMatchObject([{ body: { cause: "unhealthy" } }]);
    expect((account.nowMs - startMs) / minuteMs).toBe(30);
  });

  it("every region that AWS copies the change to has to be healthy", async () => {
    const account = new TestAccount(buildTestPlan({ phases: threePhases.slice(0, 1) }), { traffic: ill(20, { errors: 270 }) });
    await drive(account);
    expect(indexAction().region).toBe(east);
    expect(firstWriteMinutes(account, east)).toBeGreaterThanOrEqual(20);
  });

  it("each action of a region is looked at, not only its first", async () => {
    const phase = threePhases[2]!;
    // Long enough that the restarts of the first round are over by then: what they do to a region is no illness.
    const account = new TestAccount(buildTestPlan({ phases: [phase], policy: { window: { minutes: 9 } } }), {
      // Ill again only once west's window is over, when the old writer would follow.
      traffic: (region, ms) => {
        const closed = account.records.filter(({ type, body }) => type === "WINDOW" && "event" in body && body.event === "closed").at(1);
        return region === west && closed !== undefined && ms >= closed.at - 4 * minuteMs && ms < closed.at + 20 * minuteMs
          ? { ...healthy, errors: 270 }
          : healthy;
      },
    });
    await drive(account);
    expect(records(account, "DECISION").find(({ body }) => body.kind === "unhealthy")).toMatchObject({ round: 2, region: west });
  });
});
