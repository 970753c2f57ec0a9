import { CostExplorerClient, GetCostAndUsageCommand, type GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { answersOf } from "../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createCostReader } from "../../../../optimizer/adapters/aws/cost-reader.ts";
import { Fault } from "../../../../optimizer/errors.ts";

const client = new CostExplorerClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const mock = answersOf(client);
const span = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 2, 2) };
/** What commitments cost and nothing used, as Cost Explorer's lines are named. */
const commitmentFees = ["RIFee", "Recurring", "Upfront", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee"];
const ec2 = "Amazon Elastic Compute Cloud - Compute";

beforeEach(() => {
  mock.reset();
});

const reader = () => createCostReader(() => ({ costExplorer: client }));

function group(keys: string[], amortized: string, unit = "USD") {
  return { Keys: keys, Metrics: { AmortizedCost: { Amount: amortized, Unit: unit }, UnblendedCost: { Amount: "1", Unit: unit } } };
}

function dayOf(start: string, ...groups: ReturnType<typeof group>[]) {
  return { TimePeriod: { Start: start }, Groups: groups };
}

function isOnDemand(input: GetCostAndUsageCommandInput): boolean {
  return JSON.stringify(input.Filter?.And?.[2]) === JSON.stringify({ Dimensions: { Key: "PURCHASE_TYPE", Values: ["On Demand Instances"] } });
}

describe("Cost Explorer", () => {
  it("sums days and pages by instance type, apart for each purchase type, and counts every page", async () => {
    mock.on(GetCostAndUsageCommand).callsFake((input: GetCostAndUsageCommandInput) => {
      if (!isOnDemand(input)) return { ResultsByTime: [] };
      if (input.NextPageToken === undefined) return { NextPageToken: "2", ResultsByTime: [dayOf("2026-01-01", group([ec2, "m5.4xlarge"], "100.5"))] };
      return {
        ResultsByTime: [
          dayOf("2026-01-02", group([ec2, "m5.4xlarge"], "50"), group(["AWS Lambda", "NoInstanceType"], "2")),
          dayOf("2026-01-03", group([ec2, "m5.4xlarge"], "7")),
        ],
      };
    });
    const costs = reader();
    const days = { startMs: span.startMs, endMs: Date.UTC(2026, 0, 4) };
    const byDay = (...usd: number[]) => ({ byDay: usd, purchaseType: "on-demand", region: "us-west-2" });
    expect(await costs.costByInstanceType("us-west-2", days)).toEqual([
      { ...byDay(100.5, 50, 7), service: ec2, instanceType: "m5.4xlarge", amortizedUsd: 157.5, unblendedUsd: 3 },
      { ...byDay(0, 2, 0), service: "AWS Lambda", amortizedUsd: 2, unblendedUsd: 1 },
    ]);
    expect(costs.requestsMade()).toBe(5);
  });

  it("asks for usage at its list price and after discounts, without the lines of the discounts themselves", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await reader().costByInstanceType("us-west-2", span);
    const left = mock.commandCalls(GetCostAndUsageCommand).map((call) => call.args[0].input.Filter?.And?.[1]?.Not?.Dimensions);
    expect(left).toHaveLength(4);
    for (const each of left) {
      expect(each?.Key).toBe("RECORD_TYPE");
      expect(each?.Values).toEqual(
        expect.arrayContaining(["Credit", "Refund", "Tax", "Enterprise Discount Program Discount", "EdpDiscount", "PrivateRateDiscount"]),
      );
    }
  });

  it("asks about the region alone, without credits, refunds and tax, to an exclusive end", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await reader().dailyCostByService({ region: "us-west-2" }, span);
    const [input] = mock.commandCalls(GetCostAndUsageCommand).map((call) => call.args[0].input);
    expect(input).toMatchObject({
      Granularity: "DAILY",
      TimePeriod: { Start: "2026-01-01", End: "2026-03-02" },
      Metrics: ["AmortizedCost", "UnblendedCost", "NetAmortizedCost"],
      Filter: {
        And: [
          { Dimensions: { Key: "REGION", Values: ["us-west-2"] } },
          { Not: { Dimensions: { Key: "RECORD_TYPE", Values: ["Credit", "Refund", "Tax"] } } },
          { Not: { Dimensions: { Key: "RECORD_TYPE", Values: commitmentFees } } },
        ],
      },
    });
  });

  it("asks for commitments that nothing uses in the whole account, whatever service and region they stand under", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await reader().dailyCostByService("unused-commitments", span);
    const [input] = mock.commandCalls(GetCostAndUsageCommand).map((call) => call.args[0].input);
    expect(input?.Filter).toEqual({
      And: [
        { Dimensions: { Key: "RECORD_TYPE", Values: commitmentFees } },
        { Not: { Dimensions: { Key: "RECORD_TYPE", Values: ["Credit", "Refund", "Tax"] } } },
      ],
    });
  });

  it("takes what is paid after discounts, and the amortized cost where AWS tells no other", async () => {
    const net = { ...group([ec2], "7"), Metrics: { ...group([ec2], "7").Metrics, NetAmortizedCost: { Amount: "6", Unit: "USD" } } };
    const day = { Start: "2026-01-03", End: "2026-01-04" };
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [{ TimePeriod: day, Groups: [net, group(["AWS Lambda"], "3")] }] });
    const costs = await reader().dailyCostByService({ region: "us-east-1" }, span);
    expect(costs.map(({ amortizedUsd }) => amortizedUsd)).toEqual([6, 3]);
    const [first] = await reader().costByInstanceType("us-east-1", span);
    expect(first).toMatchObject({ service: ec2, amortizedUsd: 7, netAmortizedUsd: 6 });
  });

  it("does without the net figure where AWS does not let the account see its discounts, and counts the refused request", async () => {
    mock.on(GetCostAndUsageCommand).callsFake((input: GetCostAndUsageCommandInput) => {
      if (input.Metrics?.includes("NetAmortizedCost") === true)
        throw Object.assign(new Error("NetAmortizedCost is not available to this account"), { name: "ValidationException" });
      return { ResultsByTime: [{ TimePeriod: { Start: "2026-01-03", End: "2026-01-04" }, Groups: [group([ec2], "7")] }] };
    });
    const costs = reader();
    expect(await costs.dailyCostByService({ region: "us-east-1" }, span)).toHaveLength(1);
    expect(await costs.dailyCostByService({ region: "us-east-1" }, span)).toHaveLength(1);
    expect(costs.requestsMade()).toBe(3);
  });

  it("asks for nothing a second time that was refused for another reason", async () => {
    mock.on(GetCostAndUsageCommand).rejects(Object.assign(new Error("not authorized to perform ce:GetCostAndUsage"), { name: "AccessDeniedException" }));
    const costs = reader();
    await expect(costs.dailyCostByService({ region: "us-east-1" }, span)).rejects.toMatchObject({ code: "access-denied" });
    expect(costs.requestsMade()).toBe(1);
  });

  it("gives months by region and service of all regions in one request", async () => {
    const month = { Start: "2026-01-01", End: "2026-02-01" };
    mock
      .on(GetCostAndUsageCommand)
      .resolves({ ResultsByTime: [{ TimePeriod: month, Groups: [group(["us-east-1", ec2], "7"), group(["us-west-2", ec2], "9")] }] });
    const costs = reader();
    expect(await costs.monthlyCostByService(["us-east-1", "us-west-2"], span)).toEqual([
      { monthStartMs: Date.UTC(2026, 0, 1), region: "us-east-1", service: ec2, amortizedUsd: 7 },
      { monthStartMs: Date.UTC(2026, 0, 1), region: "us-west-2", service: ec2, amortizedUsd: 9 },
    ]);
    const inputs = mock.commandCalls(GetCostAndUsageCommand).map((call) => call.args[0].input);
    expect(inputs).toMatchObject([{ Granularity: "MONTHLY", GroupBy: [{ Key: "REGION" }, { Key: "SERVICE" }] }]);
    expect(costs.requestsMade()).toBe(1);
  });

  it("gives days by service", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [{ TimePeriod: { Start: "2026-01-03", End: "2026-01-04" }, Groups: [group([ec2], "7.25")] }] });
    expect(await reader().dailyCostByService({ region: "us-east-1" }, span)).toEqual([{ dayStartMs: Date.UTC(2026, 0, 3), service: ec2, amortizedUsd: 7.25 }]);
  });

  it("refuses other currencies, and spans that are no whole days", async () => {
    mock
      .on(GetCostAndUsageCommand)
      .resolves({ ResultsByTime: [{ TimePeriod: { Start: "2026-01-03", End: "2026-01-04" }, Groups: [group([ec2], "7", "CNY")] }] });
    await expect(reader().dailyCostByService({ region: "us-east-1" }, span)).rejects.toMatchObject({ code: "currency" });
    await expect(reader().dailyCostByService({ region: "us-east-1" }, { ...span, startMs: span.startMs + 1 })).rejects.toThrow(Fault);
  });
});
