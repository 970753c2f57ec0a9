import type { DynamoDBClient, TableDescription } from "@aws-sdk/client-dynamodb";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import type { TableIndex } from "../../../core/levers/dynamodb/table.ts";
import { readTable, tableIndexOf } from "./table.ts";

type InProgress = Extract<ChangeState, { readonly kind: "in-progress" }>;

/** State of an index's on-demand read cap. */
export async function readCapState(client: DynamoDBClient, change: ChangeOf<"dynamodb.index-read-cap">): Promise<ChangeState<typeof change>> {
  const table = await readTable(client, change.table);
  const index = indexNamed(table, change.index);
  if (index === undefined) return { kind: "missing", detail: `table ${change.table} has no index ${change.index}` };
  return unsettled(table) ?? { kind: "settled", value: { maxReadRequestUnits: index.definition.maxReadRequestUnits } };
}

/** State of an index itself: its definition, or null when it is not there. */
export async function indexState(client: DynamoDBClient, change: ChangeOf<"dynamodb.index">): Promise<ChangeState<typeof change>> {
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
