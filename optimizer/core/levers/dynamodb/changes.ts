import type { ResourceRef } from "../../model/resource-ref.ts";
import { jmespathLiteral } from "../../model/jmespath.ts";
import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, type ChangedResource, differingFields, nothingElse, usualPatience, waitLine } from "../change-facts.ts";
import { type Inventory, resourceAt } from "../resource-kinds.ts";
import { creationQuery, isPaidByRequest, isWarmerThanUsual, throughputOf } from "./index-creation.ts";
import type { CapacityScaling, IndexDefinition, InsightsMode, TableCapacity, TableStream } from "./table.ts";

/** The most read request units a second, −1 without a cap. `isProvisioned`: the table has become provisioned, which takes no cap and heeds none. */
interface ReadCap {
  readonly maxReadRequestUnits: number;
  readonly isProvisioned?: true;
}

/** UpdateTable: cap (or free, −1) the on-demand reads of an index. */
interface IndexReadCapChange {
  readonly kind: "dynamodb.index-read-cap";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: ReadCap;
  readonly after: ReadCap;
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

/** UpdateContributorInsights of an index, in one region: AWS keeps it apart for each replica. */
interface ContributorInsightsChange {
  readonly kind: "dynamodb.contributor-insights";
  readonly region: string;
  readonly table: string;
  readonly index: string;
  readonly before: { readonly mode: InsightsMode | null };
  readonly after: { readonly mode: InsightsMode | null };
}

/** UpdateTable: the stream of a table that is in one region alone. Turned on again it is another stream, with an ARN of its own. */
interface StreamChange {
  readonly kind: "dynamodb.stream";
  readonly region: string;
  readonly table: string;
  readonly before: { readonly viewType: TableStream | null };
  readonly after: { readonly viewType: TableStream | null };
}

/** How a table is paid. `isScaled`: Application Auto Scaling changes its capacity, so that any capacity is what it was. */
type Billing = { readonly mode: "PAY_PER_REQUEST" } | { readonly mode: "PROVISIONED"; readonly capacity: TableCapacity; readonly isScaled: boolean };

/** UpdateTable: the mode, with the capacity of the table and of all its indexes on the way back. */
interface BillingModeChange {
  readonly kind: "dynamodb.billing-mode";
  readonly region: string;
  readonly table: string;
  readonly before: Billing;
  readonly after: Billing;
}

/** RegisterScalableTarget: whether Application Auto Scaling may change a capacity of the table or of an index of it. */
interface ScalingSuspensionChange {
  readonly kind: "dynamodb.scaling-suspension";
  readonly region: string;
  readonly table: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly before: CapacityScaling["suspended"];
  readonly after: CapacityScaling["suspended"];
}

export type DynamoDbChange = IndexReadCapChange | IndexChange | ContributorInsightsChange | StreamChange | BillingModeChange | ScalingSuspensionChange;

export const dynamoDbChanges: { readonly [C in DynamoDbChange as C["kind"]]: ChangeFacts<C> } = {
  "dynamodb.index-read-cap": {
    resourceOf: indexOf,
    same: (one, other) => one.maxReadRequestUnits === other.maxReadRequestUnits,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: readCapCommand,
    // There is nothing to be put back where no cap may be set: what stands there is as good as what stood there.
    onTopOf: (change, found) => (found.isProvisioned === true ? { ...change, after: found } : undefined),
    first: settledLines,
    wait: settledLines,
    touches: otherReplicas,
  },
  "dynamodb.index": {
    resourceOf: indexOf,
    same: (one, other) => sameJson(identity(one), identity(other)),
    unrestored: (prior, found) => {
      const takesNoCap = hasUnits(found) && !hasUnits(prior);
      return differingFields(restorable(prior, takesNoCap), restorable(found, takesNoCap));
    },
    // An index that is created has a longer wait of its own: giving it up would report a way back as failed that goes on well.
    feltBy: "requests",
    patienceMinutes: ({ after }, { maxMinutes, backfillMaxMinutes }) => (after === null ? maxMinutes : backfillMaxMinutes),
    command: (change) =>
      change.after === null ? updateTable(change, [{ Delete: { IndexName: change.index } }]) : updateAsked(change, creationQuery(change.after)),
    first: settledLines,
    wait: settledLines,
    touches: otherReplicas,
  },
  "dynamodb.contributor-insights": {
    resourceOf: indexOf,
    same: sameJson,
    feltBy: { nobody: "it counts requests beside them" },
    patienceMinutes: usualPatience,
    command: ({ region, table, index, after: { mode } }) =>
      `aws dynamodb update-contributor-insights --region ${shellWord(region)} --table-name ${shellWord(table)} --index-name ${shellWord(index)} ${
        mode === null ? "--contributor-insights-action DISABLE" : `--contributor-insights-action ENABLE --contributor-insights-mode ${mode}`
      }`,
    first: settledLines,
    wait: ({ region, table, index, after: { mode } }) => [
      waitLine(
        "until",
        `aws dynamodb describe-contributor-insights --region ${shellWord(region)} --table-name ${shellWord(table)} --index-name ${shellWord(index)}`,
        "ContributorInsightsStatus",
        mode === null ? "DISABLED" : "ENABLED",
      ),
    ],
    // Its table stands in the change's own region, which may be that of a replica of the action's.
    touches: ({ region, table }, { resources }) =>
      resources.map(({ ref }) => ref).filter((ref) => ref.kind === "dynamodb-table" && ref.region === region && ref.id === table),
  },
  "dynamodb.stream": {
    resourceOf: ({ region, table }) => ({ kind: "dynamodb-table", region, id: table }),
    same: sameJson,
    feltBy: { nobody: "a request to the table does not wait for its stream" },
    patienceMinutes: usualPatience,
    command: ({ region, table, after: { viewType } }) =>
      `aws dynamodb update-table --region ${shellWord(region)} --table-name ${shellWord(table)} --stream-specification ${
        viewType === null ? "StreamEnabled=false" : `StreamEnabled=true,StreamViewType=${viewType}`
      }`,
    first: settledLines,
    wait: settledLines,
    touches: otherReplicas,
  },
  "dynamodb.billing-mode": {
    resourceOf: ({ region, table }) => ({ kind: "dynamodb-table", region, id: table }),
    same: isSameBilling,
    // What scales is of any capacity.
    unrestored: (prior, found) => (isSameBilling(prior, found) ? [] : differingFields(prior, found)),
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, table, after }) => {
      const named = `--region ${shellWord(region)} --table-name ${shellWord(table)}`;
      if (after.mode === "PAY_PER_REQUEST") return `aws dynamodb update-table ${named} --billing-mode PAY_PER_REQUEST`;
      return updateAsked({ region, table }, provisionedQuery(after.capacity));
    },
    onTopOf: besideOtherIndexes,
    first: settledLines,
    wait: settledLines,
    touches: otherReplicas,
  },
  "dynamodb.scaling-suspension": {
    resourceOf: ({ region, table, resourceId, dimension }) => ({ kind: "dynamodb-table", region, id: table, part: `${resourceId} ${dimension}` }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, resourceId, dimension, after }) =>
      `aws application-autoscaling register-scalable-target --region ${shellWord(region)} --service-namespace dynamodb --resource-id ${shellWord(resourceId)} --scalable-dimension ${dimension} --suspended-state DynamicScalingInSuspended=${after.scaleIn},DynamicScalingOutSuspended=${after.scaleOut},ScheduledScalingSuspended=${after.scheduled}`,
    first: { notNeeded: "AWS takes another suspension of a target at any time, whatever its table does" },
    wait: { notNeeded: "RegisterScalableTarget has suspended what it names when it is answered" },
    touches: nothingElse,
  },
};

/** A table takes one change at a time, whichever of its indexes and replicas is under way. */
function settledLines({ region, table }: DynamoDbChange): readonly [string, ...string[]] {
  const describe = `aws dynamodb describe-table --region ${shellWord(region)} --table-name ${shellWord(table)}`;
  return [
    waitLine("until", describe, "Table.TableStatus", "ACTIVE"),
    ...["Table.GlobalSecondaryIndexes[].IndexStatus", "Table.Replicas[].ReplicaStatus"].map((query) =>
      waitLine("while", describe, query, "CREATING", "UPDATING", "DELETING"),
    ),
  ];
}

function isSameBilling(one: Billing, other: Billing): boolean {
  if (one.mode !== "PROVISIONED" || other.mode !== "PROVISIONED") return one.mode === other.mode;
  return one.isScaled || other.isScaled || sameJson(one.capacity, other.capacity);
}

/** Indexes that others added since keep their capacity, and those that they removed have none to be brought back. */
function besideOtherIndexes(change: BillingModeChange, found: Billing): BillingModeChange | undefined {
  const { after } = change;
  if (after.mode !== "PROVISIONED" || found.mode !== "PROVISIONED") return undefined;
  const known = new Map(Object.entries(after.capacity.indexes));
  const indexes = Object.fromEntries(Object.entries(found.capacity.indexes).map(([name, units]) => [name, known.get(name) ?? units]));
  return { ...change, after: { ...after, capacity: { ...after.capacity, indexes } } };
}

/**
 * What UpdateTable takes of a table that is paid by request and shall be provisioned: it refuses a call that leaves out one of the indexes that
 * are there, or names one that is not (ProvisionedThroughput "must be specified for index", ResourceNotFoundException). One that others added
 * since gets what the table has: it is written at most as often as the table.
 */
export function provisionedInput({ table, indexes }: TableCapacity, present: readonly string[]) {
  const known = new Map(Object.entries(indexes));
  const updates = present.map((IndexName) => ({ Update: { IndexName, ProvisionedThroughput: throughputOf(known.get(IndexName) ?? table) } }));
  return {
    BillingMode: "PROVISIONED" as const,
    ProvisionedThroughput: throughputOf(table),
    ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
  };
}

/** The same as a query of AWS's CLI, of the indexes that DescribeTable answers when the line is run. */
function provisionedQuery({ table, indexes }: TableCapacity): string {
  const units = [
    ...Object.entries(indexes).map(([name, own]) => `IndexName == ${jmespathLiteral(name)} && ${jmespathLiteral(throughputOf(own))}`),
    jmespathLiteral(throughputOf(table)),
  ];
  const common = `TableName: TableName, BillingMode: ${jmespathLiteral("PROVISIONED")}, ProvisionedThroughput: ${jmespathLiteral(throughputOf(table))}`;
  const updates = `GlobalSecondaryIndexes[].{Update: {IndexName: IndexName, ProvisionedThroughput: ${units.join(" || ")}}}`;
  return `Table | GlobalSecondaryIndexes && {${common}, GlobalSecondaryIndexUpdates: ${updates}} || {${common}}`;
}

function indexOf({ region, table, index }: IndexReadCapChange | IndexChange | ContributorInsightsChange): ChangedResource {
  return { kind: "dynamodb-table", region, id: table, part: index };
}

/** AWS copies what is done to an index of a global table to every replica. */
function otherReplicas({ region, table: id }: Pick<DynamoDbChange, "region" | "table">, inventory: Inventory): readonly ResourceRef[] {
  const table = resourceAt(inventory, { kind: "dynamodb-table", region, id });
  return (table?.kind === "dynamodb-table" ? table.replicaRegions : [])
    .filter((other) => other !== region)
    .map((other) => ({ kind: "dynamodb-table", region: other, id }));
}

/** Of an index only what makes it that index: its caps and capacities are changed by steps of their own. */
function identity(definition: IndexDefinition | null): unknown {
  if (definition === null) return null;
  const { name, key, projection } = definition;
  return { name, key: key.map((attribute) => [attribute.name, attribute.keyType]), type: projection.type, attributes: projection.nonKeyAttributes.toSorted() };
}

/**
 * What creating an index again brings back: all but the cap on its reads, which a step of its own sets, warm throughput that AWS gives anyway, and
 * a cap on its writes where the table has become provisioned and `takesNoCap`.
 */
function restorable(definition: IndexDefinition | null, takesNoCap: boolean): unknown {
  if (definition === null) return null;
  const { maxReadRequestUnits: _ownStep, maxWriteRequestUnits, warmThroughput, projection, ...rest } = definition;
  const isWarmer = warmThroughput !== undefined && isWarmerThanUsual(warmThroughput);
  const attributes = projection.nonKeyAttributes.toSorted();
  return {
    ...rest,
    projection: { ...projection, nonKeyAttributes: attributes },
    ...(takesNoCap ? {} : { maxWriteRequestUnits }),
    ...(isWarmer ? { warmThroughput } : {}),
  };
}

/** An index has units of its own where its table is provisioned. */
function hasUnits(definition: IndexDefinition | null): boolean {
  return definition?.readCapacityUnits !== undefined;
}

function updateTable({ region, table }: Pick<DynamoDbChange, "region" | "table">, updates: readonly object[]): string {
  return `aws dynamodb update-table --region ${shellWord(region)} --table-name ${shellWord(table)} --global-secondary-index-updates ${shellWord(JSON.stringify(updates))}`;
}

/** UpdateTable with the input that a query makes of the table's description when the line is run. */
function updateAsked({ region, table }: Pick<DynamoDbChange, "region" | "table">, query: string): string {
  const described = `aws dynamodb describe-table --region ${shellWord(region)} --table-name ${shellWord(table)} --query ${shellWord(query)} --output json`;
  return `aws dynamodb update-table --region ${shellWord(region)} --cli-input-json "$(${described})"`;
}

/** AWS refuses the call where the table has become provisioned: then its CLI refuses the line, and shows why. */
function readCapCommand({ region, table, index, after }: IndexReadCapChange): string {
  const named = `--region ${shellWord(region)} --table-name ${shellWord(table)}`;
  const updates = [{ Update: { IndexName: index, OnDemandThroughput: { MaxReadRequestUnits: after.maxReadRequestUnits } } }];
  const query = `Table | ${isPaidByRequest} && ${jmespathLiteral(updates)} || ${jmespathLiteral("nothing is capped: the table is provisioned, and takes no cap")}`;
  const described = `aws dynamodb describe-table ${named} --query ${shellWord(query)} --output json`;
  return `aws dynamodb update-table ${named} --global-secondary-index-updates "$(${described})"`;
}
