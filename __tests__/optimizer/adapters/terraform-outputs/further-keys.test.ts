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
