import { describe, expect, it } from "vitest";
import { compareForm } from "../../../../optimizer/core/execution/form-differences.ts";
import type { Resource } from "../../../../optimizer/core/levers/resource-kinds.ts";
import type { AutoScalingGroup } from "../../../../optimizer/core/levers/asg/group.ts";
import { aContainer, aService, scaled } from "../../../support/container-services.ts";
import { anRdsInstance } from "../../../support/rds-instances.ts";
import { aCluster, aGroup, aMember, primary, quietSurroundings } from "../../../support/world.ts";

const formDifferences = (...compared: Parameters<typeof compareForm>): readonly string[] => compareForm(...compared).differences;

describe("what a resource is, right before it is written to", () => {
  it("differs in nothing where it is what the plan saw, whatever its size has become", () => {
    expect(formDifferences(aGroup(), aGroup({ minSize: 1, desiredCapacity: 3, instanceType: "m5.large" }))).toEqual([]);
  });

  it("is told by the names of what differs, with both values", () => {
    const found = aGroup({ habits: { ...aGroup().habits, warmPool: true } });
    expect(formDifferences(aGroup(), found)).toEqual([`auto-scaling-group:${primary}:${aGroup().ref.id}: warmPool was false, is true`]);
  });

  const seen = <T>(value: T) => ({ kind: "seen", value }) as const;
  const serverless = (...at: readonly number[]) =>
    aCluster({ members: ["a", "b", "c"].map((id, place) => aMember(id, at.includes(place) ? { instanceClass: "db.serverless" } : {})) });
  const policy = { name: "cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 60 } };

  it.each<[string, Resource, Resource, readonly string[]]>([
    [
      "an instance that AWS Backup took over",
      anRdsInstance(),
      anRdsInstance({ awsBackup: "arn:aws:backup:us-east-1:123456789012:recovery-point:a" }),
      ["isOfAwsBackup"],
    ],
    ["one that it had before", anRdsInstance({ awsBackup: "arn:a" }), anRdsInstance({ awsBackup: "arn:b" }), []],
    ["an instance without its standby, made a replica of", anRdsInstance(), anRdsInstance({ multiAz: false, replicaOf: "other" }), ["multiAz", "replicaOf"]],
    [
      "an instance of another engine, in a blue/green deployment",
      anRdsInstance(),
      anRdsInstance({ engine: "postgres", blueGreenDeployments: seen(["next"]) }),
      ["engine", "blueGreenDeployments"],
    ],
    ["an instance of another class", anRdsInstance(), anRdsInstance({ instanceClass: "db.m6g.large", backupRetentionDays: 7 }), []],
    ["a cluster that AWS Backup took over", aCluster(), aCluster({ awsBackup: "arn:a" }), ["isOfAwsBackup"]],
    ["a cluster that it had before", aCluster({ awsBackup: "arn:a" }), aCluster({ awsBackup: "arn:b" }), []],
    ["a member that became serverless", serverless(), serverless(1), ["serverlessMembers"]],
    ["another one in its place", serverless(1), serverless(2), ["serverlessMembers"]],
    ["the same ones, told in another order", serverless(0, 2), { ...serverless(0, 2), members: serverless(0, 2).members.toReversed() }, []],
    ["bounds of a service's number", aService({ scaling: scaled() }), aService({ scaling: scaled({ minCount: 3, maxCount: 30 }) }), []],
    ["another policy of it", aService({ scaling: scaled() }), aService({ scaling: scaled({ policies: [policy, { ...policy, name: "more" }] }) }), ["scaling"]],
    ["its scaling suspended", aService({ scaling: scaled() }), aService({ scaling: scaled({ isSuspended: true }) }), ["scaling"]],
    ["scaling that came", aService(), aService({ scaling: scaled() }), ["scaling"]],
    ["scaling that went", aService({ scaling: scaled() }), aService(), ["scaling"]],
    ["tasks of another size and revision", aService(), aService({ desiredCount: 3, task: { revision: 9, size: { cpu: 512, memoryMib: 1024 } } }), []],
    [
      "tasks whose container has a heap of its own",
      aService(),
      aService({ task: { containers: [aContainer({ heapSetting: "JAVA_TOOL_OPTIONS" })] } }),
      ["heapSettings"],
    ],
  ])("differs in what steers it and in no size: %s", (_, planned, found, names) => {
    expect(formDifferences(planned, found).map((words) => words.replace(/^\S+: (\S+) was .*/s, "$1"))).toEqual(names);
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
