import type { Described } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface KeyAttribute {
  readonly name: string;
  readonly keyType: "HASH" | "RANGE";
  readonly attributeType: "S" | "N" | "B";
}

/** Everything needed to create the index again. `maxReadRequestUnits` −1 means no cap (on-demand). */
export interface IndexDefinition {
  readonly name: string;
  readonly key: readonly KeyAttribute[];
  readonly projection: { readonly type: "ALL" | "KEYS_ONLY" | "INCLUDE"; readonly nonKeyAttributes: readonly string[] };
  readonly readCapacityUnits?: number;
  readonly writeCapacityUnits?: number;
  readonly maxReadRequestUnits: number;
  readonly maxWriteRequestUnits: number;
}

export interface TableIndex {
  readonly definition: IndexDefinition;
  readonly status: "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";
  readonly sizeBytes: number;
  readonly itemCount: number;
}

export interface DynamoTable extends Described {
  readonly kind: "dynamodb-table";
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly status: string;
  readonly indexes: readonly TableIndex[];
  readonly streamArn?: string;
  /** Every region of the global table, this one included; one region for a regional table. */
  readonly replicaRegions: readonly string[];
  readonly sizeBytes: number;
}

export const dynamoTableFacts: ResourceFacts<DynamoTable> = {
  word: "table",
  partWord: "index",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags }) => ({ tags }),
};
