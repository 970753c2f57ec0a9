import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import type { Change } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { type AccountScript, drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, indexDefinition, startMs, threePhases, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, refreshOf, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;

/** A new process each minute, as cron would start it. */
async function tickEveryMinute(account: TestAccount, minutes: number, before: () => void = () => undefined): Promise<void> {
  let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
  for (let minute = 0; minute < minutes && result.stopped === "waiting"; minute += 1) {
    account.nowMs += minuteMs;
    before();
    result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
  }
}

function isForward(change: Change): boolean {
  return change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.2xlarge";
}

type Way = (account: TestAccount) => Promise<unknown>;
const ways: readonly (readonly [string, Way])[] = [
  ["in the foreground", (account) => drive(account)],
  ["by ticks", (account) => tickEveryMinute(account, 600)],
];

describe.each(ways)("a region that cannot be read, %s", (_, go) => {
  it("is held and told within the policy's polls and minutes, and the other region goes through", async () => {
    const account = new TestAccount(groupsOnly({ rollout: "together" }), {
      unreadable: ({ region }) => {
        if (region === west) throw new Error("AccessDenied");
      },
    });
    await go(account);
    const [hold] = records(account, "HOLD");
    expect(hold).toMatchObject({ region: west, body: { cause: "unreadable" } });
    expect(((hold?.at ?? 0) - startMs) / minuteMs).toBeLessThanOrEqual(120 + 15);
    expect(account.state().needsHuman?.reason).toContain(west);
    expect(account.state().phases[0]?.stages.find(({ region }) => region === east)?.status).toBe("passed");
  });

  it("does not keep another region's harm waiting", async () => {
    let broken = false;
    const account: TestAccount = new TestAccount(groupsOnly({ rollout: "together" }), {
      unreadable: ({ region }) => {
        broken ||= account.types().includes("WINDOW");
        if (broken && region === west) throw new Error("AccessDenied");
      },
      traffic: (region, ms) => (region === east && ms >= startMs + 4 * minuteMs ? { ...healthy, errors: 300 } : healthy),
    });
    await go(account);
    const breach = records(account, "DECISION").find(({ region, body }) => region === east && body.kind === "breach");
    expect(((breach?.at ?? Number.NaN) - startMs) / minuteMs).toBeLessThanOrEqual(4 + 3);
    expect(await account.aws.stateOf(refreshOf(east))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
    const failures = records(account, "DECISION").filter(({ body }) => body.kind === "poll-failed");
    const late = failures.filter((failure) =>
      account.records.some(({ type, region, at, seq }) => type === "SLOT" && region === east && at === failure.at && seq > failure.seq),
    );
    expect(failures.length).toBeGreaterThan(1);
    expect(late.slice(1)).toEqual([]);
  });

  it("is still watched while it is held: harm that its metrics show goes back as far as it can", async () => {
    const account: TestAccount = new TestAccount(groupsOnly({ unreadable: { maxMinutes: 3 }, window: { minutes: 60 } }), {
      unreadable: (change) => {
        if (change.region === west && isForward(change) && account.nowMs >= startMs + 3 * minuteMs && account.nowMs < startMs + 30 * minuteMs)
          throw new Error("AccessDenied");
      },
      traffic: (region, ms) => (region === west && ms >= startMs + 12 * minuteMs ? { ...healthy, errors: 300 } : healthy),
    });
    account.aws.pace = 6;
    await go(account);
    const held = records(account, "HOLD").find(({ body }) => body.cause === "unreadable");
    const breach = records(account, "DECISION").find(({ region, body }) => region === west && body.kind === "breach");
    expect(breach?.seq).toBeGreaterThan(held?.seq ?? Number.POSITIVE_INFINITY);
  });

  it("is held as soon where its points had only been late before", async () => {
    const lastMs = startMs + 3 * minuteMs;
    // A region whose metrics alone are missing is asked again and again while it is held.
    const againMs = startMs + 40 * minuteMs;
    const account: TestAccount = new TestAccount(groupsOnly({ unreadable: { maxPolls: 50, maxMinutes: 6 }, window: { minutes: 60 } }), {
      lateMinutes: (region, nowMs) => (region === west && nowMs < againMs ? Math.max(0, (nowMs - lastMs) / minuteMs) : 0),
      traffic(region) {
        if (region === west && account.nowMs >= startMs + 8 * minuteMs && account.nowMs < againMs) throw new Error("AccessDenied");
        return healthy;
      },
    });
    await go(account);
    const [hold] = records(account, "HOLD");
    expect(hold).toMatchObject({ region: west, body: { cause: "unreadable", reason: expect.stringContaining("AccessDenied") } });
    // Three minutes without points and six without an answer would be more.
    expect(((hold?.at ?? 0) - startMs) / minuteMs).toBeLessThanOrEqual(13);
  });

  it("that answers again in time is no matter", async () => {
    const account = new TestAccount(groupsOnly(), {
      unreadable: ({ region }) => {
        if (region === west && account.nowMs < startMs + 20 * minuteMs) throw new Error("connection lost");
      },
    });
    await go(account);
    expect(records(account, "HOLD")).toEqual([]);
    expect(records(account, "DECISION").some(({ body }) => body.kind === "poll-succeeded")).toBe(true);
    expect(account.state().outcome).toBe("adoptable");
  });
});

describe.each(ways)("a change that does not settle, %s", (_, go) => {
  const maxMinutes = 30;
  /** What every poll of the refresh answers once it was started. */
  const answers: readonly (readonly [string, (account: TestAccount, change: Change) => void | Promise<void>])[] = [
    ["is on its way for ever", () => undefined],
    [
      "fails every poll",
      () => {
        throw new Error("AccessDenied");
      },
    ],
    [
      "is back where it was each time when most of it has passed",
      async (account, change) => {
        const started = account.aws.mutations.findLast((each) => isForward(each.change) && each.change.region === west);
        if (account.nowMs - (started?.atMs ?? 0) >= 20 * minuteMs) await account.aws.set(change, { instanceType: "m5.4xlarge" });
      },
    ],
    ["is as before", (account, change) => account.aws.set(change, { instanceType: "m5.4xlarge" })],
    [
      "fails every second poll",
      (account) => {
        if (Math.floor(account.nowMs / minuteMs) % 2 === 0) throw new Error("throttled");
      },
    ],
  ];

  it.each(answers)("and %s, is given up when its time is over", async (__, answer) => {
    const plan: Plan = groupsOnly({ settle: { maxMinutes, pollSeconds: 30 }, unreadable: { maxPolls: 1000, maxMinutes: 10_000 } });
    const script: AccountScript = {
      unreadable: async (change) => {
        const started = account.aws.mutations.find((each) => isForward(each.change) && each.change.region === west);
        if (started !== undefined && isForward(change) && change.region === west) await answer(account, change);
      },
      refuse: (change) => {
        account.aws.pace = isForward(change) && change.region === west ? 0 : 80;
      },
    };
    const account: TestAccount = new TestAccount(plan, script);
    await go(account);
    const accepted = records(account, "OUTCOME").find(({ op, region }) => region === west && op === groupAction(west).steps.at(-1)?.id);
    const given = records(account, "DECISION").find(({ region, body }) => region === west && body.kind === "action-skipped");
    expect(given?.body).toMatchObject({ code: "not-settled" });
    expect(((given?.at ?? Number.NaN) - (accepted?.at ?? Number.NaN)) / minuteMs).toBeLessThanOrEqual(maxMinutes + 1);
  });

  it("and waits for somebody else's operation, is given up as well", async () => {
    const policy = { settle: { maxMinutes, pollSeconds: 30 } };
    const account: TestAccount = new TestAccount(buildTestPlan({ phases: threePhases.filter(({ number }) => number === 1), policy }));
    // Somebody's update of the table that never ends.
    account.aws.pace = 0;
    const cap = { IndexName: indexDefinition.name, OnDemandThroughput: { MaxReadRequestUnits: -1 } };
    const update = new UpdateTableCommand({ TableName: "tenants", GlobalSecondaryIndexUpdates: [{ Update: cap }] });
    await account.aws.by((clients) => clients(east).dynamoDb.send(update));
    await go(account);
    const given = records(account, "DECISION").find(({ body }) => body.kind === "action-skipped");
    expect(given?.body).toMatchObject({ code: "busy" });
    expect(((given?.at ?? Number.NaN) - startMs) / minuteMs).toBeLessThanOrEqual(maxMinutes + 2);
  });
});

describe("a refusal by throttling", () => {
  it("is waited out by ticks as long as in the foreground", async () => {
    let refused = 0;
    const account = new TestAccount(groupsOnly(), {
      refuse: () => {
        refused += 1;
        if (refused <= 6) throw new ChangeRejected("busy", "ResourceInUse", "busy");
      },
    });
    await tickEveryMinute(account, 600);
    const attempts = records(account, "ATTEMPT").slice(0, 7);
    const pauses = attempts.slice(1).map((attempt, index) => (attempt.at - (attempts[index]?.at ?? 0)) / minuteMs);
    expect(pauses).toEqual([1, 1, 2, 4, 8, 16]);
    expect(account.state().outcome).toBe("adoptable");
  });
});

describe("a breach while describes fail", () => {
  it("is found by the slots, which are read as before", async () => {
    let broken = false;
    const account: TestAccount = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      unreadable: (change) => {
        broken ||= account.aws.mutations.some((each) => isForward(each.change));
        if (broken && isForward(change)) throw new Error("AccessDenied");
      },
    });
    await drive(account);
    expect(records(account, "DECISION").map(({ body }) => body.kind)).toContain("breach");
  });
});
