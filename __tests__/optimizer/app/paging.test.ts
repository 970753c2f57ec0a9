import { describe, expect, it } from "vitest";
import { abortRun, continueRun, resumeRun } from "../../../optimizer/app/drive-run.ts";
import type { Change } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Plan, PlannedStage } from "../../../optimizer/core/model/plan.ts";
import { maxPageAttempts } from "../../../optimizer/core/paging/due-pages.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { type AccountScript, drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { recordingPager } from "../../support/pagers.ts";
import { east, startMs, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;

function accountTelling(script: AccountScript, policy: Record<string, unknown> = {}) {
  const pager = recordingPager("sns");
  return { pager, account: new TestAccount(groupsOnly(policy), { pagers: [pager], ...script }) };
}

const breaching: AccountScript = { traffic: slowWhenSmall(west) };
/** The same harm everywhere is held for a person. */
const harmEverywhere: AccountScript = { traffic: (_, ms) => (ms >= startMs + 2 * minuteMs ? { ...healthy, errors: 900 } : healthy) };

function kinds(pager: ReturnType<typeof recordingPager>): readonly string[] {
  return pager.told.map(({ kind }) => kind);
}

describe("a process that is stopped while somebody is told", () => {
  /** A channel that answers nobody until the process is stopped, which happens then; from the n-th message on it answers. */
  function stoppedAtPages(stops: number) {
    let controller = new AbortController();
    let asked = 0;
    const pager = recordingPager("webhook", (_message, stop) => {
      asked += 1;
      if (asked > stops) return Promise.resolve();
      return new Promise((_resolve, reject) => {
        stop?.addEventListener("abort", () => reject(new Error("had not answered when this process was stopped")));
        if (stop?.aborted === true) reject(new Error("was stopped before it began"));
        controller.abort(new Error("SIGTERM"));
      });
    });
    const account = new TestAccount(groupsOnly(), { pagers: [pager], ...breaching });
    const go = async (): Promise<string> => {
      controller = new AbortController();
      return drive(account, undefined, { signal: controller.signal }).then(String, (error: Error) => error.name);
    };
    return { pager, account, go };
  }

  it("ends at once, resumable, and the next one tells it again, once", async () => {
    const { pager, account, go } = stoppedAtPages(1);
    expect(await go()).toBe("Interrupted");
    expect(account.records.at(-1)).toMatchObject({ type: "LEASE", body: { event: "released" } });
    expect(records(account, "PAGED")).toMatchObject([{ body: { result: "failed", detail: expect.stringContaining("was stopped") } }]);
    expect(await go()).toBe("done");
    expect(kinds(pager)).toEqual(["breach", "ended"]);
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("however often it is, tells an event no more often than an answer that fails", async () => {
    const { account, go } = stoppedAtPages(Number.POSITIVE_INFINITY);
    for (let starts = 0; starts < 20; starts += 1) {
      await go();
      account.nowMs += 60 * minuteMs;
    }
    const events = records(account, "PAGED").map(({ body }) => body.event);
    const times = (event: string): number => events.filter((each) => each === event).length;
    // What is over meanwhile, such as a way back that was late, is told no more.
    for (const event of events) expect(times(event)).toBeLessThanOrEqual(maxPageAttempts);
    expect(events.filter((event) => event.startsWith("breach:"))).toHaveLength(maxPageAttempts);
  });
});

describe("what somebody is told of", () => {
  it("is nothing in a run that goes well", async () => {
    const { pager, account } = accountTelling({});
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    expect(pager.told).toEqual([]);
    expect(records(account, "PAGED")).toEqual([]);
  });

  it("is a breach, after its way back was begun, and an end that is not a good one", async () => {
    const { pager, account } = accountTelling(breaching);
    await drive(account);
    expect(kinds(pager)).toEqual(["breach", "ended"]);
    const [breach, ended] = pager.told;
    expect(breach).toMatchObject({ region: west, run: account.runId, account: "123456789012", reason: expect.stringContaining("p99") });
    expect(breach?.live.length).toBeGreaterThan(0);
    expect(breach?.next).toMatch(/^at 2\d{3}-/);
    expect(ended?.reason).toContain("rolled back");
    expect(ended?.live).toEqual([]);
    expect(ended?.next).toContain("closed");
    const told = records(account, "PAGED")[0]?.seq ?? 0;
    expect(records(account, "RB_INTENT")[0]?.seq).toBeLessThan(told);
    expect(records(account, "PAGED").at(-1)?.seq).toBeGreaterThan(records(account, "CLOSED")[0]?.seq ?? 0);
  });

  it("is a run that waits for a person, with the commands as they can be pasted, once however often it is looked at", async () => {
    const { pager, account } = accountTelling(harmEverywhere);
    await drive(account);
    expect(pager.told.map(({ commands }) => commands)).toEqual([
      expect.arrayContaining([`npx optimizer continue ${account.runId}`, `npx optimizer abort ${account.runId}`]),
    ]);
    expect(pager.told[0]?.next).toContain("nothing until a person answers");
    for (let look = 0; look < 5; look += 1) await drive(account, undefined, { mode: "tick" });
    expect(kinds(pager)).toEqual(["needs-human"]);
  });

  it("is the same reason again once a person released the run and it came back", async () => {
    const { pager, account } = accountTelling(harmEverywhere);
    await drive(account);
    await continueRun(account.runId, driver, openProcess(account));
    expect(kinds(pager)).toEqual(["needs-human", "needs-human"]);
    expect(new Set(pager.told.map(({ event }) => event)).size).toBe(2);
  });

  it("is nothing that a person answered before it could be told", async () => {
    let isUp = false;
    const pager = recordingPager("webhook", () => (isUp ? Promise.resolve() : Promise.reject(new Error("down"))));
    let isIll = true;
    const account = new TestAccount(groupsOnly(), {
      pagers: [pager],
      traffic: (_, ms) => (isIll && ms >= startMs + 2 * minuteMs ? { ...healthy, errors: 900 } : healthy),
    });
    await drive(account);
    isUp = true;
    isIll = false;
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("adoptable");
    expect(pager.told).toEqual([]);
  });

  it("is evidence that could not be read for as long as the policy allows", async () => {
    const { pager, account } = accountTelling(
      {
        unreadable: ({ region }) => {
          if (region === west) throw new ChangeRejected("denied", "AccessDenied", "no");
        },
      },
      { unreadable: { maxPolls: 100, maxMinutes: 60 } },
    );
    await drive(account);
    const [told] = pager.told;
    expect(told).toMatchObject({ kind: "unreadable", region: west, reason: expect.stringContaining("could not be read") });
    expect(kinds(pager)).toEqual(["unreadable"]);
  });

  it("is the end of a run that somebody aborted", async () => {
    const { pager, account } = accountTelling({ tags: () => [{ kind: "unreadable", reason: "denied" }] });
    await drive(account, undefined, { mode: "tick" });
    if (account.state().outcome === undefined) await abortRun(account.runId, driver, openProcess(account));
    expect(kinds(pager).at(-1)).toBe(account.state().outcome === "aborted" ? "ended" : undefined);
  });
});

function undoneIn(undoMinutes: number, plan: Plan): Plan {
  const slow = (stage: PlannedStage): PlannedStage => ({ ...stage, actions: stage.actions.map((action) => ({ ...action, undoMinutes })) });
  return { ...plan, phases: plan.phases.map((phase) => ({ ...phase, stages: phase.stages.map(slow) })) };
}

describe("a rollback that does not get on", () => {
  const isBack = (account: () => TestAccount, change: Change): boolean =>
    change.region === west && change.kind !== "asg.refresh-stop" && records(account(), "DECISION").some(({ body }) => body.kind === "breach");

  function delayed(kind: "throttled" | "no-capacity", hours: number, pager = recordingPager("sns"), undoMinutes?: number) {
    const script: AccountScript = {
      ...breaching,
      pagers: [pager],
      refuse: (change) => {
        const since = records(account, "DECISION").find(({ body }) => body.kind === "breach")?.at;
        const isOver = since !== undefined && account.nowMs >= since + hours * 60 * minuteMs;
        if (isBack(() => account, change) && !isOver)
          throw new ChangeRejected(kind, kind === "throttled" ? "Throttling" : "InsufficientInstanceCapacity", "not now");
      },
    };
    const plan = groupsOnly({ paging: { rollbackMinutes: 90 }, settle: { maxMinutes: 30, rollbackMaxDays: 7 } });
    const account: TestAccount = new TestAccount(undoMinutes === undefined ? plan : undoneIn(undoMinutes, plan), script);
    return { pager, account };
  }

  it("is told at once where there is no capacity, with the alternatives, and again after the policy's minutes; then no more", async () => {
    const { pager, account } = delayed("no-capacity", 48);
    await drive(account);
    expect(kinds(pager)).toEqual(["breach", "rollback-delayed", "rollback-late", "ended"]);
    const [, first, late] = pager.told;
    expect(first?.reason).toContain("m5.8xlarge");
    expect(first?.commands.some((command) => command.startsWith("aws "))).toBe(true);
    expect(late?.reason).toContain("is not done after 1 h 30 min");
    expect(late?.live.length).toBeGreaterThan(0);
    const begun = records(account, "DECISION").find(({ body }) => body.kind === "breach")?.at ?? 0;
    const lateAt = records(account, "PAGED").find(({ body }) => body.event.startsWith("rollback-late"))?.at;
    expect(lateAt).toBe(begun + 90 * minuteMs);
  });

  it("is not late before the plan's own time for it and half as long again", async () => {
    const { pager, account } = delayed("no-capacity", 48, recordingPager("sns"), 200);
    await drive(account);
    expect(pager.told.find(({ kind }) => kind === "rollback-late")?.reason).toContain("is not done after 5 h");
    const begun = records(account, "DECISION").find(({ body }) => body.kind === "breach")?.at ?? 0;
    expect(records(account, "PAGED").find(({ body }) => body.event.startsWith("rollback-late"))?.at).toBe(begun + 300 * minuteMs);
  });

  it("that is throttled for an hour only is told of the breach alone, since it is done in time", async () => {
    const { pager, account } = delayed("throttled", 1);
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    expect(kinds(pager).filter((kind) => kind === "rollback-late")).toEqual([]);
  });

  it("is told by a channel that fails after growing pauses, a bounded number of times", async () => {
    const broken = recordingPager("webhook", () => Promise.reject(new Error("answers 500")));
    const { account } = delayed("throttled", 24, broken);
    await drive(account);
    const failed = records(account, "PAGED").filter(({ body }) => body.event.startsWith("breach"));
    expect(failed.length).toBe(maxPageAttempts);
    expect(failed.every(({ body }) => body.result === "failed" && body.detail === "answers 500")).toBe(true);
    expect(failed.slice(1).map(({ at }, index) => (at - (failed[index]?.at ?? 0)) / minuteMs)).toEqual([1, 2, 4, 8, 16]);
  });
});

describe("a channel that fails", () => {
  it("changes nothing of the run: every other record is the same, at the same time", async () => {
    const quiet = new TestAccount(groupsOnly(), breaching);
    await drive(quiet);
    const loud = new TestAccount(groupsOnly(), { ...breaching, pagers: [recordingPager("webhook", () => Promise.reject(new Error("500")))] });
    await drive(loud);
    const told = (account: TestAccount) => account.records.filter(({ type }) => type !== "PAGED").map(({ type, at, body }) => ({ type, at, body }));
    expect(told(loud)).toEqual(told(quiet));
  });

  it("keeps no other channel from telling", async () => {
    const working = recordingPager("command");
    const broken = recordingPager("webhook", () => Promise.reject(new Error("answers 500")));
    const account = new TestAccount(groupsOnly(), { ...breaching, pagers: [broken, working] });
    await drive(account);
    expect(kinds(working)).toEqual(["breach", "ended"]);
  });

  it("says in the journal why, without what looks like a secret", async () => {
    const leaking = recordingPager("webhook", () => Promise.reject(new Error(`auth_token=${"a".repeat(400)} was refused`)));
    const account = new TestAccount(groupsOnly(), { ...breaching, pagers: [leaking] });
    await drive(account);
    const detail = records(account, "PAGED")[0]?.body.detail ?? "";
    expect(detail).toContain("[redacted]");
    expect(detail).not.toContain("aaaa");
  });
});

describe("a process that dies", () => {
  it("at any call around a page leaves it to the next one, which tells it, at most once more", async () => {
    const whole = accountTelling(breaching);
    await drive(whole.account);
    const events = whole.pager.told.map(({ event }) => event);
    const calls = whole.account.calls;
    const lastCalls = Array.from({ length: 12 }, (_, back) => calls - back);
    const sends = Array.from({ length: calls }, (_, at) => at + 1).filter((call) => call % 97 === 0);
    for (const call of [...sends, ...lastCalls]) {
      for (const when of ["before", "after"] as const) {
        const { pager, account } = accountTelling(breaching);
        if ((await drive(account, { call, when })) === "crashed") await drive(account);
        const told = pager.told.map(({ kind }) => kind);
        expect([...new Set(told)].toSorted(), `call ${call} ${when}`).toEqual(["breach", "ended"]);
        expect(told.length).toBeLessThanOrEqual(events.length + 1);
        expect(account.violations).toEqual([]);
        expect(account.state().outcome).toBe("rolled-back");
      }
    }
  });

  it("between the end and its telling leaves a closed run that the next look tells, with no effect on it", async () => {
    let isUp = false;
    const pager = recordingPager("sns", () => (isUp ? Promise.resolve() : Promise.reject(new Error("down"))));
    const account = new TestAccount(groupsOnly(), { ...breaching, pagers: [pager] });
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    const mutations = account.aws.mutations.length;
    isUp = true;
    account.nowMs += 5 * minuteMs;
    await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    expect(kinds(pager)).toEqual(["breach", "ended"]);
    expect(account.aws.mutations.length).toBe(mutations);
    const after = account.records.length;
    await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    expect(account.records.length).toBe(after);
    expect(account.open).toBe(false);
  });

  it("whose lock another run holds tells of the end later, and does not fail", async () => {
    let isUp = false;
    const pager = recordingPager("sns", () => (isUp ? Promise.resolve() : Promise.reject(new Error("down"))));
    const account = new TestAccount(groupsOnly(), { ...breaching, pagers: [pager] });
    await drive(account);
    isUp = true;
    account.nowMs += 5 * minuteMs;
    account.holder = { alive: () => true };
    const { stopped } = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    expect(stopped).toBe("closed");
    expect(account.events.some((event) => event.kind === "warning" && event.message.includes("was not told"))).toBe(true);
    account.holder = undefined;
    await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    expect(kinds(pager)).toEqual(["breach", "ended"]);
  });
});

describe("regions", () => {
  it("that breach one after the other are told of each", async () => {
    const { pager, account } = accountTelling({
      traffic: (region, ms, aws) => (region === east ? slowWhenSmall(east)(region, ms, aws) : slowWhenSmall(west)(region, ms, aws)),
    });
    await drive(account);
    expect(pager.told.filter(({ kind }) => kind === "breach").map(({ region }) => region)).toContain(west);
  });
});
