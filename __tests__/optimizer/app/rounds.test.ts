import { describe, expect, it } from "vitest";
import { requestRollback, startRun } from "../../../optimizer/app/drive-run.ts";
import { type Change, changeFacts } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import type { Plan, PlannedPhase } from "../../../optimizer/core/model/plan.ts";
import { recordLine } from "../../../optimizer/core/report/record-lines.ts";
import { ChangeRejected } from "../../../optimizer/errors.ts";
import { drive, driver, healthy, openProcess, type SlotTraffic, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, oldWriterAction, startMs, threePhases, west, writerAction } from "../../support/plan-builder.ts";
import { decisions, records, refreshOf } from "../../support/run-records.ts";
import type { AccountAtWork } from "../../support/account-at-work.ts";

const minuteMs = 60_000;
const databases = buildTestPlan({ phases: threePhases.filter(({ number }) => number === 3) });

/** One region's writer, and the old writer that follows. */
function inOneRegion(...last: readonly Action[]): Plan {
  const stages: PlannedPhase["stages"] = [
    { region: east, role: "follower", actions: [writerAction(east)] },
    { region: east, round: 2, role: "follower", actions: [oldWriterAction(east)] },
    ...(last.length === 0 ? [] : [{ region: east, round: 3 as const, role: "follower" as const, actions: last }]),
  ];
  return buildTestPlan({ phases: [{ number: 3, stages }] });
}

/** A change of the group as if it could not be undone. */
function irreversible(overrides: Partial<Action> = {}): Action {
  return { ...groupAction(east), phase: 3, reversibility: "irreversible", cannotComeBack: "the older backups", ...overrides };
}

function classOf(aws: AccountAtWork, ms: number): string {
  const step = oldWriterAction(east).steps[0];
  if (step?.kind !== "change") throw new Error("the old writer is resized in one step");
  return (aws.valueAt(step.change, ms) as { readonly instanceClass: string }).instanceClass;
}

/** Errors from the moment on that the old writer is small, too. */
function failsWithoutOldWriter(region: string, ms: number, aws: AccountAtWork): SlotTraffic {
  return region === east && classOf(aws, ms) === "db.r6g.xlarge" ? { ...healthy, errors: 190 } : healthy;
}

describe("what follows a pass", () => {
  it("is watched for a soak of its own, and the run closes after it", async () => {
    const account = new TestAccount(inOneRegion());
    await drive(account);
    const [first, second] = account.state().phases[0]?.stages ?? [];
    expect(second).toMatchObject({ round: 2, status: "passed" });
    expect(first?.window?.slots).toHaveLength(6);
    expect(second?.window?.slots).toHaveLength(2);
    expect(second?.window?.startMs).toBeGreaterThanOrEqual(first?.window?.deadlineMs ?? Number.POSITIVE_INFINITY);
    const types = account.types();
    expect(types.lastIndexOf("SLOT")).toBeGreaterThan(types.lastIndexOf("VERIFIED"));
    expect(account.state().outcome).toBe("adoptable");
  });

  it("that harms is found and goes back, and what it followed stays", async () => {
    const account = new TestAccount(inOneRegion(), { traffic: failsWithoutOldWriter });
    await drive(account);
    expect(decisions(account)).toEqual([`${east} breach`, `${east} rolled-back-verified`, "all phase-closed partly-rolled-back"]);
    expect(records(account, "DECISION")[0]).toMatchObject({ round: 2, body: { kind: "breach" } });
    expect(classOf(account.aws, account.nowMs)).toBe("db.r6g.4xlarge");
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).toEqual(["passed", "rolled-back"]);
    expect(account.state().outcome).toBe("partly-rolled-back");
  });

  it("waits until every region of the phase is through", async () => {
    const account = new TestAccount(databases);
    await drive(account);
    const begins = records(account, "INTENT").find(({ round }) => round === 2);
    const closed = records(account, "WINDOW").filter(({ round, body }) => round === undefined && body.event === "closed");
    expect(closed).toHaveLength(2);
    expect(Math.max(...closed.map(({ seq }) => seq))).toBeLessThan(begins?.seq ?? 0);
  });

  it("is skipped, with that reason, where what it follows was not kept", async () => {
    const account = new TestAccount(databases, {
      refuse: (change) => {
        if (change.kind === "rds.failover" && change.region === west) throw new ChangeRejected("denied", "AccessDenied", "no");
      },
    });
    await drive(account);
    const stage = account.state().phases[0]?.stages.find(({ region, round }) => region === west && round === 2);
    expect(stage).toMatchObject({ status: "empty", actions: [{ status: "skipped", skip: { code: "not-kept" } }] });
    expect(account.state().phases[0]?.stages.find(({ region, round }) => region === east && round === 2)?.status).toBe("passed");
  });

  it("goes back before what it followed when the run is rolled back", async () => {
    const account = new TestAccount(inOneRegion());
    const ports = openProcess(account);
    const stopping = new AbortController();
    const tell = (): void => {
      if (account.records.some(({ type, round }) => type === "WINDOW" && round === 2)) stopping.abort();
    };
    await expect(startRun(account.stored, { ...driver, signal: stopping.signal }, { ...ports, reporter: { tell } })).rejects.toThrow(/interrupted/);
    await requestRollback(account.runId, null, driver, openProcess(account));
    expect(records(account, "RB_VERIFIED").map(({ op }) => op)).toEqual(
      [...oldWriterAction(east).rollback, ...writerAction(east).rollback].map(({ id }) => id),
    );
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("that cannot go back does not stop the rest from going back", async () => {
    const account = new TestAccount(inOneRegion(), {
      refuse: (change) => {
        if (change.kind === "rds.instance-class" && change.instance === `${east}-1` && change.after.instanceClass === "db.r6g.4xlarge")
          throw new ChangeRejected("denied", "AccessDenied", "no");
      },
    });
    const stopping = new AbortController();
    const tell = (): void => {
      if (account.records.some(({ type, round }) => type === "WINDOW" && round === 2)) stopping.abort();
    };
    const ports = openProcess(account);
    await expect(startRun(account.stored, { ...driver, signal: stopping.signal }, { ...ports, reporter: { tell } })).rejects.toThrow(/interrupted/);
    await requestRollback(account.runId, null, driver, openProcess(account));
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).toEqual(["rolled-back", "rollback-incomplete"]);
    const [first, queue, second] = account.state().needsHuman?.commands ?? [];
    expect(first).toMatch(/^until aws rds describe-db-instances .* available; do sleep 30; done$/);
    expect(queue).toContain("something is queued for the maintenance window");
    expect(second).toContain(`aws rds modify-db-instance --region ${east} --db-instance-identifier ${east}-1`);
  });
});

describe("what cannot be undone", () => {
  it("comes last of all, after everything else of the phase has passed its watch", async () => {
    const account = new TestAccount(inOneRegion(irreversible()));
    await drive(account);
    const begins = records(account, "INTENT").find(({ round }) => round === 3);
    const soaked = records(account, "WINDOW").find(({ round, body }) => round === 2 && body.event === "closed");
    expect(begins?.seq).toBeGreaterThan(soaked?.seq ?? Number.POSITIVE_INFINITY);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("is not done at all when anything of the phase was rolled back", async () => {
    const account = new TestAccount(inOneRegion(irreversible()), { traffic: failsWithoutOldWriter });
    await drive(account);
    expect(account.state().phases[0]?.stages[2]).toMatchObject({ status: "cancelled" });
    expect(account.aws.mutations.some(({ change }) => change.kind.startsWith("asg"))).toBe(false);
  });

  it("that no window could show is applied, read back and done", async () => {
    const account = new TestAccount(inOneRegion(irreversible({ rule: "aurora.backup-retention", judgedBy: "nothing-visible" })));
    await drive(account);
    expect(account.state().phases[0]?.stages[2]).toMatchObject({ status: "passed", actions: [{ status: "applied" }] });
    expect(account.records.some(({ type, round }) => (type === "WINDOW" || type === "SLOT") && round === 3)).toBe(false);
    expect(account.state().outcome).toBe("adoptable");
  });

  it("stays in place when the run is rolled back, says so, and the rest goes back", async () => {
    const account = new TestAccount(inOneRegion(irreversible({ rollback: [] })));
    const ports = openProcess(account);
    const stopping = new AbortController();
    const tell = (): void => {
      if (account.run !== undefined && account.state().phases[0]?.stages[2]?.status === "observing") stopping.abort();
    };
    await expect(startRun(account.stored, { ...driver, signal: stopping.signal }, { ...ports, reporter: { tell } })).rejects.toThrow(/interrupted/);
    await requestRollback(account.runId, null, driver, openProcess(account));
    expect(account.state().phases[0]?.stages[2]?.actions[0]).toMatchObject({
      status: "applied",
      skip: { code: "cannot-come-back", detail: "the older backups" },
    });
    expect(account.state().phases[0]?.stages.map(({ status }) => status)).toEqual(["rolled-back", "rolled-back", "rolled-back"]);
    expect(account.state().outcome).toBe("partly-rolled-back");
  });
});

describe("a rollback in the middle of a refresh", () => {
  const one = groupAction(east);
  const other = groupAction(east, "api");
  const stages: PlannedPhase["stages"] = [{ region: east, role: "follower", actions: [one, other] }];
  const isStop = ({ kind }: Change): boolean => kind === "asg.refresh-stop";

  function breaching(refuse?: (change: Change) => void): TestAccount {
    const account: TestAccount = new TestAccount(buildTestPlan({ phases: [{ number: 2, stages }] }), {
      traffic: (region, ms) => (region === east && ms >= startMs + 22 * minuteMs ? { ...healthy, errors: 400 } : healthy),
      refuse: (change) => refuse?.(change),
    });
    account.aws.pace = 3;
    return account;
  }

  it("cancels what is still replacing instances before it does anything else", async () => {
    const account = breaching();
    await drive(account);
    const back = account.aws.mutations.slice(account.aws.mutations.findIndex(({ change }) => isStop(change)));
    // The first group's refresh is over by then: only the second one is at work.
    expect(back.filter(({ change }) => isStop(change)).map(({ change }) => changeFacts(change).resourceOf(change).id)).toEqual([`api-${east}`]);
    expect(isStop(back[0]!.change)).toBe(true);
    expect(records(account, "RB_INTENT")[0]?.op).toBe(other.rollback[0]?.id);
  });

  it("goes on when the cancelling is refused, and is verified by what it reads back", async () => {
    const account = breaching((change) => {
      if (isStop(change)) throw new ChangeRejected("denied", "AccessDenied", "no");
    });
    await drive(account);
    expect(records(account, "DECISION").map(({ body }) => body.kind)).toContain("step-left");
    expect(records(account, "RB_VERIFIED").map(({ op }) => op)).toEqual(expect.arrayContaining(one.rollback.slice(1).map(({ id }) => id)));
  });
});

describe("an action that needs an approval", () => {
  const asked = irreversible({ approval: { why: "older backups are gone" } });

  it("says in the journal who gave it, before it begins", async () => {
    const plan = { ...inOneRegion(asked), approvals: [{ action: asked.id, by: "ann@desk" }] };
    const account = new TestAccount(plan);
    await drive(account);
    const approved = records(account, "DECISION").find(({ body }) => body.kind === "approved");
    expect(approved).toMatchObject({ round: 3, body: { action: asked.id, by: "ann@desk" } });
    expect(records(account, "INTENT").find(({ round }) => round === 3)?.seq).toBeGreaterThan(approved?.seq ?? Number.POSITIVE_INFINITY);
    expect(account.state().phases[0]?.stages[2]?.actions[0]).toMatchObject({ status: "applied", approvedBy: "ann@desk" });
  });

  it("is never carried out without one, whatever the plan says", async () => {
    const account = new TestAccount(inOneRegion(asked));
    await drive(account);
    expect(account.state().phases[0]?.stages[2]?.actions[0]).toMatchObject({ status: "skipped", skip: { code: "needs-approval" } });
    expect(account.aws.mutations.some(({ change }) => change.kind.startsWith("asg"))).toBe(false);
  });

  it("is named in the words of a rollback with what does not come back", async () => {
    const account = new TestAccount(
      { ...inOneRegion(asked), approvals: [{ action: asked.id, by: "policy" }] },
      {
        traffic: (region, ms, aws) =>
          region === east && aws.valueAt(refreshOf(east), ms).instanceType === "m5.2xlarge" ? { ...healthy, errors: 400 } : healthy,
      },
    );
    await drive(account);
    expect(account.state().phases[0]?.stages[2]?.status).toBe("rolled-back");
    const verified = account.records.find(
      ({ type, round, body }) => type === "DECISION" && round === 3 && "kind" in body && body.kind === "rolled-back-verified",
    );
    const words = recordLine(verified!, account.stored.plan, account.state())
      ?.map(({ text }) => text)
      .join("");
    expect(words).toContain("does not come back: the older backups");
  });
});

describe("rounds in a journal", () => {
  it("begin no later phase before they are through", async () => {
    const account = new TestAccount(buildTestPlan({ phases: [{ ...threePhases[2]!, number: 1 }, threePhases[1]!] }));
    await drive(account);
    const last = account.records.findLast(({ round }) => round === 2);
    const next = account.records.find(({ phase }) => phase === 2);
    expect(next?.seq).toBeGreaterThan(last?.seq ?? Number.POSITIVE_INFINITY);
    expect((next?.at ?? 0) - (last?.at ?? 0)).toBeLessThan(minuteMs);
  });
});
