import { mutation, query, type Service } from "../../account/service.ts";
import { tablesDemand } from "./demand.ts";
import { tableTypes } from "./deploy-tables.ts";
import { describeContributorInsights, listContributorInsights, updateContributorInsights } from "./contributor-insights.ts";
import { describeContinuousBackups, describeGlobalTable, describeTable, describeTimeToLive, listTagsOfResource } from "./describe-table.ts";
import { unitsUsed } from "./load.ts";
import { tableSeries } from "./metrics.ts";
import { errors, tables } from "./table.ts";
import { tablesStage } from "./throttling.ts";
import { updateTable } from "./update-table.ts";

export const dynamoDb: Service = {
  name: "dynamodb",
  api: {
    client: "DynamoDBClient",
    errors,
    commands: {
      DescribeContinuousBackups: query(describeContinuousBackups),
      DescribeContributorInsights: query(describeContributorInsights),
      DescribeGlobalTable: query(describeGlobalTable),
      DescribeTable: query(describeTable),
      DescribeTimeToLive: query(describeTimeToLive),
      ListContributorInsights: query(listContributorInsights),
      ListTagsOfResource: query(listTagsOfResource),
      UpdateContributorInsights: mutation(updateContributorInsights),
      UpdateTable: mutation(updateTable),
    },
  },
  resources: tableTypes,
  demands: [tablesDemand],
  capacity: (state, region) =>
    state
      .of(tables)
      .in(region)
      .flatMap(({ core }) => [core.billing, ...core.indexes.values()]),
  stage: tablesStage,
  metrics: { "AWS/DynamoDB": { percentiles: false, series: tableSeries } },
  usage: { billedAs: "Amazon DynamoDB", units: unitsUsed },
};
