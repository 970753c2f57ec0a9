import { describe, expect, it } from "vitest";
import { watching } from "../support/alarm-resources.ts";
import { streamingProduction, streamingStaging } from "../support/streaming-stacks.ts";
import { only, resources, type StackDocument } from "../support/synthesized-stacks.ts";

const stack = streamingProduction().primary;

function alarm(document: StackDocument, key: string): Readonly<Record<string, unknown>> {
  const found = resources(document, "aws_cloudwatch_metric_alarm").find(({ values }) => String(values["alarm_name"]).endsWith(`-${key}`));
  if (found === undefined) throw new Error(`no alarm ${key}`);
  return found.values;
}

describe("alarms of streaming", () => {
  it.each([
    ["service-cpu", { metric_name: "CPUUtilization", threshold: 85 }],
    ["service-memory", { metric_name: "MemoryUtilization", threshold: 85 }],
    ["aurora-capacity", { metric_name: "ACUUtilization", threshold: 90 }],
    ["aurora-connections", { metric_name: "DatabaseConnections", threshold: 0.8 * 3360 }],
    ["ingest-errors", { metric_name: "Errors", threshold: 0 }],
    ["archive-throttles", { metric_name: "Throttles", threshold: 0 }],
    ["ingest-behind", { metric_name: "IteratorAge", threshold: 600_000 }],
    ["redis-1-memory", { threshold: 80 }],
    ["events-throttles", { threshold: 0 }],
    ["function-failures", { threshold: 0 }],
  ])("%s", (key, expected) => {
    expect(alarm(stack, key)).toMatchObject({ ...expected, comparison_operator: "GreaterThanThreshold", treat_missing_data: "notBreaching" });
  });

  it("tell when fewer tasks run than should", () => {
    expect(alarm(stack, "service-tasks")["metric_query"]).toMatchObject([
      { expression: "desired - running" },
      { metric: { namespace: "ECS/ContainerInsights", metric_name: "DesiredTaskCount" } },
      { metric: { metric_name: "RunningTaskCount" } },
    ]);
  });

  it("only what reads a stream can fall behind", () => {
    expect(() => alarm(stack, "archive-behind")).toThrow();
  });

  it("measure connections by the capacity that the cluster may reach when it is made", () => {
    expect(alarm(streamingStaging().primary, "aurora-connections")["threshold"]).toBe(320);
    const connections = (aurora: object) => alarm(streamingProduction({ primary: { aurora } }).primary, "aurora-connections")["threshold"];
    expect(connections({ minAcu: 1, maxAcu: 1 })).toBe(150);
    expect(connections({ maxAcu: 64 })).toBe(0.8 * 5000);
    // Half a unit at least is too little memory for more than 2000.
    expect(connections({ minAcu: 0.5, maxAcu: 64 })).toBe(0.8 * 2000);
  });

  it("and the dashboard stay as they are when a size is adopted", () => {
    const primary = {
      services: { app: { cpu: 512, memoryMib: 1024, minCount: 3, desiredCount: 3 } },
      aurora: { minAcu: 1, maxAcu: 4, instances: { "tap-prod-aurora-3": { absent: true } } },
      redis: { nodeType: "cache.r6g.large", replicasPerShard: 2 },
      functions: { ingest: { memoryMib: 1024, timeoutSeconds: 300 } },
      tables: { events: { billingMode: "PAY_PER_REQUEST" } },
    };
    expect(watching(streamingProduction({ primary }).primary)).toEqual(watching(stack));
  });

  it("the dashboard shows tasks, capacity and calls", () => {
    const body = String(only(stack, "aws_cloudwatch_dashboard")["dashboard_body"]);
    for (const metric of ["RunningTaskCount", "ServerlessDatabaseCapacity", "Invocations"]) expect(body).toContain(metric);
  });
});
