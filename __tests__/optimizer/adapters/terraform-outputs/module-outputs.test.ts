import { describe, expect, it } from "vitest";
import { account, arn, held, parsed, tf } from "../../../support/parsed-outputs.ts";

const region = "eu-west-1";
const iam = (resource: string): string => arn.of("iam", "", resource);
const rds = (name: string): string => arn.of("rds", region, name);
const group = "sg-0123456789abcdef0";

/** Outputs of modules that many use, as each of them calls and nests them. */
const modules: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  [
    "terraform-aws-modules/autoscaling",
    {
      autoscaling_group_arn: arn.asg(region, "app"),
      autoscaling_group_availability_zones: ["eu-west-1a", "eu-west-1b"],
      autoscaling_group_id: "app",
      autoscaling_group_load_balancers: [],
      autoscaling_group_max_size: 10,
      autoscaling_group_name: "app",
      autoscaling_group_target_group_arns: [arn.tg(region, "app")],
      autoscaling_group_vpc_zone_identifier: ["subnet-0123456789abcdef0"],
      autoscaling_policy_arns: { cpu: arn.of("autoscaling", region, "scalingPolicy:1:autoScalingGroupName/app:policyName/cpu") },
      autoscaling_schedule_arns: { night: arn.of("autoscaling", region, "scheduledUpdateGroupAction:1:autoScalingGroupName/app:scheduledActionName/night") },
      iam_role_arn: iam("role/x"),
      launch_template_arn: arn.of("ec2", region, "launch-template/lt-0123456789abcdef0"),
      launch_template_id: "lt-0123456789abcdef0",
      launch_template_name: "app-2024",
    },
    "tg app, asg app",
  ],
  [
    "terraform-aws-modules/rds-aurora",
    {
      cluster_arn: arn.aurora(region, "app"),
      cluster_database_name: "shop",
      cluster_endpoint: "app.cluster-abc.eu-west-1.rds.amazonaws.com",
      cluster_id: "app",
      cluster_instances: { one: { arn: rds("db:app-one"), identifier: "app-one", cluster_identifier: "app", availability_zone: "eu-west-1a" } },
      cluster_master_user_secret: [{ secret_arn: arn.of("secretsmanager", region, "secret:rds!cluster-1") }],
      cluster_members: ["app-one"],
      cluster_resource_id: "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      db_cluster_parameter_group_arn: rds("cluster-pg:x"),
      db_cluster_parameter_group_id: "x",
      db_subnet_group_name: "x",
      security_group_id: group,
    },
    "aurora app",
  ],
  [
    "terraform-aws-modules/alb",
    {
      arn: arn.alb(region, "main"),
      arn_suffix: "app/main/0123456789abcdef",
      dns_name: "main-1.eu-west-1.elb.amazonaws.com",
      id: arn.alb(region, "main"),
      listeners: { https: { arn: arn.of("elasticloadbalancing", region, "listener/app/main/0123456789abcdef/1"), load_balancer_arn: arn.alb(region, "main") } },
      target_groups: { ex: { arn: arn.tg(region, "ex"), arn_suffix: "targetgroup/ex/0123456789abcdef", name: "ex", load_balancer_arns: [], tags: {} } },
      zone_id: "Z32O12XQLNTSW2",
    },
    "alb main, tg ex",
  ],
  [
    "terraform-aws-modules/dynamodb-table",
    {
      dynamodb_table_arn: arn.table(region, "orders"),
      dynamodb_table_id: "orders",
      dynamodb_table_stream_arn: arn.of("dynamodb", region, "table/orders/stream/2026-01-01T00:00:00.000"),
      dynamodb_table_stream_label: "2026-01-01T00:00:00.000",
      dynamodb_table_replicas: {},
    },
    "table orders",
  ],
  [
    "terraform-aws-modules/ecs",
    {
      cluster_arn: arn.of("ecs", region, "cluster/main"),
      cluster_name: "main",
      services: { app: { id: arn.of("ecs", region, "service/main/app"), name: "app", task_definition_arn: arn.of("ecs", region, "task-definition/app:3") } },
      cloudwatch_log_group_name: "/aws/ecs/main",
    },
    "service main/app",
  ],
  [
    "terraform-aws-modules/lambda",
    {
      lambda_function_arn: arn.of("lambda", region, "function:api"),
      lambda_function_invoke_arn: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn.of("lambda", region, "function:api")}/invocations`,
      lambda_function_name: "api",
      lambda_function_qualified_arn: arn.of("lambda", region, "function:api:7"),
      lambda_function_url: "",
      lambda_function_version: "7",
      lambda_role_name: "api-role",
      lambda_cloudwatch_log_group_name: "/aws/lambda/api",
      s3_object: { bucket: "builds", key: null, version_id: null },
    },
    "function api",
  ],
  [
    "terraform-aws-modules/elasticache",
    {
      replication_group_arn: arn.redis(region, "sessions"),
      replication_group_id: "sessions",
      replication_group_member_clusters: ["sessions-001", "sessions-002"],
      replication_group_primary_endpoint_address: "master.sessions.abc.euw1.cache.amazonaws.com",
      cluster_arn: null,
      parameter_group_arn: arn.of("elasticache", region, "parametergroup:x"),
      global_replication_group_id: null,
    },
    "redis sessions",
  ],
  [
    "terraform-aws-modules/rds",
    {
      db_instance_arn: rds("db:mysql"),
      db_instance_identifier: "mysql",
      db_instance_name: "app",
      db_instance_resource_id: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      db_instance_address: "mysql.abc.eu-west-1.rds.amazonaws.com",
      db_option_group_id: "x",
      db_parameter_group_id: "y",
      db_subnet_group_id: "z",
    },
    "rds mysql",
  ],
  [
    "terraform-aws-modules/vpc beside a group",
    { asg_name: "g", azs: ["eu-west-1a"], vpc_arn: arn.of("ec2", region, "vpc/vpc-1"), vpc_owner_id: account, private_route_table_ids: ["rtb-1"] },
    "asg g",
  ],
  [
    "terraform-aws-modules/eks",
    {
      cluster_arn: arn.of("eks", region, "cluster/k"),
      cluster_name: "k",
      eks_managed_node_groups_autoscaling_group_names: ["eks-a", "eks-b"],
      oidc_provider_arn: iam("oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"),
    },
    "asg eks-a, asg eks-b",
  ],
  [
    "cloudposse/rds-cluster",
    { arn: arn.aurora(region, "eg"), cluster_identifier: "eg", dbi_resource_ids: ["db-1"], endpoint: "eg.cluster-abc.eu-west-1.rds.amazonaws.com" },
    "aurora eg",
  ],
  ["cloudposse/elasticache-redis", { arn: arn.redis(region, "eg"), id: "eg", endpoint: "master.eg.abc.euw1.cache.amazonaws.com", port: 6379 }, "redis eg"],
  [
    "cloudposse/alb",
    { alb_arn: arn.alb(region, "eg"), alb_name: "eg", default_target_group_arn: arn.tg(region, "eg"), access_logs_bucket_id: "logs" },
    "alb eg, tg eg",
  ],
  [
    "cloudposse/ecs-alb-service-task",
    { ecs_cluster_name: "eg", service_name: "app", service_arn: arn.of("ecs", region, "service/eg/app"), ecs_exec_role_policy_id: "x:y" },
    "service eg/app",
  ],
  [
    "cloudposse/dynamodb",
    { table_arn: arn.table(region, "eg"), table_id: "eg-1", global_secondary_index_names: ["by-email"], table_stream_arn: "" },
    "table eg, table eg-1",
  ],
];

describe("outputs of modules that many use", () => {
  it.each(modules)("%s", (_, outputs, expected) => {
    expect(held(parsed(Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, tf(value)]))))).toEqual([`${region}: ${expected}`]);
  });

  it.each<[string, object, string]>([
    ["a cache", { redis: { id: "cache", name: "what people call it", endpoint: "x" } }, "redis cache"],
    ["a function", { lambda: { name: "f", role: "x" } }, "function f"],
    ["a cluster, by its attributes", { aurora_clusters: { main: { cluster_identifier: "db", endpoint: "x" } } }, "aurora db"],
    ["an instance, beside what RDS calls it by itself", { rds_instance: { id: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", identifier: "m", db_name: "app" } }, "rds m"],
    ["a cache, beside its nodes", { redis_id: "c", redis_cluster_ids: ["c-001", "c-0001-002"] }, "redis c"],
    ["a load balancer, as ARNs have it", { alb_full_name: "loadbalancer/app/web/0123456789abcdef" }, "alb web"],
    ["a group whose name has blanks and brackets", { asg: arn.asg(region, "web group (blue)") }, "asg web group (blue)"],
    ["tables that a shell joined", { table_names: "orders users;jobs" }, "table jobs, table orders, table users"],
    ["groups that a shell joined", { asg_names: "web app\tapi" }, "asg api, asg web app"],
  ])("as whole objects and in other forms: %s", (_, outputs, expected) => {
    expect(held(parsed({ aws_region: region, ...outputs }))).toEqual([`${region}: ${expected}`]);
  });

  it.each<[string, object]>([
    ["tags of any name", { default_tags: { table_name: "tagged", region: "us-east-1" }, common_tags: { asg_name: "tagged" } }],
    ["a policy of any name", { bucket_policy_json: JSON.stringify({ Resource: arn.table("us-east-1", "others") }) }],
    ["DocumentDB, by its host", { db_cluster_identifier: "docs", db_endpoint: "docs.cluster-abc.eu-west-1.docdb.amazonaws.com" }],
    ["Neptune, by its host", { db_cluster_arn: arn.aurora(region, "graph"), reader: "graph.cluster-ro-abc.eu-west-1.neptune.amazonaws.com:8182" }],
    ["DocumentDB, by a key around it", { modules: { documentdb: { cluster_arn: arn.aurora(region, "docs") } } }],
    ["a function at the edges", { edge_lambda_arn: arn.of("lambda", "us-east-1", "function:edge") }],
    ["a viewer's function", { viewer_request_function_arn: arn.of("lambda", "us-east-1", "function:viewer") }],
  ])("none of ours is %s", (_, outputs) => {
    expect(held(parsed({ aws_region: region, asg_name: "g", ...outputs }))).toEqual([`${region}: asg g`]);
  });
});
