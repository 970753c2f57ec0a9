import type { GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { query, type Service } from "../../account/service.ts";
import { argument, arn } from "../../terraform/attributes.ts";
import { describeAlarms } from "./describe-alarms.ts";
import { getMetricData } from "./get-metric-data.ts";
import { errors } from "./service-errors.ts";

/** Answers from what each service publishes of its load, and which alarms start something of it; those of the stacks, and dashboards, are kept as deployed. */
export const cloudWatch: Service = {
  name: "cloudwatch",
  api: {
    client: "CloudWatchClient",
    errors,
    commands: {
      DescribeAlarms: query(describeAlarms),
      GetMetricData: query((input: GetMetricDataCommandInput, context) => getMetricData(input, context)),
    },
  },
  resources: {
    aws_cloudwatch_metric_alarm: { attributes: { id: argument("alarm_name"), arn: arn("cloudwatch", (self) => `alarm:${self.text("alarm_name")}`) } },
    aws_cloudwatch_composite_alarm: { attributes: { id: argument("alarm_name"), arn: arn("cloudwatch", (self) => `alarm:${self.text("alarm_name")}`) } },
    aws_cloudwatch_dashboard: {
      attributes: { id: argument("dashboard_name"), dashboard_arn: arn("cloudwatch", (self) => `dashboard/${self.text("dashboard_name")}`, "account") },
    },
  },
};
