import { describe, expect, it } from "vitest";
import { capacities } from "../../../contract/capacities.ts";
import { ask, balancer, group, hourMs, quantileOf, sixtyDays, storyScenario, storyModel, t0Ms, type Question } from "../../support/story-account.ts";

const model = storyModel();
const hourly = { statistic: "Maximum", periodSeconds: 3600, ...sixtyDays };
const east = "us-east-1";
const west = "us-west-2";

function values(question: Question, of = model): readonly number[] {
  return [...ask(of, question).values()];
}

function cpu(region: string): Question {
  return { region, namespace: "AWS/EC2", metric: "CPUUtilization", dimensions: group, ...hourly };
}

function database(member: string, metric: string, region = east): Question {
  return { region, namespace: "AWS/RDS", metric, dimensions: { DBInstanceIdentifier: member }, ...hourly };
}

function indexReads(region: string, index: string): Question {
  return {
    region,
    namespace: "AWS/DynamoDB",
    metric: "ConsumedReadCapacityUnits",
    dimensions: { TableName: "tap-prod-tenants", GlobalSecondaryIndexName: index },
    ...hourly,
    statistic: "Sum",
  };
}

/** Error rate and p99 of a slot of 15 minutes, some hours after T0. */
function slot(of: typeof model, region: string, hour: number): { readonly errorRate: number; readonly p99Seconds: number } {
  const at = (metric: string, statistic: string): number =>
    values(
      { region, namespace: "AWS/ApplicationELB", metric, dimensions: balancer, statistic, periodSeconds: 900, fromHour: hour, untilHour: hour + 0.25 },
      of,
    )[0] ?? 0;
  const requests = at("RequestCount", "Sum");
  const balancer5xx = at("HTTPCode_ELB_5XX_Count", "Sum");
  return { errorRate: (at("HTTPCode_Target_5XX_Count", "Sum") + balancer5xx) / (requests + balancer5xx), p99Seconds: at("TargetResponseTime", "p99") };
}

/** Median p99 of the same hour of week over eight weeks. */
function usualP99(region: string, hour: number): number {
  return quantileOf(
    Array.from({ length: 8 }, (_, week) => slot(model, region, hour - 168 * (week + 1)).p99Seconds),
    0.5,
  );
}

describe("the story: groups", () => {
  it.each([east, west])("peaks at 24 to 26 %% of m5.4xlarge in %s, so that m5.2xlarge fits with one zone lost", (region) => {
    const peak = quantileOf(values(cpu(region)), 0.995);
    expect(peak).toBeGreaterThan(24);
    expect(peak).toBeLessThan(26);
    expect((peak * 16 * 15) / (8 * 10)).toBeLessThanOrEqual(80);
  });

  it.each([east, west])("needs 20 to 25 %% of the memory in %s, which fits as well", (region) => {
    const peak = quantileOf(values({ region, namespace: "CWAgent", metric: "mem_used_percent", dimensions: group, ...hourly }), 1);
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(25);
    expect((peak * 64 * 15) / (32 * 10)).toBeLessThanOrEqual(80);
  });

  it.each([east, west])("uses less than 30 %% of the baseline bandwidth in %s", (region) => {
    const bytes = quantileOf(values({ region, namespace: "AWS/EC2", metric: "NetworkOut", dimensions: group, ...hourly }), 0.95);
    const gbps = capacities.ec2("m5.4xlarge")?.networkBaselineGbps ?? Number.NaN;
    expect((bytes * 8) / 60 / 1e9 / gbps).toBeLessThan(0.3);
  });

  it("has less traffic in us-west-2, the canary", () => {
    const requests = (region: string): number =>
      values({ region, namespace: "AWS/ApplicationELB", metric: "RequestCount", dimensions: balancer, ...hourly, statistic: "Sum" }).reduce((a, b) => a + b, 0);
    expect(requests(west)).toBeLessThan(0.95 * requests(east));
  });
});

describe("the story: the promotion in us-west-2", () => {
  const [promotion] = storyScenario.promotions;
  const startHour = typeof promotion?.start === "number" ? promotion.start : Number.NaN;

  it("starts after the group was replaced, within the soak of twelve hours", () => {
    expect(startHour).toBeGreaterThan(72 + 3);
    expect(startHour).toBeLessThan(72 + 12);
  });

  it("is carried by m5.4xlarge: no errors beyond the usual, p99 within 10 %", () => {
    for (let hour = startHour; hour < startHour + 28; hour += 1) {
      const seen = slot(model, west, hour);
      expect(seen.errorRate).toBeLessThan(0.001);
      expect(seen.p99Seconds / usualP99(west, hour)).toBeLessThan(1.1);
    }
  });

  it("breaks m5.2xlarge within its first half hour", () => {
    const seen = slot(storyModel({ west: "m5.2xlarge" }), west, startHour + 0.25);
    expect(seen.errorRate).toBeGreaterThan(0.01);
    expect(seen.p99Seconds).toBeGreaterThan(2 * usualP99(west, startHour + 0.25));
  });

  it("leaves m5.2xlarge healthy until it starts", () => {
    const small = storyModel({ west: "m5.2xlarge" });
    for (let hour = 72; hour < startHour; hour += 1) {
      const seen = slot(small, west, hour);
      expect(seen.errorRate).toBeLessThan(0.001);
      expect(seen.p99Seconds / usualP99(west, hour)).toBeLessThan(1.1);
    }
  });
});

describe("the story: the invoices of a month in us-west-2's Redis group", () => {
  const engine = values({
    region: west,
    namespace: "AWS/ElastiCache",
    metric: "EngineCPUUtilization",
    dimensions: { CacheClusterId: "tap-prod-redis-0001-001" },
    ...hourly,
  });

  it("take two hours of sixty days, which neither the 95th nor the 99.5th percentile sees", () => {
    expect(engine.filter((percent) => percent > 10).length).toBe(2);
    expect(quantileOf(engine, 0.995)).toBeLessThan(5);
  });

  it("bring its engine to 90 to 96 %: more than the worst hour may be even with all of its shards", () => {
    expect(quantileOf(engine, 1)).toBeGreaterThan(90);
    expect(quantileOf(engine, 1)).toBeLessThan(96);
  });
});

describe("the story: indexes", () => {
  it("has tenants/by-plan never read, with zeros now and then while idle", () => {
    for (const region of [east, west]) {
      const reads = values(indexReads(region, "by-plan"));
      expect(reads.length).toBeGreaterThan(0);
      expect(reads.reduce((a, b) => a + b, 0)).toBe(0);
    }
  });

  it("has tenants/by-domain idle in us-east-1, and read in us-west-2 so seldom that it counts as unused by the requirement", () => {
    expect(quantileOf(values(indexReads(east, "by-domain")), 1)).toBe(0);
    const weekly = values({ ...indexReads(west, "by-domain"), periodSeconds: 7 * 24 * 3600 });
    expect(quantileOf(weekly, 1)).toBeGreaterThan(0);
    expect(quantileOf(weekly, 1)).toBeLessThan(25);
  });

  it("reads by-domain on Tuesdays at 03:00 UTC", () => {
    const read = [...ask(model, indexReads(west, "by-domain"))].filter(([, units]) => units > 0).map(([ms]) => new Date(ms));
    expect(read.length).toBeGreaterThanOrEqual(8);
    expect(new Set(read.map((date) => `${date.getUTCDay()} ${date.getUTCHours()}`))).toEqual(new Set(["2 3"]));
  });

  it("has us-east-1's audit-logs tagged as a tenant's", () => {
    expect(storyScenario.tags).toEqual([{ region: east, resource: "tap-{suffix}-audit-logs", tags: { "tenant-id": "acme" } }]);
  });
});

describe("the story: databases", () => {
  it("has a writer at 38 %: 152 % of db.r6g.xlarge, 76 % of db.r6g.2xlarge", () => {
    const peak = quantileOf(values(database("tap-prod-aurora-1", "CPUUtilization")), 0.995);
    expect(peak).toBeCloseTo(38, 0);
    expect(peak * 4).toBeGreaterThan(100);
    expect(peak * 2).toBeLessThanOrEqual(80);
    expect(quantileOf(values(database("tap-prod-aurora-2", "CPUUtilization")), 0.995)).toBeLessThan(peak);
  });

  it("reads from memory, and has connections that fit db.r6g.2xlarge", () => {
    expect(quantileOf(values({ ...database("tap-prod-aurora-1", "BufferCacheHitRatio"), statistic: "Average" }), 0)).toBeGreaterThan(95);
    const connections = quantileOf(values(database("tap-prod-aurora-1", "DatabaseConnections")), 1);
    expect(connections).toBeLessThan(0.8 * (capacities.auroraMysqlMaxConnections("db.r6g.2xlarge") ?? 0));
  });

  it("runs phase 3's window on db.r6g.2xlarge without harm", () => {
    const resized = storyModel({ writer: "db.r6g.2xlarge" });
    for (let hour = 84; hour < 132; hour += 4) {
      const seen = slot(resized, east, hour);
      expect(seen.errorRate).toBeLessThan(0.001);
      expect(seen.p99Seconds / usualP99(east, hour)).toBeLessThan(1.2);
    }
  });

  it("has members in us-west-2 that are nine days old", () => {
    const points = [...ask(model, database("tap-prod-aurora-1", "CPUUtilization", west)).keys()];
    expect(points.length).toBe(9 * 24);
    expect(Math.min(...points)).toBe(t0Ms - 9 * 24 * hourMs);
  });
});
