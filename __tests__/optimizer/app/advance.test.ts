import { describe, expect, it } from "vitest";
import { abortRun, requestRollback, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, indexAction, startMs, threePhases, west } from "../../support/plan-builder.ts";
import { groupsOnly, records } from "../../support/run-records.ts";

const minuteMs = 60_000;

describe("a run on healthy traffic", () => {
  it("carries out all phases, lets what follows a pass follow it, and closes adoptable", async () => {
    const account = new TestAccount(buildTestPlan());
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    expect(account.state().phases.map(({ status }) => status)).toEqual(["passed", "passed", "passed"]);
    expect(account.state().phases[2]?.stages.flatMap(({ actions }) => actions.map(({ status }) => status))).toEqual([
      "finished",
      "finished",
      "applied",
      "applied",
    ]);
    expect(account.violations).toEqual([]);
    expect(account.open).toBe(false);
  });

  it("begins no phase before the one before it is closed", async () => {
    const account = new TestAccount(buildTestPlan());
    await drive(account);
    const closedAt = (phase: number): number =>
      records(account, "DECISION").find((each) => each.phase === phase && each.body.kind === "phase-closed")?.seq ?? 0;
    for (const phase of [2, 3]) {
      const first = account.records.find((record) => record.phase === phase);
      expect(first?.seq).toBeGreaterThan(closedAt(phase - 1));
    }
  });

  it("lets the canary soak before the other region acts", async () => {
    const account = new TestAccount(groupsOnly());
    await drive(account);
    const soaked = records(account, "DECISION").find(({ body }) => body.kind === "soaked");
    const follower = records(account, "INTENT").find(({ region }) => region === east);
    expect(soaked?.region).toBe(west);
    expect(follower?.seq).toBeGreaterThan(soaked?.seq ?? Number.POSITIVE_INFINITY);
  });

  it("gives every region a window from its own last change", async () => {
    const account = new TestAccount(groupsOnly());
    await drive(account);
    for (const stage of account.state().phases[0]?.stages ?? []) {
      const lastChange = records(account, "VERIFIED").findLast(({ region }) => region === stage.region);
      expect(stage.window?.startMs).toBe(Math.floor((lastChange?.at ?? 0) / minuteMs) * minuteMs);
      expect(stage.window?.slots).toHaveLength(6);
    }
  });

  it("changes all regions at once with the rollout together, and one whole window after the other with sequential", async () => {
    const gap = async (rollout: string): Promise<number> => {
      const account = new TestAccount(groupsOnly({ rollout }));
      await drive(account);
      const begun = (region: string): number => records(account, "INTENT").find((each) => each.region === region)?.at ?? Number.NaN;
      return (begun(east) - begun(west)) / minuteMs;
    };
    expect(await gap("together")).toBeLessThan(1);
    expect(await gap("sequential")).toBeGreaterThanOrEqual(7);
  });

  it("closes a plan without actions as nothing to do", async () => {
    const account = new TestAccount(buildTestPlan({ phases: threePhases.map((phase) => ({ ...phase, stages: [] })) }));
    await drive(account);
    expect(account.state().outcome).toBe("nothing-to-do");
    expect(account.aws.mutations).toEqual([]);
  });
});

describe("a brownout", () => {
  const indexPhase = threePhases.filter(({ number }) => number === 1);

  it("that is read is lifted at once, and the index stays", async () => {
    const account = new TestAccount(buildTestPlan({ phases: indexPhase }), { indexReads: (ms) => (ms >= startMs + 5 * minuteMs ? 1 : 0) });
    await drive(account);
    expect(account.state().phases[0]?.stages[0]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "still-read" } });
    expect(account.state().outcome).toBe("nothing-to-do");
    expect(account.aws.mutations.map(({ change }) => [change.kind, change.after])).toEqual([
      ["dynamodb.index-read-cap", { maxReadRequestUnits: 1 }],
      ["dynamodb.index-read-cap", { maxReadRequestUnits: -1 }],
    ]);
  });

  it("that is silent lets the index be removed", async () => {
    const account = new TestAccount(buildTestPlan({ phases: indexPhase }));
    await drive(account);
    expect(records(account, "BROWN_OUT").map(({ body }) => body.event)).toEqual(["started", "silent"]);
    expect(account.aws.mutations.at(-1)?.change).toMatchObject({ kind: "dynamodb.index", after: null });
  });

  it("waits at least as long as the policy says", async () => {
    const account = new TestAccount(buildTestPlan({ phases: indexPhase }));
    await drive(account);
    const [started, silent] = records(account, "BROWN_OUT");
    const step = indexAction().steps[1];
    expect((silent?.at ?? 0) - (started?.body.startMs ?? 0)).toBeGreaterThanOrEqual((step?.kind === "brownout" ? step.minutes : 0) * minuteMs);
  });

  it("is rolled back with the index after a breach in its window", async () => {
    const removal = indexAction().steps[2];
    const account = new TestAccount(buildTestPlan({ phases: indexPhase }), {
      traffic: (region, ms, aws) =>
        region === east && removal?.kind === "change" && aws.valueAt(removal.change, ms) === null ? { ...healthy, errors: 400 } : healthy,
    });
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    expect(records(account, "RB_VERIFIED").map(({ op }) => op?.split("#")[1])).toEqual(["rollback:create", "rollback:lift"]);
  });
});

describe("an operator", () => {
  it("can have everything rolled back, passed phases included, the newest first", async () => {
    const account = new TestAccount(buildTestPlan());
    await drive(account, undefined, { mode: "foreground" });
    const whole = account.records.findIndex(({ type, phase }) => type === "WINDOW" && phase === 3);
    const halfway = new TestAccount(buildTestPlan());
    const ports = openProcess(halfway);
    const journaled = halfway.records;
    const stopping = new AbortController();
    await expect(
      startRun(
        halfway.stored,
        { ...driver, signal: stopping.signal },
        { ...ports, reporter: { tell: () => journaled.length > whole + 5 && stopping.abort() } },
      ),
    ).rejects.toThrow(/interrupted/);
    await requestRollback(halfway.runId, null, driver, openProcess(halfway));
    expect(halfway.state().outcome).toBe("rolled-back");
    const undone = records(halfway, "RB_INTENT").map(({ phase }) => phase);
    expect(undone).toEqual(undone.toSorted((a, b) => (b ?? 0) - (a ?? 0)));
    expect(new Set(undone)).toEqual(new Set([3, 2, 1]));
  });

  it("cannot abort while changes are in place that were not watched to the end", async () => {
    const account = new TestAccount(groupsOnly());
    await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    await expect(abortRun(account.runId, driver, openProcess(account))).rejects.toMatchObject({ code: "changes-live" });
    await requestRollback(account.runId, 2, driver, openProcess(account));
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("who ticks does what is due and nothing more, and gets to the same end", async () => {
    const account = new TestAccount(groupsOnly());
    let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    let ticks = 0;
    while (result.stopped === "waiting") {
      expect(result.nextDueMs).toBeGreaterThan(account.nowMs);
      account.nowMs = result.nextDueMs ?? 0;
      result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
      ticks += 1;
    }
    expect(ticks).toBeGreaterThan(10);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("with a virtual clock moves it to the next due instant at most, once a tick", async () => {
    const account = new TestAccount(groupsOnly());
    await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    const due = (await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account))).nextDueMs;
    await resumeRun(account.runId, { ...driver, mode: "tick-once" }, openProcess(account));
    expect(account.nowMs).toBe(due);
  });
});
