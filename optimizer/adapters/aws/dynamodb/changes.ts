import { DescribeScalableTargetsCommand, RegisterScalableTargetCommand, type ScalableDimension } from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeContributorInsightsCommand,
  UpdateContributorInsightsCommand,
  UpdateTableCommand,
  type AttributeDefinition,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { ChangeOf, ChangeState, Leftover } from "../../../core/levers/change-kinds.ts";
import { type DynamoDbChange, provisionedInput } from "../../../core/levers/dynamodb/changes.ts";
import { indexCreation } from "../../../core/levers/dynamodb/index-creation.ts";
import type { IndexDefinition, TableIndex } from "../../../core/levers/dynamodb/table.ts";
import type { ResourceRef } from "../../../core/model/resource-ref.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { capacityOf, isProvisioned, noCap, readTable, streamOf, tableIndexOf } from "./table.ts";
import { scalingOfTarget } from "./table-settings.ts";

export const dynamoDbChangeAdapters: { readonly [C in DynamoDbChange as C["kind"]]: ChangeAdapter<C> } = {
  "dynamodb.index-read-cap": {
    describe: ({ dynamoDb }, change) => readCapState(dynamoDb, change),
    prepare: prepareReadCap,
    reaches: otherReplicas,
    permissions: { calls: ["UpdateTable"], besides: [] },
  },
  "dynamodb.index": {
    describe: ({ dynamoDb }, change) => indexState(dynamoDb, change),
    prepare: prepareIndex,
    reaches: otherReplicas,
    permissions: { calls: ["UpdateTable"], besides: [] },
  },
  "dynamodb.contributor-insights": {
    describe: ({ dynamoDb }, change) => insightsState(dynamoDb, change),
    prepare: prepareInsights,
    permissions: { calls: ["UpdateContributorInsights"], besides: [] },
  },
  "dynamodb.stream": {
    describe: ({ dynamoDb }, change) => streamState(dynamoDb, change),
    prepare: prepareStream,
    reaches: otherReplicas,
    permissions: { calls: ["UpdateTable"], besides: [] },
  },
  "dynamodb.billing-mode": {
    describe: ({ dynamoDb }, change) => billingState(dynamoDb, change),
    prepare: prepareBilling,
    reaches: otherReplicas,
    permissions: { calls: ["UpdateTable"], besides: [] },
  },
  "dynamodb.scaling-suspension": { describe: scalingState, prepare: prepareScaling, permissions: { calls: ["RegisterScalableTarget"], besides: [] } },
};

/** Replicas that came since the plan: AWS copies what is done to a table to each of them, and nobody looked at what these serve. */
async function otherReplicas({ dynamoDb }: RegionClients, { table: id, region }: DynamoDbChange, known: readonly ResourceRef[]): Promise<readonly string[]> {
  const { Replicas: replicas = [] } = await readTable(dynamoDb, id);
  const isKnown = (name: string): boolean => name === region || known.some((ref) => ref.kind === "dynamodb-table" && ref.id === id && ref.region === name);
  return replicas.flatMap(({ RegionName: name }) =>
    name === undefined || isKnown(name) ? [] : [`the replica of ${id} in ${name}, of which the plan knows nothing`],
  );
}

type InProgress = Extract<ChangeState, { readonly kind: "in-progress" }>;

/** State of an index's on-demand read cap. */
async function readCapState(client: DynamoDBClient, change: ChangeOf<"dynamodb.index-read-cap">): Promise<ChangeState<typeof change>> {
  const table = await readTable(client, change.table);
  const index = indexNamed(table, change.index);
  if (index === undefined) return { kind: "missing", detail: `table ${change.table} has no index ${change.index}` };
  const { maxReadRequestUnits } = index.definition;
  const value = { maxReadRequestUnits, ...(isProvisioned(table) ? { isProvisioned: true as const } : {}) };
  return unsettled(table) ?? { kind: "settled", value, ...capLeft(table, change, maxReadRequestUnits) };
}

/** What a way back leaves of a cap, or of one that it was to set again, in a provisioned table: such a table takes none. */
function capLeft(table: TableDescription, { index, after }: ChangeOf<"dynamodb.index-read-cap">, found: number): { readonly leftovers?: readonly Leftover[] } {
  if (!isProvisioned(table) || found === after.maxReadRequestUnits) return {};
  const what =
    found === noCap
      ? `index ${index} is without its cap of ${after.maxReadRequestUnits} read request units a second`
      : `index ${index} has a cap of ${found} read request units a second, which may hold again, ${after.maxReadRequestUnits === noCap ? "where it had none" : `where it was ${after.maxReadRequestUnits}`}`;
  const words = `${table.TableName} is provisioned by now, and takes no cap: once it is paid by request again, ${what}`;
  return { leftovers: [{ words, isServing: false, commands: [] }] };
}

/** State of an index itself: its definition, or null when it is not there. */
async function indexState(client: DynamoDBClient, change: ChangeOf<"dynamodb.index">): Promise<ChangeState<typeof change>> {
  const table = await readTable(client, change.table);
  return unsettled(table) ?? { kind: "settled", value: indexNamed(table, change.index)?.definition ?? null };
}

function indexNamed(table: TableDescription, name: string): TableIndex | undefined {
  const index = (table.GlobalSecondaryIndexes ?? []).find(({ IndexName }) => IndexName === name);
  return index === undefined ? undefined : tableIndexOf(index, table.AttributeDefinitions ?? []);
}

/** What is on its way in the table, any of its indexes, or any replica; a table takes one operation at a time. */
function unsettled(table: TableDescription): InProgress | undefined {
  const moving = [
    ...(table.TableStatus === "ACTIVE" ? [] : [`table ${table.TableName} is ${table.TableStatus}`]),
    ...(table.GlobalSecondaryIndexes ?? [])
      .filter(({ IndexStatus }) => IndexStatus !== "ACTIVE")
      .map(({ IndexName, IndexStatus, Backfilling }) => `index ${IndexName} is ${IndexStatus}${Backfilling === true ? ", being filled" : ""}`),
    ...(table.Replicas ?? [])
      .filter(({ ReplicaStatus }) => ReplicaStatus === "CREATING" || ReplicaStatus === "UPDATING" || ReplicaStatus === "DELETING")
      .map(({ RegionName, ReplicaStatus }) => `the replica in ${RegionName} is ${ReplicaStatus}`),
  ];
  return moving.length === 0 ? undefined : { kind: "in-progress", detail: moving.join("; ") };
}

/** State of an index's Contributor Insights; those of before there were modes show accessed and throttled keys. */
async function insightsState(
  client: DynamoDBClient,
  { table, index }: ChangeOf<"dynamodb.contributor-insights">,
): Promise<ChangeState<ChangeOf<"dynamodb.contributor-insights">>> {
  const found = await client.send(new DescribeContributorInsightsCommand({ TableName: table, IndexName: index }));
  const detail = `Contributor Insights of ${index} are ${found.ContributorInsightsStatus}`;
  switch (found.ContributorInsightsStatus) {
    case "ENABLED":
      return { kind: "settled", value: { mode: found.ContributorInsightsMode ?? "ACCESSED_AND_THROTTLED_KEYS" } };
    case "DISABLED":
      return { kind: "settled", value: { mode: null } };
    case "ENABLING":
    case "DISABLING":
      return { kind: "in-progress", detail };
    case "FAILED":
    case undefined:
      return { kind: "mixed", detail };
    default:
      return found.ContributorInsightsStatus satisfies never;
  }
}

function prepareInsights(clients: RegionClients, { table, index, after: { mode } }: ChangeOf<"dynamodb.contributor-insights">): PreparedUpdate {
  const action =
    mode === null ? ({ ContributorInsightsAction: "DISABLE" } as const) : ({ ContributorInsightsAction: "ENABLE", ContributorInsightsMode: mode } as const);
  return async () => {
    await clients.writers.dynamoDb.send(new UpdateContributorInsightsCommand({ TableName: table, IndexName: index, ...action }));
  };
}

async function streamState(client: DynamoDBClient, change: ChangeOf<"dynamodb.stream">): Promise<ChangeState<typeof change>> {
  const table = await readTable(client, change.table);
  return unsettled(table) ?? { kind: "settled", value: { viewType: streamOf(table) ?? null } };
}

function prepareStream(clients: RegionClients, { table, after: { viewType } }: ChangeOf<"dynamodb.stream">): PreparedUpdate {
  const specification = viewType === null ? { StreamEnabled: false } : { StreamEnabled: true, StreamViewType: viewType };
  return async () => {
    await clients.writers.dynamoDb.send(new UpdateTableCommand({ TableName: table, StreamSpecification: specification }));
  };
}

async function billingState(client: DynamoDBClient, change: ChangeOf<"dynamodb.billing-mode">): Promise<ChangeState<typeof change>> {
  const table = await readTable(client, change.table);
  const moving = unsettled(table);
  if (moving !== undefined) return moving;
  if (!isProvisioned(table)) return { kind: "settled", value: { mode: "PAY_PER_REQUEST" } };
  return { kind: "settled", value: { mode: "PROVISIONED", capacity: capacityOf(table), isScaled: false } };
}

/** Indexes are asked for right before the call: others may have added or removed some since the plan. */
async function prepareBilling(clients: RegionClients, { table, after }: ChangeOf<"dynamodb.billing-mode">): Promise<PreparedUpdate> {
  const input = after.mode === "PROVISIONED" ? provisionedInput(after.capacity, await indexNames(clients.dynamoDb, table)) : { BillingMode: after.mode };
  return async () => {
    await clients.writers.dynamoDb.send(new UpdateTableCommand({ TableName: table, ...input }));
  };
}

async function indexNames(client: DynamoDBClient, table: string): Promise<readonly string[]> {
  const { GlobalSecondaryIndexes: indexes = [] } = await readTable(client, table);
  return indexes.map(({ IndexName }) => answered(IndexName, "IndexName"));
}

async function scalingState(
  { applicationAutoScaling }: RegionClients,
  { resourceId, dimension }: ChangeOf<"dynamodb.scaling-suspension">,
): Promise<ChangeState<ChangeOf<"dynamodb.scaling-suspension">>> {
  const { ScalableTargets: [target] = [] } = await applicationAutoScaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "dynamodb", ResourceIds: [resourceId], ScalableDimension: dimension as ScalableDimension }),
  );
  if (target === undefined) return { kind: "missing", detail: `${resourceId} has no scaling target for ${dimension}` };
  return { kind: "settled", value: scalingOfTarget(target).suspended };
}

/** What is not named of a target stays as it is. */
function prepareScaling(clients: RegionClients, { resourceId, dimension, after }: ChangeOf<"dynamodb.scaling-suspension">): PreparedUpdate {
  const command = new RegisterScalableTargetCommand({
    ServiceNamespace: "dynamodb",
    ResourceId: resourceId,
    ScalableDimension: dimension as ScalableDimension,
    SuspendedState: {
      DynamicScalingInSuspended: after.scaleIn,
      DynamicScalingOutSuspended: after.scaleOut,
      ScheduledScalingSuspended: after.scheduled,
    },
  });
  return async () => {
    await clients.writers.applicationAutoScaling.send(command);
  };
}

/** Caps, or with −1 frees, the reads of an on-demand index. */
function prepareReadCap(clients: RegionClients, change: ChangeOf<"dynamodb.index-read-cap">): PreparedUpdate {
  const update = { IndexName: change.index, OnDemandThroughput: { MaxReadRequestUnits: change.after.maxReadRequestUnits } };
  return async () => {
    await clients.writers.dynamoDb.send(new UpdateTableCommand({ TableName: change.table, GlobalSecondaryIndexUpdates: [{ Update: update }] }));
  };
}

/**
 * Deletes an index, or creates it from its captured definition: one index a call, as UpdateTable allows. How the table is paid is asked for right
 * before the call: somebody may have made it provisioned while the index was gone.
 */
async function prepareIndex(clients: RegionClients, change: ChangeOf<"dynamodb.index">): Promise<PreparedUpdate> {
  const { table: name, index, after } = change;
  if (after === null) {
    return async () => {
      await clients.writers.dynamoDb.send(new UpdateTableCommand({ TableName: name, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index } }] }));
    };
  }
  const table = await readTable(clients.dynamoDb, name);
  const command = new UpdateTableCommand({
    TableName: name,
    AttributeDefinitions: attributesWith(table, after),
    GlobalSecondaryIndexUpdates: [{ Create: indexCreation(after, isProvisioned(table) ? capacityOf(table).table : undefined) }],
  });
  return async () => {
    await clients.writers.dynamoDb.send(command);
  };
}

/** AttributeDefinitions are the whole table's: those in use today, and the new index's key. */
function attributesWith(table: TableDescription, definition: IndexDefinition): AttributeDefinition[] {
  const known = table.AttributeDefinitions ?? [];
  const added = definition.key.filter(({ name }) => known.every(({ AttributeName }) => AttributeName !== name));
  return [...known, ...added.map(({ name, attributeType }) => ({ AttributeName: name, AttributeType: attributeType }))];
}
