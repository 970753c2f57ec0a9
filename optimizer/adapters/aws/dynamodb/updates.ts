import { UpdateTableCommand, type AttributeDefinition, type CreateGlobalSecondaryIndexAction, type TableDescription } from "@aws-sdk/client-dynamodb";
import type { ChangeOf } from "../../../core/levers/change-kinds.ts";
import type { IndexDefinition } from "../../../core/levers/dynamodb/table.ts";
import type { RegionClients } from "../client-factory.ts";
import { readTable } from "./table.ts";
import type { PreparedUpdate } from "../prepared-update.ts";

/** Caps, or with −1 frees, the reads of an on-demand index. */
export function prepareReadCap(clients: RegionClients, change: ChangeOf<"dynamodb.index-read-cap">): PreparedUpdate {
  const update = { IndexName: change.index, OnDemandThroughput: { MaxReadRequestUnits: change.after.maxReadRequestUnits } };
  return async () => {
    await clients.writers.dynamoDb.send(new UpdateTableCommand({ TableName: change.table, GlobalSecondaryIndexUpdates: [{ Update: update }] }));
  };
}

/** Deletes an index, or creates it from its captured definition: one index a call, as UpdateTable allows. */
export async function prepareIndex(clients: RegionClients, change: ChangeOf<"dynamodb.index">): Promise<PreparedUpdate> {
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
    GlobalSecondaryIndexUpdates: [{ Create: creationOf(after) }],
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

function creationOf(definition: IndexDefinition): CreateGlobalSecondaryIndexAction {
  const { readCapacityUnits: reads, writeCapacityUnits: writes, maxReadRequestUnits: maxReads, maxWriteRequestUnits: maxWrites } = definition;
  const { type, nonKeyAttributes } = definition.projection;
  return {
    IndexName: definition.name,
    KeySchema: definition.key.map(({ name, keyType }) => ({ AttributeName: name, KeyType: keyType })),
    Projection: { ProjectionType: type, ...(nonKeyAttributes.length === 0 ? {} : { NonKeyAttributes: [...nonKeyAttributes] }) },
    ...(reads === undefined || writes === undefined ? {} : { ProvisionedThroughput: { ReadCapacityUnits: reads, WriteCapacityUnits: writes } }),
    ...(maxReads === -1 && maxWrites === -1 ? {} : { OnDemandThroughput: { MaxReadRequestUnits: maxReads, MaxWriteRequestUnits: maxWrites } }),
  };
}
