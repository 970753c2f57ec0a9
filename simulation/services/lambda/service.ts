import { mutation, query, type Service } from "../../account/service.ts";
import { deleteFunctionConcurrency, putFunctionConcurrency } from "./function-concurrency.ts";
import { functionsDemand } from "./demand.ts";
import { getAccountSettings, getFunctionConcurrency, getFunctionConfiguration, listEventSourceMappings, listTags } from "./describe.ts";
import { errors, functions, lambdaTypes } from "./function.ts";
import { functionsStage, secondsUsed } from "./load.ts";
import { insightsSeries, lambdaSeries } from "./metrics.ts";
import { updateFunctionConfiguration } from "./update-function.ts";
import { createAlias, listAliases, listVersionsByFunction, publishVersion, updateAlias } from "./versions.ts";

export const lambda: Service = {
  name: "lambda",
  api: {
    client: "LambdaClient",
    errors,
    commands: {
      CreateAlias: mutation(createAlias),
      DeleteFunctionConcurrency: mutation(deleteFunctionConcurrency),
      GetAccountSettings: query(getAccountSettings),
      GetFunctionConcurrency: query(getFunctionConcurrency),
      GetFunctionConfiguration: query(getFunctionConfiguration),
      ListAliases: query(listAliases),
      ListEventSourceMappings: query(listEventSourceMappings),
      ListTags: query(listTags),
      ListVersionsByFunction: query(listVersionsByFunction),
      PublishVersion: mutation(publishVersion),
      PutFunctionConcurrency: mutation(putFunctionConcurrency),
      UpdateAlias: mutation(updateAlias),
      UpdateFunctionConfiguration: mutation(updateFunctionConfiguration),
    },
  },
  resources: lambdaTypes,
  demands: [functionsDemand],
  capacity: (state, region) =>
    state
      .of(functions)
      .in(region)
      .flatMap((each) => [each.state, each.reserved]),
  stage: functionsStage,
  metrics: { "AWS/Lambda": { percentiles: true, series: lambdaSeries }, LambdaInsights: { percentiles: true, series: insightsSeries } },
  usage: { billedAs: "AWS Lambda", units: secondsUsed },
};
