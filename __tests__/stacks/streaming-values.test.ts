import { describe, expect, it } from "vitest";
import { stackOutputsSchema } from "../../contract/outputs.ts";
import { streamingProduction, streamingStaging } from "../support/streaming-stacks.ts";
import { mapOutput, only, resources, type StackDocument } from "../support/synthesized-stacks.ts";

const production = streamingProduction();
const staging = streamingStaging();
const both = ["primary", "secondary"] as const;

describe.each(both)("streaming in production, %s", (name) => {
  const stack = production[name];

  it("runs eight tasks of one CPU and 2 GiB behind the load balancer, by their own addresses", () => {
    expect(only(stack, "aws_ecs_task_definition")).toMatchObject({
      cpu: "1024",
      memory: "2048",
      network_mode: "awsvpc",
      requires_compatibilities: ["FARGATE"],
    });
    expect(only(stack, "aws_ecs_service")).toMatchObject({ desired_count: 8, launch_type: "FARGATE" });
    expect(only(stack, "aws_appautoscaling_target")).toMatchObject({ min_capacity: 8, max_capacity: 24, scalable_dimension: "ecs:service:DesiredCount" });
    expect(only(stack, "aws_lb_target_group")).toMatchObject({ target_type: "ip", port: 8080 });
  });

  it("has a serverless database of 4 to 16 units with two readers, and keeps 35 days", () => {
    expect(only(stack, "aws_rds_cluster")).toMatchObject({
      engine: "aurora-postgresql",
      engine_mode: "provisioned",
      serverlessv2_scaling_configuration: { min_capacity: 4, max_capacity: 16 },
      backup_retention_period: 35,
    });
    expect(resources(stack, "aws_rds_cluster_instance").map(({ values }) => values["instance_class"])).toEqual(
      Array.from({ length: 3 }, () => "db.serverless"),
    );
    expect(resources(stack, "aws_rds_global_cluster")).toEqual([]);
  });

  it("has a cache of five nodes in several zones", () => {
    expect(only(stack, "aws_elasticache_replication_group")).toMatchObject({
      node_type: "cache.r6g.xlarge",
      num_node_groups: 1,
      replicas_per_node_group: 4,
      multi_az_enabled: true,
      automatic_failover_enabled: true,
    });
  });

  it("has one table of 500 read and 500 write units that nothing scales", () => {
    expect(only(stack, "aws_dynamodb_table")).toMatchObject({
      billing_mode: "PROVISIONED",
      read_capacity: 500,
      write_capacity: 500,
      stream_view_type: "NEW_AND_OLD_IMAGES",
      point_in_time_recovery: { enabled: true },
    });
    expect(resources(stack, "aws_appautoscaling_target")).toHaveLength(1);
  });

  it("has three functions of 3008 MB and 900 s, none of which takes concurrency from the account", () => {
    const functions = resources(stack, "aws_lambda_function").map(({ values }) => values);
    expect(functions).toHaveLength(3);
    for (const one of functions) {
      expect(one).toMatchObject({ memory_size: 3008, timeout: 900, runtime: "nodejs22.x", architectures: ["arm64"] });
      expect(one).not.toHaveProperty("reserved_concurrent_executions");
    }
  });

  it("moves objects to Intelligent-Tiering by rules that each have a filter", () => {
    const rules = resources(stack, "aws_s3_bucket_lifecycle_configuration").map(({ values }) => values["rule"]);
    for (const rule of rules.flat()) expect(rule).toMatchObject({ filter: [{ prefix: "" }] });
    expect(rules.flat()).toContainEqual(expect.objectContaining({ transition: [{ days: 0, storage_class: "INTELLIGENT_TIERING" }] }));
  });

  it("needs nothing of another region", () => {
    expect(stack.data["terraform_remote_state"]).toBeUndefined();
    expect(resources(stack).filter(({ values }) => values["provider"] !== undefined)).toEqual([]);
  });

  it("publishes what the optimizer looks for", () => {
    const outputs = Object.fromEntries(Object.entries(stack.output).map(([key, { value }]) => [key, value]));
    expect(stackOutputsSchema.strict().safeParse(outputs).error?.issues).toBeUndefined();
    expect(Object.keys(outputs)).toEqual(
      expect.arrayContaining(["ecs_cluster_name", "ecs_service_names", "function_names", "aurora_secret_arn", "data_bucket_name", "redis_auth_secret_arn"]),
    );
    expect(Object.keys(outputs)).not.toEqual(expect.arrayContaining(["asg_name"]));
    expect(Object.keys(outputs)).not.toEqual(expect.arrayContaining(["aurora_global_cluster_id"]));
    expect(mapOutput(stack, "components")).toMatchObject({
      "services.app": { type: "aws_ecs_service", id: "tap-prod-app" },
      "functions.ingest": { type: "aws_lambda_function", id: "tap-prod-ingest" },
      "aurora.instances.tap-prod-aurora-3": { type: "aws_rds_cluster_instance" },
      dataBucket: { type: "aws_s3_bucket" },
    });
  });
});

it("the stacks differ in region only", () => {
  const kinds = (stack: StackDocument) => resources(stack).map(({ address }) => address);
  expect(kinds(production.secondary)).toEqual(kinds(production.primary));
});

describe("streaming in staging", () => {
  it("has the same shape, smaller", () => {
    const kinds = (stack: StackDocument) => [...new Set(resources(stack).map(({ type }) => type))].sort();
    expect(kinds(staging.primary)).toEqual(kinds(production.primary));
    expect(only(staging.primary, "aws_ecs_task_definition")).toMatchObject({ cpu: "256", memory: "512" });
    expect(only(staging.primary, "aws_rds_cluster")).toMatchObject({
      serverlessv2_scaling_configuration: { min_capacity: 0.5, max_capacity: 2 },
      backup_retention_period: 1,
    });
    expect(only(staging.primary, "aws_elasticache_replication_group")).toMatchObject({
      num_node_groups: 1,
      replicas_per_node_group: 1,
      multi_az_enabled: true,
    });
    expect(only(staging.primary, "aws_dynamodb_table")).toMatchObject({ read_capacity: 5, write_capacity: 5 });
  });
});
