import { describe, expect, it } from "vitest";
import { arn, held, parsed } from "../../../support/parsed-outputs.ts";

const region = { aws_region: "eu-west-1" };

describe("functions, services and instances by the words of their keys", () => {
  it.each<[string, unknown, string]>([
    ["lambda_function_name", "f", "function f"],
    ["ApiFunctionName", "f", "function f"],
    ["OrdersFunction", "f", "function f"],
    ["LambdaName", "f", "function f"],
    ["lambda_functions", { api: "a", jobs: "b" }, "function a, function b"],
    ["db_instance_identifier", "mysql", "rds mysql"],
    ["DBInstanceIdentifier", "mysql", "rds mysql"],
    ["rds_instance_arn", arn.of("rds", "eu-west-1", "db:mysql"), "rds mysql"],
    ["mysql_instance_id", "mysql", "rds mysql"],
    ["asg_name_prod", '"quoted"', "asg quoted"],
  ])("%s: %s", (key, value, expected) => {
    expect(held(parsed({ ...region, [key]: value }))).toEqual([`eu-west-1: ${expected}`]);
  });

  it.each([
    ["ecs_cluster_name", "ecs_service_name"],
    ["EcsClusterName", "ECSServiceName"],
    ["fargate_cluster_name", "fargate_service_name"],
  ])("%s and %s", (cluster, service) => {
    expect(held(parsed({ ...region, [cluster]: "main", [service]: "app" }))).toEqual(["eu-west-1: service main/app"]);
  });
});

const rds = "abcdefghijkl.eu-west-1.rds.amazonaws.com";
const cache = "cache.amazonaws.com";

describe("an endpoint", () => {
  it.each([
    ["aurora_cluster_id", `prod.cluster-${rds}`, "aurora prod"],
    ["aurora_cluster_id", `prod.cluster-ro-${rds}:5432`, "aurora prod"],
    ["rds_instance_id", `orders.${rds}:3306`, "rds orders"],
    ["redis_replication_group_id", `master.sessions.abc123.euw1.${cache}:6379`, "redis sessions"],
    ["redis_replication_group_id", `clustercfg.sessions.abc123.euw1.${cache}`, "redis sessions"],
    ["redis_replication_group_id", `sessions.abc123.ng.0001.euw1.${cache}`, "redis sessions"],
    ["redis_replication_group_id", `sessions-ro.abc123.ng.0001.euw1.${cache}`, "redis sessions"],
    ["redis_replication_group_id", `sessions.abc123.clustercfg.euw1.${cache}`, "redis sessions"],
  ])("names what it is called by under %s, and where --map says so: %s", (output, host, named) => {
    expect(held(parsed({ [output]: host }))).toEqual([`eu-west-1: ${named}`]);
    expect(held(parsed({ endpoint: host }, { map: [`${output}=endpoint`] }))).toEqual([`eu-west-1: ${named}`]);
  });

  it.each([
    ["aurora_cluster_endpoint", `prod.cluster-${rds}`, "--map aurora_cluster_id=aurora_cluster_endpoint"],
    ["db_host", `orders.${rds}`, "--map rds_instance_id=db_host"],
    ["cache_url", `master.sessions.abc123.euw1.${cache}`, "--map redis_replication_group_id=cache_url"],
  ])("is not taken by itself, since whoever is given one need not own it: %s is suggested", (key, host, flag) => {
    const outputs = { asg_name: "web", [key]: host };
    expect(held(parsed(outputs))).toEqual(["eu-west-1: asg web"]);
    expect(parsed(outputs).missing.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(flag));
    expect(parsed({ asg_name: "web", [`shared_${key}`]: host }).missing.map(({ reason }) => reason)).not.toContainEqual(expect.stringContaining("--map"));
  });

  it.each([
    ["aurora_cluster_id", `x.cluster-custom-${rds}`, "is not the identifier, endpoint or ARN of an Aurora cluster"],
    ["aurora_cluster_id", "x.cluster-abcdefghijkl.eu-west-1.docdb.amazonaws.com", "is not the identifier, endpoint or ARN of an Aurora cluster"],
    ["rds_instance_id", `x.proxy-${rds}`, "is not the identifier, endpoint or ARN of an RDS DB instance"],
    ["rds_instance_id", `x.cluster-${rds}`, "is not the identifier, endpoint or ARN of an RDS DB instance"],
  ])("that names something else is refused under %s: %s", (output, host, words) => {
    const { deployments, missing } = parsed({ asg_name: "web", [output]: host });
    expect(deployments.flatMap(({ auroraClusters, rdsInstances }) => [...auroraClusters, ...rdsInstances])).toEqual([]);
    expect(missing.map(({ reason }) => reason)).toContainEqual(expect.stringContaining(words));
  });
});

describe("a value that is none of its kind", () => {
  it.each([
    ["rds_instance_id", "9bad", "RDS instance"],
    ["rds_instance_id", "unknown", "RDS instance"],
    ["function_names", ["bad name!"], "Lambda functions"],
    ["function_names", ["TBD"], "Lambda functions"],
    ["data_bucket_name", "UPPER_x", "data bucket"],
    ["ecs_cluster_name", "x y", "ECS cluster"],
    ["ecs_service_names", ["x y"], "ECS service"],
    ["aurora_global_cluster_id", "9x", "Aurora global database"],
    ["target_group_full_names", ["web"], "target groups"],
  ])("is told with its key, whether or not most stacks have it: %s = %s", (key, value, component) => {
    const { missing } = parsed({ ...region, asg_name: "web", [key]: value });
    expect(missing).toContainEqual({ region: "eu-west-1", component, reason: expect.stringContaining(`outputs.json, ${key}: `) as string });
  });
});
