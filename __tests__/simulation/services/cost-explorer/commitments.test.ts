import type { GetReservationCoverageRequest, GetReservationUtilizationRequest } from "@aws-sdk/client-cost-explorer";
import { describe, expect, it } from "vitest";
import type { ListPrices } from "../../../../simulation/account/service.ts";
import type { Scenario } from "../../../../simulation/scenario/scenario.ts";
import { scenarioSchema } from "../../../../simulation/scenario/schema.ts";
import { services } from "../../../../simulation/services.ts";
import { getCostAndUsage } from "../../../../simulation/services/cost-explorer/get-cost-and-usage.ts";
import {
  getReservationPurchaseRecommendation,
  getSavingsPlansPurchaseRecommendation,
} from "../../../../simulation/services/cost-explorer/purchase-recommendations.ts";
import { getReservationCoverage, getReservationUtilization } from "../../../../simulation/services/cost-explorer/reservation-reports.ts";
import { getSavingsPlansCoverage, getSavingsPlansUtilization } from "../../../../simulation/services/cost-explorer/savings-plan-reports.ts";
import { fakeModel, instances } from "../../../support/fake-account.ts";

const dayMs = 86_400_000;
const ec2 = "Amazon Elastic Compute Cloud - Compute";
const start = "2026-06-01T00:00:00Z";
const changeMs = Date.parse("2026-06-11T00:00:00Z");
const prices: ListPrices = { hourlyUsd: (_service, _region, type) => (type === "m5.4xlarge" ? 0.8 : type === "m5.2xlarge" ? 0.4 : 0.5), unitUsd: () => 0 };
const load = { traffic: { peakRequestsPerSecond: 1, noiseSigma: 0 }, application: { vcpuSecondsPerRequest: 0.01 } };

/** Ten of `type` become ten m5.2xlarge on 11 June; other ten m5.4xlarge run in the west. */
function contextOf(more: Partial<Scenario> = {}, becomes = "m5.2xlarge") {
  const scenario: Scenario = { ...scenarioSchema.parse({ start, regions: { "us-east-1": load, "us-west-2": load } }), ...more };
  const model = fakeModel(scenario, {
    "us-east-1": { group: (ms) => instances(ms < changeMs ? "m5.4xlarge" : becomes, 10), changesMs: [changeMs] },
    "us-west-2": { group: () => instances("m5.4xlarge", 10) },
  });
  return { scenario, state: model.state, model, services, prices, nowMs: Date.parse(start) + 20 * dayMs };
}

const covered = { region: "us-east-1", service: "ec2", instanceType: "m5.4xlarge", coveredShare: 0.6, discountShare: 0.25 } as const;
const planned = contextOf({ commitments: [{ kind: "savings-plan", ...covered }] });
const reserved = contextOf({ commitments: [{ kind: "reserved", ...covered }] });
const before = { TimePeriod: { Start: "2026-06-01", End: "2026-06-11" } };
const after = { TimePeriod: { Start: "2026-06-11", End: "2026-06-19" } };
const byRegion = { GroupBy: [{ Type: "DIMENSION" as const, Key: "REGION" }] };
const byService = { GroupBy: [{ Type: "DIMENSION" as const, Key: "SERVICE" }] };
const offer = { TermInYears: "ONE_YEAR", PaymentOption: "NO_UPFRONT", LookbackPeriodInDays: "SEVEN_DAYS" } as const;

/** By record type, of a day on which half the size runs. */
function dayOf(context: ReturnType<typeof contextOf>) {
  const input = { TimePeriod: { Start: "2026-06-12", End: "2026-06-13" }, Granularity: "DAILY" as const, Metrics: ["AmortizedCost", "NetAmortizedCost"] };
  const [day] =
    getCostAndUsage({ ...input, GroupBy: ["SERVICE", "RECORD_TYPE"].map((Key) => ({ Type: "DIMENSION" as const, Key })) }, context).ResultsByTime ?? [];
  return new Map((day?.Groups ?? []).map(({ Keys = [], Metrics }) => [Keys.join(" | "), Number(Metrics?.["AmortizedCost"]?.Amount)]));
}

describe("a commitment after its instances were changed", () => {
  it("covers other sizes of the family, and lists what is left of a Savings Plan under a service of its own", () => {
    // Worth 0.6 × 10 × $0.80 = $4.80 an hour at list prices; ten m5.2xlarge use $4.00 of it.
    const day = dayOf(planned);
    expect(day.get(`${ec2} | SavingsPlanCoveredUsage`)).toBeCloseTo(24 * 4 * 0.75, 6);
    expect(day.get("Savings Plans for AWS Compute usage | SavingsPlanRecurringFee")).toBeCloseTo(24 * 0.8 * 0.75, 6);
  });

  it("lists what is left of a reservation as a fee of its service", () => {
    expect(dayOf(reserved).get(`${ec2} | RIFee`)).toBeCloseTo(24 * 0.8 * 0.75, 6);
  });

  it("covers nothing of another family", () => {
    const moved = contextOf({ commitments: [{ kind: "reserved", ...covered }] }, "c6i.2xlarge");
    expect(dayOf(moved).get(`${ec2} | DiscountedUsage`)).toBeUndefined();
    expect(dayOf(moved).get(`${ec2} | RIFee`)).toBeCloseTo(24 * 4.8 * 0.75, 6);
  });
});

describe("reports on reservations", () => {
  const of = (period: typeof before, context = reserved): GetReservationCoverageRequest & { context: typeof context } => ({ ...period, ...byRegion, context });

  it("tell the share of hours that is covered, by region", () => {
    const { context, ...input } = of(before);
    const groups = getReservationCoverage(input, context).CoveragesByTime?.[0]?.Groups ?? [];
    expect(groups.map(({ Attributes, Coverage }) => [Attributes?.["region"], Number(Coverage?.CoverageHours?.CoverageHoursPercentage)])).toEqual([
      ["us-east-1", expect.closeTo(60)],
      ["us-west-2", 0],
    ]);
  });

  it("tell how much of them is used, and what the rest costs", () => {
    const ask = (period: typeof before) => getReservationUtilization({ ...period, Granularity: "MONTHLY" }, reserved).Total;
    expect(Number(ask(before)?.UtilizationPercentage)).toBeCloseTo(100);
    // $4.00 of $4.80 an hour are used.
    expect(Number(ask(after)?.UtilizationPercentage)).toBeCloseTo((4 / 4.8) * 100);
    expect(Number(ask(after)?.RICostForUnusedHours)).toBeCloseTo(8 * 24 * 0.8 * 0.75);
  });

  const refused: readonly (readonly [string, Partial<GetReservationUtilizationRequest>, string])[] = [
    ["an end in the future", { TimePeriod: { Start: "2026-06-18", End: "2026-06-30" } }, "ValidationException"],
    ["two services at once", { Filter: { Dimensions: { Key: "SERVICE", Values: [ec2, "Amazon ElastiCache"] } } }, "ValidationException"],
    ["a service without reservations", { Filter: { Dimensions: { Key: "SERVICE", Values: ["Amazon ElastiCache"] } } }, "DataUnavailableException"],
    ["a service without instances", { Filter: { Dimensions: { Key: "SERVICE", Values: ["AWS Lambda"] } } }, "NotSimulated"],
    ["days one by one", { Granularity: "DAILY" }, "NotSimulated"],
  ];
  it.each(refused)("refuse %s", (_what, more, name) => {
    expect(() => getReservationUtilization({ ...before, Granularity: "MONTHLY", ...more }, reserved)).toThrow(expect.objectContaining({ name }));
  });
});

describe("reports on Savings Plans", () => {
  it("tell the share of spend at on-demand rates that is covered", () => {
    const coverages = getSavingsPlansCoverage({ ...before, ...byService }, planned).SavingsPlansCoverages ?? [];
    // $4.80 of $8.00 in the east, nothing of $8.00 in the west.
    expect(coverages.map(({ Attributes, Coverage }) => [Attributes?.["SERVICE"], Number(Coverage?.CoveragePercentage)])).toEqual([[ec2, expect.closeTo(30)]]);
  });

  it("tell how much of the commitment is used", () => {
    const used = getSavingsPlansUtilization({ ...after, Granularity: "MONTHLY" }, planned).Total?.Utilization;
    expect(Number(used?.UtilizationPercentage)).toBeCloseTo((4 / 4.8) * 100);
    expect(Number(used?.UnusedCommitment)).toBeCloseTo(8 * 24 * 0.8 * 0.75);
  });

  it("refuse the utilization of an account that has none, as AWS does", () => {
    expect(() => getSavingsPlansUtilization({ ...after, Granularity: "MONTHLY" }, reserved)).toThrow(
      expect.objectContaining({ name: "DataUnavailableException" }),
    );
  });
});

describe("recommendations", () => {
  const offered = contextOf({ offeredDiscountShare: 0.3, commitments: [{ kind: "savings-plan", ...covered }] });

  it("are what ran on demand on the quietest day, at the scenario's offer", () => {
    const [set] = getReservationPurchaseRecommendation({ Service: ec2, ...offer }, offered).Recommendations ?? [];
    // All of the east is covered by its plan since the change.
    expect(set?.RecommendationDetails).toMatchObject([
      { InstanceDetails: { EC2InstanceDetails: { InstanceType: "m5.4xlarge", Region: "us-west-2" } }, RecommendedNumberOfInstancesToPurchase: "10" },
    ]);
    expect(Number(set?.RecommendationDetails?.[0]?.EstimatedMonthlySavingsAmount)).toBeCloseTo(10 * 0.8 * 730 * 0.3);
    const plan = getSavingsPlansPurchaseRecommendation({ SavingsPlansType: "COMPUTE_SP", ...offer }, offered).SavingsPlansPurchaseRecommendation;
    expect(Number(plan?.SavingsPlansPurchaseRecommendationDetails?.[0]?.HourlyCommitmentToPurchase)).toBeCloseTo(8 * 0.7);
  });

  it("are none where the scenario offers nothing, or a day looked back at had none", () => {
    expect(getReservationPurchaseRecommendation({ Service: ec2, ...offer }, planned).Recommendations).toEqual([]);
    const young = { ...contextOf({ offeredDiscountShare: 0.3, historyDays: 0 }), nowMs: Date.parse(start) + 4 * dayMs };
    expect(getReservationPurchaseRecommendation({ Service: ec2, ...offer }, young).Recommendations).toEqual([]);
  });

  it("for other terms are said not to be simulated", () => {
    expect(() => getReservationPurchaseRecommendation({ Service: ec2, ...offer, TermInYears: "THREE_YEARS" }, offered)).toThrow(/not simulated/);
    expect(() => getSavingsPlansPurchaseRecommendation({ SavingsPlansType: "DATABASE_SP", ...offer }, offered)).toThrow(/not simulated/);
  });
});

describe("net costs", () => {
  it("are less by what the account agreed upon, but for tax and credits", () => {
    const agreed = contextOf({ negotiatedDiscountShare: 0.13, taxShare: 0.1 });
    const input = { TimePeriod: { Start: "2026-06-12", End: "2026-06-13" }, Granularity: "DAILY" as const, Metrics: ["AmortizedCost", "NetAmortizedCost"] };
    const [day] = getCostAndUsage({ ...input, GroupBy: [{ Type: "DIMENSION", Key: "RECORD_TYPE" }] }, agreed).ResultsByTime ?? [];
    const shares = (day?.Groups ?? []).map(({ Keys: [type] = [], Metrics: metrics }) => [
      type,
      Number(metrics?.["NetAmortizedCost"]?.Amount) / Number(metrics?.["AmortizedCost"]?.Amount),
    ]);
    expect(Object.fromEntries(shares)).toEqual({ Usage: expect.closeTo(0.87), Tax: expect.closeTo(1) });
  });
});
