import { describe, expect, it } from "vitest";
import type { Change } from "../../../optimizer/core/model/change.ts";
import type { RecordOf, RecordType } from "../../../optimizer/core/model/journal-record.ts";
import { abortRun, continueRun, requestRollback, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost } from "../../../optimizer/errors.ts";
import type { FakeAws } from "../../support/fake-aws.ts";
import { drive, driver, healthy, openProcess, type SlotTraffic, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, groupPhase, indexAction, startMs, threePhases, west, writerAction } from "../../support/plan-builder.ts";

const minuteMs = 60_000;

function records<T extends RecordType>(account: TestAccount, type: T): readonly RecordOf<T>[] {
  return account.records.filter((record): record is RecordOf<T> & (typeof account.records)[number] => record.type === type);
}

function decisions(account: TestAccount): readonly string[] {
  return records(account, "DECISION").map(({ region, body }) => `${region ?? "all"} ${body.kind}${body.kind === "phase-closed" ? ` ${body.result}` : ""}`);
}

function refreshOf(region: string): Change {
  const step = groupAction(region).steps.at(-1);
  if (step?.kind !== "change") throw new Error("the group's last step is its refresh");
  return step.change;
}

/** Slow once the region runs on the small type. */
function slowWhenSmall(region: string, factor = 3) {
  return (asked: string, ms: number, aws: FakeAws): SlotTraffic => {
    const running = aws.valueAt(refreshOf(region), ms) as { readonly instanceType: string };
    return asked === region && running.instanceType === "m5.2xlarge" ? { ...healthy, p99Seconds: 0.1 * factor } : healthy;
  };
}

const groupsOnly = (policy: Record<string, unknown> = {}) => buildTestPlan({ phases: groupPhase, policy });

describe("a run on healthy traffic", () => {
  it("carries out all phases, finishes what waits for the pass, and closes adoptable", async () => {
    const account = new TestAccount(buildTestPlan());
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    expect(account.state().phases.map(({ status }) => status)).toEqual(["passed", "passed", "passed"]);
    expect(account.state().phases[2]?.turns.flatMap(({ actions }) => actions.map(({ status }) => status))).toEqual(["finished", "finished"]);
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
    for (const turn of account.state().phases[0]?.turns ?? []) {
      const lastChange = records(account, "VERIFIED").findLast(({ region }) => region === turn.region);
      expect(turn.window?.startMs).toBe(Math.floor((lastChange?.at ?? 0) / minuteMs) * minuteMs);
      expect(turn.window?.slots).toHaveLength(6);
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
    const account = new TestAccount(buildTestPlan({ phases: threePhases.map((phase) => ({ ...phase, turns: [] })) }));
    await drive(account);
    expect(account.state().outcome).toBe("nothing-to-do");
    expect(account.aws.mutations).toEqual([]);
  });
});

describe("a breach", () => {
  it("in the canary rolls it back, verifies it, and never begins the other region", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: slowWhenSmall(west) });
    await drive(account);
    expect(decisions(account)).toEqual([`${west} breach`, `${east} region-cancelled`, `${west} rolled-back-verified`, "all phase-closed rolled-back"]);
    expect(account.state().outcome).toBe("rolled-back");
    expect(account.aws.stateOf(refreshOf(west))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
    expect(account.aws.mutations.every(({ change }) => change.region === west)).toBe(true);
  });

  it("in a follower leaves the canary's change in place", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: slowWhenSmall(east) });
    await drive(account);
    expect(account.state().outcome).toBe("partly-rolled-back");
    expect(account.state().phases[0]?.status).toBe("partly-rolled-back");
  });

  it("undoes the actions in reverse order", async () => {
    const first = { ...groupAction(west), phase: 2 as const };
    const second = { ...writerAction(west), phase: 2 as const };
    const phases = [{ number: 2 as const, turns: [{ region: west, role: "follower" as const, actions: [first, second] }] }];
    const failover = second.steps[1]?.kind === "change" ? second.steps[1].change : undefined;
    const account = new TestAccount(buildTestPlan({ phases }), {
      traffic: (region, ms, aws) =>
        region === west && (aws.valueAt(failover!, ms) as { writer: string }).writer === `${west}-2` ? { ...healthy, p99Seconds: 0.5 } : healthy,
    });
    await drive(account);
    expect(records(account, "RB_VERIFIED").map(({ op }) => op)).toEqual([...second.rollback, ...first.rollback].map(({ id }) => id));
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("seen while the region still acts turns it back at once", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: (region, ms) => (region === west && ms > startMs ? { ...healthy, errors: 500 } : healthy) });
    account.aws.transitionMs = 20 * minuteMs;
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
    const before = account.aws.mutations.length;
    broken = false;
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("adoptable");
    expect(account.aws.mutations.length).toBeGreaterThan(before);
    expect(account.state().phases[0]?.turns[0]?.window?.slots.length).toBeGreaterThanOrEqual(6);
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

  it("whose roll-back is refused is told as incomplete, with the exact commands, and tried again on continue", async () => {
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
    expect(account.state().needsHuman?.commands).toEqual([
      `aws autoscaling start-instance-refresh --region ${west} --auto-scaling-group-name web-${west}`,
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
      unreadable: (change) => {
        const wayBack = change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.4xlarge";
        if (wayBack) account.aws.set(change, { instanceType: "c7.large" });
      },
    });
    await drive(account);
    expect(records(account, "DRIFT").at(-1)?.body).toMatchObject({ purpose: "rollback", found: '{"instanceType":"c7.large"}' });
    expect(account.state().phases[0]?.turns[0]?.status).toBe("rollback-incomplete");
    expect(account.aws.stateOf(refreshOf(west))).toMatchObject({ value: { instanceType: "c7.large" } });
  });
});

describe("missing data", () => {
  it("never passes: the window is extended, then held for a human", async () => {
    const nothing: SlotTraffic = { requests: null, errors: null, p99Seconds: null, hosts: null };
    const quiet = Array.from({ length: 168 }, () => null);
    const account = new TestAccount(
      buildTestPlan({ phases: groupPhase, balancers: buildTestPlan().balancers.map((each) => ({ ...each, requestsPerSlotByHour: quiet })) }),
      { traffic: () => nothing },
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

describe("a brown-out", () => {
  const indexPhase = threePhases.filter(({ number }) => number === 1);

  it("that is read is lifted at once, and the index stays", async () => {
    const account = new TestAccount(buildTestPlan({ phases: indexPhase }), { indexReads: (ms) => (ms >= startMs + 5 * minuteMs ? 1 : 0) });
    await drive(account);
    expect(account.state().phases[0]?.turns[0]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "still-read" } });
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
    expect((silent?.at ?? 0) - (started?.body.startMs ?? 0)).toBeGreaterThanOrEqual((step?.kind === "brown-out" ? step.minutes : 0) * minuteMs);
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

describe("before a write", () => {
  it("tags are read again: what became a tenant's is never changed", async () => {
    const account = new TestAccount(groupsOnly(), { tags: ({ region }) => [{ kind: "tags", tags: region === east ? { "tenant-id": "42" } : {} }] });
    await drive(account);
    expect(account.aws.mutations.every(({ change }) => change.region === west)).toBe(true);
    expect(account.state().phases[0]?.turns[1]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "tenant-resource" } });
    expect(account.state().outcome).toBe("adoptable");
  });

  it("tags that cannot be read count as a tenant's", async () => {
    const account = new TestAccount(groupsOnly(), { tags: () => [{ kind: "unreadable", reason: "AccessDenied" }] });
    await drive(account);
    expect(account.aws.mutations).toEqual([]);
    expect(account.state().outcome).toBe("nothing-to-do");
  });

  it("a resource that differs from the plan is left alone, and the rest goes on", async () => {
    const account = new TestAccount(groupsOnly());
    const template = groupAction(west).steps[0];
    if (template?.kind === "change") account.aws.set(template.change, { instanceType: "m5.xlarge" });
    await drive(account);
    expect(account.state().phases[0]?.turns.map(({ status }) => status)).toEqual(["empty", "passed"]);
    expect(account.state().phases[0]?.turns[0]?.actions[0]?.status).toBe("drifted");
  });
});

describe("AWS's refusals", () => {
  it("by throttling are tried again after growing pauses, each attempt journaled", async () => {
    let refused = 0;
    const account = new TestAccount(groupsOnly(), {
      refuse: () => {
        refused += 1;
        if (refused <= 3) throw new ChangeRejected("throttled", "Throttling", "slow down");
      },
    });
    await drive(account);
    const attempts = records(account, "ATTEMPT").slice(0, 4);
    expect(attempts.map(({ body }) => body.number)).toEqual([1, 2, 3, 4]);
    const pauses = attempts.slice(1).map((attempt, index) => attempt.at - (attempts[index]?.at ?? 0));
    expect(pauses).toEqual([5_000, 10_000, 20_000]);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("for good undo what the action did so far, skip it with the reason, and the run goes on", async () => {
    const account = new TestAccount(groupsOnly(), {
      refuse: (change) => {
        if (change.kind === "asg.instance-refresh" && change.region === west) throw new ChangeRejected("denied", "AccessDenied", "not allowed");
      },
    });
    await drive(account);
    expect(account.state().phases[0]?.turns[0]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "denied" } });
    expect(records(account, "RB_VERIFIED")).toHaveLength(3);
    expect(account.state().phases[0]?.turns.map(({ status }) => status)).toEqual(["empty", "passed"]);
  });

  it("for want of capacity end after some attempts", async () => {
    const account = new TestAccount(groupsOnly(), {
      refuse: (change) => {
        if (change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.2xlarge")
          throw new ChangeRejected("no-capacity", "InsufficientInstanceCapacity", "none left");
      },
    });
    await drive(account);
    expect(account.state().phases[0]?.turns.flatMap(({ actions }) => actions.map(({ skip }) => skip?.code))).toEqual(["no-capacity", "no-capacity"]);
  });

  it("whose reply is unclear are resolved by describing", async () => {
    let once = true;
    const account = new TestAccount(groupsOnly(), {
      refuse: (change) => {
        if (!once) return;
        once = false;
        account.aws.apply(change, "lost reply");
        throw new ChangeOutcomeUnknown("timeout");
      },
    });
    await drive(account);
    expect(
      records(account, "OUTCOME")
        .slice(0, 2)
        .map(({ body }) => body.result),
    ).toEqual(["unknown", "recovered"]);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("of credentials stop the run resumably", async () => {
    let lost = true;
    const account = new TestAccount(groupsOnly(), {
      refuse: (_, mutations) => {
        if (lost && mutations === 1) throw new CredentialsLost({ message: "expired", hint: "sign in" });
      },
    });
    await expect(startRun(account.stored, driver, openProcess(account))).rejects.toThrow(CredentialsLost);
    expect(account.types().slice(-2)).toEqual(["CRED_LOST", "LEASE"]);
    expect(account.holder).toBeUndefined();
    lost = false;
    await resumeRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("adoptable");
  });

  it("of every describe in one region hold that region, and the other goes on", async () => {
    const account = new TestAccount(groupsOnly({ rollout: "together" }), {
      unreadable: ({ region }) => {
        if (region === west) throw new Error("AccessDenied");
      },
    });
    await drive(account);
    expect(records(account, "HOLD").map(({ region, body }) => [region, body.cause])).toEqual([[west, "unreadable"]]);
    expect(account.state().phases[0]?.turns[1]?.status).toBe("passed");
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
