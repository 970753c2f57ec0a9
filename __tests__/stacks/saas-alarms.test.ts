import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Sizing } from "../../contract/sizing.ts";
import { watching } from "../support/alarm-resources.ts";
import { only, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const production = synthesized(sources({ alarmEmail: "ops@example.com" }));
const both = ["primary", "secondary"] as const;

const query = z.object({ id: z.string(), expression: z.string().optional(), metric: z.object({ metric_name: z.string() }).optional() });
const alarmSchema = z.object({
  alarm_name: z.string(),
  alarm_actions: z.array(z.string()),
  threshold: z.number(),
  evaluation_periods: z.number(),
  datapoints_to_alarm: z.number(),
  treat_missing_data: z.string(),
  metric_name: z.string().optional(),
  metric_query: z.array(query).optional(),
});

type Alarm = z.infer<typeof alarmSchema>;

function alarms(stack: StackDocument): readonly Alarm[] {
  return resources(stack, "aws_cloudwatch_metric_alarm").map(({ values }) => alarmSchema.parse(values));
}

function alarm(stack: StackDocument, key: string): Alarm {
  const found = alarms(stack).find(({ alarm_name }) => alarm_name === `tap-prod-${key}`);
  if (found === undefined) throw new Error(`no alarm ${key}`);
  return found;
}

describe.each(both)("alarms of %s", (name) => {
  const stack = production[name];

  it("watch every component", () => {
    const keys = alarms(stack).map(({ alarm_name }) => alarm_name.replace("tap-prod-", ""));
    expect(keys).toEqual(expect.arrayContaining(["alb-5xx", "alb-p99", "alb-api-unhealthy", "alb-admin-unhealthy", "alb-metrics-unhealthy", "asg-cpu"]));
    expect(keys).toEqual(expect.arrayContaining(["aurora-cpu", "aurora-connections", "aurora-memory", "aurora-replica-lag"]));
    for (const shard of [1, 2, 3, 4])
      expect(keys).toEqual(expect.arrayContaining([`redis-${shard}-engine-cpu`, `redis-${shard}-memory`, `redis-${shard}-evictions`]));
    for (const table of ["tenants", "users", "audit-logs"])
      expect(keys).toEqual(
        expect.arrayContaining([`${table}-throttles`, `${table}-index-read-throttles`, `${table}-index-write-throttles`, `${table}-system-errors`]),
      );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("say what missing data means, tell the region's topic, and have no more metrics than CloudWatch takes", () => {
    const topic = resources(stack, "aws_sns_topic")[0]?.address;
    for (const one of alarms(stack)) {
      expect(one).toMatchObject({ treat_missing_data: "notBreaching", alarm_actions: [`\${${topic}.arn}`] });
      expect(one.datapoints_to_alarm).toBeLessThanOrEqual(one.evaluation_periods);
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
      expect((one.metric_query ?? []).filter(({ metric }) => metric !== undefined).length).toBeLessThanOrEqual(10);
    }
  });

  it("stand together in one, which also says when all is well", () => {
    const composite = only(stack, "aws_cloudwatch_composite_alarm");
    for (const { address } of resources(stack, "aws_cloudwatch_metric_alarm")) expect(composite["alarm_rule"]).toContain(`ALARM("\${${address}.alarm_name}")`);
    expect(composite["ok_actions"]).toEqual(composite["alarm_actions"]);
    expect(String(composite["alarm_rule"]).length).toBeLessThan(10_240);
  });

  it("reach an encrypted topic, whose key lets CloudWatch use it, of this account only", () => {
    expect(only(stack, "aws_sns_topic")["kms_master_key_id"]).toMatch(/aws_kms_key\.alarms-key/);
    const key = resources(stack, "aws_kms_key").find(({ address }) => address.includes("alarms-key"));
    expect(JSON.parse(String(key?.values["policy"]))).toMatchObject({
      Statement: [
        {},
        {
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Condition: { StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") } },
        },
      ],
    });
    expect(JSON.parse(String(only(stack, "aws_sns_topic_policy")["policy"]))).toMatchObject({
      Statement: [{ Action: "sns:Publish", Condition: { StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") } } }],
    });
    expect(only(stack, "aws_sns_topic_subscription")).toMatchObject({ protocol: "email", endpoint: "ops@example.com" });
  });

  it("and a dashboard of the region show what runs", () => {
    const { widgets } = JSON.parse(String(only(stack, "aws_cloudwatch_dashboard")["dashboard_body"])) as { widgets: { type: string }[] };
    expect(widgets.map(({ type }) => type)).toEqual(["alarm", ...Array.from({ length: 12 }, () => "metric")]);
  });
});

describe("thresholds", () => {
  it("of the database are a share of what its smallest member takes when the stack is made", () => {
    expect(alarm(production.primary, "aurora-connections").threshold).toBe(0.8 * 4000);
    expect(alarm(production.primary, "aurora-memory").threshold).toBe(Math.round(0.05 * 128 * 1024 ** 3));
    const smallReader = { aurora: { instances: { "tap-prod-aurora-2": { instanceClass: "db.r6g.large" } } } };
    const sized = synthesized(sources({}, { "prod/primary.json": { version: 1, ...smallReader } })).primary;
    expect(alarm(sized, "aurora-connections").threshold).toBe(0.8 * 1000);
    expect(alarm(sized, "aurora-memory").threshold).toBe(Math.round(0.05 * 16 * 1024 ** 3));
  });

  it("the balancer's own errors count, though they are among no requests", () => {
    expect(alarm(production.primary, "alb-5xx").metric_query?.[0]?.expression).toBe(
      "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))",
    );
  });

  it("only a secondary watches how far it is behind the primary", () => {
    const lag = alarm(production.secondary, "aurora-global-lag");
    expect(lag.threshold).toBe(5000);
    expect(lag.metric_query?.[0]?.expression).toMatch(
      /^SELECT MAX\(AuroraGlobalDBReplicationLag\) FROM "AWS\/RDS" WHERE DBClusterIdentifier = '\$\{aws_rds_cluster\.aurora_cluster_\w+\.cluster_identifier\}'$/,
    );
    expect(JSON.stringify(alarms(production.primary))).not.toContain("AuroraGlobalDBReplicationLag");
  });
});

describe("adopting a size changes no alarm, dashboard or scaling target", () => {
  it.each([
    { compute: { instanceType: "m5.large", minSize: 2, desiredCapacity: 2 } },
    { tables: { tenants: { absentIndexes: ["by-plan", "by-domain"] }, "audit-logs": { stream: "off" } } },
    { aurora: { instances: { "tap-prod-aurora-1": { instanceClass: "db.r6g.large" }, "tap-prod-aurora-3": { absent: true } }, backupRetentionDays: 1 } },
    { redis: { nodeType: "cache.r6g.large", shards: 1, replicasPerShard: 0 } },
  ] satisfies readonly Omit<Sizing, "version">[])("%j", (sizing) => {
    const sized = synthesized(sources({ alarmEmail: "ops@example.com" }, { "prod/primary.json": { version: 1, ...sizing } })).primary;
    expect(watching(sized)).toEqual(watching(production.primary));
  });

  it("but more shards than the blueprint's are watched, too", () => {
    const sized = synthesized(sources({}, { "prod/primary.json": { version: 1, redis: { shards: 5 } } })).primary;
    expect(alarm(sized, "redis-5-memory").metric_query).toHaveLength(4);
  });

  it("an absent cache takes its alarms along", () => {
    const sized = synthesized(sources({}, { "prod/primary.json": { version: 1, redis: { absent: true } } })).primary;
    expect(alarms(sized).filter(({ alarm_name }) => alarm_name.includes("redis"))).toEqual([]);
  });
});

it("nobody is told by mail unless someone is named", () => {
  expect(resources(synthesized(sources()).primary, "aws_sns_topic_subscription")).toEqual([]);
});
