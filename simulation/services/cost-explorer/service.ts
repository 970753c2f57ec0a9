import { NotSimulated } from "../../account/not-simulated.ts";
import { query, type CallContext, type Service } from "../../account/service.ts";
import type { CostContext } from "./daily-usage.ts";
import { getCostAndUsage } from "./get-cost-and-usage.ts";
import { getReservationPurchaseRecommendation, getSavingsPlansPurchaseRecommendation } from "./purchase-recommendations.ts";
import { getReservationCoverage, getReservationUtilization } from "./reservation-reports.ts";
import { getSavingsPlansCoverage, getSavingsPlansUtilization } from "./savings-plan-reports.ts";
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
      GetCostAndUsage: asked("GetCostAndUsage", getCostAndUsage),
      GetReservationCoverage: asked("GetReservationCoverage", getReservationCoverage),
      GetReservationUtilization: asked("GetReservationUtilization", getReservationUtilization),
      GetReservationPurchaseRecommendation: asked("GetReservationPurchaseRecommendation", getReservationPurchaseRecommendation),
      GetSavingsPlansCoverage: asked("GetSavingsPlansCoverage", getSavingsPlansCoverage),
      GetSavingsPlansUtilization: asked("GetSavingsPlansUtilization", getSavingsPlansUtilization),
      GetSavingsPlansPurchaseRecommendation: asked("GetSavingsPlansPurchaseRecommendation", getSavingsPlansPurchaseRecommendation),
    },
  },
};

/** Every question is about the whole account, at list prices, and goes to the one endpoint. */
function asked<Input extends object, Output extends object>(name: string, answer: (input: Input, context: CostContext) => Output) {
  return query((input: Input, { region, nowMs, scenario, state, model, services, prices }: CallContext): Output => {
    if (prices === undefined) throw new NotSimulated(`cost-explorer ${name} without list prices`);
    if (region !== endpointRegion) throw new NotSimulated(`Cost Explorer in ${region}: its only endpoint is in ${endpointRegion}`);
    return answer(input, { scenario, state, model, services, prices, nowMs });
  });
}
