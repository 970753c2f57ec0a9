import { describe, expect, it } from "vitest";
import { requestRollback, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import type { Change } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { ChangeOutcomeUnknown, ChangeRejected } from "../../../optimizer/errors.ts";
import { type AccountScript, drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, startMs, writerAction } from "../../support/plan-builder.ts";
import { records, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;

/** What is not to be read is asked for again after so long at the latest. */
const longestPauseMinutes = 15;

const web = groupAction(east);
const api = groupAction(east, "api");

/** Two groups of one region, in one phase; `api` acts first, `web` goes back first. */
function twoGroups(policy: Record<string, unknown> = {}): Plan {
  return buildTestPlan({ phases: [{ number: 2, stages: [{ region: east, role: "follower", actions: [api, web] }] }], policy });
}

function groupOf(change: Change): string | undefined {
  return "autoScalingGroup" in change ? change.autoScalingGroup : undefined;
}

/** A new process each minute, as cron would start it. */
async function tickEveryMinute(account: TestAccount): Promise<void> {
  let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
  for (let minute = 0; minute < 600 && result.stopped === "waiting"; minute += 1) {
    account.nowMs += minuteMs;
    result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
  }
}

const ways: readonly (readonly [string, (account: TestAccount) => Promise<unknown>])[] = [
  ["in the foreground", (account) => drive(account)],
  ["by ticks", tickEveryMinute],
];

/** How one action's way back may not get on, for as long as it may take. */
interface Stuck {
  readonly unreadable?: (account: TestAccount, change: Change) => void | Promise<void>;
  readonly refuse?: (change: Change) => void;
}

const stuckOnes: readonly (readonly [string, Stuck])[] = [
  [
    "that cannot be described",
    {
      unreadable: () => {
        throw new Error("AccessDenied");
      },
    },
  ],
  [
    "that AWS throttles",
    {
      refuse: () => {
        throw new ChangeRejected("throttled", "Throttling", "rate exceeded");
      },
    },
  ],
  [
    "for which AWS has no capacity",
    {
      refuse: () => {
        throw new ChangeRejected("no-capacity", "InsufficientInstanceCapacity", "no capacity");
      },
    },
  ],
  [
    "of which no reply comes",
    {
      refuse: () => {
        throw new ChangeOutcomeUnknown("no answer");
      },
    },
  ],
];

function breachOf(account: TestAccount) {
  return records(account, "DECISION").find(({ body }) => body.kind === "breach");
}

/** Minutes from the breach until the group's way back was read back to its end. */
function minutesUntilBack(account: TestAccount, { rollback }: Action): number {
  const last = records(account, "RB_VERIFIED").find(({ op }) => op === rollback.at(-1)?.id);
  return ((last?.at ?? Number.NaN) - (breachOf(account)?.at ?? Number.NaN)) / minuteMs;
}

describe.each(ways)("on the way back of a region, %s, an action", (_, go) => {
  describe.each(stuckOnes)("%s", (__, stuck) => {
    it.each([
      ["newer", web, api],
      ["older", api, web],
    ])("and is the %s one does not keep the other from going back at once, and is told", async (___, blocked, other) => {
      const isBlocked = (account: TestAccount, change: Change): boolean => groupOf(change) === blocked.resource.id && breachOf(account) !== undefined;
      const script: AccountScript = {
        traffic: slowWhenSmall(east),
        unreadable: async (change) => {
          if (isBlocked(account, change)) await stuck.unreadable?.(account, change);
        },
        refuse: (change) => {
          if (isBlocked(account, change)) stuck.refuse?.(change);
        },
      };
      const account: TestAccount = new TestAccount(twoGroups(), script);
      await go(account);
      // A refresh takes some 45 seconds of the run here, and what was described may be five minutes old.
      expect(minutesUntilBack(account, other)).toBeLessThanOrEqual(10);
      expect(records(account, "NEEDS_HUMAN").some(({ op, body }) => body.goesOn === true && blocked.rollback.some(({ id }) => id === op))).toBe(true);
      expect(account.state().phases[0]?.stages[0]).toMatchObject({ status: "rollback-incomplete" });
    });
  });
});

describe("a way back that got on again", () => {
  it("leaves another one's delay told, until that gets on as well", async () => {
    let allowedMs = Number.POSITIVE_INFINITY;
    const account: TestAccount = new TestAccount(twoGroups(), {
      traffic: slowWhenSmall(east),
      unreadable: (change) => {
        const breach = breachOf(account);
        if (breach !== undefined && groupOf(change) === web.resource.id && account.nowMs < allowedMs) throw new Error("AccessDenied");
      },
    });
    let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    const until = async (done: () => boolean): Promise<void> => {
      for (let minute = 0; minute < 300 && !done() && result.stopped === "waiting"; minute += 1) {
        account.nowMs += minuteMs;
        result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
      }
    };
    await until(() => (account.state().phases[0]?.stages[0]?.delays ?? []).length > 0 && !Number.isNaN(minutesUntilBack(account, api)));
    await until(() => account.nowMs >= (breachOf(account)?.at ?? 0) + 180 * minuteMs);
    expect(account.state().phases[0]?.stages[0]?.delays).toMatchObject([{ op: web.rollback[0]?.id }]);
    allowedMs = account.nowMs;
    await until(() => false);
    expect(account.state().outcome).toBe("rolled-back");
    expect(account.state().phases[0]?.stages[0]?.delays).toBeUndefined();
  });
});

describe.each(ways)("in the window of a region, %s, an action that cannot be described", (_, go) => {
  const policy = { window: { minutes: 60 }, unreadable: { maxPolls: 1000, maxMinutes: 15 } };
  const script = (more: (account: TestAccount, change: Change) => Promise<void>): TestAccount => {
    const account: TestAccount = new TestAccount(twoGroups(policy), {
      unreadable: async (change) => {
        if (isWatched(account)) await more(account, change);
        if (isWatched(account) && groupOf(change) === api.resource.id) throw new Error("AccessDenied");
      },
    });
    return account;
  };
  const isWatched = (account: TestAccount): boolean => records(account, "VERIFIED").filter(({ op }) => op?.endsWith("refresh")).length === 2;
  const watchedFromMs = (account: TestAccount): number => records(account, "VERIFIED").findLast(({ op }) => op?.endsWith("refresh"))?.at ?? Number.NaN;

  it.each([
    ["before the region is held", 5],
    ["while the region is held", 25],
  ])("hides nothing of what somebody else did to the other one %s, and is told itself", async (__, handMinutes) => {
    let isMet = false;
    const account: TestAccount = script(async (met, change) => {
      if (isMet || groupOf(change) !== web.resource.id || met.nowMs < watchedFromMs(met) + handMinutes * minuteMs) return;
      isMet = true;
      const refresh = web.steps.flatMap((step) => (step.kind === "change" && step.change.kind === "asg.instance-refresh" ? [step.change] : []));
      for (const each of refresh) await met.aws.set(each, { instanceType: "m5.large" });
    });
    await go(account);
    const [drift] = records(account, "DRIFT");
    expect(drift).toMatchObject({ body: { action: web.id } });
    expect(((drift?.at ?? Number.NaN) - watchedFromMs(account)) / minuteMs).toBeLessThanOrEqual(handMinutes + longestPauseMinutes + 1);
    expect(records(account, "HOLD")).toMatchObject([{ body: { cause: "unreadable" } }]);
  });

  it("keeps no slot of the window from being scored, up to its deadline", async () => {
    const account = script(() => Promise.resolve());
    await go(account);
    const { window } = account.state().phases[0]?.stages[0] ?? {};
    expect(window?.slots.at(-1)?.endMs).toBe(window?.deadlineMs);
    const [hold] = records(account, "HOLD");
    expect(hold).toMatchObject({ body: { cause: "unreadable" } });
    // Described first five minutes after it was read back.
    expect(((hold?.at ?? Number.NaN) - watchedFromMs(account)) / minuteMs).toBeLessThanOrEqual(5 + policy.unreadable.maxMinutes + longestPauseMinutes);
  });
});

describe("what could not be read before a rollback was asked for", () => {
  it("has its whole time on the way back all the same", async () => {
    let broken = true;
    const account: TestAccount = new TestAccount(twoGroups({ window: { minutes: 120 }, unreadable: { maxMinutes: 10 } }), {
      unreadable: (change) => {
        const isWatched = records(account, "VERIFIED").filter(({ op }) => op?.endsWith("refresh")).length === 2;
        if (broken && isWatched && groupOf(change) === web.resource.id) throw new Error("AccessDenied");
      },
    });
    await drive(account);
    expect(records(account, "HOLD")).toMatchObject([{ body: { cause: "unreadable" } }]);
    // Longer than a way back is tried.
    account.nowMs += 7 * 60 * minuteMs;
    await requestRollback(account.runId, null, { ...driver, mode: "tick" }, openProcess(account));
    broken = false;
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
  });
});

describe("a phase of which nothing gets on its way back", () => {
  it("does not keep the phases before it from going back when all of the run is asked back", async () => {
    const phases = [
      { number: 2 as const, stages: [{ region: east, role: "follower" as const, actions: [web] }] },
      { number: 3 as const, stages: [{ region: east, role: "follower" as const, actions: [writerAction(east)] }] },
    ];
    let asked = false;
    const account: TestAccount = new TestAccount(buildTestPlan({ phases }), {
      unreadable: (change) => {
        if (asked && "cluster" in change) throw new Error("AccessDenied");
      },
      traffic: () => healthy,
    });
    let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    while (result.stopped === "waiting" && !(result.state.phases[1]?.stages[0]?.status === "observing")) {
      account.nowMs += minuteMs;
      result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    }
    asked = true;
    const askedAtMs = account.nowMs;
    await requestRollback(account.runId, null, driver, openProcess(account));
    const last = records(account, "RB_VERIFIED").find(({ op }) => op === web.rollback.at(-1)?.id);
    expect(((last?.at ?? Number.NaN) - askedAtMs) / minuteMs).toBeLessThanOrEqual(10);
    expect(askedAtMs).toBeGreaterThan(startMs);
    expect(account.state().phases[1]?.stages[0]?.status).toBe("rollback-incomplete");
  });
});
