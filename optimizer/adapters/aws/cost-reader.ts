import {
  GetCostAndUsageCommand,
  type CostExplorerClient,
  type Expression,
  type GetCostAndUsageCommandInput,
  type Group,
  type MetricValue,
  type ResultByTime,
} from "@aws-sdk/client-cost-explorer";
import { UserError } from "../../../contract/user-error.ts";
import type { CostLine } from "../../core/model/money.ts";
import type { Span } from "../../core/model/observation.ts";
import { Fault } from "../../errors.ts";
import type { CostReader } from "../../ports/costs.ts";
import { readErrorOf } from "./aws-errors.ts";
import type { RegionClients } from "./client-factory.ts";
import { answered } from "./answered.ts";

type PurchaseType = NonNullable<CostLine["purchaseType"]>;

const dayMs = 86_400_000;
/** Values of the dimension PURCHASE_TYPE as Cost Explorer names them; a value that is not here counts as `other`, so none is lost. */
const purchaseTypes: readonly (readonly [PurchaseType, readonly string[]])[] = [
  ["on-demand", ["On Demand Instances"]],
  ["reserved", ["Standard Reserved Instances", "Convertible Reserved Instances", "Heavy Utilization Reserved Instances"]],
  ["savings-plan", ["Savings Plans"]],
];
const notSpending = ["Credit", "Refund", "Tax"];
/** Cost Explorer's own word for usage without an instance. */
const noInstanceType = "NoInstanceType";

/**
 * Cost Explorer through one client, whatever the region. Two groupings are the most that AWS allows, so purchase types are
 * separate queries. Every page of an answer is a billed request.
 */
export function createCostReader(clients: (region: string) => Pick<RegionClients, "costExplorer">): CostReader {
  let requests = 0;

  async function query(
    region: string,
    span: Span,
    input: Pick<GetCostAndUsageCommandInput, "Granularity" | "GroupBy">,
    filters: readonly Expression[],
  ): Promise<readonly ResultByTime[]> {
    const { costExplorer } = clients(region);
    const results: ResultByTime[] = [];
    let token: string | undefined;
    do {
      requests += 1;
      const page = await send(costExplorer, {
        ...input,
        TimePeriod: { Start: dayOf(span.startMs), End: dayOf(span.endMs) },
        Metrics: ["AmortizedCost", "UnblendedCost"],
        Filter: { And: [dimension("REGION", [region]), { Not: dimension("RECORD_TYPE", notSpending) }, ...filters] },
        ...(token === undefined ? {} : { NextPageToken: token }),
      });
      results.push(...(page.ResultsByTime ?? []));
      token = page.NextPageToken;
    } while (token !== undefined);
    return results;
  }

  return {
    async costByInstanceType(region, span) {
      const lines: CostLine[] = [];
      for (const [purchaseType, filter] of purchaseFilters()) {
        const results = await query(region, span, { Granularity: "MONTHLY", GroupBy: [grouping("SERVICE"), grouping("INSTANCE_TYPE")] }, [filter]);
        lines.push(...summed(results.flatMap(({ Groups: groups = [] }) => groups.map((group) => lineOf(group, region, purchaseType)))));
      }
      return lines;
    },
    async dailyCostByService(region, span) {
      const results = await query(region, span, { Granularity: "DAILY", GroupBy: [grouping("SERVICE")] }, []);
      return results.flatMap(({ TimePeriod: period, Groups: groups = [] }) => {
        const dayStartMs = Date.parse(`${answered(period?.Start, "TimePeriod.Start")}T00:00:00Z`);
        return groups.map((group) => ({
          dayStartMs,
          service: answered(group.Keys?.[0], "the group's key"),
          amortizedUsd: usdOf(group.Metrics?.["AmortizedCost"]),
        }));
      });
    },
    requestsMade: () => requests,
  };
}

async function send(client: CostExplorerClient, input: GetCostAndUsageCommandInput) {
  try {
    return await client.send(new GetCostAndUsageCommand(input));
  } catch (error) {
    throw readErrorOf(error, "ce:GetCostAndUsage");
  }
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

function grouping(key: "SERVICE" | "INSTANCE_TYPE"): { Type: "DIMENSION"; Key: string } {
  return { Type: "DIMENSION", Key: key };
}

function lineOf(group: Group, region: string, purchaseType: PurchaseType): CostLine {
  const [service, instanceType] = group.Keys ?? [];
  return {
    region,
    service: answered(service, "the group's service"),
    ...(instanceType === undefined || instanceType === noInstanceType ? {} : { instanceType }),
    purchaseType,
    amortizedUsd: usdOf(group.Metrics?.["AmortizedCost"]),
    unblendedUsd: usdOf(group.Metrics?.["UnblendedCost"]),
  };
}

/** One line for each service and instance type: AWS answers them month by month. */
function summed(lines: readonly CostLine[]): readonly CostLine[] {
  const sums = new Map<string, CostLine>();
  for (const line of lines) {
    const key = `${line.service}|${line.instanceType ?? ""}`;
    const sum = sums.get(key);
    const total = { amortizedUsd: (sum?.amortizedUsd ?? 0) + line.amortizedUsd, unblendedUsd: (sum?.unblendedUsd ?? 0) + line.unblendedUsd };
    sums.set(key, { ...line, ...total });
  }
  return [...sums.values()];
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
