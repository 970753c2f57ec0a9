import type {
  GetSavingsPlansCoverageRequest,
  GetSavingsPlansCoverageResponse,
  GetSavingsPlansUtilizationRequest,
  GetSavingsPlansUtilizationResponse,
} from "@aws-sdk/client-cost-explorer";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { percentText, reportPeriod } from "./commitment-period.ts";
import { dateText } from "./cost-period.ts";
import { usageOf, type CostContext, type DatedLine } from "./daily-usage.ts";
import { dataUnavailable } from "./service-errors.ts";

/** What a Compute Savings Plan applies to: https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html. */
const eligibleServices = ["Amazon Elastic Compute Cloud - Compute", "AWS Lambda", "Amazon Elastic Container Service"];

export function isEligible({ service, listUsd }: DatedLine): boolean {
  return eligibleServices.includes(service) && listUsd > 0;
}

/** GetSavingsPlansCoverage by service: spend at on-demand rates that plans cover, and that they do not. */
export function getSavingsPlansCoverage(input: GetSavingsPlansCoverageRequest, context: CostContext): GetSavingsPlansCoverageResponse {
  refuseUnmodelled("GetSavingsPlansCoverage", input, ["TimePeriod", "GroupBy", "Metrics"]);
  const [group, ...others] = input.GroupBy ?? [];
  if (group?.Key !== "SERVICE" || others.length > 0) throw new NotSimulated("GetSavingsPlansCoverage grouped otherwise than by SERVICE");
  const period = reportPeriod(input.TimePeriod, context);
  const lines = usageOf(context, period).filter((line) => isEligible(line) && line.recordType !== "DiscountedUsage");
  return {
    SavingsPlansCoverages: [...new Set(lines.map(({ service }) => service))].map((service) => {
      const own = lines.filter((line) => line.service === service);
      const total = listed(own);
      const covered = listed(own.filter(({ recordType }) => recordType === "SavingsPlanCoveredUsage"));
      return {
        Attributes: { SERVICE: service },
        Coverage: {
          SpendCoveredBySavingsPlans: String(covered),
          OnDemandCost: String(total - covered),
          TotalCost: String(total),
          CoveragePercentage: percentText(covered, total),
        },
        TimePeriod: { Start: dateText(period.startMs), End: dateText(period.endMs) },
      };
    }),
  };
}

/** GetSavingsPlansUtilization; an account without a plan has none, which AWS refuses to answer. */
export function getSavingsPlansUtilization(input: GetSavingsPlansUtilizationRequest, context: CostContext): GetSavingsPlansUtilizationResponse {
  refuseUnmodelled("GetSavingsPlansUtilization", input, ["TimePeriod", "Granularity"]);
  if (input.Granularity !== "MONTHLY") throw new NotSimulated(`GetSavingsPlansUtilization with Granularity ${input.Granularity}`);
  const lines = usageOf(context, reportPeriod(input.TimePeriod, context)).filter(({ purchaseType }) => purchaseType === "Savings Plans");
  if (lines.length === 0) throw dataUnavailable("The requested data is unavailable.");
  const paid = (of: readonly DatedLine[]): number => of.reduce((sum, { amortizedUsd }) => sum + amortizedUsd, 0);
  const covered = lines.filter(({ recordType }) => recordType === "SavingsPlanCoveredUsage");
  const [usedUsd, totalUsd, onDemandUsd] = [paid(covered), paid(lines), listed(covered)];
  return {
    Total: {
      Utilization: {
        TotalCommitment: String(totalUsd),
        UsedCommitment: String(usedUsd),
        UnusedCommitment: String(totalUsd - usedUsd),
        UtilizationPercentage: percentText(usedUsd, totalUsd),
      },
      Savings: { NetSavings: String(onDemandUsd - totalUsd), OnDemandCostEquivalent: String(onDemandUsd) },
    },
  };
}

function listed(lines: readonly DatedLine[]): number {
  return lines.reduce((sum, { listUsd }) => sum + listUsd, 0);
}
