import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../optimizer/core/metrics/catalogue.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import { drive, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, east, groupAction, west } from "../../support/plan-builder.ts";
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

  it("is looked at from the first slot after the change on, and after a rollback no more", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: () => 99 });
    await drive(account);
    expect(account.state().outcome).toBe("rolled-back");
    const changedMs = records(account, "VERIFIED").at(-1)?.at ?? Number.NaN;
    const looked = records(account, "SLOT").map(({ body }) => ({ watch: body.watch, startMs: body.score.startMs, hasChecks: body.score.checks !== undefined }));
    expect(looked).toEqual(looked.map((each) => ({ ...each, hasChecks: each.watch === "window" && each.startMs >= changedMs })));
    expect(looked.filter(({ hasChecks }) => hasChecks)).toHaveLength(2);
  });

  it("is found by whoever goes on with the run, by the slots that another process scored", async () => {
    const account: TestAccount = new TestAccount(plan(checked), { cpu: (region, ms) => (region === west && isSmall(account, ms) ? 97 : 40) });
    for (let tick = 0; tick < 200 && (account.run === undefined || account.state().outcome === undefined); tick++) {
      await drive(account, undefined, { mode: "tick" });
      account.nowMs += minuteMs;
    }
    expect(records(account, "DECISION").find(({ body }) => body.kind === "breach")?.body).toMatchObject({ verdict: { rule: "own-check" } });
  });

  it.each<[string, (region: string) => Action, number | null]>([
    ["keeps it", checked, 90],
    ["could not be looked at", checked, null],
    ["stands in no plan, as an older release made it", groupAction, 99],
  ])("lets a window pass where it %s", async (_, action, cpu) => {
    const account = new TestAccount(plan(action), { cpu: () => cpu });
    await drive(account);
    expect(account.state().outcome).toBe("adoptable");
  });
});
