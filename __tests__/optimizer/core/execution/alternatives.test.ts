import { describe, expect, it } from "vitest";
import { capacities } from "../../../../contract/capacities.ts";
import { alternativesTo } from "../../../../optimizer/core/execution/alternatives.ts";
import { inverse } from "../../../../optimizer/core/levers/change-kinds.ts";
import { buildTestPlan, east, groupAction, indexAction, writerAction } from "../../../support/plan-builder.ts";

const { inventory } = buildTestPlan();
const [, groupStep, refresh] = groupAction(east).steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));
const resize = writerAction(east).steps.flatMap((step) => (step.kind === "change" && step.change.kind === "rds.instance-class" ? [step.change] : []))[0]!;

describe("where AWS has no capacity for what was there before", () => {
  it("larger sizes of the same family are named, and the command for the first", () => {
    const words = alternativesTo(inverse(groupStep!), inventory);
    expect(words[0]).toBe("of the same family, and larger: m5.8xlarge, m5.12xlarge, m5.16xlarge");
    expect(words[1]).toMatch(/^with m5\.8xlarge: aws autoscaling update-auto-scaling-group /);
    const back = inverse(resize);
    const { instanceClass } = back.after;
    const family = capacities.rdsFamily(instanceClass);
    expect(alternativesTo(back, inventory)[0]).toContain(family[family.indexOf(instanceClass) + 1]);
    expect(alternativesTo(back, inventory)[0]).not.toContain(resize.after.instanceClass);
  });

  it("no size is invented where none larger is known", () => {
    const largest = { ...refresh!, after: { instanceType: "m5.24xlarge" } } as typeof refresh & object;
    expect(alternativesTo(largest, inventory)[0]).toBe("no larger size of the family of m5.24xlarge is known");
    const unknown = { ...refresh!, after: { instanceType: "q9.huge" } } as typeof refresh & object;
    expect(alternativesTo(unknown, inventory)[0]).toBe("no larger size of the family of q9.huge is known");
  });

  it("zones are told of every kind", () => {
    expect(alternativesTo(refresh!, inventory).at(-1)).toContain("zone of the group");
    expect(alternativesTo(resize, inventory).at(-1)).toContain("another zone");
    const [first] = indexAction().rollback;
    expect(alternativesTo(first!.change, inventory)).toEqual(["AWS places it in zones itself"]);
    expect(alternativesTo(first!.change, { ...inventory, resources: [] })).toEqual([]);
  });
});
