import {
  DescribeContinuousBackupsCommand,
  DescribeGlobalTableCommand,
  DescribeTimeToLiveCommand,
  ListContributorInsightsCommand,
  type ContributorInsightsSummary,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { DescribeScalableTargetsCommand, type ScalableTarget } from "@aws-sdk/client-application-auto-scaling";
import { ListEventSourceMappingsCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { ListPipesCommand, type PipesClient } from "@aws-sdk/client-pipes";
import type { Seen } from "../../../core/model/seen.ts";
import type { CapacityScaling, DynamoTable, InsightsMode } from "../../../core/levers/dynamodb/table.ts";
import { answered } from "../answered.ts";
import { awsNameOf } from "../aws-errors.ts";
import type { RegionClients } from "../client-factory.ts";
import { seen } from "../seen.ts";

type Settings = Pick<DynamoTable, "globalTable" | "contributorInsights" | "scaling" | "streamConsumers" | "expiryAttribute" | "recoveryDays">;

/** What DescribeTable does not tell of a table, by calls of their own. */
export async function readTableSettings(clients: RegionClients, table: TableDescription): Promise<Settings> {
  const name = answered(table.TableName, "TableName");
  const [globalTable, contributorInsights, scaling, streamConsumers, expiryAttribute, recoveryDays] = await Promise.all([
    seen("DescribeGlobalTable", () => globalVersionOf(clients, name, table)),
    seen("ListContributorInsights", () => insightsOf(clients, name)),
    seen("DescribeScalableTargets", () => scalingOf(clients, name, table)),
    consumersOf(clients, table),
    seen("DescribeTimeToLive", () => expiryOf(clients, name)),
    seen("DescribeContinuousBackups", () => recoveryOf(clients, name)),
  ]);
  return { globalTable, contributorInsights, scaling, streamConsumers, expiryAttribute, recoveryDays };
}

/** On its way counts as on: an hour may pass until all of a table's partitions know (UpdateTimeToLive). */
async function expiryOf({ dynamoDb }: RegionClients, name: string): Promise<string | null> {
  const { TimeToLiveDescription: expiry } = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName: name }));
  const { TimeToLiveStatus: status, AttributeName: attribute } = answered(expiry, "TimeToLiveDescription");
  return status === "ENABLED" || status === "ENABLING" ? answered(attribute, "AttributeName") : null;
}

/** Days that point-in-time recovery reaches back where no period was chosen, says DescribeContinuousBackups. */
const usualRecoveryDays = 35;

async function recoveryOf({ dynamoDb }: RegionClients, name: string): Promise<number> {
  const { ContinuousBackupsDescription: backups } = await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName: name }));
  const recovery = answered(backups, "ContinuousBackupsDescription").PointInTimeRecoveryDescription;
  return recovery?.PointInTimeRecoveryStatus === "ENABLED" ? (recovery.RecoveryPeriodInDays ?? usualRecoveryDays) : 0;
}

/**
 * DescribeTable tells the version of a current global table alone; one of 2017 answers to DescribeGlobalTable, and cannot be without a stream
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables.DetermineVersion.html).
 */
async function globalVersionOf({ dynamoDb }: RegionClients, name: string, table: TableDescription): Promise<"none" | "2017.11.29" | "2019.11.21"> {
  if (table.GlobalTableVersion === "2017.11.29" || table.GlobalTableVersion === "2019.11.21") return table.GlobalTableVersion;
  if ((table.Replicas ?? []).length > 0) return "2019.11.21";
  if (table.StreamSpecification?.StreamEnabled !== true) return "none";
  try {
    await dynamoDb.send(new DescribeGlobalTableCommand({ GlobalTableName: name }));
    return "2017.11.29";
  } catch (error) {
    if (awsNameOf(error) === "GlobalTableNotFoundException") return "none";
    throw error;
  }
}

async function insightsOf({ dynamoDb }: RegionClients, name: string): Promise<Readonly<Record<string, InsightsMode>>> {
  const summaries: ContributorInsightsSummary[] = [];
  let token: string | undefined;
  do {
    const page = await dynamoDb.send(new ListContributorInsightsCommand({ TableName: name, ...(token === undefined ? {} : { NextToken: token }) }));
    summaries.push(...(page.ContributorInsightsSummaries ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return Object.fromEntries(summaries.flatMap((summary) => indexInsights(summary)));
}

function indexInsights({
  IndexName: index,
  ContributorInsightsStatus: status,
  ContributorInsightsMode: mode,
}: ContributorInsightsSummary): [string, InsightsMode][] {
  if (index === undefined || index === "") return [];
  // Insights of before there were modes show accessed and throttled keys.
  return status === "ENABLED" || status === "ENABLING" ? [[index, mode ?? "ACCESSED_AND_THROTTLED_KEYS"]] : [];
}

/** Event source mappings, also stopped ones: they name the stream's ARN, which a new stream would not have; and pipes. */
async function consumersOf({ lambda, pipes }: RegionClients, table: TableDescription): Promise<Seen<readonly string[]>> {
  const arn = table.StreamSpecification?.StreamEnabled === true ? table.LatestStreamArn : undefined;
  if (arn === undefined) return { kind: "seen", value: [] };
  const found = await Promise.all([seen("ListEventSourceMappings", () => mappingsOf(lambda, arn)), seen("ListPipes", () => pipesOf(pipes, arn))]);
  return found.find(({ kind }) => kind === "unseen") ?? { kind: "seen", value: found.flatMap((each) => (each.kind === "seen" ? each.value : [])) };
}

async function mappingsOf(client: LambdaClient, streamArn: string): Promise<readonly string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(new ListEventSourceMappingsCommand({ EventSourceArn: streamArn, ...(marker === undefined ? {} : { Marker: marker }) }));
    names.push(...(page.EventSourceMappings ?? []).map(({ FunctionArn, State }) => `function ${FunctionArn ?? "unnamed"} (${State ?? "state unknown"})`));
    marker = page.NextMarker;
  } while (marker !== undefined && marker !== "");
  return names;
}

async function pipesOf(client: PipesClient, streamArn: string): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListPipesCommand({ SourcePrefix: streamArn, ...(token === undefined ? {} : { NextToken: token }) }));
    names.push(...(page.Pipes ?? []).map(({ Name, CurrentState }) => `pipe ${Name ?? "unnamed"} (${CurrentState ?? "state unknown"})`));
    token = page.NextToken;
  } while (token !== undefined);
  return names;
}

/** DescribeScalableTargets takes up to 50 resource ids a call. */
const idsPerCall = 50;

async function scalingOf({ applicationAutoScaling }: RegionClients, name: string, table: TableDescription): Promise<readonly CapacityScaling[]> {
  const ids = [`table/${name}`, ...(table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => `table/${name}/index/${answered(IndexName, "IndexName")}`)];
  const targets: ScalableTarget[] = [];
  for (let first = 0; first < ids.length; first += idsPerCall) {
    let token: string | undefined;
    do {
      const page = await applicationAutoScaling.send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: "dynamodb",
          ResourceIds: ids.slice(first, first + idsPerCall),
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      targets.push(...(page.ScalableTargets ?? []));
      token = page.NextToken;
    } while (token !== undefined);
  }
  return targets.map(scalingOfTarget).toSorted((a, b) => (`${a.resourceId} ${a.dimension}` < `${b.resourceId} ${b.dimension}` ? -1 : 1));
}

export function scalingOfTarget(target: ScalableTarget): CapacityScaling {
  const state = target.SuspendedState;
  return {
    resourceId: answered(target.ResourceId, "ResourceId"),
    dimension: answered(target.ScalableDimension, "ScalableDimension"),
    minCapacity: answered(target.MinCapacity, "MinCapacity"),
    maxCapacity: answered(target.MaxCapacity, "MaxCapacity"),
    suspended: {
      scaleIn: state?.DynamicScalingInSuspended ?? false,
      scaleOut: state?.DynamicScalingOutSuspended ?? false,
      scheduled: state?.ScheduledScalingSuspended ?? false,
    },
  };
}
