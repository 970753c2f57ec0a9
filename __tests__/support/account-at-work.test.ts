import { describe, expect, it } from "vitest";
import { resourceAdapters } from "../../optimizer/adapters/aws/resource-adapters.ts";
import { inventoryDifferences } from "../../optimizer/core/execution/inventory-differences.ts";
import type { Resource } from "../../optimizer/core/levers/resource-kinds.ts";
import { rules } from "../../optimizer/core/levers/rules.ts";
import type { SizesBefore } from "../../optimizer/core/sizing/sizes-before.ts";
import { emptyDeployment } from "./empty-deployment.ts";
import { TestAccount } from "./in-memory-ports.ts";
import { buildTestPlan, east, groupAction, indexAction, startMs, writerAction } from "./plan-builder.ts";
import { refreshOf } from "./run-records.ts";

const minuteMs = 60_000;
const born: SizesBefore = {
  kind: "seen",
  value: [{ size: "what had its name before it was created", fromMs: null, untilMs: startMs - 90 * 24 * 60 * minuteMs }],
};

/** The account with the first of the east's groups on its way to the small type, as the actions' own steps do it. */
async function refreshing(): Promise<TestAccount> {
  const account = new TestAccount(buildTestPlan());
  for (const step of groupAction(east).steps) if (step.kind === "change") await account.aws.apply(step.change, step.id);
  return account;
}

describe("the account that the test plans are carried out on", () => {
  it("has everything that the plans rest on, as they say it is", async () => {
    const { aws, stored } = new TestAccount(buildTestPlan());
    // Load balancers are not deployed: the tests say themselves what they show. Nor do the plans say when what they are about was made.
    const planned = stored.plan.inventory.resources
      .filter(({ kind }) => kind !== "load-balancer")
      .map((resource): Resource => {
        if (resource.kind === "aurora-cluster") return { ...resource, members: resource.members.map((member) => ({ ...member, sizesBefore: born })) };
        return resource.kind === "auto-scaling-group"
          ? { ...resource, loadBalancers: [], targetGroupArns: [], billed: { platforms: [], capacityReservations: [] } }
          : resource;
      });
    const found: Resource[] = [];
    for (const { kind, ref } of planned)
      found.push(
        await aws.by<Resource>((clients) =>
          resourceAdapters[kind].describe(clients(ref.region), ref.region, ref.id, { once: (_what, read) => read(), nowMs: 0 }, emptyDeployment(ref.region)),
        ),
      );
    expect(found).toHaveLength(6);
    const inventory = { ...stored.plan.inventory, resources: planned };
    expect(inventoryDifferences(inventory, { ...inventory, resources: found }, rules)).toEqual([]);
    const [stop, ...others] = groupAction(east, "api").rollback.map(({ change }) => change);
    expect(await aws.stateOf(stop!)).toEqual({ kind: "settled", value: { refreshingTo: null } });
    for (const change of others) expect(await aws.stateOf(change)).toMatchObject({ kind: "settled", value: change.after });
  });

  it("is as fast as it is told, and knows what was true at a moment", async () => {
    const account = await refreshing();
    account.aws.pace = 3;
    account.nowMs += 10 * minuteMs;
    expect(await account.aws.stateOf(refreshOf(east))).toMatchObject({ kind: "in-progress" });
    account.nowMs += 10 * minuteMs;
    expect(await account.aws.stateOf(refreshOf(east))).toEqual({ kind: "settled", value: { instanceType: "m5.2xlarge" } });
    expect(account.aws.valueAt(refreshOf(east), startMs + 10 * minuteMs)).toMatchObject({ instanceType: "m5.4xlarge" });
    expect(account.aws.valueAt(refreshOf(east), account.nowMs)).toMatchObject({ instanceType: "m5.2xlarge" });
  });

  it("stands still at a pace of 0, and is not set back with the run's clock", async () => {
    const account = await refreshing();
    account.aws.pace = 0;
    account.nowMs += 1e9;
    expect(await account.aws.stateOf(refreshOf(east))).toMatchObject({ kind: "in-progress" });
    account.aws.pace = 80;
    account.nowMs -= 1e9;
    expect(await account.aws.stateOf(refreshOf(east))).toMatchObject({ kind: "in-progress" });
    account.nowMs += minuteMs;
    expect(await account.aws.stateOf(refreshOf(east))).toMatchObject({ kind: "settled" });
  });

  it("may be changed by somebody else at once, whatever is at work", async () => {
    const account = await refreshing();
    await account.aws.set(refreshOf(east), { instanceType: "c7.large" });
    expect(await account.aws.stateOf(refreshOf(east))).toEqual({ kind: "settled", value: { instanceType: "c7.large" } });
    for (const step of [...writerAction(east).steps, ...indexAction().steps]) {
      if (step.kind !== "change") continue;
      await account.aws.set(step.change, step.change.after);
      expect(await account.aws.stateOf(step.change)).toEqual({ kind: "settled", value: step.change.after });
    }
    expect(account.aws.mutations).toHaveLength(3);
  });

  it("answers AWS's refusals as they are", async () => {
    const account = await refreshing();
    const removal = indexAction().steps.at(-1);
    if (removal?.kind !== "change") throw new Error("the index is removed last");
    await account.aws.apply(removal.change, "one");
    await expect(account.aws.apply(removal.change, "two")).rejects.toMatchObject({ kind: "busy" });
    expect(account.aws.mutations).toHaveLength(4);
  });
});
