import { describe, expect, it } from "vitest";
import { keptActions } from "../../../optimizer/core/adoption/kept-changes.ts";
import { metrics, seriesKey } from "../../../optimizer/core/metrics/catalogue.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import { drive, healthy, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, west, writerAction } from "../../support/plan-builder.ts";
import { decisions, records, refreshOf } from "../../support/run-records.ts";

const minuteMs = 60_000;

/** The group's change, which promises that its CPU stays within 90 %. */
function checked(region: string): Action {
  const action = groupAction(region);
  const series = [seriesKey(metrics.ec2Cpu, region, { AutoScalingGroupName: action.resource.id }, "Average", 60)];
  return { ...action, checks: [{ name: "CPU of web", kind: "at-most", series, limit: 90, unit: "Percent", why: "the projection" }] };
}

const plan = (action: (region: string) => Action) =>
  buildTestPlan({
    phases: [
      {
        number: 2,
        stages: [
          { region: west, role: "canary", actions: [action(west)] },
          { region: east, role: "follower", actions: [action(east)] },
        ],
      },
    ],
  });

const isSmall = (account: TestAccount, ms: number) => account.aws.valueAt(refreshOf(west), ms).instanceType === "m5.2xlarge";

describe("what a change promised of itself", () => {
  it("is undone where it breaks that, though no load balancer shows anything", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: (region, ms) => (region === west && isSmall(account, ms) ? 97 : 40) });
    await drive(account);
    expect(decisions(account)).toEqual([`${west} breach`, `${east} region-cancelled`, `${west} rolled-back-verified`, "all phase-closed rolled-back"]);
    expect(records(account, "DECISION").find(({ body }) => body.kind === "breach")?.body).toMatchObject({
      verdict: { rule: "own-check", detail: "CPU of web: 97 %, allowed is at most 90 % in two slots (the projection)" },
    });
    const slots = records(account, "SLOT").filter(({ body }) => body.watch === "window");
    expect(slots.slice(-2).map(({ body }) => body.score.checks)).toEqual([[{ name: "CPU of web", value: 97 }], [{ name: "CPU of web", value: 97 }]]);
  });

  it("is undone whatever an untouched region goes through, whose figures say nothing of it", async () => {
    const account: TestAccount = new TestAccount(plan(checked), {
      cpu: (region, ms) => (region === west && isSmall(account, ms) ? 97 : 40),
      traffic: (region) => (region === east ? { ...healthy, errors: 900 } : healthy),
    });
    await drive(account);
    expect(records(account, "HOLD")).toEqual([]);
    expect(account.state().outcome).toBe("rolled-back");
  });

  it("is looked at from the first slot after the change on, and after a rollback no more", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: () => 99 });
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    const changedMs = records(account, "VERIFIED").at(-1)?.at ?? Number.NaN;
    const looked = records(account, "SLOT").map(({ body }) => ({ watch: body.watch, startMs: body.score.startMs, hasChecks: body.score.checks !== undefined }));
    expect(looked).toEqual(looked.map((each) => ({ ...each, hasChecks: each.watch === "window" && each.startMs >= changedMs })));
    expect(looked.filter(({ hasChecks }) => hasChecks)).toHaveLength(2);
  });

  it("is not looked for in slots of before, which are read again for what came late", async () => {
    const first = groupAction(west);
    const later = { ...writerAction(west), phase: 2 as const };
    const { series } = checked(west).checks?.[0] ?? { series: [] };
    const never = { name: "events", kind: "never", series, limit: 0, unit: "Count", why: "none before" } as const;
    const stage = { region: west, role: "follower" as const, actions: [first, { ...later, checks: [never] }] };
    const account = new TestAccount(buildTestPlan({ phases: [{ number: 2, stages: [stage] }] }), { cpu: () => 0 });
    account.aws.pace = 3;
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    const slots = records(account, "SLOT");
    expect(slots.map(({ body }) => body.score.checks !== undefined)).toContain(false);
    expect(slots.map(({ body }) => body.score.checks !== undefined)).toContain(true);
    expect(slots.flatMap(({ body }) => body.revised ?? [])).toEqual([]);
  });

  it.each([1, 10])("is found by whoever goes on with the run, by the slots that another process scored: every %s minutes", async (minutes) => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: (region, ms) => (region === west && isSmall(account, ms) ? 97 : 40) });
    // So that changes are made within slots: the first of a window has nothing to look at yet, and others are due in the same go.
    account.nowMs += minuteMs / 2;
    for (let tick = 0; tick < 200 && (account.run === undefined || account.state().outcome === undefined); tick++) {
      await drive(account, undefined, { mode: "tick" });
      account.nowMs += minutes * minuteMs;
    }
    expect(account.state().phases[0]?.stages[0]?.window?.slots.filter(({ checks }) => checks !== undefined)).toHaveLength(2);
    expect(records(account, "DECISION").find(({ body }) => body.kind === "breach")?.body).toMatchObject({ verdict: { rule: "own-check" } });
  });

  it.each<[string, (region: string) => Action, number | null]>([
    ["keeps it", checked, 90],
    ["stands in no plan, as an older release made it", groupAction, 99],
  ])("lets a window pass where it %s", async (_, action, cpu) => {
    const account = new TestAccount(plan(action), { cpu: () => cpu });
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
  });

  it.each([1, 2])("is undone where it breaks that in the last two slots alone, whose figures come %s minutes after the balancers'", async (minutes) => {
    const closes = (account: TestAccount): number => account.state().phases[0]?.stages[0]?.window?.deadlineMs ?? Number.POSITIVE_INFINITY;
    let plannedEndMs = Number.POSITIVE_INFINITY;
    const account: TestAccount = new TestAccount(plan(checked), {
      cpu(region, ms) {
        if (region !== west || account.nowMs < ms + (2 + minutes) * minuteMs) return region === west ? null : 40;
        plannedEndMs = Math.min(plannedEndMs, closes(account));
        return ms >= plannedEndMs - 2 * minuteMs ? 97 : 40;
      },
    });
    await drive(account);
    expect(records(account, "DECISION").find(({ body }) => body.kind === "breach")?.body).toMatchObject({ verdict: { rule: "own-check" } });
    expect(records(account, "WINDOW").flatMap(({ region, body }) => (region === west && body.event === "extended" ? [body.reason] : []))[0]).toMatch(
      /^web-us-west-2: its own figures end \d minutes before the window: its metrics are late$/,
    );
    expect(account.state().phases[0]?.stages[0]?.status).toBe("rolled-back");
  });

  it("passes where it keeps that, however late its figures are by some minutes", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: (_, ms) => (account.nowMs < ms + 3 * minuteMs ? null : 40) });
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
    expect(records(account, "HOLD")).toEqual([]);
  });

  it("lets no window pass where AWS shows nothing of it", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: () => null });
    await drive(account);
    expect(records(account, "WINDOW").flatMap(({ region, body }) => (region === west && body.event === "extended" ? [body.reason] : []))).not.toEqual([]);
    expect(records(account, "HOLD")).toMatchObject([
      { region: west, body: { cause: "coverage", reason: expect.stringMatching(/^web-us-west-2: 0 of \d+ slots have a figure/) } },
    ]);
    // Nor does it let another region begin.
    expect(records(account, "INTENT").map(({ region }) => region)).not.toContain(east);
    expect(keptActions(account.stored.plan, account.state())).toEqual([]);
  });
});
