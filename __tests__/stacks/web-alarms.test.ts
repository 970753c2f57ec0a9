import { describe, expect, it } from "vitest";
import { watching } from "../support/alarm-resources.ts";
import { only, resources, type StackDocument } from "../support/synthesized-stacks.ts";
import { web } from "../support/web-stacks.ts";

const production = web();
const staging = web({ environment: "staging" });
const both = ["primary", "secondary"] as const;

function alarms(stack: StackDocument, suffix = "prod"): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    resources(stack, "aws_cloudwatch_metric_alarm").map(({ values }) => [String(values["alarm_name"]).replace(`tap-${suffix}-`, ""), values]),
  );
}

const four = ["alb-5xx", "alb-web-unhealthy", "mysql-connections", "mysql-cpu"];

describe("alarms of web", () => {
  it("are the four that were asked for, and in a secondary how far its replica is behind", () => {
    expect(Object.keys(alarms(production.primary)).toSorted()).toEqual(four);
    expect(Object.keys(alarms(production.secondary)).toSorted()).toEqual([...four, "mysql-replica-lag"]);
  });

  it.each(both)("in %s: database CPU above 80 % for two times five minutes", (name) => {
    expect(alarms(production[name])["mysql-cpu"]).toMatchObject({
      namespace: "AWS/RDS",
      metric_name: "CPUUtilization",
      statistic: "Average",
      dimensions: { DBInstanceIdentifier: expect.stringContaining("aws_db_instance.mysql") },
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      evaluation_periods: 2,
      datapoints_to_alarm: 2,
    });
  });

  it.each(both)("in %s: more than 80 connections", (name) => {
    expect(alarms(production[name])["mysql-connections"]).toMatchObject({
      metric_name: "DatabaseConnections",
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
    });
  });

  it.each([
    ["db.t3.micro, which never takes 80,", "db.t3.micro", 51],
    ["db.t3.medium, which takes some 320,", "db.t3.medium", 256],
    ["a class that nobody has measured", "db.unheard.large", 80],
  ])("of %s: as many as fit it", (_, instanceClass, threshold) => {
    const sized = web({}, { "prod/primary.json": { version: 1, rds: { instanceClass } } });
    expect(alarms(sized.primary)["mysql-connections"]).toMatchObject({ threshold, lifecycle: { ignore_changes: ["threshold"] } });
  });

  it.each(both)("in %s: more than one unhealthy host, and in staging, which has one, that one", (name) => {
    expect(alarms(production[name])["alb-web-unhealthy"]).toMatchObject({
      metric_name: "UnHealthyHostCount",
      comparison_operator: "GreaterThanThreshold",
      threshold: 1,
    });
    expect(alarms(staging[name], "staging")["alb-web-unhealthy"]).toMatchObject({ comparison_operator: "GreaterThanOrEqualToThreshold", threshold: 1 });
  });

  it.each(both)("in %s: more than ten 5xx in five minutes, the targets' and the load balancer's together, none counting as nought", (name) => {
    expect(alarms(production[name])["alb-5xx"]).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: 10,
      evaluation_periods: 1,
      datapoints_to_alarm: 1,
      treat_missing_data: "notBreaching",
      metric_query: [
        { expression: "SUM(FILL(METRICS(), 0))", return_data: true },
        { metric: { metric_name: "HTTPCode_Target_5XX_Count", stat: "Sum", period: 300 } },
        { metric: { metric_name: "HTTPCode_ELB_5XX_Count", stat: "Sum", period: 300 } },
      ],
    });
  });

  it("take a replica that no longer follows for one that is far behind", () => {
    expect(alarms(production.secondary)["mysql-replica-lag"]).toMatchObject({
      threshold: 60,
      metric_query: [{ expression: "IF(lag < 0, 86400, lag)" }, { id: "lag", metric: { metric_name: "ReplicaLag" } }],
    });
  });

  it.each(both)("in %s stand together in one, tell an encrypted topic, and are on the dashboard", (name) => {
    const rule = String(only(production[name], "aws_cloudwatch_composite_alarm")["alarm_rule"]);
    expect(rule.match(/ALARM\(/g)).toHaveLength(Object.keys(alarms(production[name])).length);
    expect(only(production[name], "aws_sns_topic")["kms_master_key_id"]).toContain("alarms-key");
    const { widgets } = JSON.parse(String(only(production[name], "aws_cloudwatch_dashboard")["dashboard_body"])) as {
      readonly widgets: readonly { readonly properties: { readonly title: string } }[];
    };
    expect(widgets.map(({ properties }) => properties.title)).toEqual(expect.arrayContaining(["Alarms", "Database: CPU, %", "Database: storage free, bytes"]));
  });

  it("do not change with a size that was adopted", () => {
    const sized = web({}, { "prod/primary.json": { version: 1, rds: { instanceClass: "db.t3.micro" }, compute: { instanceType: "t3.small" } } });
    expect(watching(sized.primary)).toEqual(watching(production.primary));
  });
});
