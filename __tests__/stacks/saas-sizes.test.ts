import { describe, expect, it } from "vitest";
import { only, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const production = synthesized(sources());
const staging = synthesized({ variables: { TAP_ENVIRONMENT: "staging" }, readSizing: () => undefined });

function sizes(stack: StackDocument): object {
  const { min_size, desired_capacity, max_size } = only(stack, "aws_autoscaling_group");
  const { node_type, num_node_groups, replicas_per_node_group } = only(stack, "aws_elasticache_replication_group");
  return {
    fleet: [only(stack, "aws_launch_template")["instance_type"], min_size, desired_capacity, max_size],
    redis: [node_type, num_node_groups, replicas_per_node_group],
    aurora: resources(stack, "aws_rds_cluster_instance").map(({ values }) => values["instance_class"]),
    logDays: [...new Set(resources(stack, "aws_cloudwatch_log_group").map(({ values }) => values["retention_in_days"]))],
  };
}

function kinds(stack: StackDocument): readonly string[] {
  return Object.keys(stack.resource).toSorted();
}

describe("sizes of the blueprint saas", () => {
  it("production has those of the requirement, the same in both regions but for Aurora's writer", () => {
    const { aurora: _, ...same } = { aurora: [], ...sizes(production.primary) };
    expect(sizes(production.primary)).toEqual({
      fleet: ["m5.4xlarge", 12, 15, 25],
      redis: ["cache.r6g.4xlarge", 4, 2],
      aurora: ["db.r6g.4xlarge", "db.r6g.4xlarge", "db.r6g.4xlarge"],
      logDays: [90],
    });
    expect(sizes(production.secondary)).toEqual({ ...same, aurora: ["db.r6g.4xlarge", "db.r6g.4xlarge"] });
  });

  it("staging has small ones", () => {
    const small = { fleet: ["m5.large", 2, 2, 4], redis: ["cache.r6g.large", 2, 1], logDays: [14] };
    expect(sizes(staging.primary)).toEqual({ ...small, aurora: ["db.r6g.large", "db.r6g.large"] });
    expect(sizes(staging.secondary)).toEqual({ ...small, aurora: ["db.r6g.large"] });
  });

  it.each(["primary", "secondary"] as const)("staging has every kind of resource that production has in %s, the firewall, too", (name) => {
    expect(kinds(staging[name])).toEqual(kinds(production[name]));
  });
});
