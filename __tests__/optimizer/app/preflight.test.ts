import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { resumeRun, startRun } from "../../../optimizer/app/drive-run.ts";
import { driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan } from "../../support/plan-builder.ts";

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
