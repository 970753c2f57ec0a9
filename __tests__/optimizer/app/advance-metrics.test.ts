import { describe, expect, it } from "vitest";
import { drive, healthy, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, evenReference, groupAction, startMs, west } from "../../support/plan-builder.ts";
import { decisions, groupsOnly, records } from "../../support/run-records.ts";

const minuteMs = 60_000;
const waits = (account: TestAccount): readonly string[] => account.events.flatMap((event) => (event.kind === "waiting" ? [event.reason] : []));
const breaches = (account: TestAccount) => records(account, "DECISION").filter(({ body }) => body.kind === "breach");
const verdicts = (account: TestAccount): ReadonlySet<string> => new Set(records(account, "SLOT").map(({ body }) => body.score.verdict));

describe("late metrics", () => {
  it("are waited for and told as late; no slot is judged before all of its points are there", async () => {
    const account = new TestAccount(groupsOnly(), { lateMinutes: () => 5 });
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    expect(verdicts(account)).toEqual(new Set(["pass"]));
    expect(records(account, "HOLD")).toEqual([]);
    expect(waits(account)).toContainEqual(expect.stringMatching(new RegExp(`^metrics of ${west} are [1-5] min late$`)));
    expect(waits(account).join()).not.toContain("traffic");
  });

  it("that never come make slots inconclusive, hold the window in the end, and roll nothing back", async () => {
    const account = new TestAccount(groupsOnly(), { lateMinutes: (_, nowMs) => Math.max(0, (nowMs - startMs) / minuteMs - 3) });
    await drive(account);
    expect(breaches(account)).toEqual([]);
    expect(account.state().outcome).toBeUndefined();
    expect(new Set(records(account, "HOLD").map(({ body }) => body.cause))).toEqual(new Set(["coverage"]));
    const late = records(account, "SLOT").filter(({ body }) => body.score.verdict === "inconclusive");
    expect(late.every(({ body }) => /^metrics are \d+ min late$/.test(body.score.reason))).toBe(true);
    expect(late.length).toBeGreaterThan(1);
  });

  it("keep a window open until those of its last slot are there, and what they show counts", async () => {
    const undisturbed = new TestAccount(groupsOnly());
    await drive(undisturbed);
    const lastMs = records(undisturbed, "SLOT").findLast(({ region }) => region === west)?.body.score.startMs ?? Number.NaN;
    const account = new TestAccount(groupsOnly(), {
      lateMinutes: (_, nowMs) => (nowMs < lastMs + minuteMs ? 0 : Math.max(0, Math.min(4, (nowMs - lastMs) / minuteMs))),
      traffic: (region, ms) => (region === west && ms >= lastMs ? { ...healthy, errors: 60 } : healthy),
    });
    await drive(account);
    const closed = records(account, "WINDOW").filter(({ region, body }) => region === west && body.event === "closed");
    expect(closed).toEqual([]);
    expect(breaches(account)).toMatchObject([{ region: west }]);
    expect(breaches(account)[0]?.at).toBeGreaterThan(lastMs + 4 * minuteMs);
  });

  it("of requests, with a scale-in beside it, hold and do not roll back", async () => {
    const silent = { requests: null, errors: null, p99Seconds: null };
    const account = new TestAccount(groupsOnly(), {
      traffic: (region, ms) => (region === west && ms >= startMs + 2 * minuteMs ? { ...healthy, ...silent, hosts: 4 } : healthy),
    });
    await drive(account);
    expect(decisions(account)).toEqual([]);
    expect(records(account, "HOLD")[0]?.body).toMatchObject({ cause: "traffic-lost" });
    expect(records(account, "HOLD")[0]?.body.reason).not.toContain("fell");
  });

  it("that came after their slot was scored correct it, and what they show counts", async () => {
    // Errors of the third minute are reported three minutes late; everything else is in time.
    const account: TestAccount = new TestAccount(groupsOnly(), {
      traffic: (region, ms) => (region === west && ms === startMs + 2 * minuteMs && account.nowMs >= ms + 3 * minuteMs ? { ...healthy, errors: 60 } : healthy),
    });
    await drive(account);
    const [revised] = records(account, "SLOT").flatMap(({ body }) => body.revised ?? []);
    expect(revised).toMatchObject({ startMs: startMs + 2 * minuteMs, verdict: "breach" });
    expect(breaches(account)[0]?.region).toBe(west);
  });
});

describe("the end gate", () => {
  // p99 +25 % is too little for six short slots to be found before the end.
  const slower = { ...healthy, p99Seconds: 0.125 };

  it("lets pass what untouched regions went through as well, and says so", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: (_, ms) => (ms >= startMs ? slower : healthy) });
    await drive(account);
    const [compared] = records(account, "WINDOW").filter(({ body }) => body.event === "compared");
    expect(compared?.region).toBe(west);
    expect(compared?.body).toMatchObject({ regions: [east], common: { all: { p99Ratio: expect.closeTo(1.25, 2) } } });
    const closed = records(account, "WINDOW").find(({ body }) => body.event === "closed");
    expect(closed?.body).toMatchObject({ verdict: { kind: "pass", detail: expect.stringContaining("as in untouched regions") } });
  });

  /** The untouched region, which nobody asks before it is compared, gives no answer so many times. */
  const deniedControl = (times: number) => {
    const denied = { left: times };
    return new TestAccount(groupsOnly({ rollout: "sequential" }), {
      traffic: (region, ms) => {
        if (region === east && denied.left > 0) {
          denied.left -= 1;
          throw new Error("ThrottlingException");
        }
        return ms >= startMs ? slower : healthy;
      },
    });
  };

  it("asks an untouched region that gives no answer again before it rolls back by what that may excuse", async () => {
    const account = deniedControl(3);
    await drive(account);
    expect(records(account, "DECISION").filter(({ body }) => body.kind === "poll-failed")).toHaveLength(3);
    expect(breaches(account)).toEqual([]);
    const [compared] = records(account, "WINDOW").filter(({ body }) => body.event === "compared");
    expect(compared?.body).not.toHaveProperty("unread");
    expect(account.state().phases[0]?.stages.find(({ region }) => region === west)?.status).toBe("passed");
  });

  it("rolls back without one that gives none for as long as the policy polls, and says so", async () => {
    const account = deniedControl(Number.POSITIVE_INFINITY);
    await drive(account);
    expect(breaches(account)[0]).toMatchObject({ region: west, body: { kind: "breach", verdict: { rule: "end-gate" } } });
    const [compared] = records(account, "WINDOW").filter(({ body }) => body.event === "compared");
    expect(compared?.body).toMatchObject({ regions: [east], common: null, unread: [{ region: east, reason: "Error: ThrottlingException" }] });
    const since = records(account, "DECISION").find(({ body }) => body.kind === "poll-failed");
    const waited = ((compared?.at ?? Number.NaN) - (since?.at ?? Number.NaN)) / minuteMs;
    expect(waited).toBeLessThanOrEqual(account.stored.plan.policy.unreadable.maxMinutes + 15);
    expect(records(account, "DECISION").filter(({ body }) => body.kind === "poll-failed").length).toBeLessThan(account.stored.plan.policy.unreadable.maxPolls);
  });

  it("rolls back what only the changed region shows", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: (region, ms) => (region === west && ms >= startMs ? slower : healthy) });
    await drive(account);
    expect(breaches(account)[0]).toMatchObject({ region: west, body: { kind: "breach", verdict: { rule: "end-gate" } } });
  });

  it("rolls back where no region was untouched", async () => {
    const account = new TestAccount(buildTestPlan({ policy: { rollout: "together" }, phases: groupsOnly().phases }), {
      traffic: (_, ms) => (ms >= startMs ? slower : healthy),
    });
    await drive(account);
    expect(records(account, "WINDOW").some(({ body }) => body.event === "compared")).toBe(false);
    expect(decisions(account)).toContain(`${west} breach`);
  });
});

describe("a window", () => {
  const busyOnThursdays = (hours: readonly number[]) =>
    [east, west].map((region) =>
      evenReference(region, { requestsPerSlotByHour: Array.from({ length: 168 }, (_, hour) => (hours.includes(hour) ? 9000 : 1000 + hour)) }),
    );
  const twoDays = { window: { minutes: 2880, slotMinutes: 15, soakMinutes: 720, settleMinutes: 5, maxExtensionMinutes: 1440 } };
  const phases = [{ number: 2 as const, stages: [{ region: west, role: "follower" as const, actions: [{ ...groupAction(west), phase: 2 as const }] }] }];
  const run = async (balancers: ReturnType<typeof busyOnThursdays>) => {
    const account = new TestAccount(buildTestPlan({ policy: twoDays, phases, balancers }), { traffic: () => ({ ...healthy, requests: 5000 }) });
    await drive(account);
    const [opened] = records(account, "WINDOW").filter(({ body }) => body.event === "opened");
    return { opened: opened?.body, closed: records(account, "WINDOW").find(({ body }) => body.event === "closed")?.body };
  };

  it("goes on until the week's busiest hours are in it", async () => {
    // Thursday 14:00 to 20:00; four hours of them are enough, with the one after.
    const { opened, closed } = await run(busyOnThursdays([86, 87, 88, 89, 90, 91]));
    expect(opened).toMatchObject({ deadlineMs: startMs + 91 * 60 * minuteMs });
    expect(closed).toMatchObject({ verdict: { kind: "pass", detail: "" } });
  });

  it("that would take longer than five days for them passes without its peak, and says so", async () => {
    const { opened, closed } = await run(busyOnThursdays([150, 151, 152, 153, 154]));
    expect(opened).toMatchObject({ deadlineMs: expect.closeTo(startMs + 2880 * minuteMs, -7) });
    expect(closed).toMatchObject({ verdict: { kind: "pass", detail: expect.stringContaining("passed without its peak") } });
  });
});
