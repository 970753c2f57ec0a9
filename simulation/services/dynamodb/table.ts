import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";
import { changeSeconds, indexCreationSeconds, usualWarmUnits as usual } from "../../../contract/change-seconds.ts";

export const errors = serviceErrors(DynamoDBServiceException, "json");

export interface IndexKey {
  readonly attribute: string;
  readonly keyType: "HASH" | "RANGE";
  readonly attributeType: "S" | "N" | "B";
}

/** `maxReadRequestUnits` and `maxWriteRequestUnits` are −1 without a cap. */
export interface TableIndex {
  readonly name: string;
  readonly key: readonly IndexKey[];
  readonly projectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
  readonly nonKeyAttributes: readonly string[];
  readonly readCapacityUnits: number;
  readonly writeCapacityUnits: number;
  readonly maxReadRequestUnits: number;
  readonly maxWriteRequestUnits: number;
  /** Units a second that AWS serves at once. */
  readonly warmReadUnits: number;
  readonly warmWriteUnits: number;
  readonly status: "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";
}

export interface Billing {
  readonly mode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly readCapacityUnits: number;
  readonly writeCapacityUnits: number;
}

/** What all replicas of a global table share. A regional table is modelled as one with a single replica. */
export interface TableCore {
  readonly name: string;
  readonly homeRegion: string;
  readonly key: readonly IndexKey[];
  /** The mode, and the table's own units a second, 0 on demand; an index has its own. */
  readonly billing: Timeline<Billing>;
  /** When it was switched to on-demand: AWS takes a few of them a day. */
  readonly onDemandSwitchesMs: number[];
  readonly deletionProtection: boolean;
  readonly status: Timeline<"ACTIVE" | "UPDATING">;
  /** By name; `null` before an index was made and after it was removed. */
  readonly indexes: Map<string, Timeline<TableIndex | null>>;
  readonly replicaRegions: string[];
  readonly tableClass: "STANDARD" | "STANDARD_INFREQUENT_ACCESS";
  readonly createdMs: number;
  /** When indexes that were there at the start were made. */
  readonly indexCreatedMs: ReadonlyMap<string, number>;
  /** As AWS counts them. */
  readonly items: number;
  readonly sizeBytes: number;
  /** The attribute by whose time items expire, or null. */
  readonly expiryAttribute: string | null;
  /** Days it can be restored to any moment of, or 0. */
  readonly recoveryDays: number;
  /** A global table of 2017 answers DescribeGlobalTable, and DescribeTable says nothing of its replicas. */
  readonly isGlobalOf2017: boolean;
  /** Regions whose replica another account has. */
  readonly foreignReplicas: readonly { readonly region: string; readonly accountId: string }[];
}

export type Insights = { readonly status: "ENABLED" | "ENABLING" | "DISABLED" | "DISABLING"; readonly mode: "ACCESSED_AND_THROTTLED_KEYS" | "THROTTLED_KEYS" };

export const usualWarmUnits = { warmReadUnits: usual.read, warmWriteUnits: usual.write };

export interface TableStream {
  readonly viewType: string;
  /** When it was turned on, as AWS writes it. */
  readonly label: string;
}

/** A table as one region shows it. */
export interface Table extends Owned {
  readonly core: TableCore;
  /** Each time it is turned on it is another one, with a label of its own. */
  readonly stream: Timeline<TableStream | null>;
  readonly kmsKeyArn: string | null;
  /** Contributor Insights by index: each replica has its own. */
  readonly insights: Map<string, Timeline<Insights>>;
}

/** A table by its home region and once more by the region of each replica. */
export const tables = regionalStore<Table>();

/** Tables of the account hold no items that an index would have to be filled with. */
export const creationMs = indexCreationSeconds({ items: 0, bytes: 0, writeUnits: usual.write }) * 1000;

/** The indexes of a moment, in the order they were made. */
export function indexesAt(core: TableCore, atMs: number): readonly TableIndex[] {
  return [...core.indexes.values()].flatMap((timeline) => timeline.at(atMs) ?? []);
}

export function streamArnAt({ arn, stream }: Table, atMs: number): string | undefined {
  const now = stream.at(atMs) ?? null;
  return now === null ? undefined : `${arn}/stream/${now.label}`;
}

export function billingAt({ billing }: TableCore, atMs: number): Billing {
  return billing.at(atMs) ?? billing.final();
}

export const updateMs = changeSeconds.tableUpdate * 1000;

export function busy(core: TableCore, atMs: number, forMs: number): void {
  core.status.set(atMs, "UPDATING");
  core.status.set(atMs + forMs, "ACTIVE");
}

export function invalid(message: string): Error {
  return errors.refuse("ValidationException", message);
}
