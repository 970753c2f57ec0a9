import {
  GetCostAndUsageCommand,
  type CostExplorerClient,
  type DateInterval,
  type Expression,
  type GetCostAndUsageCommandInput,
  type GetCostAndUsageCommandOutput,
  type Group,
  type MetricValue,
  type ResultByTime,
} from "@aws-sdk/client-cost-explorer";
import { UserError } from "../../../contract/user-error.ts";
import type { CostLine } from "../../core/model/money.ts";
import type { Span } from "../../core/model/observation.ts";
import { Fault } from "../../errors.ts";
import type { CostReader } from "../../ports/costs.ts";
import { readErrorOf, readFailureOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { answered } from "./answered.ts";

type PurchaseType = NonNullable<CostLine["purchaseType"]>;

const dayMs = 86_400_000;
/** Cost Explorer is global: any region's clients reach it. */
const anyRegion = "us-east-1";
/** Values of the dimension PURCHASE_TYPE as Cost Explorer names them; a value that is not here counts as `other`, so none is lost. */
const purchaseTypes: readonly (readonly [PurchaseType, readonly string[]])[] = [
  ["on-demand", ["On Demand Instances"]],
  ["reserved", ["Standard Reserved Instances", "Convertible Reserved Instances", "Heavy Utilization Reserved Instances"]],
  ["savings-plan", ["Savings Plans"]],
];
const notSpending = ["Credit", "Refund", "Tax"];
/**
 * Lines of discounts, less than nothing, that stand beside usage at its list price: of an agreement, of a reseller, for volume. With them the amortized
 * cost of a service is what is paid after discounts already, as the net cost of its usage alone is. Usage reports and Cost Explorer spell them
 * differently. https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-discount.html
 */
const discounts = [
  "Enterprise Discount Program Discount",
  "EdpDiscount",
  "Private Rate Discount",
  "Private Rate Card Discount",
  "PrivateRateDiscount",
  "Bundled Discount",
  "BundledDiscount",
  "Solution Provider Program Discount",
  "SppDiscount",
  "Distributor Discount",
  "DistributorDiscount",
  "RI Volume Discount",
  "RiVolumeDiscount",
  "Discount",
];
/**
 * Lines of the dimension RECORD_TYPE that hold, amortized, what commitments cost and nothing used. Usage reports and Cost Explorer name those
 * of reservations differently; a value that no line has matches none.
 */
const commitmentFees = ["RIFee", "Recurring", "Upfront", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee"];
/** What is paid after discounts. AWS tells it to management accounts, and to member accounts whose management account allows it. */
const netMetric = "NetAmortizedCost";
/** Cost Explorer's own word for usage without an instance. */
const noInstanceType = "NoInstanceType";

/**
 * Cost Explorer through one client, whatever the region. Two groupings are the most that AWS allows, so purchase types are
 * separate queries. Every page of an answer is a billed request.
 */
export function createCostReader(clients: (region: string) => Pick<RegionClients, "costExplorer">): CostReader {
  let requests = 0;
  let isNetTold = true;

  async function query(
    span: Span,
    input: Pick<GetCostAndUsageCommandInput, "Granularity" | "GroupBy">,
    filters: readonly [Expression, Expression, ...Expression[]],
  ): Promise<readonly ResultByTime[]> {
    const { costExplorer } = clients(anyRegion);
    const results: ResultByTime[] = [];
    let token: string | undefined;
    do {
      const asked = {
        ...input,
        TimePeriod: { Start: dayOf(span.startMs), End: dayOf(span.endMs) },
        Filter: { And: [...filters] },
        ...(token === undefined ? {} : { NextPageToken: token }),
      };
      const page = await askedOf(costExplorer, asked);
      results.push(...(page.ResultsByTime ?? []));
      token = page.NextPageToken;
    } while (token !== undefined);
    return results;
  }

  /** With the net metric until AWS refuses it: a member account may not be allowed to see its discounts, and has the other figures all the same. */
  async function askedOf(client: CostExplorerClient, asked: Omit<GetCostAndUsageCommandInput, "Metrics">): Promise<GetCostAndUsageCommandOutput> {
    const plain = ["AmortizedCost", "UnblendedCost"];
    const withNet = isNetTold;
    requests += 1;
    try {
      return await client.send(new GetCostAndUsageCommand({ ...asked, Metrics: withNet ? [...plain, netMetric] : plain }));
    } catch (error) {
      const failure = readFailureOf(error);
      const isAboutNet = withNet && asked.NextPageToken === undefined && (failure === "denied" || failure === "refused") && /\bNet/.test(String(error));
      if (!isAboutNet) throw readErrorOf(error, "ce:GetCostAndUsage");
      isNetTold = false;
      return await askedOf(client, asked);
    }
  }

  return {
    async costByInstanceType(region, span) {
      const lines: CostLine[] = [];
      for (const [purchaseType, filter] of purchaseFilters()) {
        const grouped = { Granularity: "DAILY" as const, GroupBy: [grouping("SERVICE"), grouping("INSTANCE_TYPE")] };
        const results = await query(span, grouped, [dimension("REGION", [region]), isAtListPrice, filter]);
        lines.push(...summed(results, span, (group) => lineOf(group, region, purchaseType)));
      }
      return lines;
    },
    async monthlyCostByService(regions, span) {
      // The API's reference does not list REGION among what can be grouped by, and Cost Explorer answers it: the whole account in one request.
      const grouped = { Granularity: "MONTHLY" as const, GroupBy: [grouping("REGION"), grouping("SERVICE")] };
      const results = await query(span, grouped, [dimension("REGION", regions), isSpending]);
      return results.flatMap(({ TimePeriod: period, Groups: groups = [] }) =>
        groups.map(({ Keys: [region, service] = [], Metrics: metrics }) => ({
          monthStartMs: startOf(period),
          region: answered(region, "the group's region"),
          service: answered(service, "the group's service"),
          amortizedUsd: usdOf(metrics?.["AmortizedCost"]),
        })),
      );
    },
    async dailyCostByService(scope, span) {
      const isFee = dimension("RECORD_TYPE", commitmentFees);
      const filters =
        scope === "unused-commitments" ? ([isFee, isSpending] as const) : ([dimension("REGION", [scope.region]), isSpending, { Not: isFee }] as const);
      const results = await query(span, { Granularity: "DAILY", GroupBy: [grouping("SERVICE")] }, filters);
      return results.flatMap(({ TimePeriod: period, Groups: groups = [] }) =>
        groups.map((group) => ({
          dayStartMs: startOf(period),
          service: answered(group.Keys?.[0], "the group's key"),
          amortizedUsd: netOf(group) ?? usdOf(group.Metrics?.["AmortizedCost"]),
        })),
      );
    },
    requestsMade: () => requests,
  };
}

const isSpending: Expression = { Not: dimension("RECORD_TYPE", notSpending) };
/** Amortized, usage at its list price; net, what is paid for it. */
const isAtListPrice: Expression = { Not: dimension("RECORD_TYPE", [...notSpending, ...discounts]) };

function startOf(period: DateInterval | undefined): number {
  return Date.parse(`${answered(period?.Start, "TimePeriod.Start")}T00:00:00Z`);
}

/** Undefined where AWS does not tell it. */
function netOf({ Metrics: metrics }: Group): number | undefined {
  const net = metrics?.[netMetric];
  return net === undefined ? undefined : usdOf(net);
}

function purchaseFilters(): readonly (readonly [PurchaseType, Expression])[] {
  const named = purchaseTypes.map(([type, values]): readonly [PurchaseType, Expression] => [type, dimension("PURCHASE_TYPE", values)]);
  return [
    ...named,
    [
      "other",
      {
        Not: dimension(
          "PURCHASE_TYPE",
          purchaseTypes.flatMap(([, values]) => values),
        ),
      },
    ],
  ];
}

function dimension(key: "REGION" | "RECORD_TYPE" | "PURCHASE_TYPE", values: readonly string[]): Expression {
  return { Dimensions: { Key: key, Values: [...values] } };
}

function grouping(key: "REGION" | "SERVICE" | "INSTANCE_TYPE"): { Type: "DIMENSION"; Key: string } {
  return { Type: "DIMENSION", Key: key };
}

function lineOf(group: Group, region: string, purchaseType: PurchaseType): CostLine {
  const [service, instanceType] = group.Keys ?? [];
  const net = netOf(group);
  return {
    region,
    service: answered(service, "the group's service"),
    ...(instanceType === undefined || instanceType === noInstanceType ? {} : { instanceType }),
    purchaseType,
    amortizedUsd: usdOf(group.Metrics?.["AmortizedCost"]),
    ...(net === undefined ? {} : { netAmortizedUsd: net }),
    unblendedUsd: usdOf(group.Metrics?.["UnblendedCost"]),
  };
}

/** One line for each service and instance type, with what was paid on each day of the span: AWS answers them day by day. */
function summed(results: readonly ResultByTime[], { startMs, endMs }: Span, read: (group: Group) => CostLine): readonly CostLine[] {
  const days = (endMs - startMs) / dayMs;
  const found = new Map<string, { readonly day: number; readonly line: CostLine }[]>();
  for (const { TimePeriod: period, Groups: groups = [] } of results) {
    const day = (startOf(period) - startMs) / dayMs;
    if (!Number.isInteger(day) || day < 0 || day >= days) throw new Fault(`Cost Explorer answered the day ${period?.Start}, which was not asked for`);
    for (const line of groups.map(read)) {
      const key = `${line.service}|${line.instanceType ?? ""}`;
      found.set(key, [...(found.get(key) ?? []), { day, line }]);
    }
  }
  return [...found.values()].map((dated) => {
    const whole = dated.map(({ line }) => line).reduce(added);
    const byDay = Array.from({ length: days }, () => 0);
    for (const { day, line } of dated) byDay[day] = (byDay[day] ?? 0) + (whole.netAmortizedUsd === undefined ? line.amortizedUsd : (line.netAmortizedUsd ?? 0));
    return { ...whole, byDay };
  });
}

function added(sum: CostLine, { amortizedUsd, netAmortizedUsd, unblendedUsd }: CostLine): CostLine {
  const { netAmortizedUsd: net, ...rest } = sum;
  return {
    ...rest,
    amortizedUsd: sum.amortizedUsd + amortizedUsd,
    ...(net === undefined || netAmortizedUsd === undefined ? {} : { netAmortizedUsd: net + netAmortizedUsd }),
    unblendedUsd: sum.unblendedUsd + unblendedUsd,
  };
}

function usdOf(value: MetricValue | undefined): number {
  const unit = answered(value?.Unit, "a currency");
  if (unit !== "USD") {
    throw new UserError({
      code: "currency",
      message: `Cost Explorer answers in ${unit}; only USD is understood`,
      hint: "Accounts of the aws-cn partition are not supported.",
    });
  }
  const usd = Number(answered(value?.Amount, "an amount"));
  if (!Number.isFinite(usd)) throw new Fault(`Cost Explorer answered the amount ${value?.Amount}`);
  return usd;
}

function dayOf(ms: number): string {
  if (ms % dayMs !== 0) throw new Fault(`${ms} is not the start of a UTC day`);
  return new Date(ms).toISOString().slice(0, 10);
}
