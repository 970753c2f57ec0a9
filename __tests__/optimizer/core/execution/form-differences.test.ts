import { describe, expect, it } from "vitest";
import { formDifferences } from "../../../../optimizer/core/execution/form-differences.ts";
import type { AutoScalingGroup } from "../../../../optimizer/core/levers/asg/group.ts";
import { aCluster, aGroup, primary } from "../../../support/world.ts";

describe("what a resource is, right before it is written to", () => {
  it("differs in nothing where it is what the plan saw, whatever its size has become", () => {
    expect(formDifferences(aGroup(), aGroup({ minSize: 1, desiredCapacity: 3, instanceType: "m5.large" }))).toEqual([]);
  });

  it("is told by the names of what differs, with both values", () => {
    const found = aGroup({ habits: { ...aGroup().habits, warmPool: true } });
    expect(formDifferences(aGroup(), found)).toEqual([`auto-scaling-group:${primary}:${aGroup().ref.id}: warmPool was false, is true`]);
  });

  it("differs where it cannot be described any more, with the reason", () => {
    const { ref } = aGroup();
    expect(formDifferences(aGroup(), { ref, reason: "unsupported", detail: "it has a mixed instances policy" })).toEqual([
      expect.stringContaining("cannot be described as the plan saw it any more: it has a mixed instances policy"),
    ]);
  });

  it("is not compared in what a plan of an older release does not say, and differs in what is told no more", () => {
    const { engineMode: _, ...older } = aCluster({ engineMode: "provisioned" });
    expect(formDifferences(older, aCluster({ engineMode: "parallelquery" }))).toEqual([]);
    const { habits: _habits, template: _template, ...withoutHabits } = aGroup();
    expect(formDifferences(withoutHabits as AutoScalingGroup, aGroup())).toEqual([]);
    expect(formDifferences(aCluster({ engineMode: "provisioned" }), older)).toEqual([expect.stringContaining('engineMode was "provisioned", is null')]);
  });
});
