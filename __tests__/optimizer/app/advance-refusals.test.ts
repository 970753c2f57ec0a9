import { describe, expect, it } from "vitest";
import { resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { ChangeOutcomeUnknown, ChangeRejected, CredentialsLost } from "../../../optimizer/errors.ts";
import { drive, driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, refreshOf } from "../../support/run-records.ts";

describe("before a write", () => {
  it("tags are read again: what became a tenant's is never changed", async () => {
    const account = new TestAccount(groupsOnly(), { tags: ({ region }) => [{ kind: "tags", tags: region === east ? { "tenant-id": "42" } : {} }] });
    await drive(account);
    expect(account.aws.mutations.every(({ change }) => change.region === west)).toBe(true);
    expect(account.state().phases[0]?.stages[1]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "tenant-resource" } });
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
    if (template?.kind === "change") await account.aws.set(template.change, { instanceType: "m5.xlarge" });
    await drive(account);
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).toEqual(["empty", "passed"]);
    expect(account.state().phases[0]?.stages[0]?.actions[0]?.status).toBe("drifted");
  });
});

describe("a resource that somebody changes between two steps", () => {
  it("is told to a human without a command that would carry the change on", async () => {
    const account: TestAccount = new TestAccount(groupsOnly(), {
      unreadable: async (change) => {
        if (change.kind === "asg.instance-refresh" && change.region === west && account.aws.mutations.length > 0)
          await account.aws.set(change, { instanceType: "c7.large" });
      },
    });
    await drive(account);
    const [asked] = records(account, "NEEDS_HUMAN");
    expect(asked?.body.reason).toContain("changed by somebody else");
    expect(asked?.body.commands.filter((command) => command.startsWith("aws "))).toEqual([]);
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
    expect(account.state().phases[0]?.stages[0]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "denied" } });
    expect(records(account, "RB_VERIFIED")).toHaveLength(4);
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).toEqual(["empty", "passed"]);
  });

  it("for want of capacity end after some attempts", async () => {
    const account = new TestAccount(groupsOnly(), {
      refuse: (change) => {
        if (change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.2xlarge")
          throw new ChangeRejected("no-capacity", "InsufficientInstanceCapacity", "none left");
      },
    });
    await drive(account);
    expect(account.state().phases[0]?.stages.flatMap(({ actions }) => actions.map(({ skip }) => skip?.code))).toEqual(["no-capacity", "no-capacity"]);
  });

  it("whose reply is unclear are resolved by describing", async () => {
    let once = true;
    const account: TestAccount = new TestAccount(groupsOnly(), {
      refuse: async (change) => {
        if (!once) return;
        once = false;
        await account.aws.apply(change, "lost reply");
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

  it("do not hide an earlier attempt whose reply was unclear: what it may have changed is undone", async () => {
    let attempts = 0;
    const phases = [{ number: 2 as const, stages: [{ region: west, role: "follower" as const, actions: [groupAction(west)] }] }];
    const account: TestAccount = new TestAccount(buildTestPlan({ phases }), {
      refuse: async (change) => {
        if (change.kind !== "asg.instance-refresh" || change.after.instanceType === "m5.4xlarge") return;
        attempts += 1;
        if (attempts === 1) throw new ChangeOutcomeUnknown("timeout");
        // AWS carried the first one out late.
        await account.aws.apply(change, "late");
        throw new ChangeRejected("denied", "AccessDenied", "no");
      },
    });
    await drive(account);
    expect(await account.aws.stateOf(refreshOf(west))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
    expect(records(account, "RB_VERIFIED").map(({ op }) => op)).toEqual(groupAction(west).rollback.map(({ id }) => id));
  });

  it("of a change that was accepted and never takes are not repeated without end", async () => {
    const account: TestAccount = new TestAccount(groupsOnly(), {
      unreadable: async (change) => {
        // Somebody cancels the refresh each time.
        if (change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.2xlarge") await account.aws.set(change, { instanceType: "m5.4xlarge" });
      },
    });
    await drive(account);
    const starts = account.aws.mutations.filter(({ change }) => change.kind === "asg.instance-refresh" && change.region === west);
    expect(starts).toHaveLength(3);
    expect(account.state().phases[0]?.stages[0]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "not-settled" } });
  });

  it("of reads are waited out for an hour and more before a region is held", async () => {
    let brokenUntilMs = Number.POSITIVE_INFINITY;
    const account = new TestAccount(groupsOnly(), {
      unreadable: () => {
        if (brokenUntilMs === Number.POSITIVE_INFINITY) brokenUntilMs = account.nowMs + 60 * 60_000;
        if (account.nowMs < brokenUntilMs) throw new Error("connection lost");
      },
    });
    await drive(account);
    expect(records(account, "HOLD")).toEqual([]);
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
    expect(account.state().phases[0]?.stages[1]?.status).toBe("passed");
  });
});
