import { describe, expect, it } from "vitest";
import { requestRollback, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { liveChanges } from "../../../optimizer/core/execution/live-changes.ts";
import { JournalBroken, Locked } from "../../../optimizer/errors.ts";
import { explainingBroken } from "../../../optimizer/app/explain-broken.ts";
import { drive, driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { startMs, west } from "../../support/plan-builder.ts";
import { groupsOnly, records } from "../../support/run-records.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Both groups are small by then, and watched. */
const midwayMs = startMs + 6 * minuteMs;
const requests = (account: TestAccount) => records(account, "DECISION").filter(({ body }) => body.kind === "rollback-requested");

/** A run that is under way: stopped some hours after its start. */
async function underWay(): Promise<TestAccount> {
  const account = new TestAccount(groupsOnly());
  const stopping = new AbortController();
  const ports = openProcess(account);
  const stop = () => account.nowMs > midwayMs && stopping.abort();
  await expect(startRun(account.stored, { ...driver, signal: stopping.signal }, { ...ports, reporter: { tell: stop } })).rejects.toThrow(/interrupted/);
  return account;
}

describe("a rollback asked of a run that another process carries out", () => {
  it("is obeyed by that process between two things it does, once, and within a slot", async () => {
    const account = new TestAccount(groupsOnly());
    const ports = openProcess(account);
    let askedMs = 0;
    const ask = () => {
      if (askedMs > 0 || account.nowMs < midwayMs) return;
      askedMs = account.nowMs;
      account.requests.push({ id: "r", phase: null, by: "someone" });
    };
    const { state } = await startRun(account.stored, driver, { ...ports, reporter: { tell: ask } });
    expect(state.outcome).toBe("rolled-back");
    expect(requests(account)).toMatchObject([{ body: { by: "someone", request: "r" } }]);
    expect((requests(account)[0]?.at ?? Infinity) - askedMs).toBeLessThanOrEqual(account.stored.plan.policy.window.slotMinutes * minuteMs);
    expect(account.requests).toEqual([]);
  });

  it("is told and left with it: nobody waits for days", async () => {
    const account = await underWay();
    account.holder = { alive: () => true };
    const ports = openProcess(account);
    const held = { ...ports.lock, acquire: () => Promise.reject(new Locked(account.runId, false, { message: "held", hint: "" })) };
    const told = await requestRollback(account.runId, null, driver, { ...ports, lock: held });
    expect(told.stopped).toBe("told");
    expect(account.requests).toMatchObject([{ phase: null, by: "tester" }]);
    account.holder = undefined;
    const { state } = await resumeRun(account.runId, driver, openProcess(account));
    expect(state.outcome).toBe("rolled-back");
    expect(account.requests).toEqual([]);
  });

  it("is carried out by who asked when that process ended while its lock was waited for", async () => {
    const account = await underWay();
    const ports = openProcess(account);
    let refusals = 0;
    const lock: typeof ports.lock = {
      ...ports.lock,
      acquire: (...asked) =>
        (refusals += 1) === 1 ? Promise.reject(new Locked(account.runId, true, { message: "given back", hint: "" })) : ports.lock.acquire(...asked),
    };
    const { state, stopped } = await requestRollback(account.runId, null, driver, { ...ports, lock });
    expect([state.outcome, stopped]).toEqual(["rolled-back", "closed"]);
    expect(requests(account)).toHaveLength(1);
  });

  it("is withdrawn when it was refused, as by another run's lock", async () => {
    const account = await underWay();
    const ports = openProcess(account);
    const held = { ...ports.lock, acquire: () => Promise.reject(new Locked("another", false, { message: "held", hint: "" })) };
    await expect(requestRollback(account.runId, null, driver, { ...ports, lock: held })).rejects.toMatchObject({ code: "locked" });
    expect(account.requests).toEqual([]);
  });

  it("that a crash left behind after it was journaled is not obeyed again", async () => {
    const account = await underWay();
    account.requests.push({ id: "r", phase: null, by: "someone" });
    const ports = openProcess(account);
    const crashing = { ...ports.runs, settle: () => Promise.reject(new Error("killed")) };
    await expect(resumeRun(account.runId, driver, { ...ports, runs: crashing })).rejects.toThrow("killed");
    account.holder = undefined;
    await resumeRun(account.runId, driver, openProcess(account));
    expect(requests(account)).toHaveLength(1);
    expect(account.requests).toEqual([]);
  });
});

describe("a resume with another account's credentials", () => {
  it("is refused, and so is a run whose folder names another account than its plan; nothing is changed", async () => {
    const account = await underWay();
    const mutations = account.aws.mutations.length;
    const ports = openProcess(account);
    const identity = { whoAmI: async () => ({ accountId: "111122223333", arn: "arn:aws:iam::111122223333:role/x" }) };
    await expect(resumeRun(account.runId, driver, { ...ports, identity })).rejects.toMatchObject({ code: "other-account" });
    const opened = await ports.runs.open(account.runId);
    const runs = { ...ports.runs, open: async () => ({ ...opened, run: { ...opened.run, accountId: "111122223333" } }) };
    await expect(resumeRun(account.runId, driver, { ...ports, runs })).rejects.toMatchObject({ code: "other-account" });
    expect(account.aws.mutations.length).toBe(mutations);
  });
});

describe("the clock of a run", () => {
  it.each([
    ["an hour back", -hourMs],
    ["an hour ahead", hourMs],
    ["three days ahead", 72 * hourMs],
  ])("may be %s when it is resumed: nothing is lost, done twice or judged unseen", async (_, jumpMs) => {
    const undisturbed = new TestAccount(groupsOnly());
    await drive(undisturbed);
    const account = await underWay();
    account.nowMs += jumpMs;
    const { state } = await resumeRun(account.runId, driver, openProcess(account));
    expect(state.outcome).toBe(undisturbed.state().outcome);
    expect(account.aws.mutations.map(({ change }) => change)).toEqual(undisturbed.aws.mutations.map(({ change }) => change));
    expect(account.violations).toEqual([]);
  });
});

describe("a broken journal", () => {
  it("is told with what is live in AWS, what may be, and how to undo both", async () => {
    const account = await underWay();
    const { plan } = account.stored;
    const readable = account.records.slice(0, -1);
    const broken = new JournalBroken({ runId: account.runId, planHash: "h", readable, written: account.records.length, problem: "cut", remedy: "Restore it." });
    const plans = openProcess(account).plans;
    const error = await explainingBroken(plans, () => Promise.reject(broken)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "journal-broken",
      message: expect.stringMatching(new RegExp(`cut[\\s\\S]*${readable.length} of ${account.records.length} records[\\s\\S]*live and not watched: ${west}`)),
      hint: expect.stringContaining(`aws autoscaling start-instance-refresh --region ${west}`),
    });
    const { live, possible } = liveChanges(plan, account.runId, readable, false);
    expect(live.length).toBeGreaterThan(0);
    expect(live.length + possible.length).toBe(plan.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions)).length);
  });

  it("of which nothing can be read tells every planned change as possible; without its plan, that nothing is known", async () => {
    const account = await underWay();
    const { live, possible, undoPossible } = liveChanges(account.stored.plan, account.runId, [], false);
    expect(live).toEqual([]);
    expect([possible.length > 0, undoPossible.length > 0]).toEqual([true, true]);
    const broken = new JournalBroken({ runId: account.runId, readable: [], problem: "gone", remedy: "Restore it." });
    await expect(explainingBroken(openProcess(account).plans, () => Promise.reject(broken))).rejects.toMatchObject({
      message: expect.stringContaining("cannot be told"),
    });
  });
});
