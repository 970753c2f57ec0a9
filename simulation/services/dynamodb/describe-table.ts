import {
  GlobalTableNotFoundException,
  ResourceNotFoundException,
  TableNotFoundException,
  type DescribeContinuousBackupsCommandInput,
  type DescribeContinuousBackupsCommandOutput,
  type DescribeTimeToLiveCommandInput,
  type DescribeTimeToLiveCommandOutput,
  type DescribeGlobalTableCommandInput,
  type DescribeGlobalTableCommandOutput,
  type DescribeTableCommandInput,
  type DescribeTableCommandOutput,
  type GlobalSecondaryIndexDescription,
  type ListTagsOfResourceCommandInput,
  type ListTagsOfResourceCommandOutput,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { deterministicUuid } from "../../account/deterministic-id.ts";
import { pageOf } from "../../account/page.ts";
import type { AccountState } from "../../account/state.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { billingAt, errors, indexesAt, tables, type IndexKey, type Table, type TableIndex } from "./table.ts";

export function describeTable(input: DescribeTableCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeTableCommandOutput> {
  return { Table: describe(tableNamed(state, region, input.TableName), state, nowMs) };
}

/** By name or ARN. Throws ResourceNotFoundException. */
export function tableNamed(state: AccountState, region: string, nameOrArn: string | undefined): Table {
  const name = nameOrArn?.startsWith("arn:") ? (nameOrArn.split("/")[1] ?? "") : (nameOrArn ?? "");
  const table = state.of(tables).get(region, name);
  if (table === undefined) throw new ResourceNotFoundException(refusal(`Requested resource not found: Table: ${name} not found`));
  return table;
}

export function describe(table: Table, state: AccountState, atMs: number): TableDescription {
  const { core } = table;
  const indexes = indexesAt(core, atMs);
  const billing = billingAt(core, atMs);
  const switchedMs = core.onDemandSwitchesMs.findLast((ms) => ms <= atMs);
  return {
    TableName: core.name,
    TableArn: table.arn,
    TableId: deterministicUuid([table.arn, String(core.createdMs)]),
    TableStatus: core.status.at(atMs) ?? "ACTIVE",
    CreationDateTime: new Date(core.createdMs),
    TableSizeBytes: core.sizeBytes,
    ItemCount: core.items,
    KeySchema: keySchema(core.key),
    AttributeDefinitions: attributeDefinitions([core.key, ...indexes.map((index) => index.key)]),
    ProvisionedThroughput: { ReadCapacityUnits: billing.readCapacityUnits, WriteCapacityUnits: billing.writeCapacityUnits, NumberOfDecreasesToday: 0 },
    DeletionProtectionEnabled: core.deletionProtection,
    // AWS leaves the summary out of tables that were always provisioned.
    ...(billing.mode === "PAY_PER_REQUEST" || switchedMs !== undefined
      ? {
          BillingModeSummary: {
            BillingMode: billing.mode,
            LastUpdateToPayPerRequestDateTime: new Date(switchedMs ?? core.createdMs),
          },
        }
      : {}),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes.map((index) => describeIndex(table, index)) }),
    ...replicaMembers(table, state.accountId),
    ...(core.tableClass === "STANDARD" ? {} : { TableClassSummary: { TableClass: core.tableClass } }),
    ...streamMembers(table, atMs),
    ...(table.kmsKeyArn === null ? {} : { SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: table.kmsKeyArn } }),
  };
}

function replicaMembers({ core, region: own }: Table, accountId: string): Partial<TableDescription> {
  if (core.isGlobalOf2017) return {};
  const replicas = [...core.replicaRegions.map((region) => ({ region, accountId })), ...core.foreignReplicas].filter(({ region }) => region !== own);
  if (replicas.length === 0) return {};
  return {
    GlobalTableVersion: "2019.11.21",
    Replicas: replicas.map(({ region, accountId: owner }) => ({
      RegionName: region,
      ReplicaStatus: "ACTIVE",
      ReplicaArn: `arn:aws:dynamodb:${region}:${owner}:table/${core.name}`,
    })),
  };
}

function streamMembers(table: Table, atMs: number): Partial<TableDescription> {
  const stream = table.stream.at(atMs) ?? null;
  if (stream === null) return {};
  const viewTypes = ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"] as const;
  const StreamViewType = viewTypes.find((type) => type === stream.viewType) ?? "NEW_AND_OLD_IMAGES";
  return {
    StreamSpecification: { StreamEnabled: true, StreamViewType },
    LatestStreamLabel: stream.label,
    LatestStreamArn: `${table.arn}/stream/${stream.label}`,
  };
}

function describeIndex(table: Table, index: TableIndex): GlobalSecondaryIndexDescription {
  const capped = index.maxReadRequestUnits !== -1 || index.maxWriteRequestUnits !== -1;
  return {
    IndexName: index.name,
    IndexArn: `${table.arn}/index/${index.name}`,
    IndexStatus: index.status,
    KeySchema: keySchema(index.key),
    Projection: { ProjectionType: index.projectionType, ...(index.projectionType === "INCLUDE" ? { NonKeyAttributes: [...index.nonKeyAttributes] } : {}) },
    ProvisionedThroughput: { ReadCapacityUnits: index.readCapacityUnits, WriteCapacityUnits: index.writeCapacityUnits, NumberOfDecreasesToday: 0 },
    WarmThroughput: { ReadUnitsPerSecond: index.warmReadUnits, WriteUnitsPerSecond: index.warmWriteUnits, Status: "ACTIVE" },
    ...(index.status === "CREATING" ? { Backfilling: true } : {}),
    ...(capped ? { OnDemandThroughput: { MaxReadRequestUnits: index.maxReadRequestUnits, MaxWriteRequestUnits: index.maxWriteRequestUnits } } : {}),
  };
}

function keySchema(key: readonly IndexKey[]): { AttributeName: string; KeyType: IndexKey["keyType"] }[] {
  return key.map(({ attribute, keyType }) => ({ AttributeName: attribute, KeyType: keyType }));
}

/** Only attributes that some key uses: AWS keeps no others. */
function attributeDefinitions(keys: readonly (readonly IndexKey[])[]): { AttributeName: string; AttributeType: IndexKey["attributeType"] }[] {
  const types = new Map(keys.flat().map(({ attribute, attributeType }) => [attribute, attributeType]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

export function describeTimeToLive(input: DescribeTimeToLiveCommandInput, { state, region }: CallContext): Answer<DescribeTimeToLiveCommandOutput> {
  const { expiryAttribute } = tableNamed(state, region, input.TableName).core;
  return {
    TimeToLiveDescription: expiryAttribute === null ? { TimeToLiveStatus: "DISABLED" } : { TimeToLiveStatus: "ENABLED", AttributeName: expiryAttribute },
  };
}

/** Throws TableNotFoundException, which no other call of a table does. */
export function describeContinuousBackups(
  input: DescribeContinuousBackupsCommandInput,
  { state, region }: CallContext,
): Answer<DescribeContinuousBackupsCommandOutput> {
  const name = input.TableName ?? "";
  const table = state.of(tables).get(region, name.startsWith("arn:") ? (name.split("/")[1] ?? "") : name);
  if (table === undefined) throw new TableNotFoundException(refusal(`Table not found: ${name}`));
  const { recoveryDays } = table.core;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription:
        recoveryDays === 0 ? { PointInTimeRecoveryStatus: "DISABLED" } : { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: recoveryDays },
    },
  };
}

/** Answers for global tables of 2017 alone. */
export function describeGlobalTable(input: DescribeGlobalTableCommandInput, { state, region }: CallContext): Answer<DescribeGlobalTableCommandOutput> {
  const table = state.of(tables).get(region, input.GlobalTableName ?? "");
  if (table?.core.isGlobalOf2017 !== true)
    throw new GlobalTableNotFoundException(refusal(`Requested resource not found: Global table ${input.GlobalTableName ?? ""} not found`));
  return {
    GlobalTableDescription: {
      GlobalTableName: table.core.name,
      GlobalTableStatus: "ACTIVE",
      ReplicationGroup: table.core.replicaRegions.map((RegionName) => ({ RegionName })),
    },
  };
}

/** Tags a page of ListTagsOfResource holds. */
const tagsPerPage = 10;

export function listTagsOfResource(input: ListTagsOfResourceCommandInput, { state, region }: CallContext): Answer<ListTagsOfResourceCommandOutput> {
  const table = state
    .of(tables)
    .in(region)
    .find((candidate) => candidate.arn === input.ResourceArn);
  if (table === undefined) throw new ResourceNotFoundException(refusal(`Requested resource not found: ResourceArn: ${input.ResourceArn ?? ""} not found`));
  const page = pageOf(Object.entries(table.tags), input.NextToken, tagsPerPage);
  if (page === undefined) throw errors.refuse("ValidationException", "The provided NextToken is not valid");
  return { Tags: page.items.map(([Key, Value]) => ({ Key, Value })), ...(page.next === undefined ? {} : { NextToken: page.next }) };
}
