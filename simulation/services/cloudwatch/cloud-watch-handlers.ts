import type { GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { query, type ServiceHandlers } from "../../service-handler.ts";
import { getMetricData } from "./get-metric-data.ts";

/** Amazon CloudWatch: GetMetricData from the load model. Everything else is not simulated. */
export const cloudWatchHandlers: ServiceHandlers = {
  GetMetricData: query((input: GetMetricDataCommandInput, context) => getMetricData(input, context)),
};
