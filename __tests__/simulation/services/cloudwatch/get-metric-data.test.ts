import type { GetMetricDataInput, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { freezeThrough } from "../../../../contract/frozen.ts";
import type { Scenario } from "../../../../simulation/scenario/scenario.ts";
import { scenarioSchema } from "../../../../simulation/scenario/schema.ts";
import { services } from "../../../../simulation/services.ts";
import { getMetricData } from "../../../../simulation/services/cloudwatch/get-metric-data.ts";
import { fakeModel, fakeNames, instances, members, type FakeRegions } from "../../../support/fake-account.ts";

const region = "us-east-1";
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function scenarioOf(more: Partial<Scenario> = {}, peakRequestsPerSecond = 500): Scenario {
  return {
    ...scenarioSchema.parse({
      regions: {
        [region]: {
          traffic: { peakRequestsPerSecond },
          application: { vcpuSecondsPerRequest: 0.04, errorShare: 0.000_001 },
          database: { writeVcpuSeconds: 0.005, readVcpuSeconds: 0.002 },
          cache: {},
          tables: { "tap-{suffix}-tenants": { readsPerRequest: 1, writesPerRequest: 0.1, indexes: { "by-domain": { readsPerRequest: 0.1 } } } },
        },
      },
      historyDays: 455,
    }),
    ...more,
  };
}

const scenario = scenarioOf();
const nowMs = Date.parse(scenario.start) + 2 * dayMs;

const account: FakeRegions = {
  [region]: {
    group: () => instances("m5.4xlarge"),
    members: () => members(["db.r6g.4xlarge", "db.r6g.4xlarge"]),
    tables: { "tap-prod-tenants": { "by-plan": () => 1, "by-domain": () => 1 } },
    redis: { nodeType: "cache.r6g.4xlarge", shards: 4, replicasPerShard: 2 },
  },
};

interface Asked {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly periodSeconds?: number;
}

const cpu: Asked = { namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: { AutoScalingGroupName: fakeNames.group } };
const onBalancer = (metric: string, statistic = "Sum"): Asked => ({
  namespace: "AWS/ApplicationELB",
  metric,
  dimensions: { LoadBalancer: fakeNames.loadBalancer },
  statistic,
});
const onIndex = (metric: string, index: string): Asked => ({
  namespace: "AWS/DynamoDB",
  metric,
  dimensions: { TableName: "tap-prod-tenants", GlobalSecondaryIndexName: index },
  statistic: "Sum",
});

function queryOf({ namespace, metric, dimensions, statistic = "Average", periodSeconds = 300 }: Asked, index = 0): MetricDataQuery {
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
}

function inputOf(asked: readonly Asked[], fromMs: number, untilMs: number, more: Partial<GetMetricDataInput> = {}): GetMetricDataInput {
  return { MetricDataQueries: asked.map(queryOf), StartTime: new Date(fromMs), EndTime: new Date(untilMs), ScanBy: "TimestampAscending", ...more };
}

function answer(input: GetMetricDataInput, of = scenario, atMs = nowMs) {
  return getMetricData(input, { region, nowMs: atMs, scenario: of, model: fakeModel(of, account), services });
}

function points(asked: Asked, fromMs = nowMs - 4 * hourMs, untilMs = nowMs - hourMs, of = scenario) {
  const [result] = answer(inputOf([asked], fromMs, untilMs), of).MetricDataResults ?? [];
  return { times: (result?.Timestamps ?? []).map((time) => time.getTime()), values: result?.Values ?? [], status: result?.StatusCode };
}

describe("GetMetricData: requests", () => {
  const bad = (input: Partial<GetMetricDataInput>) => () => answer(inputOf([cpu], nowMs - hourMs, nowMs, input));

  it.each([
    ["an id that starts with a capital", { MetricDataQueries: [{ ...queryOf(cpu), Id: "M1" }] }, "ValidationError"],
    ["an id twice", { MetricDataQueries: [queryOf(cpu), queryOf(cpu)] }, "ValidationError"],
    ["501 queries", { MetricDataQueries: Array.from({ length: 501 }, (_, n) => queryOf(cpu, n)) }, "ValidationError"],
    ["a period of 90 s", { MetricDataQueries: [queryOf({ ...cpu, periodSeconds: 90 })] }, "ValidationError"],
    ["an end before the start", { EndTime: new Date(nowMs - 2 * hourMs) }, "ValidationError"],
    ["more points than a page holds", { MaxDatapoints: 100_801 }, "ValidationError"],
    ["a made-up token", { NextToken: "bm8" }, "InvalidNextToken"],
    ["a made-up statistic", { MetricDataQueries: [queryOf({ ...cpu, statistic: "Median" })] }, "InvalidParameterValueException"],
    ["metric math", { MetricDataQueries: [{ Id: "e1", Expression: "m1 * 2" }] }, "NotSimulated"],
    ["a period below five minutes", { MetricDataQueries: [queryOf({ ...cpu, periodSeconds: 60 })] }, "NotSimulated"],
    ["label options", { LabelOptions: { Timezone: "+0100" } }, "NotSimulated"],
  ])("refuses %s", (_, input, name) => {
    expect(bad(input)).toThrow(expect.objectContaining({ name }));
  });

  it("refuses percentiles of ElastiCache and DynamoDB", () => {
    const engine = {
      namespace: "AWS/ElastiCache",
      metric: "EngineCPUUtilization",
      dimensions: { CacheClusterId: `${fakeNames.redis}-0001-001` },
      statistic: "p99",
    };
    expect(() => points(engine)).toThrow(expect.objectContaining({ name: "InvalidParameterValueException" }));
    expect(points({ ...engine, statistic: "Maximum" }).values.length).toBeGreaterThan(0);
  });
});

describe("GetMetricData: time", () => {
  it("includes the start and excludes the end", () => {
    const fromMs = nowMs - 4 * hourMs;
    expect(points(cpu, fromMs, fromMs + hourMs).times).toEqual(Array.from({ length: 12 }, (_, n) => fromMs + n * 5 * minuteMs));
  });

  it("has the newest first unless asked otherwise", () => {
    const [result] = answer({ ...inputOf([cpu], nowMs - 4 * hourMs, nowMs - hourMs), ScanBy: undefined }).MetricDataResults ?? [];
    const times = result?.Timestamps?.map((time) => time.getTime()) ?? [];
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times.length).toBe(36);
  });

  it("shows a period's point one to three minutes after its end", () => {
    const newest = (atMs: number): number =>
      Math.max(...(answer(inputOf([cpu], nowMs - hourMs, nowMs + hourMs), scenario, atMs).MetricDataResults?.[0]?.Timestamps ?? []).map(Number));
    expect(newest(nowMs + 30_000)).toBe(nowMs - 10 * minuteMs);
    expect(newest(nowMs + 3 * minuteMs)).toBe(nowMs - 5 * minuteMs);
  });

  it("keeps five minutes for 63 days and hours for 455", () => {
    const fine = points(cpu, nowMs - 70 * dayMs, nowMs - 60 * dayMs);
    expect(Math.min(...fine.times)).toBe(nowMs - 63 * dayMs);
    const hourly = points({ ...cpu, periodSeconds: 3600 }, nowMs - 70 * dayMs, nowMs - 60 * dayMs);
    expect(Math.min(...hourly.times)).toBe(nowMs - 70 * dayMs);
    expect(hourly.times.length).toBe(240);
  });

  it("aggregates finer points: sums add up, an hour's maximum is no less than its twelfths'", () => {
    const fromMs = nowMs - 4 * hourMs;
    const sum = (asked: Asked) => points(asked, fromMs, fromMs + hourMs).values;
    const requests = onBalancer("RequestCount");
    expect(sum({ ...requests, periodSeconds: 3600 })[0]).toBeCloseTo(
      sum(requests).reduce((a, b) => a + b, 0),
      3,
    );
    const hour = sum({ ...cpu, statistic: "Maximum", periodSeconds: 3600 })[0];
    expect(hour).toBeCloseTo(Math.max(...sum({ ...cpu, statistic: "Maximum" })), 9);
    expect(sum({ ...cpu, statistic: "SampleCount", periodSeconds: 3600 })[0]).toBe(15 * 60);
  });

  it("orders the statistics of a period as they must be", () => {
    const of = (statistic: string, asked = cpu) => points({ ...asked, statistic, periodSeconds: 900 }).values[3] ?? Number.NaN;
    for (const asked of [cpu, onBalancer("TargetResponseTime")]) {
      const ordered = ["Minimum", "p50", "p95", "p99", "p99.5", "Maximum"].map((statistic) => of(statistic, asked));
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
      expect(of("Average", asked)).toBeGreaterThan(of("Minimum", asked));
      expect(of("Average", asked)).toBeLessThan(of("p95", asked));
    }
  });
});

describe("GetMetricData: pages", () => {
  const asked = [cpu, onBalancer("RequestCount"), { ...cpu, metric: "NoSuchMetric" }, { ...cpu, statistic: "Maximum" }];
  const whole = inputOf(asked, nowMs - 10 * hourMs, nowMs - hourMs);

  it.each([1, 7, 108, 150, 1000])("of %d points merge to the same series", (size) => {
    const merged = new Map<string, { values: number[]; last: string | undefined }>();
    let token: string | undefined;
    do {
      const page = answer({ ...whole, MaxDatapoints: size, NextToken: token });
      const results = page.MetricDataResults ?? [];
      expect(results.reduce((sum, result) => sum + (result.Values?.length ?? 0), 0)).toBeLessThanOrEqual(size);
      for (const { Id: id = "", Values: values = [], StatusCode: status } of results) {
        const known = merged.get(id) ?? { values: [], last: undefined };
        merged.set(id, { values: [...known.values, ...values], last: status });
      }
      token = page.NextToken;
    } while (token !== undefined);
    const unpaged = answer(whole).MetricDataResults ?? [];
    expect([...merged].map(([id, { values, last }]) => [id, values, last])).toEqual(unpaged.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]));
  });

  it("calls a series partial until its last piece", () => {
    const page = answer({ ...whole, MaxDatapoints: 10 });
    expect(page.MetricDataResults?.[0]?.StatusCode).toBe("PartialData");
    expect(page.NextToken).toBeDefined();
  });

  it("refuses a token of another request", () => {
    const { NextToken } = answer({ ...whole, MaxDatapoints: 10 });
    expect(() => answer({ ...inputOf([cpu], nowMs - hourMs, nowMs), NextToken })).toThrow(expect.objectContaining({ name: "InvalidNextToken" }));
  });
});

describe("GetMetricData: what is published", () => {
  it("has no point and no error for a metric or dimensions it does not know", () => {
    for (const asked of [
      { ...cpu, metric: "NoSuchMetric" },
      { ...cpu, dimensions: { AutoScalingGroupName: "other" } },
      { ...cpu, dimensions: {} },
    ]) {
      expect(points(asked)).toEqual({ times: [], values: [], status: "Complete" });
    }
  });

  it("has no 5xx points where there were no errors, and requests beside them", () => {
    expect(points(onBalancer("HTTPCode_Target_5XX_Count")).values.length).toBeLessThan(36);
    expect(points(onBalancer("HTTPCode_Target_5XX_Count")).values.every((value) => value > 0)).toBe(true);
    expect(points(onBalancer("RequestCount")).values.length).toBe(36);
  });

  it("has nothing of a load balancer without traffic, but its group's CPU and its hosts", () => {
    const idle = scenarioOf({}, 0);
    for (const metric of ["RequestCount", "TargetResponseTime", "HTTPCode_ELB_5XX_Count"]) {
      expect(points(onBalancer(metric), undefined, undefined, idle).values).toEqual([]);
    }
    expect(points(cpu, undefined, undefined, idle).values.length).toBe(36);
    const hosts = onBalancer("HealthyHostCount", "Minimum");
    expect(points({ ...hosts, dimensions: { ...hosts.dimensions, TargetGroup: fakeNames.targetGroup } }, undefined, undefined, idle).values).toEqual(
      Array(36).fill(15),
    );
  });

  it("has zeros of an idle index now and then, and throttles only when reads are refused", () => {
    const day = [nowMs - 2 * dayMs, nowMs - dayMs] as const;
    const idle = points(onIndex("ConsumedReadCapacityUnits", "by-plan"), ...day).values;
    expect(new Set(idle)).toEqual(new Set([0]));
    expect(idle.length).toBeLessThan(20);
    expect(points(onIndex("ReadThrottleEvents", "by-plan"), ...day).values).toEqual([]);
    expect(points(onIndex("ReadMaxOnDemandThroughputThrottleEvents", "by-domain"), ...day).values.length).toBeGreaterThan(200);
    expect(Math.max(...points(onIndex("ConsumedReadCapacityUnits", "by-domain"), ...day).values)).toBeCloseTo(300, 6);
  });

  it("counts successful requests by operation, the witness of a table", () => {
    const by = (operation: string) =>
      points({
        namespace: "AWS/DynamoDB",
        metric: "SuccessfulRequestLatency",
        dimensions: { TableName: "tap-prod-tenants", Operation: operation },
        statistic: "SampleCount",
      }).values[0];
    expect(by("GetItem")).toBeGreaterThan(10_000);
    expect(by("GetItem") ?? 0).toBeCloseTo(10 * (by("PutItem") ?? 0), -2);
    expect(by("Scan")).toBeUndefined();
  });

  it("tells a writer from readers by role", () => {
    const byRole = (metric: string, role: string) =>
      points({ namespace: "AWS/RDS", metric, dimensions: { DBClusterIdentifier: fakeNames.cluster, Role: role }, statistic: "Average" }).values[0];
    expect(byRole("WriteIOPS", "WRITER")).toBeGreaterThan(0);
    expect(byRole("WriteIOPS", "READER")).toBeUndefined();
    expect(byRole("AuroraReplicaLag", "READER")).toBeGreaterThan(0);
    expect(byRole("AuroraReplicaLag", "WRITER")).toBeUndefined();
  });

  it("gives each Redis primary its shard's commands, and replicas none", () => {
    const commands = (node: string) =>
      points({ namespace: "AWS/ElastiCache", metric: "GetTypeCmds", dimensions: { CacheClusterId: `${fakeNames.redis}-${node}` }, statistic: "Sum" }).values[0];
    const [requests = 0] = points(onBalancer("RequestCount")).values;
    expect(commands("0001-001")).toBeCloseTo((3 * requests) / 4, -3);
    expect(commands("0001-002")).toBe(0);
    expect(commands("0005-001")).toBeUndefined();
  });
});

describe("GetMetricData: the scenario's gaps and faults", () => {
  it("lacks the points that the scenario says are missing, and no others", () => {
    const gap = { region, namespace: "AWS/EC2", metrics: ["CPUUtilization"], resource: "tap-{suffix}-asg", from: 46, until: 46.5 };
    const lacking = scenarioOf({ missingMetrics: [gap] });
    expect(points(cpu, undefined, undefined, lacking).values.length).toBe(36 - 6);
    expect(points({ ...cpu, metric: "NetworkOut" }, undefined, undefined, lacking).values.length).toBe(36);
  });

  it("answers partly while a partial-data fault lasts", () => {
    const fault = { kind: "partial-data", from: 47, until: 49, share: 0.25 } as const;
    expect(points(cpu, undefined, undefined, scenarioOf({ metricFaults: [fault] }))).toMatchObject({ status: "PartialData", values: { length: 9 } });
    expect(points(cpu, undefined, undefined, scenarioOf({ metricFaults: [{ ...fault, from: 49, until: 50 }] })).status).toBe("Complete");
  });

  it("lags behind while a late-points fault lasts", () => {
    const fault = { kind: "late-points", from: 47, until: 49, lagSeconds: 2 * 3600 } as const;
    expect(Math.max(...points(cpu, undefined, nowMs, scenarioOf({ metricFaults: [fault] })).times)).toBeLessThan(nowMs - 2 * hourMs);
  });
});

describe("GetMetricData: a list of queries that is asked again", () => {
  const queries = (): MetricDataQuery[] => [queryOf(cpu), queryOf(onBalancer("RequestCount"), 1)];
  const asked = (MetricDataQueries: MetricDataQuery[], fromMs: number, untilMs: number) => answer({ ...inputOf([], fromMs, untilMs), MetricDataQueries });

  it("is answered as one that was never asked, up to the newest points", () => {
    const again = freezeThrough(queries());
    for (const hours of [6, 3, 0]) {
      const [fromMs, untilMs] = [nowMs - (hours + 2) * hourMs, nowMs - hours * hourMs];
      expect(asked(again, fromMs, untilMs)).toEqual(asked(queries(), fromMs, untilMs));
    }
  });

  it("is answered by what it asks now where it was changed", () => {
    const list = queries();
    asked(list, nowMs - 2 * hourMs, nowMs);
    list[0] = queryOf(onBalancer("HTTPCode_Target_5XX_Count"), 0);
    Object.assign(list[1]?.MetricStat ?? {}, { Stat: "Average" });
    expect(asked(list, nowMs - 2 * hourMs, nowMs)).toEqual(asked(structuredClone(list), nowMs - 2 * hourMs, nowMs));
    list.push(queryOf(cpu));
    expect(() => asked(list, nowMs - 2 * hourMs, nowMs)).toThrow("not unique");
  });
});
