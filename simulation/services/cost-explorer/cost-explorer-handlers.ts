import type { GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { NotSimulated } from "../../not-simulated.ts";
import { query, type ServiceHandlers } from "../../service-handler.ts";
import { getCostAndUsage } from "./get-cost-and-usage.ts";
import type { ListPrices } from "./usage-line.ts";

/** Cost Explorer has one endpoint in the aws partition. */
const endpointRegion = "us-east-1";

/** AWS Cost Explorer: GetCostAndUsage at the given list prices. Everything else is not simulated. */
export function costExplorerHandlers(prices: ListPrices): ServiceHandlers {
  return {
    GetCostAndUsage: query((input: GetCostAndUsageCommandInput, { region, nowMs, scenario, view }) => {
      if (region !== endpointRegion) throw new NotSimulated(`Cost Explorer in ${region}: its only endpoint is in ${endpointRegion}`);
      return getCostAndUsage(input, { scenario, view, prices, nowMs });
    }),
  };
}
