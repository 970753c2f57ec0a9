import { describe, expect, it } from "vitest";
import { startRun } from "../../../optimizer/app/drive-run.ts";
import { driver, openProcess, TestAccount } from "../../support/in-memory-ports.ts";
import { buildTestPlan } from "../../support/plan-builder.ts";

describe("a plan is refused, and nothing is locked or changed,", () => {
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
    expect(await start(() => ({ identity: { whoAmI: async () => ({ accountId: "999999999999", arn: "arn" }) } }))).toMatchObject({ code: "other-account" });
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

  it("when a region cannot be read", async () => {
    expect(await start(() => ({ inventory: { describe: () => Promise.reject(new Error("AccessDenied")) } }))).toMatchObject({ code: "region-unreadable" });
  });
});
