import { describe, expect, it } from "vitest";
import { continueRun } from "../../../optimizer/app/drive-run.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { drive, driver, healthy, openProcess, type SlotTraffic, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, groupPhase, indexAction, startMs, threePhases, west, writerAction } from "../../support/plan-builder.ts";
import { decisions, groupsOnly, records, refreshOf, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;

describe("a breach", () => {
  it("in the canary rolls it back, verifies it, and never begins the other region", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: slowWhenSmall(west) });
    await drive(account);
    expect(decisions(account)).toEqual([`${west} breach`, `${east} region-cancelled`, `${west} rolled-back-verified`, "all phase-closed rolled-back"]);
    expect(account.state().outcome).toBe("rolled-back");
    expect(await account.aws.stateOf(refreshOf(west))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
    expect(account.aws.mutations.every(({ change }) => change.region === west)).toBe(true);
  });

  it("in a follower leaves the canary's change in place", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: slowWhenSmall(east) });
    await drive(account);
    expect(account.state().outcome).toBe("partly-rolled-back");
    expect(account.state().phases[0]?.status).toBe("partly-rolled-back");
  });

  it("stops what still does harm, then undoes the actions in reverse order", async () => {
    const first = { ...groupAction(west), phase: 2 as const };
    const second = { ...writerAction(west), phase: 2 as const };
    const phases = [{ number: 2 as const, stages: [{ region: west, role: "follower" as const, actions: [first, second] }] }];
    const failover = second.steps[1]?.kind === "change" ? second.steps[1].change : undefined;
    const account = new TestAccount(buildTestPlan({ phases }), {
      traffic: (region, ms, aws) =>
        region === west && (aws.valueAt(failover!, ms) as { writer: string }).writer === `${west}-2` ? { ...healthy, p99Seconds: 0.5 } : healthy,
    });
    await drive(account);
    const [stop, ...others] = first.rollback;
    const asked = records(account, "RB_INTENT").map(({ op }) => op);
    const stopped = records(account, "RB_VERIFIED").find(({ op }) => op === stop?.id);
    expect(stopped?.seq).toBeLessThan(records(account, "RB_INTENT")[0]?.seq ?? 0);
    expect(asked[0]).toBe(second.rollback[0]?.id);
    // What AWS still carries out of one does not keep the other waiting; the steps of each follow one another.
    expect(asked.filter((op) => others.some(({ id }) => id === op))).toEqual(others.map(({ id }) => id));
    expect(asked.filter((op) => second.rollback.some(({ id }) => id === op))).toEqual(second.rollback.map(({ id }) => id));
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("seen while the region still acts takes it back at once", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: (region, ms) => (region === west && ms > startMs ? { ...healthy, errors: 500 } : healthy) });
    account.aws.pace = 3;
    await drive(account);
    const breach = records(account, "DECISION").find(({ body }) => body.kind === "breach");
    const settled = records(account, "VERIFIED").find(({ op }) => op?.endsWith("refresh"));
    expect((breach?.at ?? Number.NaN) - startMs).toBeLessThanOrEqual(4 * minuteMs);
    expect(settled).toBeUndefined();
  });

  it("that an untouched region shows in the same slots is not ours: it is held, and continuing watches a whole window anew", async () => {
    let broken = true;
    const account = new TestAccount(groupsOnly(), { traffic: (_, ms) => (broken && ms >= startMs + 2 * minuteMs ? { ...healthy, errors: 900 } : healthy) });
    await drive(account);
    expect(records(account, "HOLD")[0]?.body).toMatchObject({ cause: "not-ours" });
    expect(account.state().needsHuman?.commands).toContain(`optimizer continue ${account.runId}`);
    expect(account.state().outcome).toBeUndefined();
    // The harm goes on, and each process that comes finds the hold in the journal.
    for (const mode of ["foreground", "tick", "tick"] as const) {
      account.nowMs += 30 * minuteMs;
      await drive(account, undefined, { mode });
    }
    expect(records(account, "HOLD")).toHaveLength(1);
    expect(decisions(account)).toEqual([]);
    const before = account.aws.mutations.length;
    broken = false;
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("adoptable");
    expect(account.aws.mutations.length).toBeGreaterThan(before);
    expect(account.state().phases[0]?.stages[0]?.window?.slots.length).toBeGreaterThanOrEqual(6);
  });

  it("waits for no answer of an untouched region that cannot be read, and says that it was not looked at", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: (region, ms) => {
        if (region === east) throw new Error("AccessDenied");
        return ms >= startMs + 2 * minuteMs ? { ...healthy, errors: 900 } : healthy;
      },
    });
    await drive(account);
    const breach = records(account, "DECISION").find(({ body }) => body.kind === "breach");
    expect(breach).toMatchObject({
      region: west,
      body: { verdict: { detail: expect.stringContaining(`${east} could not be read beside it: Error: AccessDenied`) } },
    });
    expect(records(account, "HOLD")).toEqual([]);
    expect(records(account, "DECISION").some(({ body }) => body.kind === "poll-failed")).toBe(false);
  });

  it("in a region that holds a replica of the changed table is ours, and is rolled back", async () => {
    const removal = indexAction().steps[2];
    const account = new TestAccount(buildTestPlan({ phases: threePhases.filter(({ number }) => number === 1) }), {
      traffic: (_, ms, aws) => (removal?.kind === "change" && aws.valueAt(removal.change, ms) === null ? { ...healthy, errors: 400 } : healthy),
    });
    await drive(account);
    expect(records(account, "HOLD")).toEqual([]);
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("is rolled back however long the index takes to be filled again, within the policy's own bound for that", async () => {
    const removal = indexAction().steps[2];
    const after = async (backfillMaxMinutes: number) => {
      const phases = threePhases.filter(({ number }) => number === 1);
      const account: TestAccount = new TestAccount(buildTestPlan({ phases, policy: { settle: { maxMinutes: 30, pollSeconds: 30, backfillMaxMinutes } } }), {
        traffic: (_, ms, aws) => (removal?.kind === "change" && aws.valueAt(removal.change, ms) === null ? { ...healthy, errors: 400 } : healthy),
        refuse: (change) => {
          // A quarter of an hour of AWS's becomes 20 hours.
          account.aws.pace = change.kind === "dynamodb.index" && change.after !== null ? 1 / 80 : 80;
        },
      });
      await drive(account);
      return account.state().phases[0]?.stages[0]?.status;
    };
    expect(await after(21 * 60)).toBe("rolled-back");
    expect(await after(19 * 60)).toBe("rollback-incomplete");
  });

  it("in the replica's region alone rolls the table's change back", async () => {
    const removal = indexAction().steps[2];
    const account = new TestAccount(buildTestPlan({ phases: threePhases.filter(({ number }) => number === 1) }), {
      traffic: (region, ms, aws) =>
        region === west && removal?.kind === "change" && aws.valueAt(removal.change, ms) === null ? { ...healthy, errors: 400 } : healthy,
    });
    await drive(account);
    expect(decisions(account)).toContain(`${east} breach`);
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("stops later phases with afterRollback stop, and not with continue", async () => {
    const outcome = async (afterRollback: string) => {
      const account = new TestAccount(buildTestPlan({ policy: { afterRollback } }), { traffic: slowWhenSmall(west) });
      await drive(account);
      return account.state().phases.map(({ status }) => status);
    };
    expect(await outcome("continue")).toEqual(["passed", "rolled-back", "passed"]);
    expect(await outcome("stop")).toEqual(["passed", "rolled-back", "skipped"]);
  });

  it("whose rollback is refused is told as incomplete, with the exact commands, and tried again on continue", async () => {
    let refusing = true;
    const account = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      refuse: (change) => {
        if (refusing && change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.4xlarge")
          throw new ChangeRejected("denied", "AccessDenied", "no");
      },
    });
    await drive(account);
    expect(decisions(account)).toContain(`${west} rollback-incomplete`);
    const group = `--region ${west} --auto-scaling-group-name web-${west}`;
    const untilOver = `while aws autoscaling describe-instance-refreshes ${group} --query 'InstanceRefreshes[].Status' --output text | grep -qwE 'Pending|InProgress|Baking|Cancelling|RollbackInProgress'; do sleep 30; done`;
    expect(account.state().needsHuman?.commands).toEqual([
      `aws autoscaling cancel-instance-refresh ${group} || true`,
      untilOver,
      `aws autoscaling start-instance-refresh ${group} --preferences MinHealthyPercentage=100,MaxHealthyPercentage=110,SkipMatching=true`,
      untilOver,
      `optimizer continue ${account.runId}`,
      `optimizer rollback ${account.runId} --phase 2`,
      `optimizer abort ${account.runId}`,
    ]);
    expect(account.state().outcome).toBeUndefined();
    refusing = false;
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("leaves alone what somebody else changed meanwhile, and says so", async () => {
    const account = new TestAccount(groupsOnly(), {
      traffic: slowWhenSmall(west),
      unreadable: async (change) => {
        const wayBack = change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.4xlarge";
        if (wayBack) await account.aws.set(change, { instanceType: "c7.large" });
      },
    });
    await drive(account);
    expect(records(account, "DRIFT").at(-1)?.body).toMatchObject({ purpose: "rollback", found: '{"instanceType":"c7.large"}' });
    expect(account.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    expect(await account.aws.stateOf(refreshOf(west))).toMatchObject({ value: { instanceType: "c7.large" } });
  });
});

describe("missing data", () => {
  it("never passes: the window is extended, then held for a human", async () => {
    const nothing: SlotTraffic = { requests: null, errors: null, p99Seconds: null, hosts: null };
    const quiet = Array.from({ length: 168 }, () => null);
    const account = new TestAccount(
      buildTestPlan({ phases: groupPhase, balancers: buildTestPlan().balancers.map((each) => ({ ...each, requestsPerSlotByHour: quiet })) }),
      { traffic: (_, ms) => (ms < startMs ? healthy : nothing) },
    );
    await drive(account);
    expect(records(account, "WINDOW").map(({ body }) => body.event)).toContain("extended");
    expect(records(account, "HOLD")[0]?.body).toMatchObject({ cause: "coverage" });
    expect(decisions(account)).toEqual([]);
  });

  it("where traffic is usual holds at once, and rolls back when healthy hosts fell too", async () => {
    const lost =
      (hosts: number | null) =>
      (region: string, ms: number): SlotTraffic =>
        region === west && ms >= startMs + 3 * minuteMs ? { requests: 20, errors: null, p99Seconds: 0.1, hosts } : healthy;
    const held = new TestAccount(groupsOnly(), { traffic: lost(8) });
    await drive(held);
    expect(records(held, "HOLD")[0]?.body).toMatchObject({ cause: "traffic-lost" });
    const broken = new TestAccount(groupsOnly(), { traffic: lost(3) });
    await drive(broken);
    expect(records(broken, "DECISION").find(({ body }) => body.kind === "breach")?.body).toMatchObject({ verdict: { rule: "traffic-lost" } });
  });
});
