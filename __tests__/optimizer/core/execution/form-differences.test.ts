import { describe, expect, it } from "vitest";
import { compareForm } from "../../../../optimizer/core/execution/form-differences.ts";
import type { AutoScalingGroup } from "../../../../optimizer/core/levers/asg/group.ts";
import { aCluster, aGroup, primary, quietSurroundings } from "../../../support/world.ts";

const formDifferences = (...compared: Parameters<typeof compareForm>): readonly string[] => compareForm(...compared).differences;

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

  it.each(["access-denied", "failed"] as const)("is neither the same nor another where it could not be described (%s)", (reason) => {
    const { ref } = aGroup();
    expect(compareForm(aGroup(), { ref, reason, detail: "AccessDenied: autoscaling:DescribeAutoScalingGroups" })).toEqual({
      differences: [],
      unseen: [`auto-scaling-group:${primary}:${ref.id} could not be described: AccessDenied: autoscaling:DescribeAutoScalingGroups`],
    });
  });

  it("is neither in a part that could not be seen, whatever else differs", () => {
    const denied = { kind: "unseen", reason: "DescribeDBClusterEndpoints: AccessDenied: no" } as const;
    const found = aCluster({ engine: "aurora-postgresql", surroundings: { ...quietSurroundings, customEndpoints: denied } });
    expect(compareForm(aCluster(), found)).toEqual({
      differences: [`aurora-cluster:${primary}:aurora: engine was "aurora-mysql", is "aurora-postgresql"`],
      unseen: [`aurora-cluster:${primary}:aurora: customEndpoints could not be seen (DescribeDBClusterEndpoints: AccessDenied: no)`],
    });
  });

  it.each([
    ["scaling policies", "scalingPolicies"],
    ["scheduled actions", "scheduledActions"],
    ["warm pool", "warmPool"],
  ])("is neither in a group's %s that could not be read, which are told as none", (what, name) => {
    const found = aGroup({ unread: [{ what, reason: "AccessDenied: no" }] });
    expect(compareForm(aGroup(), found)).toEqual({
      differences: [],
      unseen: [`auto-scaling-group:${primary}:${found.ref.id}: ${name} could not be seen (AccessDenied: no)`],
    });
  });
});
