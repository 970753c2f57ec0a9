import {
  LimitExceededException,
  ResourceInUseException,
  ResourceNotFoundException,
  type AttributeDefinition,
  type CreateGlobalSecondaryIndexAction,
  type GlobalSecondaryIndexUpdate,
  type StreamSpecification,
  type UpdateGlobalSecondaryIndexAction,
  type UpdateTableCommandInput,
  type UpdateTableCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { Timeline } from "../../account/timeline.ts";
import { describe, tableNamed } from "./describe-table.ts";
import { prepareBilling } from "./billing-mode.ts";
import {
  billingAt,
  busy,
  creationMs,
  indexesAt,
  invalid,
  tables,
  updateMs,
  usualWarmUnits,
  type Billing,
  type IndexKey,
  type Table,
  type TableCore,
  type TableIndex,
} from "./table.ts";

/** An order of magnitude of what AWS takes for tables of this size; it promises no figure. */
const deletionMs = 300_000;
/** While AWS sets up a new index the table is UPDATING; the backfill after it goes on beside an ACTIVE table. */
const creationStartMs = 60_000;
/** Global secondary indexes a table can have by default (DynamoDB quotas). */
const maxIndexes = 20;

type Step = (nowMs: number) => void;

/**
 * Index changes of one table. They are the global table's: every replica has them
 * (DynamoDB developer guide, "Global tables: settings that are always synchronized").
 */
export function updateTable(input: UpdateTableCommandInput, { state, region, nowMs }: MutationContext): () => Answer<UpdateTableCommandOutput> {
  const table = tableNamed(state, region, input.TableName);
  const { core } = table;
  refuseUnmodelled("UpdateTable", input, [
    "TableName",
    "AttributeDefinitions",
    "GlobalSecondaryIndexUpdates",
    "StreamSpecification",
    "BillingMode",
    "ProvisionedThroughput",
  ]);
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length === 0 && input.StreamSpecification === undefined && input.BillingMode === undefined && input.ProvisionedThroughput === undefined)
    throw invalid(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
    );
  if (core.status.at(nowMs) !== "ACTIVE") {
    throw new ResourceInUseException(refusal(`Attempt to change a resource which is still in use: Table is being updated: ${core.name}`));
  }
  if (updates.filter((update) => update.Create ?? update.Delete).length > 1) throw onlyOneAtATime();
  const billing = input.BillingMode === undefined && input.ProvisionedThroughput === undefined ? undefined : prepareBilling(core, input, nowMs);
  // Capacity of indexes comes with the switch that needs it.
  const own = billing === undefined ? updates : updates.filter(({ Update }) => Update?.ProvisionedThroughput === undefined);
  const steps = own.map((update) => prepareUpdate(core, update, input.AttributeDefinitions ?? [], nowMs));
  const stream = input.StreamSpecification === undefined ? undefined : prepareStream(table, input.StreamSpecification, nowMs);
  const replicas = state
    .of(tables)
    .all()
    .filter((replica) => replica.core === core);
  return () => {
    for (const { Delete } of updates) if (Delete?.IndexName !== undefined) loseInsights(replicas, Delete.IndexName);
    for (const step of steps) step(nowMs);
    stream?.(nowMs);
    billing?.(nowMs);
    return { TableDescription: describe(table, state, nowMs) };
  };
}

function prepareUpdate(core: TableCore, update: GlobalSecondaryIndexUpdate, definitions: readonly AttributeDefinition[], nowMs: number): Step {
  if (update.Delete !== undefined) return prepareDeletion(core, update.Delete.IndexName, nowMs);
  if (update.Create !== undefined) return prepareCreation(core, update.Create, definitions, nowMs);
  if (update.Update !== undefined) return prepareCap(core, update.Update, nowMs);
  throw invalid("One of Create, Update or Delete must be given for each global secondary index update");
}

function prepareStream(table: Table, { StreamEnabled: wanted, StreamViewType: viewType }: StreamSpecification, nowMs: number): Step {
  const { core, stream } = table;
  const isOn = (stream.at(nowMs) ?? null) !== null;
  if (core.replicaRegions.length > 1) throw invalid("Disabling Stream is not allowed for a Global Table replica");
  if (wanted === true && isOn) throw invalid(`Table already has an enabled stream: TableName: ${core.name}`);
  if (wanted !== true && !isOn) throw invalid(`Table has no stream to disable: TableName: ${core.name}`);
  if (wanted === true && viewType === undefined)
    throw invalid("One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true");
  return (atMs) => {
    const label = new Date(atMs).toISOString().replace("Z", "");
    stream.set(atMs, wanted === true ? { viewType: viewType ?? "", label } : null);
    busy(core, atMs, updateMs);
  };
}

/** An index that is made again begins without Contributor Insights. */
function loseInsights(replicas: readonly Table[], index: string): void {
  for (const { insights } of replicas) insights.delete(index);
}

function prepareDeletion(core: TableCore, name: string | undefined, nowMs: number): Step {
  const { index, timeline } = activeIndex(core, name, nowMs);
  refuseWhileBuilding(core, nowMs);
  return (atMs) => {
    timeline.set(atMs, { ...index, status: "DELETING" });
    timeline.set(atMs + deletionMs, null);
    busy(core, atMs, deletionMs);
  };
}

function prepareCap(core: TableCore, change: UpdateGlobalSecondaryIndexAction, nowMs: number): Step {
  const { index, timeline } = activeIndex(core, change.IndexName, nowMs);
  refuseUnmodelled("UpdateTable of an index", change, ["IndexName", "OnDemandThroughput", "ProvisionedThroughput"]);
  if (change.ProvisionedThroughput !== undefined) throw new NotSimulated("UpdateTable with an index's ProvisionedThroughput");
  if (billingAt(core, nowMs).mode !== "PAY_PER_REQUEST") {
    throw invalid("One or more parameter values were invalid: OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST");
  }
  const capped = {
    ...index,
    maxReadRequestUnits: validCap(change.OnDemandThroughput?.MaxReadRequestUnits, index.maxReadRequestUnits),
    maxWriteRequestUnits: validCap(change.OnDemandThroughput?.MaxWriteRequestUnits, index.maxWriteRequestUnits),
  };
  return (atMs) => {
    timeline.set(atMs, { ...capped, status: "UPDATING" });
    timeline.set(atMs + updateMs, { ...capped, status: "ACTIVE" });
    busy(core, atMs, updateMs);
  };
}

function prepareCreation(core: TableCore, change: CreateGlobalSecondaryIndexAction, definitions: readonly AttributeDefinition[], nowMs: number): Step {
  const existing = indexesAt(core, nowMs);
  const name = change.IndexName ?? "";
  if (existing.some((index) => index.name === name)) throw invalid(`Attempting to create an index which already exists: ${name}`);
  if (existing.length >= maxIndexes)
    throw new LimitExceededException(refusal("Subscriber limit exceeded: the number of global secondary indexes of the table"));
  refuseWhileBuilding(core, nowMs);
  refuseOtherMode(change, name, billingAt(core, nowMs).mode);
  const created = toIndex(core, name, change, definitions);
  return (atMs) => {
    const timeline = core.indexes.get(name) ?? new Timeline<TableIndex | null>(atMs, null);
    timeline.set(atMs, { ...created, status: "CREATING" });
    timeline.set(atMs + creationMs, created);
    core.indexes.set(name, timeline);
    busy(core, atMs, creationStartMs);
  };
}

/** An index has units of its own in a provisioned table, and may have caps in one that is paid by request. */
function refuseOtherMode(
  { ProvisionedThroughput: units, OnDemandThroughput: caps }: CreateGlobalSecondaryIndexAction,
  name: string,
  mode: Billing["mode"],
): void {
  const say = (what: string): Error => invalid(`One or more parameter values were invalid: ${what}`);
  if (mode === "PAY_PER_REQUEST") {
    if (units !== undefined) throw say(`ProvisionedThroughput should not be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`);
    return;
  }
  if (units === undefined) throw say(`ProvisionedThroughput is not specified for index: ${name}`);
  if ((units.ReadCapacityUnits ?? 0) < 1 || (units.WriteCapacityUnits ?? 0) < 1)
    throw say(`ReadCapacityUnits and WriteCapacityUnits of index ${name} must both be at least 1`);
  if (caps !== undefined) throw say(`OnDemandThroughput of index ${name} can only be specified when BillingMode is PAY_PER_REQUEST`);
}

function toIndex(core: TableCore, name: string, change: CreateGlobalSecondaryIndexAction, definitions: readonly AttributeDefinition[]): TableIndex {
  const known = new Map(core.key.map((key) => [key.attribute, key.attributeType]));
  const key = (change.KeySchema ?? []).map((element): IndexKey => {
    const attribute = element.AttributeName ?? "";
    const attributeType = definitions.find((definition) => definition.AttributeName === attribute)?.AttributeType ?? known.get(attribute);
    if (attributeType === undefined)
      throw invalid(`One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${attribute}]`);
    return { attribute, attributeType, keyType: element.KeyType === "RANGE" ? "RANGE" : "HASH" };
  });
  if (key[0]?.keyType !== "HASH") throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  return {
    name,
    key,
    projectionType: change.Projection?.ProjectionType ?? "ALL",
    nonKeyAttributes: change.Projection?.NonKeyAttributes ?? [],
    readCapacityUnits: change.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    writeCapacityUnits: change.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
    maxReadRequestUnits: validCap(change.OnDemandThroughput?.MaxReadRequestUnits, -1),
    maxWriteRequestUnits: validCap(change.OnDemandThroughput?.MaxWriteRequestUnits, -1),
    warmReadUnits: Math.max(change.WarmThroughput?.ReadUnitsPerSecond ?? 0, usualWarmUnits.warmReadUnits),
    warmWriteUnits: Math.max(change.WarmThroughput?.WriteUnitsPerSecond ?? 0, usualWarmUnits.warmWriteUnits),
    status: "ACTIVE",
  };
}

function activeIndex(core: TableCore, name: string | undefined, nowMs: number): { readonly index: TableIndex; readonly timeline: Timeline<TableIndex | null> } {
  const timeline = core.indexes.get(name ?? "");
  const index = timeline?.at(nowMs) ?? undefined;
  if (timeline === undefined || index === undefined)
    throw new ResourceNotFoundException(refusal(`Requested resource not found: Index: ${name ?? ""} not found`));
  if (index.status !== "ACTIVE") {
    throw new ResourceInUseException(
      refusal(`Attempt to change a resource which is still in use: Index is being ${index.status.toLowerCase()}: ${index.name}`),
    );
  }
  return { index, timeline };
}

function refuseWhileBuilding(core: TableCore, nowMs: number): void {
  if (indexesAt(core, nowMs).some((index) => index.status === "CREATING" || index.status === "DELETING")) throw onlyOneAtATime();
}

function onlyOneAtATime(): Error {
  return new LimitExceededException(refusal("Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"));
}

/** −1 takes a cap away; 0 and other negatives are refused. */
function validCap(wanted: number | undefined, current: number): number {
  if (wanted === undefined) return current;
  if (!Number.isInteger(wanted) || (wanted < 1 && wanted !== -1)) {
    throw invalid(`One or more parameter values were invalid: OnDemandThroughput value ${wanted} must be at least 1, or -1 for no maximum`);
  }
  return wanted;
}
