import { describe, expect, it } from "vitest";
import { standingOf } from "../../../../optimizer/core/execution/classify-state.ts";
import { inventoryDifferences } from "../../../../optimizer/core/execution/inventory-differences.ts";
import { awsCommand } from "../../../../optimizer/core/execution/manual-commands.ts";
import { retryPauseMs } from "../../../../optimizer/core/execution/retry-limits.ts";
import type { Change } from "../../../../optimizer/core/levers/change-kinds.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { buildTestPlan, groupAction, indexAction, indexDefinition, west, writerAction } from "../../../support/plan-builder.ts";

const wayBack = (changes: readonly { readonly change: Change }[]) => changes.map(({ change }) => awsCommand(change));

describe("commands left for a human", () => {
  it("name what is to be done, quoted for a shell", () => {
    expect(wayBack(writerAction(west).rollback)).toEqual([
      "aws rds failover-db-cluster --region us-west-2 --db-cluster-identifier aurora-us-west-2 --target-db-instance-identifier us-west-2-1",
      "aws rds modify-db-instance --region us-west-2 --db-instance-identifier us-west-2-2 --db-instance-class db.r6g.4xlarge --apply-immediately",
    ]);
    expect(wayBack(groupAction(west).rollback)[0]).toContain(`--launch-template-data '{"InstanceType":"m5.4xlarge"}'`);
    expect(wayBack(groupAction(west).rollback)[1]).toContain("Version=$(aws ec2 describe-launch-template-versions");
    expect(wayBack(indexAction().rollback)[0]).toContain(`"KeySchema":[{"AttributeName":"email","KeyType":"HASH"}]`);
    expect(wayBack(indexAction().rollback)[1]).toContain(`"OnDemandThroughput":{"MaxReadRequestUnits":-1}`);
  });

  it("cannot be broken out of by a name", () => {
    const [step] = groupAction(west).rollback.slice(-1);
    const hostile = { ...step!.change, autoScalingGroup: "x'; rm -rf /" } as Change;
    expect(awsCommand(hostile)).toContain(`'x'\\''; rm -rf /'`);
  });
});

describe("where AWS stands between a change's two states", () => {
  const [cap, , removal] = indexAction().steps;
  const changeOf = (step: typeof cap): Change => (step?.kind === "change" ? step.change : groupAction(west).rollback[0]!.change);

  it.each<[string, Parameters<typeof standingOf>[1], string]>([
    ["the cap as captured", { kind: "settled", value: { maxReadRequestUnits: -1 } }, "before"],
    ["the cap as aimed at", { kind: "settled", value: { maxReadRequestUnits: 1 } }, "after"],
    ["another cap", { kind: "settled", value: { maxReadRequestUnits: 7 } }, "foreign"],
    ["a table that is updating", { kind: "in-progress", detail: "" }, "in-progress"],
    ["no index", { kind: "missing", detail: "" }, "missing"],
  ])("%s", (_, state, standing) => {
    expect(standingOf(changeOf(cap), state)).toBe(standing);
  });

  it("an index is itself whatever its caps are, and another one with another key", () => {
    expect(standingOf(changeOf(removal), { kind: "settled", value: { ...indexDefinition, maxReadRequestUnits: 99 } })).toBe("before");
    expect(standingOf(changeOf(removal), { kind: "settled", value: { ...indexDefinition, key: [] } })).toBe("foreign");
    expect(standingOf(changeOf(removal), { kind: "settled", value: null })).toBe("after");
  });
});

describe("another attempt", () => {
  it("comes after growing pauses, and never where it cannot help", () => {
    const pauses = [1, 2, 3, 4].map((attempt) => retryPauseMs("throttled", attempt, defaultPolicy.settle));
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(retryPauseMs("throttled", 11, defaultPolicy.settle)).toBe(300_000);
    expect(retryPauseMs("throttled", 12, defaultPolicy.settle)).toBeUndefined();
    expect(retryPauseMs("no-capacity", 6, defaultPolicy.settle)).toBeUndefined();
    for (const refusal of ["denied", "invalid", "missing"] as const) expect(retryPauseMs(refusal, 1, defaultPolicy.settle)).toBeUndefined();
  });
});

describe("an inventory that differs from the plan's", () => {
  const { inventory } = buildTestPlan();
  const edited = (edit: (resource: Resource) => Resource) => ({ ...inventory, resources: inventory.resources.map(edit) });

  it("is told resource by resource; what moves by itself is no difference", () => {
    expect(inventoryDifferences(inventory, inventory)).toEqual([]);
    expect(
      inventoryDifferences(
        inventory,
        edited((each) => (each.kind === "auto-scaling-group" ? { ...each, desiredCapacity: 11 } : each)),
      ),
    ).toEqual([]);
    expect(
      inventoryDifferences(
        inventory,
        edited((each) => (each.kind === "auto-scaling-group" ? { ...each, instanceType: "m5.large" } : each)),
      ),
    ).toHaveLength(2);
    expect(inventoryDifferences(inventory, { ...inventory, resources: inventory.resources.slice(1) })).toEqual([expect.stringContaining("is gone")]);
    expect(inventoryDifferences({ ...inventory, resources: inventory.resources.slice(1) }, inventory)).toEqual([expect.stringContaining("is new")]);
  });
});
