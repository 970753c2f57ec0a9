import { describe, expect, it } from "vitest";
import type { StackComponents } from "../../stacks/blueprints/blueprint.ts";
import type { Settings } from "../../stacks/settings/settings-model.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { resources, sources, stacksOf, type StackDocument } from "../support/synthesized-stacks.ts";

/** Both stacks of a blueprint that never had these components. */
function without(absent: Partial<StackComponents>): readonly StackDocument[] {
  return stacksOf(changed(() => absent)).map(({ stack }) => stack);
}

function changed(change: (name: string) => Partial<StackComponents>): Settings {
  const settings = readSettings(sources());
  return {
    ...settings,
    stacks: settings.stacks.map((stack) => {
      const components = { ...stack.components, ...change(stack.name) };
      return { ...stack, components, builtFor: components };
    }),
  };
}

function typesOf(stack: StackDocument): ReadonlySet<string> {
  return new Set(resources(stack).map(({ type }) => type));
}

function keys(stack: StackDocument): readonly string[] {
  return resources(stack, "aws_kms_alias").map(({ values }) => String(values["name"]));
}

describe("a blueprint without", () => {
  it.each([
    ["a group", { compute: null }, ["aws_autoscaling_group", "aws_launch_template", "aws_autoscaling_policy", "aws_iam_service_linked_role"], "compute", "asg"],
    ["a database", { aurora: null }, ["aws_rds_cluster", "aws_rds_cluster_instance", "aws_rds_global_cluster", "aws_kms_replica_key"], "database", "aurora"],
    ["a cache", { redis: null }, ["aws_elasticache_replication_group", "aws_elasticache_subnet_group"], "cache", "redis"],
    ["a web ACL", { webAcl: null }, ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"], "web", "web"],
    ["tables", { tables: [] }, ["aws_dynamodb_table", "aws_dynamodb_table_replica"], "dynamodb", "dynamodb"],
  ] as const)("%s has none of its resources, keys, outputs, exports and alarms", (_, absent, types, key, name) => {
    for (const stack of without(absent)) {
      expect(types.filter((type) => typesOf(stack).has(type))).toEqual([]);
      expect(keys(stack)).not.toContain(`alias/tap-prod-${key}`);
      const outputs = Object.entries(stack.output).filter(([output]) => output.startsWith(`${name}_`) && output !== "dynamodb_tables");
      expect(outputs).toEqual([]);
      expect(JSON.stringify(stack.output["exports"]?.value)).not.toContain(`tap-prod-${name}-`);
      const alarms = resources(stack, "aws_cloudwatch_metric_alarm").map(({ values }) => String(values["alarm_name"]));
      expect(alarms.filter((alarm) => alarm.startsWith(`tap-prod-${name}-`))).toEqual([]);
    }
  });

  it("targets does not scale on requests to them", () => {
    const settings = readSettings(sources()).stacks[0]?.components.loadBalancer;
    if (settings === undefined) throw new Error("no load balancer");
    for (const stack of without({ loadBalancer: { ...settings, targetGroups: [] } }))
      expect(resources(stack, "aws_autoscaling_policy").map(({ values }) => values["name"])).toEqual(["tap-prod-cpu"]);
  });
});

it("no table is copied that the primary does not have", () => {
  const stacks = stacksOf(changed((name) => (name === "primary" ? { tables: [] } : {}))).map(({ stack }) => stack);
  expect(stacks.map((stack) => resources(stack, "aws_dynamodb_table_replica").length)).toEqual([0, 0]);
  expect(stacks.map((stack) => resources(stack, "aws_dynamodb_table").length)).toEqual([0, 1]);
});
