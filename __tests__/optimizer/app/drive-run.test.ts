import { describe, expect, it } from "vitest";
import { abortRun, continueRun, requestRollback, startRun } from "../../../optimizer/app/drive-run.ts";
import { drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { east, startMs, west } from "../../support/plan-builder.ts";
import { groupsOnly, records, slowWhenSmall } from "../../support/run-records.ts";

const minuteMs = 60_000;

/** West's rollback cannot be read any more, from the breach on. */
function unreadableRollback() {
  let broken = true;
  const account: TestAccount = new TestAccount(groupsOnly(), {
    traffic: slowWhenSmall(west),
    unreadable: ({ region }) => {
      if (broken && region === west && account.types().includes("DECISION")) throw new Error("unreachable");
    },
  });
  return { account, mend: () => (broken = false) };
}

describe("a rollback that could not be read for the policy's days", () => {
  it("tells the human the exact commands that are left to run", async () => {
    const { account } = unreadableRollback();
    await drive(account);
    expect(account.state().phases[0]?.stages[0]).toMatchObject({ status: "rollback-incomplete" });
    expect(account.state().needsHuman?.commands).toEqual(
      expect.arrayContaining([
        `aws autoscaling start-instance-refresh --region ${west} --auto-scaling-group-name web-${west} --preferences MinHealthyPercentage=100,MaxHealthyPercentage=110,SkipMatching=true`,
        `optimizer continue ${account.runId}`,
      ]),
    );
  });

  it.each([
    ["continue", (account: TestAccount) => continueRun(account.runId, driver, openProcess(account))],
    ["rollback", (account: TestAccount) => requestRollback(account.runId, null, driver, openProcess(account))],
  ])("is finished by %s", async (_, command) => {
    const { account, mend } = unreadableRollback();
    await drive(account);
    mend();
    await command(account);
    expect(account.state().outcome).toBe("rolled-back");
    expect(account.state().needsHuman).toBeUndefined();
  });
});

describe("whoever drives a run", () => {
  it("is told of a phase that has ended, once, before the run is closed", async () => {
    const account = new TestAccount(groupsOnly());
    const told: string[] = [];
    await startRun(
      account.stored,
      {
        ...driver,
        onPhaseEnd: async (_, { phases, outcome }) =>
          void told.push(`${phases.map(({ number, status }) => `${number} ${status}`).join(", ")}; ${outcome ?? "open"}`),
      },
      openProcess(account),
    );
    expect(told).toEqual(["2 passed; open"]);
  });
});

describe("a run that another process closes in between", () => {
  it("is told as it stands, and nothing is added to its journal", async () => {
    const account = new TestAccount(groupsOnly(), {
      unreadable: () => {
        throw new Error("unreachable");
      },
    });
    await drive(account);
    const ports = openProcess(account);
    const { lock } = ports;
    const late: typeof lock = {
      ...lock,
      acquire: async (...asked) => {
        await abortRun(account.runId, driver, openProcess(account));
        return lock.acquire(...asked);
      },
    };
    const { state } = await requestRollback(account.runId, null, driver, { ...ports, lock: late });
    expect(state.outcome).toBe("aborted");
    expect(account.state().outcome).toBe("aborted");
    expect(account.holder).toBeUndefined();
  });
});

describe("a closed run", () => {
  const kept = (): TestAccount => new TestAccount(groupsOnly());
  const wentBack = (): TestAccount => new TestAccount(groupsOnly(), { traffic: slowWhenSmall(west) });

  it.each([
    ["continue", kept, continueRun, "nothing was released: run RUN is closed (succeeded)"],
    ["continue", wentBack, continueRun, "nothing was released: run RUN is closed (rolled back)"],
    ["abort", kept, abortRun, "nothing was aborted: run RUN is closed (succeeded)"],
    ["abort", wentBack, abortRun, "nothing was aborted: run RUN is closed (rolled back)"],
  ] as const)("refuses %s, with how it ended, and nothing is added to its journal", async (_, opened, command, message) => {
    const account = opened();
    await drive(account);
    const { length } = account.records;
    await expect(command(account.runId, driver, openProcess(account))).rejects.toMatchObject({
      code: "run-closed",
      message: message.replace("RUN", account.runId),
    });
    expect(account.records.length).toBe(length);
  });

  it("that was aborted is told as it stands by another abort, and releases nothing", async () => {
    const account = new TestAccount(groupsOnly(), {
      unreadable: () => {
        throw new Error("unreachable");
      },
    });
    await drive(account);
    await abortRun(account.runId, driver, openProcess(account));
    const { length } = account.records;
    expect(await abortRun(account.runId, driver, openProcess(account))).toMatchObject({ stopped: "closed", state: { outcome: "aborted" } });
    await expect(continueRun(account.runId, driver, openProcess(account))).rejects.toMatchObject({ code: "run-closed" });
    expect(account.records.length).toBe(length);
  });
});

describe("a rollback of a closed run", () => {
  it("is refused with the way back by hand when the run kept its changes, and nothing is added to its journal", async () => {
    const account = new TestAccount(groupsOnly());
    await drive(account);
    const { length } = account.records;
    const mutations = account.aws.mutations.length;
    await expect(requestRollback(account.runId, null, driver, openProcess(account))).rejects.toMatchObject({
      code: "run-closed",
      message: expect.stringContaining("nothing was rolled back"),
      hint: expect.stringContaining(`aws autoscaling start-instance-refresh --region ${west}`),
    });
    expect(account.records.length).toBe(length);
    expect(account.aws.mutations.length).toBe(mutations);
  });

  it("of which nothing was kept, or nothing of the phase, is told as it stands", async () => {
    const account = new TestAccount(groupsOnly(), { traffic: slowWhenSmall(west) });
    await drive(account);
    const { state, stopped } = await requestRollback(account.runId, 2, driver, openProcess(account));
    expect({ outcome: state.outcome, stopped }).toEqual({ outcome: "rolled-back", stopped: "closed" });
  });
});

describe("abort", () => {
  it("is refused while a region is watched, even where another one's rollback is incomplete", async () => {
    let hands = 0;
    const account: TestAccount = new TestAccount(groupsOnly({ rollout: "together", window: { minutes: 60 } }), {
      traffic: (region, ms) => (region === west && ms > startMs + 3 * minuteMs ? { ...healthy, errors: 900 } : healthy),
      unreadable: async (change) => {
        const wayBack = change.kind === "asg.instance-refresh" && change.region === west && change.after.instanceType === "m5.4xlarge";
        if (wayBack && (hands += 1) === 1) await account.aws.set(change, { instanceType: "c7.large" });
      },
    });
    const ports = openProcess(account);
    const stopping = new AbortController();
    const stopAtIncomplete = () => records(account, "DRIFT").length > 0 && stopping.abort();
    await expect(startRun(account.stored, { ...driver, signal: stopping.signal }, { ...ports, reporter: { tell: stopAtIncomplete } })).rejects.toThrow(
      /interrupted/,
    );
    const stages = account.state().phases[0]?.stages ?? [];
    expect(stages.find(({ region }) => region === east)?.status).toBe("observing");
    await expect(abortRun(account.runId, driver, openProcess(account))).rejects.toMatchObject({ code: "changes-live" });
    expect(records(account, "LEASE").map(({ body }) => body.event)).toEqual(["acquired", "released", "acquired", "released"]);
    expect(account.state().outcome).toBeUndefined();
  });
});
