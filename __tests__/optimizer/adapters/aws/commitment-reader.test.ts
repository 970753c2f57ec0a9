import {
  CostExplorerClient,
  GetReservationCoverageCommand,
  GetReservationPurchaseRecommendationCommand,
  GetReservationUtilizationCommand,
  GetSavingsPlansCoverageCommand,
  GetSavingsPlansPurchaseRecommendationCommand,
  GetSavingsPlansUtilizationCommand,
} from "@aws-sdk/client-cost-explorer";
import { beforeEach, describe, expect, it } from "vitest";
import { createCommitmentReader } from "../../../../optimizer/adapters/aws/commitment-reader.ts";
import { CredentialsLost } from "../../../../optimizer/errors.ts";
import { answersOf } from "../../../support/answers-of.ts";

const client = new CostExplorerClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const mock = answersOf(client);
const span = { startMs: Date.UTC(2026, 4, 1), endMs: Date.UTC(2026, 4, 31) };
const cache = "Amazon ElastiCache";
const reservation = { kind: "reservation", service: cache } as const;
const plans = { kind: "savings-plan" } as const;
const hours = (percentage: string) => ({ CoverageHours: { CoverageHoursPercentage: percentage } });

beforeEach(() => {
  mock.reset();
});

const reader = () => createCommitmentReader(() => ({ costExplorer: client }));

describe("reservations", () => {
  it("are told by region for one service, page by page, each page a request", async () => {
    mock
      .on(GetReservationCoverageCommand)
      .callsFake((input: { NextPageToken?: string }) =>
        input.NextPageToken === undefined
          ? { NextPageToken: "2", CoveragesByTime: [{ Groups: [{ Attributes: { region: "us-east-1" }, Coverage: hours("62.5") }] }] }
          : { CoveragesByTime: [{ Groups: [{ Attributes: { REGION: "us-west-2" }, Coverage: hours("0") }] }] },
      );
    const commitments = reader();
    expect(await commitments.coverage(reservation, span)).toEqual([
      { ...reservation, region: "us-east-1", coveredShare: 0.625 },
      { ...reservation, region: "us-west-2", coveredShare: 0 },
    ]);
    expect(commitments.requestsMade()).toBe(2);
    expect(mock.commandCalls(GetReservationCoverageCommand)[0]?.args[0].input).toEqual({
      TimePeriod: { Start: "2026-05-01", End: "2026-05-31" },
      GroupBy: [{ Type: "DIMENSION", Key: "REGION" }],
      Filter: { Dimensions: { Key: "SERVICE", Values: [cache] } },
      Metrics: ["Hour"],
    });
  });

  it("tell what is used of them, and what the rest costs", async () => {
    mock.on(GetReservationUtilizationCommand).resolves({ UtilizationsByTime: [], Total: { UtilizationPercentage: "91", RICostForUnusedHours: "12.5" } });
    expect(await reader().utilization(reservation, span)).toEqual([{ ...reservation, usedShare: 0.91, unusedUsd: 12.5 }]);
  });

  it("are recommended by type and region", async () => {
    const detail = (details: object) => ({
      RecommendedNumberOfInstancesToPurchase: "6",
      EstimatedMonthlySavingsAmount: "410.2",
      CurrencyCode: "USD",
      InstanceDetails: details,
    });
    mock.on(GetReservationPurchaseRecommendationCommand).resolves({
      Recommendations: [
        {
          RecommendationDetails: [
            detail({ ElastiCacheInstanceDetails: { NodeType: "cache.r6g.xlarge", Region: "us-east-1" } }),
            detail({ RDSInstanceDetails: { InstanceType: "db.r6g.xlarge", Region: "us-west-2" } }),
          ],
        },
      ],
    });
    expect(await reader().recommendations(reservation)).toEqual([
      { ...reservation, what: "6 × cache.r6g.xlarge in us-east-1", monthlySavingsUsd: 410.2 },
      { ...reservation, what: "6 × db.r6g.xlarge in us-west-2", monthlySavingsUsd: 410.2 },
    ]);
  });
});

describe("Savings Plans", () => {
  it("are told by service, and as a whole how much of them is used", async () => {
    mock
      .on(GetSavingsPlansCoverageCommand)
      .resolves({ SavingsPlansCoverages: [{ Attributes: { SERVICE: "AWS Lambda" }, Coverage: { CoveragePercentage: "40" } }] });
    mock.on(GetSavingsPlansUtilizationCommand).resolves({ Total: { Utilization: { UtilizationPercentage: "100", UnusedCommitment: "0" } } });
    expect(await reader().coverage(plans, span)).toEqual([{ ...plans, service: "AWS Lambda", coveredShare: 0.4 }]);
    expect(await reader().utilization(plans, span)).toEqual([{ ...plans, usedShare: 1, unusedUsd: 0 }]);
  });

  it("are recommended by what they commit to an hour; an account that needs none gets no answer", async () => {
    mock.on(GetSavingsPlansPurchaseRecommendationCommand).resolvesOnce({
      SavingsPlansPurchaseRecommendation: {
        SavingsPlansPurchaseRecommendationDetails: [{ HourlyCommitmentToPurchase: "1.204", EstimatedMonthlySavingsAmount: "300" }],
      },
    });
    expect(await reader().recommendations(plans)).toEqual([{ ...plans, what: "a Compute Savings Plan of $1.20 an hour", monthlySavingsUsd: 300 }]);
    mock.on(GetSavingsPlansPurchaseRecommendationCommand).resolves({});
    expect(await reader().recommendations(plans)).toEqual([]);
  });
});

describe("what AWS does not tell", () => {
  const named = (name: string) => Object.assign(new Error("The requested data is unavailable."), { name });

  it("is said in words where the account has no such commitment", async () => {
    mock.on(GetSavingsPlansUtilizationCommand).rejects(named("DataUnavailableException"));
    await expect(reader().utilization(plans, span)).rejects.toMatchObject({
      code: "no-cost-data",
      message: "ce:GetSavingsPlansUtilization: no data, as of an account that has none",
    });
  });

  it("is a denied call with its name, and lost credentials are no matter of one answer", async () => {
    mock.on(GetReservationCoverageCommand).rejects(named("AccessDeniedException"));
    await expect(reader().coverage(reservation, span)).rejects.toMatchObject({
      code: "access-denied",
      message: expect.stringContaining("ce:GetReservationCoverage"),
    });
    mock.on(GetReservationCoverageCommand).rejects(named("ExpiredTokenException"));
    await expect(reader().coverage(reservation, span)).rejects.toThrow(CredentialsLost);
  });

  it.each([
    ["a share that is none", { UtilizationPercentage: "", RICostForUnusedHours: "1" }, "UtilizationPercentage"],
    ["no cost at all", { UtilizationPercentage: "90" }, "RICostForUnusedHours"],
  ])("is no figure, never 0: %s", async (_what, total, name) => {
    mock.on(GetReservationUtilizationCommand).resolves({ UtilizationsByTime: [], Total: total });
    await expect(reader().utilization(reservation, span)).rejects.toMatchObject({ code: "no-figure", message: `Cost Explorer answered without ${name}` });
  });

  it("is a recommendation in another currency, or for a service that is not known here", async () => {
    const detail = { RecommendedNumberOfInstancesToPurchase: "1", EstimatedMonthlySavingsAmount: "1" };
    mock.on(GetReservationPurchaseRecommendationCommand).resolvesOnce({ Recommendations: [{ RecommendationDetails: [{ ...detail, CurrencyCode: "CNY" }] }] });
    await expect(reader().recommendations(reservation)).rejects.toMatchObject({ code: "no-figure" });
    mock.on(GetReservationPurchaseRecommendationCommand).resolves({ Recommendations: [{ RecommendationDetails: [{ ...detail, InstanceDetails: {} }] }] });
    await expect(reader().recommendations(reservation)).rejects.toMatchObject({ code: "no-figure" });
  });
});
