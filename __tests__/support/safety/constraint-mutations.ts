import { z } from "zod";
import { replace, set, unset, type Mutation, type Values } from "./mutation.ts";

const listSchema = z.array(z.string());

/** Leaves out of `depends_on` what is of the type, which must be there. */
const startBefore =
  (type: string) =>
  (values: Values): void => {
    const before = listSchema.parse(values["depends_on"]);
    const after = before.filter((address) => !address.startsWith(`${type}.`));
    if (after.length === before.length) throw new Error(`nothing of ${type} in ${before.join(", ")}`);
    values["depends_on"] = after;
  };

const reads =
  (metric: string) =>
  (values: Values): boolean =>
    JSON.stringify(values).includes(metric);

const isWriter = (values: Values): boolean => values["promotion_tier"] === 0;
const neededAtBoot = ["aws_iam_role_policy", "aws_route", "aws_route_table_association", "aws_vpc_endpoint", "aws_vpc_security_group_egress_rule"];

/** What AWS refuses, or answers with silence, and Terraform's own checks let through. */
export const constraintMutations: readonly Mutation[] = [
  // order
  ...neededAtBoot.flatMap((type): readonly Mutation[] => [
    { breaks: `instances may start before ${type}`, theme: "order", type: "aws_autoscaling_group", change: startBefore(type) },
    { breaks: `tasks may start before ${type}`, theme: "order", type: "aws_ecs_service", change: startBefore(type) },
  ]),
  { breaks: "instances wait for nothing", theme: "order", type: "aws_autoscaling_group", change: unset("depends_on") },
  { breaks: "the first launch may not fail once", theme: "order", type: "aws_autoscaling_group", change: unset("ignore_failed_scaling_activities") },
  {
    breaks: "a group of one goes down for a refresh",
    theme: "order",
    type: "aws_autoscaling_group",
    change: replace("instance_refresh", '"min_healthy_percentage":100', '"min_healthy_percentage":90'),
  },
  {
    breaks: "a refresh has no room for a new instance",
    theme: "order",
    type: "aws_autoscaling_group",
    change: replace("instance_refresh", '"max_healthy_percentage":110', '"max_healthy_percentage":100'),
  },
  {
    breaks: "chance makes the writer",
    theme: "order",
    type: "aws_rds_cluster_instance",
    where: (values) => !isWriter(values),
    change: unset("depends_on"),
  },
  // expiry
  {
    breaks: "objects end on the day that they move",
    theme: "expiry",
    type: "aws_s3_bucket_lifecycle_configuration",
    where: reads("STANDARD_IA"),
    change: replace("rule", /"expiration":\[\{"days":\d+\}\]/, '"expiration":[{"days":30}]'),
  },
  {
    breaks: "objects end before they have paid for their move",
    theme: "expiry",
    type: "aws_s3_bucket_lifecycle_configuration",
    where: reads("STANDARD_IA"),
    change: replace("rule", /"expiration":\[\{"days":\d+\}\]/, '"expiration":[{"days":59}]'),
  },
  {
    breaks: "objects move to Standard-IA too young",
    theme: "expiry",
    type: "aws_s3_bucket_lifecycle_configuration",
    where: reads('"transition"'),
    change: replace("rule", /"transition":\[[^\]]*\]/, '"transition":[{"days":29,"storage_class":"STANDARD_IA"}]'),
  },
  {
    breaks: "old versions move after they are gone",
    theme: "expiry",
    type: "aws_s3_bucket_lifecycle_configuration",
    change: replace(
      "rule",
      /"noncurrent_version_expiration":\[[^\]]*\]/,
      '"noncurrent_version_expiration":[{"noncurrent_days":30}],"noncurrent_version_transition":[{"noncurrent_days":30,"storage_class":"STANDARD_IA"}]',
    ),
  },
  { breaks: "a rule has no filter", theme: "expiry", type: "aws_s3_bucket_lifecycle_configuration", change: replace("rule", /"filter":\[[^\]]*\],?/, "") },
  // parameters
  ...["aws_db_parameter_group", "aws_rds_cluster_parameter_group"].flatMap((type): readonly Mutation[] => [
    {
      breaks: `a parameter of ${type} is the engine's own`,
      theme: "parameters",
      type,
      change: (values) => set({ parameter: [own(String(values["family"]))] })(values),
    },
    {
      breaks: `a parameter of ${type} has the wrong method`,
      theme: "parameters",
      type,
      change: (values) => set({ parameter: [atARestart(String(values["family"]))] })(values),
    },
    {
      breaks: `nobody knows what a parameter of ${type} is by itself`,
      theme: "parameters",
      type,
      change: set({ parameter: [{ name: "unheard_of", value: "1" }] }),
    },
  ]),
  {
    breaks: "the cache's parameter is the engine's own",
    theme: "parameters",
    type: "aws_elasticache_parameter_group",
    change: set({ parameter: [{ name: "cluster-enabled", value: "no" }] }),
  },
  { breaks: "a log is exported that is never written", theme: "parameters", type: "aws_db_parameter_group", change: set({ parameter: [] }) },
  {
    breaks: "the audit log is exported, and off",
    theme: "parameters",
    type: "aws_rds_cluster",
    where: ({ engine }) => engine === "aurora-mysql",
    change: set({ enabled_cloudwatch_logs_exports: ["audit"] }),
  },
  // alarms
  {
    breaks: "an alarm reads a dimension that the metric has not",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ dimensions }) => dimensions !== undefined,
    change: replace("dimensions", "{", '{"AvailabilityZones":"us-east-1a",'),
  },
  {
    breaks: "an alarm reads a metric that is not there",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ metric_name }) => metric_name !== undefined,
    change: set({ metric_name: "UnheardOf" }),
  },
  {
    breaks: "a formula reads a metric by nothing",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: reads('"dimensions":{"LoadBalancer"'),
    change: (values) => replace(values["metric_query"] === undefined ? "dimensions" : "metric_query", /"LoadBalancer":"[^"]*"/, '"Nothing":"x"')(values),
  },
  {
    breaks: "an alarm knows the load balancer by its name",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ dimensions }) => JSON.stringify(dimensions ?? {}).includes("LoadBalancer"),
    change: replace("dimensions", /\.arn_suffix\}/, ".name}"),
  },
  {
    breaks: "a query reads a set of dimensions that is not there",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: reads("FROM SCHEMA"),
    change: replace("metric_query", ", GlobalSecondaryIndexName, TableName)", ", GlobalSecondaryIndexName, TableName, Operation)"),
  },
  {
    breaks: "the lag between regions is read of the primary's region alone",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: reads("AuroraGlobalDBReplicationLag"),
    change: replace("metric_query", "WHERE DBClusterIdentifier", "WHERE DBInstanceIdentifier"),
  },
  {
    breaks: "an alarm is of an index that no table has",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: reads("TableName) WHERE TableName = '${aws_dynamodb_table."),
    change: (_, { resource }) => {
      for (const table of Object.values(resource["aws_dynamodb_table"] ?? {})) delete table["global_secondary_index"];
    },
  },
  ...[
    { threshold: 1e7, what: "above all that the class takes" },
    { threshold: 12, what: "below what it takes all day" },
  ].map(({ threshold, what }): Mutation => ({
    breaks: `connections: an alarm ${what}`,
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ metric_name }) => metric_name === "DatabaseConnections",
    change: set({ threshold }),
  })),
  {
    breaks: "memory: an alarm below what is ever free",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ metric_name }) => metric_name === "FreeableMemory",
    change: set({ threshold: 0.8 * 1024 ** 3 }),
  },
  {
    breaks: "an alarm changes with the class",
    theme: "alarms",
    type: "aws_cloudwatch_metric_alarm",
    where: ({ lifecycle }) => lifecycle !== undefined,
    change: unset("lifecycle"),
  },
  {
    breaks: "a chart shows what is not there",
    theme: "alarms",
    type: "aws_cloudwatch_dashboard",
    change: replace("dashboard_body", String.raw`\"RequestCount\"`, String.raw`\"RequestsCount\"`),
  },
  // upgrades, sign-ins, trust
  { breaks: "AWS's own upgrade is undone", theme: "lifecycle", type: "aws_rds_global_cluster", change: unset("lifecycle") },
  ...["aws_db_instance", "aws_rds_cluster"].flatMap((type): readonly Mutation[] => [
    { breaks: `${type} may become another major version`, theme: "lifecycle", type, change: set({ allow_major_version_upgrade: true }) },
    { breaks: `${type} takes IAM's tokens, which nobody may get`, theme: "policies", type, change: set({ iam_database_authentication_enabled: true }) },
  ]),
];

/** A parameter with the value that an engine has by itself. */
function own(family: string): object {
  if (family.startsWith("aurora-postgresql")) return { name: "rds.force_ssl", value: "1" };
  return { name: "require_secure_transport", value: family.startsWith("aurora") ? "0" : "OFF" };
}

/** A parameter that changes at a restart only, as if it did at once. */
function atARestart(family: string): object {
  return family.startsWith("aurora-postgresql") ? { name: "shared_preload_libraries", value: "pg_cron" } : { name: "lower_case_table_names", value: "1" };
}
