import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import type { Action, ChangeStep } from "../../../optimizer/core/model/action.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan, west } from "../../support/plan-builder.ts";
import { sampleProposal } from "../../support/sample-run.ts";

describe("a plan is refused, and nothing stays locked or is changed,", () => {
  const start = async (change: (account: TestAccount) => Partial<ReturnType<typeof openProcess>>) => {
    const account = new TestAccount(buildTestPlan());
    const result = startRun(account.stored, driver, { ...openProcess(account), ...change(account) });
    await expect(result).rejects.toBeInstanceOf(Error);
    expect(account.aws.mutations).toEqual([]);
    expect(account.holder).toBeUndefined();
    return result.catch((error: unknown) => error);
  };

  it("when it is too old", async () => {
    expect(
      await start((account) => {
        account.nowMs += 4 * 86_400_000;
        return {};
      }),
    ).toMatchObject({ code: "plan-too-old", message: "the plan is 4.0 days old, 3 are allowed" });
  });

  it("when the credentials are another account's", async () => {
    expect(await start(() => ({ identity: { whoAmI: async () => ({ accountId: "444455556666", arn: "arn" }) } }))).toMatchObject({ code: "other-account" });
  });

  it("when the account is no longer as it saw it, with the differences", async () => {
    const error = await start((account) => ({
      inventory: {
        describe: async ({ region }) => ({
          resources: account.stored.plan.inventory.resources
            .filter(({ ref }) => ref.region === region)
            .map((each) => (each.kind === "auto-scaling-group" ? { ...each, instanceType: "m5.large" } : each)),
          undescribed: [],
        }),
      },
    }));
    expect(error).toMatchObject({ code: "plan-outdated" });
    expect(String(error)).toContain('instanceType was "m5.4xlarge", is "m5.large"');
  });

  it("when another run is open, told before the plan is compared with what that run changed", async () => {
    const error = await start((account) => {
      account.nowMs += 4 * 86_400_000;
      return { runs: { ...openProcess(account).runs, refuseOpen: () => Promise.reject(new UserError({ code: "run-open", message: "", hint: "" })) } };
    });
    expect(error).toMatchObject({ code: "run-open" });
  });

  it("when its run was killed before its first record and is resumed too late", async () => {
    const account = new TestAccount(buildTestPlan());
    const ports = openProcess(account);
    account.run = { runId: "run-1", planHash: account.stored.hash, accountId: account.stored.plan.accountId, regions: [] };
    account.nowMs += 4 * 86_400_000;
    await expect(resumeRun("run-1", driver, ports)).rejects.toMatchObject({ code: "plan-too-old" });
    expect(account.records).toEqual([]);
    expect(account.holder).toBeUndefined();
  });

  it("when a region cannot be read", async () => {
    expect(await start(() => ({ inventory: { describe: () => Promise.reject(new Error("AccessDenied")) } }))).toMatchObject({ code: "region-unreadable" });
  });
});

describe("a plan that was edited by hand and hashed anew is refused", () => {
  const edited = (edit: (action: Action) => Action, decisions: Plan["decisions"] = []): Plan => {
    const plan = buildTestPlan();
    const [first, ...others] = plan.phases;
    const stages = (first?.stages ?? []).map((stage) => ({ ...stage, actions: stage.actions.map(edit) }));
    return { ...plan, decisions, phases: first === undefined ? [] : [{ ...first, stages }, ...others] };
  };
  const started = async (plan: Plan): Promise<string> => {
    const account = new TestAccount(plan);
    const error: unknown = await startRun(account.stored, driver, openProcess(account)).catch((caught: unknown) => caught);
    expect(account.aws.mutations).toEqual([]);
    expect(error).toMatchObject({ code: "plan-inconsistent" });
    return String(error);
  };
  const elsewhere = (step: ChangeStep): ChangeStep => ({ ...step, change: { ...step.change, table: "payroll" } as ChangeStep["change"] });
  const ofOther = (step: ChangeStep): ChangeStep => ({ ...step, change: { ...step.change, after: null } as ChangeStep["change"] });

  it.each<[string, (action: Action) => Action, string]>([
    ["its way back is emptied", (action) => ({ ...action, rollback: [] }), "its way back does not bring what was there before"],
    ["a step of its way back is taken out", (action) => ({ ...action, rollback: action.rollback.slice(1) }), "its way back does not bring"],
    ["its way back leads elsewhere", (action) => ({ ...action, rollback: action.rollback.map(ofOther) }), "its way back does not bring"],
    ["it is said to have none", (action) => ({ ...action, rollback: [], reversibility: "irreversible" }), "it cannot be undone, and does not say of what"],
    [
      "a step is about another resource than the one whose tags are read",
      (action) => ({ ...action, steps: action.steps.map((step) => (step.kind === "change" ? elsewhere(step) : step)) }),
      "is about another resource",
    ],
    ["it stands in another region", (action) => ({ ...action, region: west }), "it stands among the actions of us-east-1"],
    ["two steps have one name", (action) => ({ ...action, steps: [...action.steps, ...action.steps.slice(0, 1)] }), "two of this name"],
  ])("where %s", async (_, edit, words) => {
    expect(await started(edited(edit))).toContain(words);
  });

  it("where it does not follow from what is stored with it, with what its rules propose", async () => {
    const account = new TestAccount(buildTestPlan());
    const review = () => Promise.resolve(["asg.instance-type:us-east-1:web: by the plan's own baseline its rule proposes otherwise: m5.2xlarge"]);
    const error: unknown = await startRun(account.stored, driver, { ...openProcess(account), review }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "plan-inconsistent", message: expect.stringContaining("its rule proposes otherwise: m5.2xlarge") });
    expect(account.aws.mutations).toEqual([]);
    expect(account.holder).toBeUndefined();
  });

  it("where no window would watch what its rule wants watched", async () => {
    const phases = buildTestPlan().phases.filter(({ number }) => number === 2);
    const unwatched = phases.map((phase) => ({
      ...phase,
      stages: phase.stages.map((stage) => ({
        ...stage,
        actions: stage.actions.map((action): Action => ({ ...action, judgedBy: "nothing-visible" })),
      })),
    }));
    expect(await started(buildTestPlan({ phases: unwatched }))).toContain("no window would watch it, as asg.instance-type says one has to");
  });

  it("where an action is not as a decision proposes it, by a number, a step or a name", async () => {
    const [action] = buildTestPlan().phases[0]?.stages[0]?.actions ?? [];
    if (action === undefined) throw new Error("the plan has no action");
    const decisions = [sampleProposal(action)];
    for (const edit of [
      (one: Action): Action => ({ ...one, steps: one.steps.map((step) => (step.kind === "brownout" ? { ...step, minutes: 0 } : step)) }),
      (one: Action): Action => ({ ...one, steps: one.steps.filter(({ kind }) => kind !== "brownout") }),
      (one: Action): Action => ({ ...one, summary: "harmless" }),
    ])
      expect(await started(edited(edit, decisions))).toContain("it is not as the plan's decision proposes it");
    expect(await started(edited((one) => ({ ...one, id: "dynamodb.unused-gsi:us-east-1:other" }), decisions))).toContain("no decision of the plan proposes it");
  });
});
