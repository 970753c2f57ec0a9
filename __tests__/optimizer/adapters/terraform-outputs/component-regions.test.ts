import { describe, expect, it } from "vitest";
import { arn, held, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

const [east, west, ireland] = ["us-east-1", "us-west-2", "eu-west-1"];
const alb = "app/web/0123456789abcdef";
const apart = ["us-east-1: asg g", "us-west-2: aurora db"];
const group = { asg_name: "g" };
const cluster = { aurora_cluster_id: "db" };

describe("a region that is said of one component places that one", () => {
  it.each<[string, object, string[]]>([
    ["each", { asg_region: east, aurora_region: west, ...group, ...cluster }, apart],
    ["as Terraform wraps them", { asg_region: tf(east), aurora_region: tf(west), asg_name: tf("g"), aurora_cluster_id: tf("db") }, apart],
    ["in CloudFormation's spelling", { AutoScalingGroupRegion: east, AutoScalingGroupName: "g", DBClusterRegion: west, DBClusterIdentifier: "db" }, apart],
    ["as people spell regions", { asg_region: "N. Virginia", aurora_region: "Oregon", ...group, ...cluster }, apart],
    ["behind", { aws_region: east, region_aurora: west, ...group, ...cluster }, apart],
    ["beside our own", { stack_region: east, aurora_region: west, ...group, ...cluster }, apart],
    ["and all of it may be elsewhere", { region: east, orders_table_arn: arn.table(west, "orders"), orders_table_name: "orders" }, ["us-west-2: table orders"]],
    ["beside one for all", { aws_region: east, rds_region: west, ...group, ...cluster }, apart],
    ["by what it does", { aws_region: east, database_region: west, ...group, db_cluster_identifier: "db" }, apart],
    ["a table", { region: east, dynamodb_region: west, ...group, orders_table_name: "orders" }, ["us-east-1: asg g", "us-west-2: table orders"]],
    ["a cache", { region: east, cache_region: west, ...group, replication_group_id: "c" }, ["us-east-1: asg g", "us-west-2: redis c"]],
    ["a function", { region: east, lambda_region: west, ...group, function_name: "f" }, ["us-east-1: asg g", "us-west-2: function f"]],
    ["a service", { region: east, ecs_region: west, ...group, ecs_cluster_name: "c", ecs_service_name: "s" }, ["us-east-1: asg g", "us-west-2: service c/s"]],
    [
      "one of several tables",
      { region: east, orders_table_region: west, orders_table_name: "orders", users_table_name: "users" },
      ["us-east-1: table users", "us-west-2: table orders"],
    ],
    [
      "several of a kind",
      { orders_table_region: west, users_table_region: east, orders_table_name: "orders", users_table_name: "users" },
      ["us-east-1: table users", "us-west-2: table orders"],
    ],
    [
      "balancers are with their instances",
      { asg_region: east, aurora_region: west, ...group, alb_full_name: alb, ...cluster },
      ["us-east-1: alb web, asg g", "us-west-2: aurora db"],
    ],
    [
      "instances are with their balancers",
      { alb_region: east, aurora_region: west, ...group, alb_full_name: alb, ...cluster },
      ["us-east-1: alb web, asg g", "us-west-2: aurora db"],
    ],
    ["by name", { web_region: west, api_region: east, web_asg_name: "w", api_asg_name: "a" }, ["us-east-1: asg a", "us-west-2: asg w"]],
    ["by number", { region_1: east, region_2: west, asg_name_1: "a", asg_name_2: "b" }, ["us-east-1: asg a", "us-west-2: asg b"]],
    ["by letter", { region_a: east, region_b: west, region_a_asg_name: "a", asg_name_region_b: "b" }, ["us-east-1: asg a", "us-west-2: asg b"]],
    ["by environment", { prod_region: east, dev_region: west, prod_asg_name: "a", dev_asg_name: "b" }, ["us-east-1: asg a", "us-west-2: asg b"]],
    ["by color", { blue_region: east, green_region: west, asg_name_blue: "a", asg_name_green: "b" }, ["us-east-1: asg a", "us-west-2: asg b"]],
    ["in a map by component", { regions: { asg: east, aurora: west }, ...group, ...cluster }, apart],
    ["in a map by what they do", { region: { compute: east, database: west }, ...group, ...cluster }, apart],
    ["in a map by name", { region: { api: east, web: west }, asg_names: { api: "a", web: "w" } }, ["us-east-1: asg a", "us-west-2: asg w"]],
    ["beside its name", { asg: { region: east, name: "g" }, aurora: { region: west, cluster_id: "db" } }, apart],
    ["around its map", { asg_region: east, aurora_region: west, compute: group, data: cluster }, apart],
    ["in one stack", { Stack: { AsgRegion: east, AuroraRegion: west, AsgName: "g", AuroraClusterId: "db" } }, apart],
    ["with its host there", { aws_region: east, aurora_region: west, ...group, ...cluster, e: "db.cluster-abc.us-west-2.rds.amazonaws.com" }, apart],
    ["with its ARN there", { asg_region: east, aurora_region: west, ...group, aurora_cluster_arn: arn.aurora(west) }, apart],
    ["of its role", { primary_asg_region: east, primary_aurora_region: west, primary_asg_name: "g", primary_aurora_cluster_id: "db" }, apart],
    [
      "of each role",
      { aws_region: east, aurora_primary_region: east, aurora_secondary_region: west, ...group, ...cluster, aurora_secondary_cluster_id: "two" },
      ["us-east-1: asg g, aurora db", "us-west-2: aurora two"],
    ],
    ["unless it is null", { region: east, aurora_region: null, ...group, ...cluster }, ["us-east-1: asg g, aurora db"]],
    ["unless it is none", { region: east, aurora_region: "N/A", ...group, ...cluster }, ["us-east-1: asg g, aurora db"]],
    [
      "and one of its kind may be elsewhere by its ARN",
      { aurora_region: west, ...cluster, reports_aurora_cluster_arn: arn.aurora(east, "reports") },
      ["us-east-1: aurora reports", "us-west-2: aurora db"],
    ],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed(outputs))).toEqual(expected);
  });

  it("says where the rest is only where nothing else does, and tells", () => {
    const { warnings, ...deployments } = parsed({ asg_region: west, ...group, orders_table_name: "orders" });
    expect(held({ warnings, ...deployments })).toEqual(["us-west-2: asg g, table orders"]);
    expect(warnings).toEqual([expect.stringContaining("asg_region")]);
    expect(held(parsed({ asg_region: west, ...group, orders_table_name: "orders", t: arn.of("sns", east, "t") }))).toEqual([
      "us-east-1: table orders",
      "us-west-2: asg g",
    ]);
  });

  it("lets --region keep one of them", () => {
    expect(held(parsed({ asg_region: east, aurora_region: west, ...group, ...cluster }, { regions: [west] }))).toEqual(["us-west-2: aurora db"]);
  });

  it.each(["cognito_region", "sns_region", "kms_region", "secrets_manager_region", "pipeline_region", "edge_lambda_region"])(
    "of what is none of ours says nothing of the stack: %s",
    (key) => {
      expect(held(parsed({ region: ireland, [key]: east, ...group, lambda_function_name: "f" }))).toEqual(["eu-west-1: asg g, function f"]);
    },
  );

  it.each([
    "aurora_backup_region",
    "aurora_global_secondary_region",
    "rds_kms_region",
    "db_secret_region",
    "rds_monitoring_region",
    "source_db_region",
    "snapshot_copy_region",
    "aurora_logs_region",
  ])("of what a component has elsewhere moves it nowhere: %s", (key) => {
    expect(held(parsed({ aws_region: ireland, [key]: east, ...cluster }))).toEqual(["eu-west-1: aurora db"]);
  });

  it("is the stack's under a project's name", () => {
    expect(held(parsed({ acme_region: ireland, ...group, topic: arn.of("sns", east, "t") }))).toEqual(["eu-west-1: asg g"]);
  });
});

describe("a region that is misspelt", () => {
  it.each<[string, object]>([
    ["beside one for all", { aws_region: east }],
    ["beside another component's", { asg_region: east }],
  ])("puts what it is said of nowhere else: %s", (_, outputs) => {
    const error = userErrorOf(() => parsed({ ...outputs, aurora_region: "us-wset-2", ...group, ...cluster }));
    expect(error.code).toBe("unknown-region");
    expect(error.hint).toBe("Did you mean us-west-2?");
  });
});

describe("two words about the same component are refused, and both are quoted", () => {
  it.each<[string, object, string[]]>([
    ["two keys", { aurora_region: west, AuroraRegion: east }, ["aurora_region", "AuroraRegion"]],
    ["its ARN", { aurora_region: west, aurora_cluster_arn: arn.aurora(east) }, ["aurora_region", "aurora_cluster_arn"]],
    ["its key", { aurora_region: west, aurora_cluster_id_us_east_1: "db" }, ["aurora_region", "aurora_cluster_id_us_east_1"]],
    ["its host", { aurora_region: west, aurora_endpoint: "db.cluster-abc.eu-west-1.rds.amazonaws.com" }, ["aurora_region", "aurora_endpoint"]],
    ["its name and its kind", { orders_region: west, table_region: east, orders_table_name: "orders" }, ["orders_region", "table_region"]],
  ])("%s", (_, second, quoted) => {
    const outputs = { asg_region: east, ...group, ...("aurora_cluster_arn" in second || "aurora_cluster_id_us_east_1" in second ? {} : cluster), ...second };
    const error = userErrorOf(() => parsed(outputs));
    expect(error.code).toBe("outputs-two-regions");
    for (const part of quoted) expect(error.message).toContain(part);
  });

  it("as is what neither of them is about", () => {
    const error = userErrorOf(() => parsed({ asg_region: east, aurora_region: west, ...group, ...cluster, orders_table_name: "orders" }));
    expect(error.code).toBe("outputs-two-regions");
    for (const part of ["asg_region", "aurora_region", "orders_table_name"]) expect(error.message).toContain(part);
  });
});
