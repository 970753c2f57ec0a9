import {
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type KeySchemaElement,
  type ProvisionedThroughputDescription,
  type AttributeDefinition,
  type Tag,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { DynamoTable, IndexDefinition, KeyAttribute, TableCapacity, TableIndex, TableStream } from "../../../core/levers/dynamodb/table.ts";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { readTags } from "../tag-records.ts";
import { answered } from "../answered.ts";
import type { ClientFactory, RegionClients } from "../client-factory.ts";
import type { ResourceRef } from "../../../core/model/resource-ref.ts";
import type { ResourceAdapter } from "../service-adapters.ts";
import { ResourceGone } from "../resource-gone.ts";
import { bornAs } from "../born-as.ts";
import { readTableSettings } from "./table-settings.ts";

/** DynamoDB's own word for "no cap" in OnDemandThroughput. */
export const noCap = -1;

export const dynamoTableAdapter: ResourceAdapter<DynamoTable> = {
  idsOf: ({ tables }) => tables.map(({ name }) => name),
  describe: describeTable,
  tagsOf: tagsOfReplicas,
  bornOf: async ({ dynamoDb }, id) => (await readTable(dynamoDb, id)).TableId,
};

/** AWS leaves BillingModeSummary out of tables that were always provisioned. */
export function isProvisioned({ BillingModeSummary: summary }: TableDescription): boolean {
  return (summary?.BillingMode ?? "PROVISIONED") === "PROVISIONED";
}

/** Describes a table with its indexes' full definitions. */
async function describeTable(clients: RegionClients, region: string, name: string): Promise<DynamoTable> {
  const { dynamoDb: client } = clients;
  const table = await readTable(client, name);
  const arn = answered(table.TableArn, "TableArn");
  const replicas = (table.Replicas ?? []).flatMap(({ RegionName }) => RegionName ?? []);
  const [tags, settings] = await Promise.all([readTableTags(client, arn), readTableSettings(clients, table)]);
  return {
    kind: "dynamodb-table",
    ref: { kind: "dynamodb-table", region, id: name },
    arn,
    ...bornAs(table.TableId),
    tags,
    billingMode: isProvisioned(table) ? "PROVISIONED" : "PAY_PER_REQUEST",
    ...capacityMembers(table),
    status: answered(table.TableStatus, "TableStatus"),
    key: answered(table.KeySchema, "KeySchema").map((element) => keyAttributeOf(element, table.AttributeDefinitions ?? [])),
    localIndexes: (table.LocalSecondaryIndexes ?? []).map(({ IndexName }) => answered(IndexName, "IndexName")),
    indexes: (table.GlobalSecondaryIndexes ?? []).map((index) => tableIndexOf(index, table.AttributeDefinitions ?? [])),
    ...streamMembers(table),
    replicaRegions: [...new Set([region, ...replicas])].toSorted(),
    sizeBytes: table.TableSizeBytes ?? 0,
    itemCount: table.ItemCount ?? 0,
    // AWS describes the encryption of tables only whose key is not its own.
    ...(table.SSEDescription?.KMSMasterKeyArn === undefined ? {} : { kmsKeyArn: table.SSEDescription.KMSMasterKeyArn }),
    createdAtMs: answered(table.CreationDateTime, "CreationDateTime").getTime(),
    // AWS leaves the class out of tables that never had another one.
    tableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
    foreignReplicas: (table.Replicas ?? []).flatMap(({ RegionName, ReplicaArn }) => (isOfAnotherAccount(ReplicaArn, arn) ? (RegionName ?? []) : [])),
    ...settings,
  };
}

/** An ARN's fifth part is its account. */
function isOfAnotherAccount(replicaArn: string | undefined, ownArn: string): boolean {
  return replicaArn !== undefined && replicaArn.split(":")[4] !== ownArn.split(":")[4];
}

function capacityMembers(table: TableDescription): Pick<DynamoTable, "capacity" | "lastOnDemandMs"> {
  const { LastUpdateToPayPerRequestDateTime: last } = table.BillingModeSummary ?? {};
  return {
    ...(isProvisioned(table) ? { capacity: capacityOf(table) } : {}),
    ...(last === undefined ? {} : { lastOnDemandMs: last.getTime() }),
  };
}

/** What table and indexes are provisioned for now. */
export function capacityOf({ ProvisionedThroughput: own, GlobalSecondaryIndexes: indexes = [] }: TableDescription): TableCapacity {
  const units = (throughput: ProvisionedThroughputDescription | undefined) => ({
    read: answered(throughput?.ReadCapacityUnits, "ReadCapacityUnits"),
    write: answered(throughput?.WriteCapacityUnits, "WriteCapacityUnits"),
  });
  return {
    table: units(own),
    indexes: Object.fromEntries(indexes.map(({ IndexName, ProvisionedThroughput }) => [answered(IndexName, "IndexName"), units(ProvisionedThroughput)])),
  };
}

function streamMembers(table: TableDescription): Pick<DynamoTable, "streamArn" | "streamViewType"> {
  const viewType = streamOf(table);
  return viewType === undefined || table.LatestStreamArn === undefined ? {} : { streamArn: table.LatestStreamArn, streamViewType: viewType };
}

/** What the stream shows, while it is on: AWS names the latest one for a day longer. */
export function streamOf({ StreamSpecification: stream }: TableDescription): TableStream | undefined {
  return stream?.StreamEnabled === true ? answered(stream.StreamViewType, "StreamViewType") : undefined;
}

export async function readTable(client: DynamoDBClient, name: string): Promise<TableDescription> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
  if (table === undefined) throw new ResourceGone(`no table ${name}`);
  return table;
}

function readTableTags(client: DynamoDBClient, arn: string): Promise<Tags> {
  return readTags(async () => {
    const tags: Tag[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, ...(token === undefined ? {} : { NextToken: token }) }));
      tags.push(...(page.Tags ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return tags;
  });
}

/** Tags of a table and its replicas in other regions: a replica keeps tags of its own, and what is changed here changes there. */
async function tagsOfReplicas(clientsOf: ClientFactory, { region, id }: ResourceRef): Promise<readonly Tags[]> {
  const { dynamoDb } = clientsOf(region);
  const table = await readTable(dynamoDb, id);
  const others = [...new Set((table.Replicas ?? []).flatMap(({ RegionName }) => RegionName ?? []))].filter((other) => other !== region);
  const elsewhere = others.map(async (other) => {
    const client = clientsOf(other).dynamoDb;
    return readTableTags(client, answered((await readTable(client, id)).TableArn, "TableArn"));
  });
  return allInOrder([readTableTags(dynamoDb, answered(table.TableArn, "TableArn")), ...elsewhere]);
}

/** An index as it would have to be created again. */
export function tableIndexOf(index: GlobalSecondaryIndexDescription, attributes: readonly AttributeDefinition[]): TableIndex {
  return {
    definition: definitionOf(index, attributes),
    status: answered(index.IndexStatus, "IndexStatus"),
    sizeBytes: index.IndexSizeBytes ?? 0,
    itemCount: index.ItemCount ?? 0,
  };
}

function definitionOf(index: GlobalSecondaryIndexDescription, attributes: readonly AttributeDefinition[]): IndexDefinition {
  const reads = index.ProvisionedThroughput?.ReadCapacityUnits ?? 0;
  const writes = index.ProvisionedThroughput?.WriteCapacityUnits ?? 0;
  return {
    name: answered(index.IndexName, "IndexName"),
    key: (index.KeySchema ?? []).map((element) => keyAttributeOf(element, attributes)),
    projection: {
      type: answered(index.Projection?.ProjectionType, "ProjectionType"),
      nonKeyAttributes: (index.Projection?.NonKeyAttributes ?? []).toSorted(),
    },
    // On-demand indexes answer zero units.
    ...(reads > 0 ? { readCapacityUnits: reads } : {}),
    ...(writes > 0 ? { writeCapacityUnits: writes } : {}),
    maxReadRequestUnits: index.OnDemandThroughput?.MaxReadRequestUnits ?? noCap,
    maxWriteRequestUnits: index.OnDemandThroughput?.MaxWriteRequestUnits ?? noCap,
    ...warmThroughputOf(index),
  };
}

function warmThroughputOf({ WarmThroughput: warm }: GlobalSecondaryIndexDescription): Pick<IndexDefinition, "warmThroughput"> {
  const { ReadUnitsPerSecond: readUnits, WriteUnitsPerSecond: writeUnits } = warm ?? {};
  return readUnits === undefined || writeUnits === undefined ? {} : { warmThroughput: { readUnits, writeUnits } };
}

function keyAttributeOf(element: KeySchemaElement, attributes: readonly AttributeDefinition[]): KeyAttribute {
  const name = answered(element.AttributeName, "AttributeName");
  const attributeType = attributes.find((attribute) => attribute.AttributeName === name)?.AttributeType;
  return { name, keyType: answered(element.KeyType, "KeyType"), attributeType: answered(attributeType, `the type of the key attribute ${name}`) };
}
