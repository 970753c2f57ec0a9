import type { ResourceRef } from "../../model/resource-ref.ts";
import { shellWord } from "../../model/shell-words.ts";
import { type ChangeFacts, type ChangedResource, sameValues, usualPatience } from "../change-facts.ts";
import type { Inventory } from "../resource-kinds.ts";
import type { DynamoTable, IndexDefinition } from "./table.ts";

/** UpdateTable: cap (or free, −1) the on-demand reads of an index. */
interface IndexReadCapChange {
  readonly kind: "dynamodb.index-read-cap";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: { readonly maxReadRequestUnits: number };
  readonly after: { readonly maxReadRequestUnits: number };
}

/** UpdateTable: delete (`after` null) or create (`before` null) an index. */
interface IndexChange {
  readonly kind: "dynamodb.index";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: IndexDefinition | null;
  readonly after: IndexDefinition | null;
}

export type DynamoDbChange = IndexReadCapChange | IndexChange;

export const dynamoDbChanges: { readonly [C in DynamoDbChange as C["kind"]]: ChangeFacts<C> } = {
  "dynamodb.index-read-cap": {
    resourceOf: indexOf,
    same: sameValues,
    patienceMinutes: usualPatience,
    command: (change) =>
      updateTable(change, [{ Update: { IndexName: change.index, OnDemandThroughput: { MaxReadRequestUnits: change.after.maxReadRequestUnits } } }]),
    touches: otherReplicas,
  },
  "dynamodb.index": {
    resourceOf: indexOf,
    same: (one, other) => sameValues(identity(one), identity(other)),
    // An index that is created has a longer wait of its own: giving it up would report a way back as failed that goes on well.
    patienceMinutes: ({ after }, { maxMinutes, backfillMaxMinutes }) => (after === null ? maxMinutes : backfillMaxMinutes),
    command: (change) =>
      change.after === null
        ? updateTable(change, [{ Delete: { IndexName: change.index } }])
        : `${updateTable(change, [{ Create: creation(change.after) }])} --attribute-definitions ${shellWord(JSON.stringify(attributes(change.after)))}`,
    touches: otherReplicas,
  },
};

function indexOf({ region, table, index }: DynamoDbChange): ChangedResource {
  return { kind: "dynamodb-table", region, id: table, part: index };
}

/** AWS copies what is done to an index of a global table to every replica. */
function otherReplicas({ region, table: id }: DynamoDbChange, { resources }: Inventory): readonly ResourceRef[] {
  const table = resources.find(
    (resource): resource is DynamoTable => resource.kind === "dynamodb-table" && resource.ref.region === region && resource.ref.id === id,
  );
  return (table?.replicaRegions ?? []).filter((other) => other !== region).map((other) => ({ kind: "dynamodb-table", region: other, id }));
}

/** Of an index only what makes it that index: its caps and capacities are changed by steps of their own. */
function identity(definition: IndexDefinition | null): unknown {
  if (definition === null) return null;
  const { name, key, projection } = definition;
  return { name, key: key.map((attribute) => [attribute.name, attribute.keyType]), type: projection.type, attributes: projection.nonKeyAttributes.toSorted() };
}

function updateTable({ region, table }: DynamoDbChange, updates: readonly object[]): string {
  return `aws dynamodb update-table --region ${shellWord(region)} --table-name ${shellWord(table)} --global-secondary-index-updates ${shellWord(JSON.stringify(updates))}`;
}

function creation({ name, key, projection, readCapacityUnits, writeCapacityUnits }: IndexDefinition): object {
  return {
    IndexName: name,
    KeySchema: key.map((attribute) => ({ AttributeName: attribute.name, KeyType: attribute.keyType })),
    Projection: { ProjectionType: projection.type, ...(projection.nonKeyAttributes.length === 0 ? {} : { NonKeyAttributes: projection.nonKeyAttributes }) },
    ...(readCapacityUnits === undefined || writeCapacityUnits === undefined
      ? {}
      : { ProvisionedThroughput: { ReadCapacityUnits: readCapacityUnits, WriteCapacityUnits: writeCapacityUnits } }),
  };
}

/** Only the index's own key: the table's other attributes must be named too when it has indexes that remain. */
function attributes({ key }: IndexDefinition): readonly object[] {
  return key.map(({ name, attributeType }) => ({ AttributeName: name, AttributeType: attributeType }));
}
