import type {
  GetReservationPurchaseRecommendationRequest,
  GetReservationPurchaseRecommendationResponse,
  GetSavingsPlansPurchaseRecommendationRequest,
  GetSavingsPlansPurchaseRecommendationResponse,
  InstanceDetails,
  LookbackPeriodInDays,
} from "@aws-sdk/client-cost-explorer";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { CostPeriod } from "./cost-period.ts";
import { usageLagMs, usageOf, type CostContext, type DatedLine } from "./daily-usage.ts";
import { isEligible } from "./savings-plan-reports.ts";

const dayMs = 86_400_000;
const hoursPerMonth = 730;
const offerMembers = ["TermInYears", "PaymentOption", "LookbackPeriodInDays"];
const daysOf: Readonly<Record<LookbackPeriodInDays, number>> = { SEVEN_DAYS: 7, THIRTY_DAYS: 30, SIXTY_DAYS: 60 };

interface Offer {
  readonly TermInYears?: string | undefined;
  readonly PaymentOption?: string | undefined;
  readonly LookbackPeriodInDays?: LookbackPeriodInDays | undefined;
}

/** GetReservationPurchaseRecommendation: of each type as many as ran on demand all day on every day looked back at, if the scenario has an offer. */
export function getReservationPurchaseRecommendation(
  input: GetReservationPurchaseRecommendationRequest,
  context: CostContext,
): GetReservationPurchaseRecommendationResponse {
  refuseUnmodelled("GetReservationPurchaseRecommendation", input, ["Service", ...offerMembers]);
  const { offeredDiscountShare: discount } = context.scenario;
  const period = lookback(input, context);
  if (discount === undefined) return { Recommendations: [] };
  const lines = usageOf(context, period).filter((line) => line.service === input.Service && line.purchaseType === "On Demand Instances");
  const details = grouped(lines, ({ region, instanceType }) => `${region}|${instanceType}`).flatMap((own) => {
    const [line] = own;
    const instances = Math.floor(quietestDay(own, period, ({ quantity }) => quantity) / 24 + 1e-9);
    if (line === undefined || instances === 0) return [];
    const hourlyUsd = line.listUsd / line.quantity;
    return [
      {
        AccountId: context.scenario.accountId,
        InstanceDetails: instanceDetails(line),
        RecommendedNumberOfInstancesToPurchase: String(instances),
        EstimatedMonthlySavingsAmount: String(instances * hourlyUsd * hoursPerMonth * discount),
        UpfrontCost: "0",
        RecurringStandardMonthlyCost: String(instances * hourlyUsd * hoursPerMonth * (1 - discount)),
        CurrencyCode: "USD",
      },
    ];
  });
  return { Recommendations: details.length === 0 ? [] : [{ RecommendationDetails: details }] };
}

/** GetSavingsPlansPurchaseRecommendation: a Compute Savings Plan for the spend of the quietest day of each service, if the scenario has an offer. */
export function getSavingsPlansPurchaseRecommendation(
  input: GetSavingsPlansPurchaseRecommendationRequest,
  context: CostContext,
): GetSavingsPlansPurchaseRecommendationResponse {
  refuseUnmodelled("GetSavingsPlansPurchaseRecommendation", input, ["SavingsPlansType", ...offerMembers]);
  if (input.SavingsPlansType !== "COMPUTE_SP") throw new NotSimulated(`recommendations of ${input.SavingsPlansType}`);
  const { offeredDiscountShare: discount } = context.scenario;
  const period = lookback(input, context);
  const lines = usageOf(context, period).filter((line) => isEligible(line) && line.recordType === "Usage");
  const hourlyUsd = grouped(lines, ({ service }) => service).reduce((sum, own) => sum + quietestDay(own, period, ({ listUsd }) => listUsd) / 24, 0);
  if (discount === undefined || hourlyUsd === 0) return { SavingsPlansPurchaseRecommendation: {} };
  return {
    SavingsPlansPurchaseRecommendation: {
      SavingsPlansType: "COMPUTE_SP",
      SavingsPlansPurchaseRecommendationDetails: [
        {
          AccountId: context.scenario.accountId,
          UpfrontCost: "0",
          CurrencyCode: "USD",
          HourlyCommitmentToPurchase: String(hourlyUsd * (1 - discount)),
          EstimatedMonthlySavingsAmount: String(hourlyUsd * hoursPerMonth * discount),
        },
      ],
    },
  };
}

/** The whole days that an offer looks back at; only one offer is modelled. */
function lookback({ TermInYears: term, PaymentOption: payment, LookbackPeriodInDays: asked }: Offer, { nowMs }: CostContext): CostPeriod {
  if (term !== "ONE_YEAR" || payment !== "NO_UPFRONT") throw new NotSimulated(`recommendations for ${term}, ${payment}`);
  if (asked === undefined) throw new NotSimulated("recommendations without LookbackPeriodInDays");
  const endMs = Math.floor((nowMs - usageLagMs) / dayMs) * dayMs;
  return { startMs: endMs - daysOf[asked] * dayMs, endMs };
}

/** The least usage of any day of the period; 0 where a day has no usage. */
function quietestDay(lines: readonly DatedLine[], { startMs, endMs }: CostPeriod, amount: (line: DatedLine) => number): number {
  const byDay = new Map<number, number>();
  for (const line of lines) byDay.set(line.dayStartMs, (byDay.get(line.dayStartMs) ?? 0) + amount(line));
  return byDay.size < (endMs - startMs) / dayMs ? 0 : Math.min(...byDay.values());
}

function grouped(lines: readonly DatedLine[], key: (line: DatedLine) => string): readonly (readonly DatedLine[])[] {
  const groups = new Map<string, DatedLine[]>();
  for (const line of lines) {
    const group = groups.get(key(line));
    if (group === undefined) groups.set(key(line), [line]);
    else group.push(line);
  }
  return [...groups.values()];
}

function instanceDetails({ service, instanceType, region }: DatedLine): InstanceDetails {
  const bought = { InstanceType: instanceType, Region: region, SizeFlexEligible: true };
  if (service === "Amazon Relational Database Service") return { RDSInstanceDetails: bought };
  if (service === "Amazon ElastiCache") return { ElastiCacheInstanceDetails: { NodeType: instanceType, Region: region, SizeFlexEligible: true } };
  return { EC2InstanceDetails: bought };
}
