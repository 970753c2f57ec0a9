import { describe, expect, it } from "vitest";
import { account, arn, held, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

const region = { aws_region: "eu-west-1" };

describe("shapes that tools write", () => {
  const output = (OutputKey: string, OutputValue: string) => ({ OutputKey, OutputValue, Description: "unread" });
  const stack = (StackId: string, ...Outputs: object[]) => ({ StackId, StackName: "web", StackStatus: "CREATE_COMPLETE", Parameters: [], Outputs });

  it.each<[string, unknown, string[]]>([
    ["describe-stacks", { Stacks: [stack(arn.stack("us-west-2"), output("AsgName", "g"))] }, ["us-west-2: asg g"]],
    [
      "describe-stacks of several stacks and regions, one without outputs",
      {
        Stacks: [
          stack(arn.stack("us-west-2"), output("AutoScalingGroup", "g")),
          stack(arn.stack("eu-west-1"), output("AutoScalingGroup", "g")),
          { StackId: arn.stack("sa-east-1"), StackName: "empty", StackStatus: "CREATE_COMPLETE" },
        ],
      },
      ["eu-west-1: asg g", "us-west-2: asg g"],
    ],
    ["describe-stacks --query Stacks[0]", stack(arn.stack("us-west-2"), output("UsersTable", "users-1")), ["us-west-2: table users-1"]],
    ["describe-stacks --query Stacks", [stack(arn.stack("us-west-2"), output("UsersTable", "users-1"))], ["us-west-2: table users-1"]],
    ["describe-stacks --query Stacks[].[StackName,Outputs]", [["web", [output("AsgName", "g"), output("Region", "eu-west-1")]]], ["eu-west-1: asg g"]],
    [
      "sam list stack-outputs",
      [output("OrdersTable", "app-orders-1"), output("Api", "https://x.execute-api.eu-west-1.amazonaws.com/Prod/")],
      ["eu-west-1: table app-orders-1"],
    ],
    [
      "list-exports",
      {
        Exports: [
          { ExportingStackId: arn.stack("ca-central-1", "Data"), Name: "Data:ExportsOutputRefUsersTable9725E9C89A3D5B2C", Value: "Data-UsersTable-1" },
          { ExportingStackId: arn.stack("ca-central-1", "Web"), Name: "prod-AsgName", Value: "g" },
          { ExportingStackId: arn.stack("eu-west-1", "Web"), Name: "prod-AsgName", Value: "g" },
        ],
        NextToken: null,
      },
      ["ca-central-1: asg g, table Data-UsersTable-1", "eu-west-1: asg g"],
    ],
    ["cdk, nested by stack", { Network: { AlbArnOutput: arn.alb("eu-west-1") }, Data: { DocumentsTableName: "docs" } }, ["eu-west-1: alb web, table docs"]],
    [
      "Terragrunt, a stack of units",
      {
        vpc: { vpc_id: tf("vpc-1") },
        asg: { autoscaling_group_name: tf("g") },
        aurora: { cluster_identifier: tf("db"), cluster_arn: tf(arn.aurora("eu-north-1")) },
      },
      ["eu-north-1: asg g, aurora db"],
    ],
    [
      "Terragrunt's stack output, without wrappers",
      { web: { asg_name: "g" }, data: { table_names: ["orders", "users"], region: "eu-west-1" } },
      ["eu-west-1: asg g, table orders, table users"],
    ],
    ["values alone", { asg_name: { value: "g" }, aws_region: { value: "us-west-2" }, subnets: { value: ["subnet-1"] } }, ["us-west-2: asg g"]],
    ["Pulumi", { albArn: arn.alb("eu-west-1"), asgName: "g", dbPassword: "[secret]", dbClusterIdentifier: "db" }, ["eu-west-1: alb web, asg g, aurora db"]],
    [
      "Terraform Cloud",
      [
        { name: "asg_name", sensitive: false, value: "g" },
        { name: "aws_region", sensitive: false, value: "eu-west-1" },
        { name: "key", sensitive: true, value: null },
      ],
      ["eu-west-1: asg g"],
    ],
    [
      "Terraform Cloud's API",
      {
        data: [
          { id: "wsout-1", type: "state-version-outputs", attributes: { name: "asg_name", sensitive: false, value: "g" } },
          { id: "wsout-2", attributes: { name: "region", value: "eu-west-1" } },
        ],
      },
      ["eu-west-1: asg g"],
    ],
    [
      "a Terraform state, of which nothing but outputs is read",
      {
        version: 4,
        terraform_version: "1.9.0",
        serial: 1,
        lineage: "x",
        outputs: { asg_name: { value: "g" }, region: { value: "eu-west-1" } },
        resources: [{ instances: [{ attributes: { arn: arn.asg("us-east-1", "not-an-output") } }] }],
      },
      ["eu-west-1: asg g"],
    ],
    [
      "terraform show -json",
      {
        format_version: "1.0",
        terraform_version: "1.9.0",
        values: { outputs: { asg_name: tf("g"), region: tf("eu-west-1") }, root_module: { arn: arn.asg("us-east-1", "not-an-output") } },
      },
      ["eu-west-1: asg g"],
    ],
    [
      "terraform show -json of a plan, as it is before",
      {
        format_version: "1.2",
        terraform_version: "1.9.0",
        planned_values: { outputs: { asg_name: tf("planned") } },
        prior_state: { terraform_version: "1.9.0", values: { outputs: { asg_name: tf("g"), region: tf("eu-west-1") } } },
      },
      ["eu-west-1: asg g"],
    ],
    [
      "terraform apply -json",
      [
        '{"@message":"Terraform 1.9.0","type":"version"}',
        `{"type":"outputs","outputs":${JSON.stringify({ asg_name: tf("g"), region: tf("eu-west-1") })}}`,
      ].join("\n"),
      ["eu-west-1: asg g"],
    ],
    [
      "describe-stacks with a stack that was deleted",
      {
        Stacks: [
          { ...stack(arn.stack("eu-west-1"), output("AsgName", "gone")), StackStatus: "DELETE_COMPLETE" },
          stack(arn.stack("eu-west-1"), output("AsgName", "g")),
        ],
      },
      ["eu-west-1: asg g"],
    ],
    [
      "references of a template that nobody resolved",
      { ...region, asg_name: "g", users_table_name: { Ref: "Users" }, cluster: { arn: { "Fn::GetAtt": ["Cluster", "Arn"] } } },
      ["eu-west-1: asg g"],
    ],
    ["JSON in a text", { Tables: JSON.stringify(["orders", "users"]), Region: "eu-west-1" }, ["eu-west-1: table orders, table users"]],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed(outputs))).toEqual(expected);
  });

  it("takes the stack's name and account from describe-stacks", () => {
    const { deployments, owner } = parsed({ Stacks: [stack(arn.stack("us-west-2"), output("AsgName", "g"))] });
    expect(deployments[0]?.stacks).toEqual(["web"]);
    expect(owner).toEqual({ accountId: account, place: "outputs.json, StackId" });
  });

  it("keeps the stacks of a list of documents apart", () => {
    const of = (stack_name: string, id: string) => ({
      stack_name,
      stack_region: "eu-west-1",
      asg_name: id,
      components: { compute: { type: "aws_autoscaling_group", id } },
    });
    expect(Object.keys(parsed([of("blue", "b"), of("green", "g")]).deployments[0]?.components ?? {})).toEqual(["blue", "green"]);
  });
});

describe("keys by their words", () => {
  const web = arn.alb("eu-west-1");
  it.each<[string, string, string]>([
    ["AutoScalingGroupName", "g", "asg g"],
    ["autoscaling_group_name", "g", "asg g"],
    ["auto_scalling_group_name", "g", "asg g"],
    ["autoscalinggroupname", "g", "asg g"],
    ["WebASGName", "g", "asg g"],
    ["primary_asg_name", "g", "asg g"],
    ["asg_name_blue", "g", "asg g"],
    ["asg-id", "g", "asg g"],
    ["AutoScalingGroup", "g", "asg g"],
    ["ExportsOutputRefFleetASG8A2B3C4D12345678", "g", "asg g"],
    ["autoscaling_group_arn", arn.asg("eu-west-1"), "asg web"],
    ["LoadBalancerArn", web, "alb web"],
    ["lb_arn", web, "alb web"],
    ["ALBArn", web, "alb web"],
    ["ServiceLoadBalancerArnEC5B149E", web, "alb web"],
    ["alb_id", web, "alb web"],
    ["load_balancer_arn_suffix", "app/web/0123456789abcdef", "alb web"],
    ["TargetGroupARNs", arn.tg("eu-west-1"), "tg web"],
    ["AuroraClusterIdentifier", "db", "aurora db"],
    ["DBClusterIdentifier", "db", "aurora db"],
    ["rds_cluster_id", "db", "aurora db"],
    ["postgres-cluster-identifier", "db", "aurora db"],
    ["global_cluster_identifier", "worldwide", "global worldwide"],
    ["ReplicationGroupId", "cache", "redis cache"],
    ["elasticache_replication_group_id", "cache", "redis cache"],
    ["DynamoDBTableName", "users", "table users"],
    ["ddb_table_names", "users", "table users"],
    ["UsersTableName2", "users", "table users"],
    ["ＡｓｇＮａｍｅ", "g", "asg g"],
    // Whatever the key: an ARN says what it is of.
    ["something", arn.asg("eu-west-1"), "asg web"],
    ["output1", arn.table("eu-west-1"), "table users"],
    ["primary", arn.aurora("eu-west-1"), "aurora db"],
    ["web", "app/web/0123456789abcdef", "alb web"],
    ["AsgGroupName", "g", "asg g"],
    ["DynamoTableTenantsName", "tenants", "table tenants"],
    ["table_audit_logs_arn", arn.table("eu-west-1", "audit"), "table audit"],
    ["asg_api_name", "g", "asg g"],
    ["ASGName", "g", "asg g"],
    ["AuroraClusterName", "db", "aurora db"],
    ["RedisClusterName", "cache", "redis cache"],
    ["autoscale_group", "g", "asg g"],
  ])("%s", (key, value, expected) => {
    expect(held(parsed({ ...region, [key]: value }))).toEqual([`eu-west-1: ${expected}`]);
  });

  it.each([
    ["cloudfront_function_name", "rewrite"],
    ["step_function_name", "orders"],
    ["edge_lambda_name", "viewer"],
    ["lambda_function_qualified_arn", arn.of("lambda", "eu-west-1", "function:f:3")],
    ["lambda_layer_name", "layer"],
    ["lambda_role_name", "role"],
    ["lambda_log_group_name", "/aws/lambda/f"],
    ["lambda_function_url", "https://abc.lambda-url.eu-west-1.on.aws/"],
    ["lambda_alias_name", "live"],
    ["lambda_authorizer_id", "abc123"],
    ["lambda_sg_id", "sg-0123456789abcdef0"],
    ["db_instance_name", "orders"],
    ["db_instance_ca_cert_identifier", "rds-ca-rsa2048-g1"],
    ["db_instance_resource_id", "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"],
    ["aurora_instance_ids", "member-1"],
    ["rds_cluster_instance_id", "member-1"],
    ["ec2_instance_id", "i-0123456789abcdef0"],
    ["service_name", "app"],
    ["global_replication_group_id", "ldgnf-cache"],
    ["docdb_cluster_arn", arn.aurora("eu-west-1", "docs")],
    ["neptune_cluster_arn", arn.aurora("eu-west-1", "graph")],
    ["dynamodb_table", "terraform-locks"],
    ["dynamodb_table_arn", arn.table("eu-west-1", "acme-tfstate-lock")],
    ["glue_table_name", "raw_events"],
    ["athena_results_table_arn", `arn:aws:glue:eu-west-1:${account}:table/lake/results`],
    ["s3_table_bucket_arn", `arn:aws:s3tables:eu-west-1:${account}:bucket/lake`],
    ["terraform_lock_table_name", "terraform-locks"],
    ["dynamodb_lock_table_arn", arn.table("eu-west-1", "terraform-locks")],
    ["PublicRouteTableId", "rtb-0123456789abcdef0"],
    ["asg_security_group_id", "sg-0123456789abcdef0"],
    ["asg_name_prefix", "web-"],
    ["asg_launch_template_id", "lt-0123456789abcdef0"],
    ["asg_desired_capacity", "4"],
    ["scaling_policy_arn", `arn:aws:autoscaling:eu-west-1:${account}:scalingPolicy:1:autoScalingGroupName/web:policyName/up`],
    ["alb_dns_name", "web-1.eu-west-1.elb.amazonaws.com"],
    ["alb_name", "web"],
    ["alb_listener_arn", `arn:aws:elasticloadbalancing:eu-west-1:${account}:listener/app/web/0123456789abcdef/1`],
    ["ecs_cluster_name", "services"],
    ["redis_cluster_endpoint", "master.cache.abc.euw1.cache.amazonaws.com"],
    ["docdb_cluster_id", "docs"],
    ["aurora_cluster_endpoint", "db.cluster-abc.eu-west-1.rds.amazonaws.com"],
    ["aurora_database_name", "app"],
    ["dynamodb", "dynamodb.eu-west-1.amazonaws.com"],
    ["users_table_index_name", "by-email"],
    ["table_kms_key_id", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],
    ["users_table_backup_plan_name", "daily"],
    ["asg_instance_profile_name", "web-profile"],
    ["asg_lifecycle_hook_name", "drain"],
    ["aurora_db_name", "app"],
    ["aurora_subnet_group_name", "db-subnets"],
    ["aurora_monitoring_role_name", "rds-monitoring"],
    ["alb", "true"],
  ])("%s is none of ours and refuses nothing", (key, value) => {
    expect(held(parsed({ ...region, asg_name: "g", [key]: value }))).toEqual(["eu-west-1: asg g"]);
  });

  it("says of a table's own outputs nothing amiss because of others' tables", () => {
    const { missing } = parsed({ ...region, orders_table_name: "prod-orders", glue_table_name: "raw_events", table_name_2: "a b" });
    expect(missing.map(({ component }) => component)).not.toContain("DynamoDB tables");
  });

  it("passes a value in the wrong form over beside right ones, and says so", () => {
    const { warnings } = parsed({ ...region, orders_table_name: "prod-orders", users_table_name: "a b" });
    expect(warnings).toEqual(['outputs.json, users_table_name: "a b" is not the name or ARN of a DynamoDB table; it is passed over']);
  });
});

describe("values in maps and lists", () => {
  it.each<[string, object, string]>([
    ["a map of names", { asg_name: { api: "a", admin: "b" } }, "asg a, asg b"],
    ["a map of ARNs", { alb_arn: { api: arn.alb("eu-west-1", "a"), admin: arn.alb("eu-west-1", "b") } }, "alb a, alb b"],
    ["a map of lists", { asg_names: { api: ["a", "b"] } }, "asg a, asg b"],
    [
      "a list of ARNs of all kinds",
      { all: [arn.alb("eu-west-1"), arn.asg("eu-west-1"), arn.table("eu-west-1"), arn.aurora("eu-west-1"), arn.redis("eu-west-1")] },
      "alb web, asg web, table users, aurora db, redis cache",
    ],
    ["ARNs in one text", { all: `${arn.asg("eu-west-1")}, ${arn.table("eu-west-1")}` }, "asg web, table users"],
    [
      "tables with more fields than ours",
      { dynamodb_tables: { o: { name: "orders", arn: arn.table("eu-west-1", "orders"), stream_arn: null, hash_key: "id", billing_mode: "PAY_PER_REQUEST" } } },
      "table orders",
    ],
    ["tables with a name alone", { dynamodb_tables: { o: { name: "orders" } } }, "table orders"],
    [
      "tables in a list",
      {
        tables: [
          { name: "orders", arn: arn.table("eu-west-1", "orders") },
          { name: "users", hash_key: "pk" },
        ],
      },
      "table orders, table users",
    ],
    ["a map of tables' names", { dynamodb: { users: "prod-users", orders: "prod-orders" } }, "table prod-orders, table prod-users"],
    [
      "a whole resource",
      {
        asg: {
          arn: arn.asg("eu-west-1"),
          name: "web",
          id: "web",
          launch_template: [{ id: "lt-0123456789abcdef0", name: "not-a-group" }],
          tags: { Name: "not-a-group-either" },
          max_size: 4,
        },
      },
      "asg web",
    ],
    [
      "a map of whole resources",
      { albs: { api: { arn: arn.alb("eu-west-1", "api"), dns_name: "api-1.eu-west-1.elb.amazonaws.com", name: "api", tags: { Name: "x" } } } },
      "alb api",
    ],
    [
      "a resource within a module's outputs",
      { network: { alb: { arn: arn.alb("eu-west-1"), zone_id: "Z1" } }, database: { cluster_identifier: "db" } },
      "alb web, aurora db",
    ],
    ["flags and numbers under words of ours", { asg_name: "g", alb: true, tables: 3, aurora: false, asg: { min: 1, max: 4 } }, "asg g"],
    ["components of others", { asg_name: "g", components: ["vpc", "app"] }, "asg g"],
    ["a map that nothing reads", { asg_name: "g", private_subnet_ids: { "eu-west-1a": "subnet-1" }, nested: { deep: [{ x: [1, null] }] } }, "asg g"],
    ["a policy that speaks of others' tables", { asg_name: "g", policy: { Statement: [{ Resource: arn.table("us-east-1", "others") }] } }, "asg g"],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed({ ...region, ...outputs }))).toEqual([`eu-west-1: ${expected}`]);
  });
});

describe("--map and near misses", () => {
  it("points an output of ours at a key called otherwise, or at a way to it", () => {
    const outputs = { ...region, Fleet: "g", data: { main: "db" }, where: "x" };
    expect(held(parsed(outputs, { map: ["asg_name=Fleet", "aurora_cluster_id=data.main"] }))).toEqual(["eu-west-1: asg g, aurora db"]);
    expect(held(parsed({ asg_name: "g", where: "sa-east-1" }, { map: ["stack_region=where"] }))).toEqual(["sa-east-1: asg g"]);
  });

  it.each([
    ["asg_name", "expected OUTPUT=KEY", "--map asg_name=WebServerGroup"],
    ["=Fleet", "expected OUTPUT=KEY", "asg_name"],
    ["asgname=Fleet", '"asgname" is no output', "asg_name"],
    ["asg_name=Flet", 'no key "Flet"', "Did you mean Fleet?"],
    ["asg_name=secret", 'no key "secret" with a value that may be read', ""],
  ])("refuses --map %s", (map, problem, hint) => {
    const error = userErrorOf(() => parsed({ ...region, Fleet: "g", secret: tf("canary", true) }, { map: [map] }));
    expect(error.code).toBe("bad-map");
    expect(error.message).toContain(problem);
    expect(error.hint).toContain(hint);
  });

  it.each([
    ["web_scaling_grup", "g", "--map asg_name=web_scaling_grup"],
    ["auroa_id", "db", "--map aurora_cluster_id=auroa_id"],
    ["cache_cluster", "cache", "--map redis_replication_group_id=cache_cluster"],
  ])("tells that %s may be what is missing", (key, value, flag) => {
    const { missing } = parsed({ ...region, orders_table_name: "orders", [key]: value });
    expect(missing.map(({ reason }) => reason).join()).toContain(flag);
  });

  it("tells of a near miss in outputs that name nothing themselves", () => {
    const { missing } = parsed(`${JSON.stringify({ ...region, asg_name: "g" })}\n${JSON.stringify({ cluster_identifier: "db" })}`);
    expect(missing.map(({ reason }) => reason).join()).toContain("--map aurora_cluster_id=cluster_identifier");
  });

  it("takes no name for a near miss that another ARN says is something else", () => {
    const { missing } = parsed({ ...region, asg_name: "g", cluster_name: "kube", cluster_arn: arn.of("eks", "eu-west-1", "cluster/kube") });
    expect(missing.map(({ reason }) => reason).join()).not.toContain("--map");
  });

  it("quotes no more of a long value than it is found by", () => {
    expect(userErrorOf(() => parsed({ ...region, asg_name: "x".repeat(5000) })).message.length).toBeLessThan(400);
  });

  it("makes no suggestion of what is clearly something else", () => {
    const { missing } = parsed({
      ...region,
      orders_table_name: "orders",
      alb_security_group: "sg-1",
      db_port: "5432",
      redis_endpoint: "x",
      cluster_version: "1.29",
    });
    expect(missing.map(({ reason }) => reason).join()).not.toContain("--map");
  });
});
