import { type DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { readTable } from "../../optimizer/adapters/aws/dynamodb/table.ts";

/** Somebody adds an index over an attribute of its own name to a table that is paid by request; AWS fills it. */
export async function addIndex(client: DynamoDBClient, table: string, name: string): Promise<void> {
  const { AttributeDefinitions: known = [] } = await readTable(client, table);
  await client.send(
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions: [...known, { AttributeName: name, AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName: name, KeySchema: [{ AttributeName: name, KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } } },
      ],
    }),
  );
}

/** Somebody removes an index; AWS takes a while. */
export async function removeIndex(client: DynamoDBClient, table: string, name: string): Promise<void> {
  await client.send(new UpdateTableCommand({ TableName: table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] }));
}
