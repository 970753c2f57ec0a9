import { CostExplorerClient, GetCostAndUsageCommand, type GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { answersOf } from "../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createCostReader } from "../../../../optimizer/adapters/aws/cost-reader.ts";
import { Fault } from "../../../../optimizer/errors.ts";

const client = new CostExplorerClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const mock = answersOf(client);
const span = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 2, 2) };
const ec2 = "Amazon Elastic Compute Cloud - Compute";

beforeEach(() => {
  mock.reset();
});

const reader = () => createCostReader(() => ({ costExplorer: client }));

function group(keys: string[], amortized: string, unit = "USD") {
  return { Keys: keys, Metrics: { AmortizedCost: { Amount: amortized, Unit: unit }, UnblendedCost: { Amount: "1", Unit: unit } } };
}

function isOnDemand(input: GetCostAndUsageCommandInput): boolean {
  return JSON.stringify(input.Filter?.And?.[2]) === JSON.stringify({ Dimensions: { Key: "PURCHASE_TYPE", Values: ["On Demand Instances"] } });
}

describe("Cost Explorer", () => {
  it("sums months and pages by instance type, apart for each purchase type, and counts every page", async () => {
    mock.on(GetCostAndUsageCommand).callsFake((input: GetCostAndUsageCommandInput) => {
      if (!isOnDemand(input)) return { ResultsByTime: [] };
      if (input.NextPageToken === undefined) return { NextPageToken: "2", ResultsByTime: [{ Groups: [group([ec2, "m5.4xlarge"], "100.5")] }] };
      return { ResultsByTime: [{ Groups: [group([ec2, "m5.4xlarge"], "50"), group(["AWS Lambda", "NoInstanceType"], "2")] }] };
    });
    const costs = reader();
    expect(await costs.costByInstanceType("us-west-2", span)).toEqual([
      { region: "us-west-2", service: ec2, instanceType: "m5.4xlarge", purchaseType: "on-demand", amortizedUsd: 150.5, unblendedUsd: 2 },
      { region: "us-west-2", service: "AWS Lambda", purchaseType: "on-demand", amortizedUsd: 2, unblendedUsd: 1 },
    ]);
    expect(costs.requestsMade()).toBe(5);
  });

  it("asks about the region alone, without credits, refunds and tax, to an exclusive end", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await reader().dailyCostByService("us-west-2", span);
    const [input] = mock.commandCalls(GetCostAndUsageCommand).map((call) => call.args[0].input);
    expect(input).toMatchObject({
      Granularity: "DAILY",
      TimePeriod: { Start: "2026-01-01", End: "2026-03-02" },
      Metrics: ["AmortizedCost", "UnblendedCost"],
      Filter: {
        And: [{ Dimensions: { Key: "REGION", Values: ["us-west-2"] } }, { Not: { Dimensions: { Key: "RECORD_TYPE", Values: ["Credit", "Refund", "Tax"] } } }],
      },
    });
  });

  it("gives days by service", async () => {
    mock.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [{ TimePeriod: { Start: "2026-01-03", End: "2026-01-04" }, Groups: [group([ec2], "7.25")] }] });
    expect(await reader().dailyCostByService("us-east-1", span)).toEqual([{ dayStartMs: Date.UTC(2026, 0, 3), service: ec2, amortizedUsd: 7.25 }]);
  });

  it("refuses other currencies, and spans that are no whole days", async () => {
    mock
      .on(GetCostAndUsageCommand)
      .resolves({ ResultsByTime: [{ TimePeriod: { Start: "2026-01-03", End: "2026-01-04" }, Groups: [group([ec2], "7", "CNY")] }] });
    await expect(reader().dailyCostByService("us-east-1", span)).rejects.toMatchObject({ code: "currency" });
    await expect(reader().dailyCostByService("us-east-1", { ...span, startMs: span.startMs + 1 })).rejects.toThrow(Fault);
  });
});
