import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { continueRun, resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { runExitCode } from "../../../optimizer/commands/run-result.ts";
import { foldRecord, startState } from "../../../optimizer/core/execution/fold.ts";
import { humanAsked } from "../../../optimizer/core/execution/human-asked.ts";
import type { Change, ChangeState } from "../../../optimizer/core/levers/change-kinds.ts";
import { pageEvents } from "../../../optimizer/core/paging/page-event.ts";
import { ChangeOutcomeUnknown, ChangeRejected } from "../../../optimizer/errors.ts";
import { type AccountScript, drive, driver, healthy, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, indexAction, indexDefinition, startMs, threePhases, west, writerAction } from "../../support/plan-builder.ts";
import { records, refreshOf, slowWhenSmall } from "../../support/run-records.ts";
import { openSimulatedRun, type SimulatedRun } from "../../support/simulated-run.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const phases = [{ number: 2 as const, stages: [{ region: west, role: "follower" as const, actions: [groupAction(west)] }] }];

/** A run whose change does harm, and an AWS that gives `trouble` from the first step back on, for so many days. */
function goingBack(
  days: number,
  trouble: (script: { readonly isOver: () => boolean; readonly isBack: (change: Change) => boolean }) => Partial<AccountScript>,
) {
  const isBegun = (): number | undefined => account.records.find(({ type, body }) => type === "DECISION" && "kind" in body && body.kind === "breach")?.at;
  const isOver = (): boolean => account.nowMs >= (isBegun() ?? Number.POSITIVE_INFINITY) + days * dayMs;
  const isBack = (change: Change): boolean => isBegun() !== undefined && change.region === west;
  const account: TestAccount = new TestAccount(buildTestPlan({ phases, policy: { settle: { maxMinutes: 30, rollbackMaxDays: 7 } } }), {
    traffic: slowWhenSmall(west),
    ...trouble({ isOver, isBack }),
  });
  return account;
}

function toldWhileGoingOn(account: TestAccount) {
  return records(account, "NEEDS_HUMAN").filter(({ body }) => body.goesOn === true);
}

function refusing(kind: "throttled" | "busy" | "no-capacity", name: string) {
  return ({ isOver, isBack }: { readonly isOver: () => boolean; readonly isBack: (change: Change) => boolean }): Partial<AccountScript> => ({
    refuse: (change) => {
      if (isBack(change) && change.kind !== "asg.refresh-stop" && !isOver()) throw new ChangeRejected(kind, name, "not now");
    },
  });
}

describe.each([
  ["throttled", "Throttling", 12],
  ["busy", "ScalingActivityInProgress", 12],
  ["no-capacity", "InsufficientInstanceCapacity", 1],
] as const)("a rollback that AWS refuses as %s for two days", (kind, name, toldFrom) => {
  it("goes on until it is through, and a human is told meanwhile, once an hour at most", async () => {
    const account = goingBack(2, refusing(kind, name));
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    expect(await account.aws.stateOf(refreshOf(west))).toEqual({ kind: "settled", value: { instanceType: "m5.4xlarge" } });
    const told = toldWhileGoingOn(account);
    expect(told.length).toBeGreaterThan(30);
    for (const [index, record] of told.slice(1).entries()) expect(record.at - (told[index]?.at ?? 0)).toBeGreaterThanOrEqual(60 * minuteMs);
    const refused = records(account, "RB_OUTCOME").filter(({ body }) => body.result === "rejected");
    expect(refused.findIndex(({ seq }) => seq > (told[0]?.seq ?? 0))).toBe(toldFrom);
    expect(told[0]?.body.commands.some((command) => command.startsWith("aws "))).toBe(true);
    expect(told[0]?.body.reason.includes("m5.8xlarge")).toBe(kind === "no-capacity");
    expect(humanAsked(account.state())).toBeUndefined();
  });

  it("ends after the policy's days as incomplete, with the commands", async () => {
    const account = goingBack(9, refusing(kind, name));
    await drive(account);
    expect(account.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const firstBack = records(account, "RB_INTENT")[1];
    expect((records(account, "NEEDS_HUMAN").at(-1)?.at ?? 0) - (firstBack?.at ?? 0)).toBeGreaterThanOrEqual(7 * dayMs);
    expect(records(account, "NEEDS_HUMAN").at(-1)?.body.goesOn).toBeUndefined();
  });
});

it("a rollback that lacks capacity minutes after it was told as throttled is told at once, and each once an hour at most; the page as well", async () => {
  let refusals = 0;
  const account: TestAccount = goingBack(1, ({ isBack, isOver }) => ({
    refuse: (change) => {
      if (!isBack(change) || change.kind !== "asg.instance-refresh" || isOver()) return;
      refusals += 1;
      // By turns, so that neither is ever the only one.
      if (refusals < 13 || refusals % 2 === 0) throw new ChangeRejected("throttled", "Throttling", "not now");
      throw new ChangeRejected("no-capacity", "InsufficientInstanceCapacity", "none left");
    },
  }));
  await drive(account);
  const told = toldWhileGoingOn(account);
  const lacking = records(account, "RB_OUTCOME").find(({ body }) => body.error?.name === "InsufficientInstanceCapacity");
  expect(told.find(({ body }) => body.cause === "no-capacity")?.at).toBe(lacking?.at);
  expect((lacking?.at ?? 0) - (told.find(({ body }) => body.cause === "refused")?.at ?? 0)).toBeLessThan(60 * minuteMs);
  for (const cause of ["refused", "no-capacity"] as const) {
    const times = told.filter(({ body }) => body.cause === cause).map(({ at }) => at);
    expect(times.length).toBeGreaterThan(5);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(60 * minuteMs);
  }
  const pages = told.map(({ seq }) => account.records.filter((record) => record.seq <= seq)).map((until) => delayedPage(account, until));
  expect(new Set(pages).size).toBe(2);
});

/** The page that a run with so many records sends of its way back. */
function delayedPage(account: TestAccount, until: TestAccount["records"]): string | undefined {
  const state = until.reduce((folded, record) => foldRecord(account.stored.plan, folded, record), startState(account.stored.plan, account.runId));
  return pageEvents(account.stored.plan, state, account.nowMs).find(({ kind }) => kind === "rollback-delayed")?.id;
}

describe("what is on its way on the resource when it is asked back", () => {
  /** Slots of Redis that AWS moves for so many hours. */
  async function moving(hours: number): Promise<SimulatedRun> {
    const run = await openSimulatedRun("another Redis", {
      async whenTimePassed({ test, ports }) {
        const state = test.state();
        if (test.requests.length === 0 && state.rollbackRequested === undefined && state.records.some(({ type }) => type === "OUTCOME"))
          await ports.runs.request(test.runId, { phase: null, by: "tester" });
      },
    });
    const { changeReader } = run.ports;
    const begunMs = run.account.nowMs();
    const seen = (state: ChangeState): ChangeState =>
      run.mutations.length > 0 && run.account.nowMs() < begunMs + hours * 60 * minuteMs
        ? { kind: "in-progress", detail: "replication group tap-test-redis is modifying" }
        : state;
    const reader: typeof changeReader = {
      ...changeReader,
      stateOf: async (change) => seen(await changeReader.stateOf(change)),
      statesOf: async (changes, look) => (await changeReader.statesOf(changes, look)).map(seen),
    };
    await run.driveWith({ ...run.ports, changeReader: reader });
    return run;
  }

  it("is waited for beyond the time of one change, as our own may take it, and told meanwhile", async () => {
    const { test } = await moving(12);
    expect(test.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
    const told = toldWhileGoingOn(test);
    expect(told.map(({ body }) => body.cause)).toEqual(told.map(() => "busy"));
    expect(told.length).toBeGreaterThan(5);
    expect(told[0]?.body.commands.some((line) => line.startsWith("aws elasticache"))).toBe(true);
  });

  it("and never ends, is given up after the policy's days, with what is live and the commands", async () => {
    const { test } = await moving(10_000);
    expect(test.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    const asked = records(test, "NEEDS_HUMAN").at(-1);
    const requested = records(test, "DECISION").find(({ body }) => body.kind === "rollback-requested");
    expect(((asked?.at ?? 0) - (requested?.at ?? 0)) / dayMs).toBeGreaterThanOrEqual(7);
    expect(asked?.body.commands.some((line) => line.includes("modify-replication-group"))).toBe(true);
    expect(JSON.stringify(records(test, "DECISION").findLast(({ body }) => body.kind === "action-skipped")?.body)).toContain("is modifying");
  });
});

it("a tick says by its exit code that a rollback does not get on, and no longer once it does", async () => {
  const account = goingBack(1, refusing("no-capacity", "InsufficientInstanceCapacity"));
  let result = await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
  const codes: number[] = [];
  while (result.stopped === "waiting") {
    account.nowMs = result.nextDueMs ?? account.nowMs + minuteMs;
    result = await resumeRun(account.runId, { ...driver, mode: "tick" }, openProcess(account));
    codes.push(runExitCode(result.state));
  }
  expect(codes).toContain(6);
  expect(codes.slice(codes.lastIndexOf(6) + 1)).toContain(0);
  expect(codes.at(-1)).toBe(5);
});

it("a region that cannot be read while it goes back is asked on, not held, and told", async () => {
  const account = goingBack(1, ({ isOver, isBack }) => ({
    unreadable: (change) => {
      if (isBack(change) && !isOver()) throw new Error("Throttling");
    },
  }));
  await drive(account);
  expect(records(account, "HOLD")).toEqual([]);
  expect(toldWhileGoingOn(account).length).toBeGreaterThan(15);
  expect(account.state().outcome).toBe("rolled-back");
});

describe("a way back that cannot be described", () => {
  /** Never from the breach on, but for what comes after the days and for kinds that can be read. */
  const unread = (days: number, readable: readonly Change["kind"][] = []): TestAccount =>
    goingBack(days, ({ isOver, isBack }) => ({
      unreadable: (change) => {
        if (isBack(change) && !isOver() && !readable.includes(change.kind)) throw new Error("AccessDenied");
      },
    }));

  it.each([
    ["from its very first look on", []],
    ["once its refresh is stopped", ["asg.refresh-stop"]],
  ] as const)("%s ends after the policy's days as incomplete, with the commands", async (_words, readable) => {
    const account = unread(30, readable);
    await drive(account);
    const [stage] = account.state().phases[0]?.stages ?? [];
    expect(stage?.status).toBe("rollback-incomplete");
    expect(records(account, "RB_INTENT").filter(({ op }) => op?.endsWith("stop") !== true)).toEqual([]);
    const breach = records(account, "DECISION").find(({ body }) => body.kind === "breach");
    const told = records(account, "NEEDS_HUMAN").at(-1);
    const days = ((told?.at ?? Number.NaN) - (breach?.at ?? Number.NaN)) / dayMs;
    expect(days).toBeGreaterThanOrEqual(7);
    expect(days).toBeLessThan(7.1);
    expect(told?.body.goesOn).toBeUndefined();
    expect(told?.body.commands.filter((command) => command.startsWith("aws ")).length).toBeGreaterThan(2);
    expect(humanAsked(account.state())?.reason).toContain("incomplete");
  });

  it("does not keep what can be described from going back once its days are over", async () => {
    const both = [{ number: 2 as const, stages: [{ region: west, role: "follower" as const, actions: [writerAction(west), groupAction(west)] }] }];
    const account: TestAccount = new TestAccount(buildTestPlan({ phases: both, policy: { settle: { maxMinutes: 30, rollbackMaxDays: 1 } } }), {
      traffic: slowWhenSmall(west),
      unreadable: (change) => {
        const isBack = account.records.some(({ type, body }) => type === "DECISION" && "kind" in body && body.kind === "breach");
        if (isBack && change.kind.startsWith("asg.")) throw new Error("AccessDenied");
      },
    });
    await drive(account);
    const [stage] = account.state().phases[0]?.stages ?? [];
    expect(stage?.status).toBe("rollback-incomplete");
    expect(stage?.actions.map(({ status }) => status).toSorted()).toEqual(["rollback-incomplete", "rolled-back"]);
  });

  it("has the policy's days anew once a person lets it go on", async () => {
    const account = unread(7.5);
    await drive(account);
    expect(account.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
    await continueRun(account.runId, driver, openProcess(account));
    expect(account.state().outcome).toBe("rolled-back");
  });
});

it("what AWS accepts on the way back and does not take is asked for again after growing pauses", async () => {
  const account: TestAccount = goingBack(1, ({ isOver, isBack }) => ({
    unreadable: async (change) => {
      // Each refresh fails, as it does without capacity.
      if (isBack(change) && change.kind === "asg.instance-refresh" && !isOver()) await account.aws.set(change, { instanceType: "m5.2xlarge" });
    },
  }));
  await drive(account);
  expect(account.state().outcome).toBe("rolled-back");
  const starts = account.aws.mutations.filter(({ change }) => change.kind === "asg.instance-refresh" && change.after.instanceType === "m5.4xlarge");
  expect(starts.length).toBeGreaterThan(24);
  expect(starts.length).toBeLessThan(70);
  expect(toldWhileGoingOn(account).length).toBeGreaterThan(15);
});

it("an index that is back with another write cap is no rollback, and the field is named", async () => {
  const removal = indexAction().steps[2];
  const create = {
    IndexName: indexDefinition.name,
    KeySchema: [{ AttributeName: "email", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "ALL" as const },
    OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 50 },
  };
  const attributes = ["id", "email"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const }));
  const account: TestAccount = new TestAccount(buildTestPlan({ phases: threePhases.filter(({ number }) => number === 1) }), {
    traffic: (_, ms, aws) => (removal?.kind === "change" && aws.valueAt(removal.change, ms) === null ? { ...healthy, errors: 400 } : healthy),
    refuse: async (change) => {
      if (change.kind !== "dynamodb.index" || change.after === null) return;
      const update = new UpdateTableCommand({ TableName: "tenants", AttributeDefinitions: attributes, GlobalSecondaryIndexUpdates: [{ Create: create }] });
      await account.aws.by((clients) => clients(east).dynamoDb.send(update));
      throw new ChangeOutcomeUnknown("timeout");
    },
  });
  await drive(account);
  expect(records(account, "RB_VERIFIED").filter(({ op }) => op?.endsWith("#rollback:create"))).toEqual([]);
  const given = records(account, "DECISION").find(({ body }) => body.kind === "action-skipped");
  expect(given?.body).toMatchObject({ code: "rollback-failed" });
  expect(JSON.stringify(given?.body)).toContain("maxWriteRequestUnits is 50, was -1");
  expect(account.state().phases[0]?.stages[0]?.status).toBe("rollback-incomplete");
});

describe("describes that are five minutes old", () => {
  async function played(traffic: AccountScript["traffic"]): Promise<TestAccount> {
    const account = new TestAccount(buildTestPlan({ phases, policy: { settle: { maxMinutes: 180 } } }), {
      staleSeconds: 295,
      ...(traffic === undefined ? {} : { traffic }),
    });
    account.aws.pace = 1;
    await drive(account);
    return account;
  }

  it("make no doubled work, there and back", async () => {
    const kept = await played(undefined);
    expect(kept.state().outcome).toBe("adoptable");
    expect(kept.aws.mutations.map(({ change }) => change.kind)).toEqual(
      groupAction(west).steps.flatMap((step) => (step.kind === "change" ? [step.change.kind] : [])),
    );
    const back = await played(slowWhenSmall(west));
    expect(back.state().outcome).toBe("rolled-back");
    const tokens = back.aws.mutations.map(({ token }) => token);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it("prove no rollback: what was changed a moment ago may only not be seen yet", async () => {
    const account = new TestAccount(buildTestPlan({ phases, policy: { settle: { maxMinutes: 180 } } }), { staleSeconds: 295 });
    account.aws.pace = 1;
    await startRun(account.stored, { ...driver, mode: "tick" }, openProcess(account));
    account.requests.push({ id: "request-1", phase: null, by: "tester" });
    await drive(account);
    const [made] = account.aws.mutations;
    expect(made?.change.kind).toBe("ec2.launch-template-version");
    const undone = records(account, "RB_VERIFIED").filter(({ body }) => body.purpose === "rollback");
    expect(undone.length).toBeGreaterThan(0);
    expect(account.state().outcome).toBe("rolled-back");
    const now = await account.aws.stateOf(made!.change);
    expect(now).toMatchObject({ kind: "settled", value: made!.change.before });
    expect(account.nowMs).toBeGreaterThan(startMs);
  });
});
