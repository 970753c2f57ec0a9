import { DynamodbTable, type DynamodbTableGlobalSecondaryIndex } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import { isProtected, type Lifetime } from "../lifetime.ts";
import type { Names } from "../names.ts";
import { keyFields, tableTags, type IndexDefinition, type TableBilling, type TableDefinition, type TableKey } from "./table-definition.ts";

export interface TableProps {
  readonly names: Names;
  readonly definition: TableDefinition;
  readonly keyArn: string;
  readonly lifetime: Lifetime;
}

/** A DynamoDB table with point-in-time recovery, encrypted with the stack's own key. */
export class Table extends Construct {
  readonly name: string;
  readonly arn: string;
  /** A token; absent when the table has no stream. */
  readonly streamArn?: string;

  constructor(scope: Construct, id: string, { names, definition, keyArn, lifetime }: TableProps) {
    super(scope, id);
    const { billing, stream } = definition;
    const table = new DynamodbTable(this, "table", {
      name: names.resource(definition.key),
      billingMode: billing.mode,
      ...capacity(billing),
      ...keySchema(definition.primaryKey),
      attribute: keyFields(definition).map(({ name, type }) => ({ name, type })),
      globalSecondaryIndex: definition.indexes.map((index) => globalIndex(index, billing)),
      streamEnabled: stream,
      ...(stream ? { streamViewType: "NEW_AND_OLD_IMAGES" } : {}),
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: isProtected(lifetime),
      tags: tableTags(definition),
      // Replicas are resources of the stacks in their regions; without this the table would remove them.
      lifecycle: { ignoreChanges: ["replica"] },
    });
    this.name = table.name;
    this.arn = table.arn;
    if (stream) this.streamArn = table.streamArn;
  }
}

function globalIndex({ name, key }: IndexDefinition, billing: TableBilling): DynamodbTableGlobalSecondaryIndex {
  return { name, ...keySchema(key), projectionType: "ALL", ...capacity(billing) };
}

function keySchema({ hash, range }: TableKey): { readonly hashKey: string; readonly rangeKey?: string } {
  return { hashKey: hash.name, ...(range === undefined ? {} : { rangeKey: range.name }) };
}

function capacity(billing: TableBilling): { readonly readCapacity?: number; readonly writeCapacity?: number } {
  return billing.mode === "PROVISIONED" ? { readCapacity: billing.readCapacity, writeCapacity: billing.writeCapacity } : {};
}
