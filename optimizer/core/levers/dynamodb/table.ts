import type { Described } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
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
  /** What AWS serves at once, a second; absent in plans of older releases. */
  readonly warmThroughput?: { readonly readUnits: number; readonly writeUnits: number };
}

export type TableStream = "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES" | "KEYS_ONLY";

export type InsightsMode = "ACCESSED_AND_THROTTLED_KEYS" | "THROTTLED_KEYS";

/** Application Auto Scaling of one capacity of the table or of an index of it. */
export interface CapacityScaling {
  /** `table/<name>` or `table/<name>/index/<index>`. */
  readonly resourceId: string;
  /** e.g. `dynamodb:index:ReadCapacityUnits`. */
  readonly dimension: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly suspended: { readonly scaleIn: boolean; readonly scaleOut: boolean; readonly scheduled: boolean };
}

export interface TableIndex {
  readonly definition: IndexDefinition;
  readonly status: "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";
  readonly sizeBytes: number;
  readonly itemCount: number;
}

/** What a provisioned table and each of its indexes, by name, are provisioned for. */
export interface TableCapacity {
  readonly table: CapacityUnits;
  readonly indexes: Readonly<Record<string, CapacityUnits>>;
}

/** Units a second. */
export interface CapacityUnits {
  readonly read: number;
  readonly write: number;
}

export interface DynamoTable extends Described {
  readonly kind: "dynamodb-table";
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  /** Of a provisioned table. */
  readonly capacity?: TableCapacity;
  /** When it was last switched to on-demand, if ever. */
  readonly lastOnDemandMs?: number;
  readonly status: string;
  readonly key: readonly KeyAttribute[];
  readonly indexes: readonly TableIndex[];
  /** Names of its local secondary indexes. */
  readonly localIndexes: readonly string[];
  readonly streamArn?: string;
  readonly streamViewType?: TableStream;
  /** What is connected to the stream, in words: event source mappings, running or not, and pipes. Empty without a stream. */
  readonly streamConsumers: Seen<readonly string[]>;
  /** Every region of the global table, this one included; one region for a regional table. */
  readonly replicaRegions: readonly string[];
  /** AWS counts bytes and items anew every 6 hours or so. */
  readonly sizeBytes: number;
  readonly itemCount: number;
  /** The key it is encrypted with; absent: the one that AWS owns. */
  readonly kmsKeyArn?: string;
  /** The attribute by whose time items expire; `null`: they do not. */
  readonly expiryAttribute: Seen<string | null>;
  /** Days it can be restored to any moment of; 0: it cannot. */
  readonly recoveryDays: Seen<number>;
  readonly createdAtMs: number;
  readonly tableClass: "STANDARD" | "STANDARD_INFREQUENT_ACCESS";
  /** A global table of 2017 keeps the indexes and the capacity of each replica apart; `none`: a regional table. */
  readonly globalTable: Seen<"none" | "2017.11.29" | "2019.11.21">;
  /** Regions whose replica belongs to another account. */
  readonly foreignReplicas: readonly string[];
  /** Contributor Insights by index; one that is not here has none. */
  readonly contributorInsights: Seen<Readonly<Record<string, InsightsMode>>>;
  /** Scaling targets of the table and of its indexes, whatever the billing mode: AWS keeps those of an on-demand table. */
  readonly scaling: Seen<readonly CapacityScaling[]>;
}

export const dynamoTableFacts: ResourceFacts<DynamoTable> = {
  word: "table",
  partWord: "index",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags, globalTable }) => ({ tags, globalTable }),
  form: ({ billingMode, tableClass, globalTable, foreignReplicas }) => ({ billingMode, tableClass, globalTable, foreignReplicas }),
  otherZones: () => "AWS places it in zones itself",
};
