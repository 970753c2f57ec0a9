import { jmespathLiteral } from "../../model/jmespath.ts";
import { usualWarmUnits } from "../../../../contract/change-seconds.ts";
import type { CapacityUnits, IndexDefinition } from "./table.ts";

/**
 * `Create` of UpdateTable, with all that was set for the index, as the table takes it now: `table` is what a provisioned table is provisioned for.
 * Of an index of such a table AWS wants units of its own, and no cap; of one that is paid by request a cap, if any, and no units
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalSecondaryIndexAction.html). An index that had no units gets what
 * the table has: it is written at most as often as the table. Warm throughput is named only where it is more than AWS gives anyway: what is named
 * is billed once (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html).
 */
export function indexCreation(definition: IndexDefinition, table: CapacityUnits | undefined) {
  const { readCapacityUnits: reads, writeCapacityUnits: writes } = definition;
  return {
    ...whateverTheMode(definition),
    ...(table === undefined ? capsOf(definition) : { ProvisionedThroughput: throughputOf({ read: reads ?? table.read, write: writes ?? table.write }) }),
  };
}

/** UpdateTable's input for the same, as a query of AWS's CLI: how the table is paid it sees when the line is run. */
export function creationQuery(definition: IndexDefinition): string {
  const { readCapacityUnits: reads, writeCapacityUnits: writes } = definition;
  const input = (create: string): string =>
    `{TableName: TableName, AttributeDefinitions: ${jmespathLiteral(attributesOf(definition))}, GlobalSecondaryIndexUpdates: [{Create: ${create}}]}`;
  const units =
    reads === undefined || writes === undefined
      ? "ProvisionedThroughput.{ReadCapacityUnits: ReadCapacityUnits, WriteCapacityUnits: WriteCapacityUnits}"
      : jmespathLiteral(throughputOf({ read: reads, write: writes }));
  const named = Object.entries(whateverTheMode(definition)).map(([name, value]) => `${name}: ${jmespathLiteral(value)}`);
  const provisioned = `{${[...named, `ProvisionedThroughput: ${units}`].join(", ")}}`;
  return `Table | ${isPaidByRequest} && ${input(jmespathLiteral(indexCreation(definition, undefined)))} || ${input(provisioned)}`;
}

/** Of a table's description, in a query; AWS leaves the mode out of tables that were always provisioned. */
export const isPaidByRequest = `BillingModeSummary.BillingMode == ${jmespathLiteral("PAY_PER_REQUEST")}`;

export function throughputOf({ read, write }: CapacityUnits) {
  return { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

function whateverTheMode({ name, key, projection, warmThroughput: warm }: IndexDefinition) {
  return {
    IndexName: name,
    KeySchema: key.map((attribute) => ({ AttributeName: attribute.name, KeyType: attribute.keyType })),
    Projection: {
      ProjectionType: projection.type,
      ...(projection.nonKeyAttributes.length === 0 ? {} : { NonKeyAttributes: [...projection.nonKeyAttributes] }),
    },
    ...(warm === undefined || !isWarmerThanUsual(warm) ? {} : { WarmThroughput: { ReadUnitsPerSecond: warm.readUnits, WriteUnitsPerSecond: warm.writeUnits } }),
  };
}

function capsOf({ maxReadRequestUnits: maxReads, maxWriteRequestUnits: maxWrites }: IndexDefinition) {
  return maxReads === -1 && maxWrites === -1 ? {} : { OnDemandThroughput: { MaxReadRequestUnits: maxReads, MaxWriteRequestUnits: maxWrites } };
}

/** Whether it serves more at once than AWS gives a new on-demand index anyway. */
export function isWarmerThanUsual({ readUnits, writeUnits }: NonNullable<IndexDefinition["warmThroughput"]>): boolean {
  return readUnits > usualWarmUnits.read || writeUnits > usualWarmUnits.write;
}

/** Only the index's own key: the table's other attributes must be named too when it has indexes that remain. */
function attributesOf({ key }: IndexDefinition): readonly object[] {
  return key.map(({ name, attributeType }) => ({ AttributeName: name, AttributeType: attributeType }));
}
