import type { GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { NotSimulated } from "../../account/not-simulated.ts";
import { query, type Service } from "../../account/service.ts";
import { getCostAndUsage } from "./get-cost-and-usage.ts";
import { errors } from "./service-errors.ts";

/** Cost Explorer has one endpoint in the aws partition. */
const endpointRegion = "us-east-1";

/** Bills from what each service says it used, at the given list prices. */
export const costExplorer: Service = {
  name: "cost-explorer",
  api: {
    client: "CostExplorerClient",
    errors,
    commands: {
      GetCostAndUsage: query((input: GetCostAndUsageCommandInput, { region, nowMs, scenario, state, model, services, prices }) => {
        if (prices === undefined) throw new NotSimulated("cost-explorer GetCostAndUsage without list prices");
        if (region !== endpointRegion) throw new NotSimulated(`Cost Explorer in ${region}: its only endpoint is in ${endpointRegion}`);
        return getCostAndUsage(input, { scenario, state, model, services, prices, nowMs });
      }),
    },
  },
};
