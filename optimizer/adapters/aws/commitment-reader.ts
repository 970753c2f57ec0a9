import {
  GetReservationCoverageCommand,
  GetReservationPurchaseRecommendationCommand,
  GetReservationUtilizationCommand,
  GetSavingsPlansCoverageCommand,
  GetSavingsPlansPurchaseRecommendationCommand,
  GetSavingsPlansUtilizationCommand,
  type Expression,
  type InstanceDetails,
  type ReservationPurchaseRecommendationDetail,
} from "@aws-sdk/client-cost-explorer";
import { UserError } from "../../../contract/user-error.ts";
import type { Span } from "../../core/model/observation.ts";
import { utcDay } from "../../core/model/utc.ts";
import type { CommitmentScope, PurchaseRecommendation } from "../../core/model/spending.ts";
import type { CommitmentReader } from "../../ports/commitments.ts";
import { awsNameOf, readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";

/** Cost Explorer is global: any region's clients reach it. */
const anyRegion = "us-east-1";
/** What recommendations are asked for: the shortest term, without a payment in advance, by as many days as Cost Explorer's usual view. */
const offer = { TermInYears: "ONE_YEAR", PaymentOption: "NO_UPFRONT", LookbackPeriodInDays: "THIRTY_DAYS" } as const;

/**
 * Coverage, utilization and purchase recommendations. Every page of an answer is a billed request. Accounts without commitments have no
 * utilization: AWS refuses the question with DataUnavailableException, which is said in words.
 */
export function createCommitmentReader(clients: (region: string) => Pick<RegionClients, "costExplorer">): CommitmentReader {
  let requests = 0;

  /** One call and the pages that follow it. */
  async function pages<Page>(
    call: string,
    ask: (token: string | undefined) => Promise<Page>,
    next: (page: Page) => string | undefined,
  ): Promise<readonly Page[]> {
    const answers: Page[] = [];
    let token: string | undefined;
    do {
      requests += 1;
      try {
        const page = await ask(token);
        answers.push(page);
        token = next(page);
      } catch (error) {
        throw untold(error, call);
      }
    } while (token !== undefined);
    return answers;
  }

  return {
    async coverage(scope, span) {
      const { costExplorer } = clients(anyRegion);
      if (scope.kind === "reservation") {
        const asked = { ...period(span), GroupBy: [{ Type: "DIMENSION" as const, Key: "REGION" }], Filter: ofService(scope.service), Metrics: ["Hour"] };
        const answers = await pages(
          "ce:GetReservationCoverage",
          (token) => costExplorer.send(new GetReservationCoverageCommand({ ...asked, ...(token === undefined ? {} : { NextPageToken: token }) })),
          (page) => page.NextPageToken,
        );
        return answers
          .flatMap(({ CoveragesByTime: times = [] }) => times.flatMap(({ Groups: groups = [] }) => groups))
          .map(({ Attributes: attributes, Coverage: coverage }) => ({
            ...scope,
            region: named(attributes, "region"),
            coveredShare: figure(coverage?.CoverageHours?.CoverageHoursPercentage, "CoverageHoursPercentage") / 100,
          }));
      }
      const asked = { ...period(span), GroupBy: [{ Type: "DIMENSION" as const, Key: "SERVICE" }], Metrics: ["SpendCoveredBySavingsPlans"] };
      const answers = await pages(
        "ce:GetSavingsPlansCoverage",
        (token) => costExplorer.send(new GetSavingsPlansCoverageCommand({ ...asked, ...(token === undefined ? {} : { NextToken: token }) })),
        (page) => page.NextToken,
      );
      return answers
        .flatMap(({ SavingsPlansCoverages: coverages = [] }) => coverages)
        .map(({ Attributes: attributes, Coverage: coverage }) => ({
          ...scope,
          service: named(attributes, "service"),
          coveredShare: figure(coverage?.CoveragePercentage, "CoveragePercentage") / 100,
        }));
    },

    async utilization(scope, span) {
      const { costExplorer } = clients(anyRegion);
      if (scope.kind === "reservation") {
        const [answer] = await pages(
          "ce:GetReservationUtilization",
          () => costExplorer.send(new GetReservationUtilizationCommand({ ...period(span), Granularity: "MONTHLY", Filter: ofService(scope.service) })),
          () => undefined,
        );
        const total = answer?.Total;
        return [
          {
            ...scope,
            usedShare: figure(total?.UtilizationPercentage, "UtilizationPercentage") / 100,
            unusedUsd: figure(total?.RICostForUnusedHours, "RICostForUnusedHours"),
          },
        ];
      }
      const [answer] = await pages(
        "ce:GetSavingsPlansUtilization",
        () => costExplorer.send(new GetSavingsPlansUtilizationCommand({ ...period(span), Granularity: "MONTHLY" })),
        () => undefined,
      );
      const used = answer?.Total?.Utilization;
      return [
        {
          ...scope,
          usedShare: figure(used?.UtilizationPercentage, "UtilizationPercentage") / 100,
          unusedUsd: figure(used?.UnusedCommitment, "UnusedCommitment"),
        },
      ];
    },

    async recommendations(scope) {
      const { costExplorer } = clients(anyRegion);
      if (scope.kind === "reservation") {
        const answers = await pages(
          "ce:GetReservationPurchaseRecommendation",
          (token) =>
            costExplorer.send(
              new GetReservationPurchaseRecommendationCommand({ Service: scope.service, ...offer, ...(token === undefined ? {} : { NextPageToken: token }) }),
            ),
          (page) => page.NextPageToken,
        );
        return answers
          .flatMap(({ Recommendations: sets = [] }) => sets.flatMap(({ RecommendationDetails: details = [] }) => details))
          .map((detail) => reservationOf(scope, detail));
      }
      const answers = await pages(
        "ce:GetSavingsPlansPurchaseRecommendation",
        (token) =>
          costExplorer.send(
            new GetSavingsPlansPurchaseRecommendationCommand({
              SavingsPlansType: "COMPUTE_SP",
              ...offer,
              ...(token === undefined ? {} : { NextPageToken: token }),
            }),
          ),
        (page) => page.NextPageToken,
      );
      return answers
        .flatMap(({ SavingsPlansPurchaseRecommendation: set }) => set?.SavingsPlansPurchaseRecommendationDetails ?? [])
        .map((detail) => {
          inUsd(detail.CurrencyCode);
          return {
            ...scope,
            what: `a Compute Savings Plan of $${figure(detail.HourlyCommitmentToPurchase, "HourlyCommitmentToPurchase").toFixed(2)} an hour`,
            monthlySavingsUsd: figure(detail.EstimatedMonthlySavingsAmount, "EstimatedMonthlySavingsAmount"),
          };
        });
    },

    requestsMade: () => requests,
  };
}

function reservationOf(scope: CommitmentScope & { readonly kind: "reservation" }, detail: ReservationPurchaseRecommendationDetail): PurchaseRecommendation {
  inUsd(detail.CurrencyCode);
  const { type, region } = boughtOf(detail.InstanceDetails);
  const instances = figure(detail.RecommendedNumberOfInstancesToPurchase, "RecommendedNumberOfInstancesToPurchase");
  return {
    ...scope,
    what: `${instances} × ${type} in ${region}`,
    monthlySavingsUsd: figure(detail.EstimatedMonthlySavingsAmount, "EstimatedMonthlySavingsAmount"),
  };
}

function boughtOf(details: InstanceDetails | undefined): { readonly type: string; readonly region: string } {
  const { EC2InstanceDetails: ec2, RDSInstanceDetails: rds, ElastiCacheInstanceDetails: cache } = details ?? {};
  const type = ec2?.InstanceType ?? rds?.InstanceType ?? cache?.NodeType;
  const region = ec2?.Region ?? rds?.Region ?? cache?.Region;
  if (type === undefined || region === undefined) throw unreadable("InstanceDetails");
  return { type, region };
}

function period({ startMs, endMs }: Span) {
  return { TimePeriod: { Start: utcDay(startMs), End: utcDay(endMs) } };
}

/** Reservations are asked for by one service at a time. */
function ofService(service: string): Expression {
  return { Dimensions: { Key: "SERVICE", Values: [service] } };
}

/** AWS writes the attribute a group is named by in small or in capital letters. */
function named(attributes: Readonly<Record<string, string>> | undefined, dimension: string): string {
  const found = Object.entries(attributes ?? {}).find(([key]) => key.toLowerCase() === dimension);
  if (found === undefined) throw unreadable(dimension);
  return found[1];
}

function inUsd(currency: string | undefined): void {
  if (currency !== undefined && currency !== "USD") throw unreadable(`USD, but ${currency}`);
}

function figure(text: string | undefined, name: string): number {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw unreadable(name);
  return value;
}

function unreadable(name: string): UserError {
  return new UserError({ code: "no-figure", message: `Cost Explorer answered without ${name}`, hint: "It is left out; everything else goes on." });
}

function untold(error: unknown, call: string): unknown {
  if (awsNameOf(error) !== "DataUnavailableException") return readErrorOf(error, call);
  return new UserError({
    code: "no-cost-data",
    message: `${call}: no data, as of an account that has none`,
    hint: "Cost Explorer tells of commitments once the account has some.",
    cause: error,
  });
}
