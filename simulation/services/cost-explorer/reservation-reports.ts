import type {
  Expression,
  GetReservationCoverageRequest,
  GetReservationCoverageResponse,
  GetReservationUtilizationRequest,
  GetReservationUtilizationResponse,
} from "@aws-sdk/client-cost-explorer";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { percentText, reportPeriod } from "./commitment-period.ts";
import { dateText } from "./cost-period.ts";
import { usageOf, type CostContext, type DatedLine } from "./daily-usage.ts";
import { dataUnavailable, validationException } from "./service-errors.ts";

/** What AWS takes where no service is named. */
const usualService = "Amazon Elastic Compute Cloud - Compute";

/** GetReservationCoverage by region: hours of the service's instances under reservations, and on demand. */
export function getReservationCoverage(input: GetReservationCoverageRequest, context: CostContext): GetReservationCoverageResponse {
  refuseUnmodelled("GetReservationCoverage", input, ["TimePeriod", "GroupBy", "Filter", "Metrics"]);
  const [group, ...others] = input.GroupBy ?? [];
  if (group?.Key !== "REGION" || others.length > 0) throw new NotSimulated("GetReservationCoverage grouped otherwise than by REGION");
  const period = reportPeriod(input.TimePeriod, context);
  const service = serviceOf(input.Filter, context);
  const lines = usageOf(context, period).filter((line) => line.service === service && line.instanceType !== "NoInstanceType" && line.listUsd > 0);
  const regions = [...new Set(lines.map(({ region }) => region))];
  return {
    CoveragesByTime: [
      {
        TimePeriod: { Start: dateText(period.startMs), End: dateText(period.endMs) },
        Groups: regions.map((region) => ({ Attributes: { region }, Coverage: coverageOf(lines.filter((line) => line.region === region)) })),
        Total: coverageOf(lines),
      },
    ],
    Total: coverageOf(lines),
  };
}

function coverageOf(lines: readonly DatedLine[]) {
  const hours = (of: readonly DatedLine[]): number => of.reduce((sum, { quantity }) => sum + quantity, 0);
  const reserved = hours(lines.filter(({ recordType }) => recordType === "DiscountedUsage"));
  const all = hours(lines);
  return {
    CoverageHours: {
      OnDemandHours: String(all - reserved),
      ReservedHours: String(reserved),
      TotalRunningHours: String(all),
      CoverageHoursPercentage: percentText(reserved, all),
    },
  };
}

/** GetReservationUtilization of one service; an account without reservations of it has none, which AWS refuses to answer. */
export function getReservationUtilization(input: GetReservationUtilizationRequest, context: CostContext): GetReservationUtilizationResponse {
  refuseUnmodelled("GetReservationUtilization", input, ["TimePeriod", "Granularity", "Filter"]);
  if (input.Granularity !== "MONTHLY") throw new NotSimulated(`GetReservationUtilization with Granularity ${input.Granularity}`);
  const period = reportPeriod(input.TimePeriod, context);
  const service = serviceOf(input.Filter, context);
  const fees = usageOf(context, period).filter((line) => line.service === service && line.purchaseType === "Standard Reserved Instances");
  if (fees.length === 0) throw dataUnavailable("The requested data is unavailable.");
  const sum = (of: readonly DatedLine[], amount: (line: DatedLine) => number): number => of.reduce((all, line) => all + amount(line), 0);
  const used = fees.filter(({ recordType }) => recordType === "DiscountedUsage");
  const usedUsd = sum(used, ({ amortizedUsd }) => amortizedUsd);
  const paidUsd = sum(fees, ({ amortizedUsd }) => amortizedUsd);
  const onDemandUsd = sum(used, ({ listUsd }) => listUsd);
  return {
    UtilizationsByTime: [],
    Total: {
      UtilizationPercentage: percentText(usedUsd, paidUsd),
      OnDemandCostOfRIHoursUsed: String(onDemandUsd),
      NetRISavings: String(onDemandUsd - paidUsd),
      TotalAmortizedFee: String(paidUsd),
      RICostForUnusedHours: String(paidUsd - usedUsd),
    },
  };
}

/** The one service that is asked about. */
function serviceOf(filter: Expression | undefined, { services }: CostContext): string {
  if (filter === undefined) return usualService;
  const { Key: key, Values: values = [] } = filter.Dimensions ?? {};
  if (key !== "SERVICE") throw new NotSimulated("reports on reservations filtered otherwise than by SERVICE");
  const [service, ...others] = values;
  if (service === undefined || others.length > 0) throw validationException("Exactly one value is expected for the SERVICE filter");
  if (!services.some(({ usage }) => usage?.instances !== undefined && usage.billedAs === service)) throw new NotSimulated(`reservations of ${service}`);
  return service;
}
