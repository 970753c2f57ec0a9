import type { GetCostAndUsageRequest } from "@aws-sdk/client-cost-explorer";
import { describe, expect, it } from "vitest";
import type { ListPrices } from "../../../../simulation/account/service.ts";
import type { Scenario } from "../../../../simulation/scenario/scenario.ts";
import { scenarioSchema } from "../../../../simulation/scenario/schema.ts";
import { services } from "../../../../simulation/services.ts";
import { getCostAndUsage } from "../../../../simulation/services/cost-explorer/get-cost-and-usage.ts";
import { fakeModel, instances, members, type FakeRegions } from "../../../support/fake-account.ts";

const dayMs = 86_400_000;
const ec2 = "Amazon Elastic Compute Cloud - Compute";
const load = {
  traffic: { peakRequestsPerSecond: 100, noiseSigma: 0, nightShare: 1, weekendShare: 1 },
  application: { vcpuSecondsPerRequest: 0.01 },
  tables: { "tap-{suffix}-tenants": { readsPerRequest: 1, unitsPerRead: 0.5 } },
};
const scenario: Scenario = scenarioSchema.parse({ start: "2026-06-01T00:00:00Z", regions: { "us-east-1": load, "us-west-2": { ...load, tables: {} } } });
const nowMs = Date.parse(scenario.start) + 10 * dayMs;
const changeMs = Date.parse("2026-06-04T12:00:00Z");

/** 15 instances in the east, smaller from noon of 4 June on; 10 in the west. */
const account: FakeRegions = {
  "us-east-1": {
    group: (atMs) => instances(atMs < changeMs ? "m5.4xlarge" : "m5.2xlarge"),
    members: () => members(["db.r6g.4xlarge", "db.r6g.4xlarge"]),
    tables: { "tap-prod-tenants": {} },
    changesMs: [changeMs],
    redis: { nodeType: "cache.r6g.4xlarge", shards: 2, replicasPerShard: 1 },
  },
  "us-west-2": { group: () => instances("m5.4xlarge", 10) },
};

const usdOf = new Map([
  ["ec2 m5.4xlarge", 0.8],
  ["ec2 m5.2xlarge", 0.4],
  ["aurora db.r6g.4xlarge", 2],
  ["elasticache cache.r6g.4xlarge", 1.5],
  ["dynamodb ReadRequestUnits", 0.000_001],
  ["dynamodb WriteRequestUnits", 0.000_002],
]);
const prices: ListPrices = {
  hourlyUsd: (service, _, type) => usdOf.get(`${service} ${type}`) ?? null,
  unitUsd: (service, _, usage) => usdOf.get(`${service} ${usage}`) ?? null,
};

function contextOf(of: Scenario = scenario) {
  const model = fakeModel(of, account);
  return { scenario: of, state: model.state, model, services, prices, nowMs };
}

function cost(more: Partial<GetCostAndUsageRequest> = {}, of: Scenario = scenario) {
  const input: GetCostAndUsageRequest = { TimePeriod: { Start: "2026-06-02", End: "2026-06-03" }, Granularity: "DAILY", Metrics: ["AmortizedCost"], ...more };
  return getCostAndUsage(input, contextOf(of));
}

const only = (key: "REGION" | "SERVICE" | "RECORD_TYPE" | "PURCHASE_TYPE", ...values: string[]) => ({ Dimensions: { Key: key, Values: values } });

function total(more: Partial<GetCostAndUsageRequest> = {}, of: Scenario = scenario, metric = "AmortizedCost"): number {
  return (cost({ Metrics: [metric], ...more }, of).ResultsByTime ?? []).reduce((sum, { Total }) => sum + Number(Total?.[metric]?.Amount), 0);
}

function groups(more: Partial<GetCostAndUsageRequest> = {}, of: Scenario = scenario): ReadonlyMap<string, number> {
  const [result] = cost(more, of).ResultsByTime ?? [];
  return new Map((result?.Groups ?? []).map(({ Keys = [], Metrics }) => [Keys.join(" | "), Number(Metrics?.["AmortizedCost"]?.Amount)]));
}

const eastCompute = { And: [only("REGION", "us-east-1"), only("SERVICE", ec2)] };

describe("GetCostAndUsage: amounts", () => {
  it("is hours × list price for what ran", () => {
    expect(total({ Filter: eastCompute })).toBeCloseTo(24 * 15 * 0.8, 6);
    expect(total({ Filter: { And: [only("REGION", "us-west-2"), only("SERVICE", ec2)] } })).toBeCloseTo(24 * 10 * 0.8, 6);
    expect(total({ Filter: only("SERVICE", "Amazon Relational Database Service") })).toBeCloseTo(24 * 2 * 2, 6);
    expect(total({ Filter: only("SERVICE", "Amazon ElastiCache") })).toBeCloseTo(24 * 4 * 1.5, 6);
  });

  it("is request units × price for on-demand tables", () => {
    expect(total({ Filter: only("SERVICE", "Amazon DynamoDB") })).toBeCloseTo(86_400 * 100 * 0.5 * 0.000_001, 6);
  });

  it("changes with the account, from the hour on", () => {
    const days = cost({ TimePeriod: { Start: "2026-06-04", End: "2026-06-06" }, Filter: eastCompute }).ResultsByTime ?? [];
    expect(days.map(({ Total }) => Number(Total?.["AmortizedCost"]?.Amount))).toEqual([expect.closeTo(12 * 15 * 1.2, 6), expect.closeTo(24 * 15 * 0.4, 6)]);
  });

  it("covers the history before the start, by calendar month", () => {
    const months = cost({ TimePeriod: { Start: "2026-04-15", End: "2026-06-01" }, Granularity: "MONTHLY", Filter: eastCompute }).ResultsByTime ?? [];
    expect(months.map(({ TimePeriod }) => `${TimePeriod?.Start} ${TimePeriod?.End}`)).toEqual(["2026-04-15 2026-05-01", "2026-05-01 2026-06-01"]);
    expect(months.map(({ Total }) => Number(Total?.["AmortizedCost"]?.Amount))).toEqual([expect.closeTo(16 * 288, 6), expect.closeTo(31 * 288, 6)]);
  });

  it("refuses a type whose price is not known", () => {
    const unpriced = { ...prices, hourlyUsd: () => null };
    const input = { TimePeriod: { Start: "2026-06-02", End: "2026-06-03" }, Granularity: "DAILY", Metrics: ["AmortizedCost"] } as const;
    expect(() => getCostAndUsage({ ...input, Metrics: [...input.Metrics] }, { ...contextOf(), prices: unpriced })).toThrow(
      /not simulated: the cost of m5.4xlarge/,
    );
  });
});

describe("GetCostAndUsage: commitments, credits and tax", () => {
  const commitment = { region: "us-east-1", service: "ec2", instanceType: "m5.4xlarge", coveredShare: 0.6, discountShare: 0.25 } as const;
  const planned: Scenario = { ...scenario, commitments: [{ kind: "savings-plan", ...commitment }] };
  const reserved: Scenario = { ...scenario, commitments: [{ kind: "reserved", ...commitment }] };

  it("splits a type's hours by purchase type, the covered ones at their discount", () => {
    const split = groups(
      {
        Filter: eastCompute,
        GroupBy: [
          { Type: "DIMENSION", Key: "INSTANCE_TYPE" },
          { Type: "DIMENSION", Key: "PURCHASE_TYPE" },
        ],
      },
      planned,
    );
    expect(split.get("m5.4xlarge | On Demand Instances")).toBeCloseTo(0.4 * 288, 6);
    expect(split.get("m5.4xlarge | Savings Plans")).toBeCloseTo(0.6 * 288 * 0.75, 6);
  });

  it("leaves only what is paid on demand for the commitment's cap", () => {
    const filter = { And: [...eastCompute.And, only("PURCHASE_TYPE", "On Demand Instances")] };
    expect(total({ Filter: filter }, planned)).toBeCloseTo(0.4 * 288, 6);
  });

  it("has unblended costs at the list price under a Savings Plan, at nothing under a reservation", () => {
    expect(total({ Filter: eastCompute }, planned, "UnblendedCost")).toBeCloseTo(288, 6);
    expect(total({ Filter: eastCompute }, reserved, "UnblendedCost")).toBeCloseTo(0.4 * 288, 6);
  });

  it("lists credits and tax under record types that can be left out", () => {
    const taxed: Scenario = { ...scenario, dailyCreditUsd: 20, taxShare: 0.1 };
    const plain = total();
    expect(total({}, taxed)).toBeCloseTo(plain * 1.1 - 20, 6);
    expect(total({ Filter: { Not: only("RECORD_TYPE", "Credit", "Refund", "Tax") } }, taxed)).toBeCloseTo(plain, 6);
  });
});

describe("GetCostAndUsage: answers", () => {
  it("groups by service, and then has no total", () => {
    const answer = cost({ GroupBy: [{ Type: "DIMENSION", Key: "SERVICE" }] });
    expect(answer.ResultsByTime?.[0]?.Total).toEqual({});
    expect(answer.ResultsByTime?.[0]?.Groups?.map(({ Keys }) => Keys?.[0])).toContain("Amazon ElastiCache");
    expect(answer.GroupDefinitions).toEqual([{ Type: "DIMENSION", Key: "SERVICE" }]);
  });

  it("names usage types as bills do", () => {
    const types = groups({ GroupBy: [{ Type: "DIMENSION", Key: "USAGE_TYPE" }] });
    expect([...types.keys()]).toEqual(expect.arrayContaining(["BoxUsage:m5.4xlarge", "USW2-BoxUsage:m5.4xlarge", "NodeUsage:cache.r6g.4xlarge"]));
  });

  it("is incomplete for yesterday and called estimated for two days", () => {
    const days = cost({ TimePeriod: { Start: "2026-06-08", End: "2026-06-11" }, Filter: eastCompute }).ResultsByTime ?? [];
    expect(days.map(({ Estimated }) => Estimated)).toEqual([false, true, true]);
    expect(days.map(({ Total }) => Number(Total?.["AmortizedCost"]?.Amount))).toEqual([expect.closeTo(144, 6), expect.closeTo(144, 6), 0]);
  });

  it("pages through long answers without losing a day", () => {
    const long = {
      TimePeriod: { Start: "2026-03-10", End: "2026-06-08" },
      GroupBy: [
        { Type: "DIMENSION" as const, Key: "USAGE_TYPE" },
        { Type: "DIMENSION" as const, Key: "REGION" },
      ],
    };
    const days: string[] = [];
    let pages = 0;
    let token: string | undefined;
    do {
      const page = cost({ ...long, ...(token === undefined ? {} : { NextPageToken: token }) });
      days.push(...(page.ResultsByTime ?? []).map(({ TimePeriod }) => TimePeriod?.Start ?? ""));
      token = page.NextPageToken;
      pages += 1;
    } while (token !== undefined);
    expect(days.length).toBe(90);
    expect(new Set(days).size).toBe(90);
    expect(pages).toBeGreaterThanOrEqual(1);
  });

  it.each([
    ["days that are no dates", { TimePeriod: { Start: "2026-6-1", End: "2026-06-02" } }, "ValidationException"],
    ["an end before the start", { TimePeriod: { Start: "2026-06-02", End: "2026-06-02" } }, "ValidationException"],
    ["a start in the future", { TimePeriod: { Start: "2026-07-02", End: "2026-07-03" } }, "ValidationException"],
    ["more than 14 months ago", { TimePeriod: { Start: "2024-06-02", End: "2026-06-03" } }, "ValidationException"],
    ["days before the account was there", { TimePeriod: { Start: "2025-09-01", End: "2025-10-01" } }, "DataUnavailableException"],
    ["three groupings", { GroupBy: ["SERVICE", "REGION", "USAGE_TYPE"].map((Key) => ({ Type: "DIMENSION" as const, Key })) }, "ValidationException"],
    ["a filter with two operators", { Filter: { ...only("REGION", "us-east-1"), Not: only("SERVICE", ec2) } }, "ValidationException"],
    ["an And of one", { Filter: { And: [only("REGION", "us-east-1")] } }, "ValidationException"],
    ["a made-up token", { NextPageToken: "bm8" }, "InvalidNextTokenException"],
    ["hours", { Granularity: "HOURLY" as const }, "NotSimulated"],
    ["tags", { Filter: { Tags: { Key: "Owner", Values: ["x"] } } }, "NotSimulated"],
  ])("refuses %s", (_, input, name) => {
    expect(() => cost(input)).toThrow(expect.objectContaining({ name }));
  });
});
