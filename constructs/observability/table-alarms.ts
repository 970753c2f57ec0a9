import { sumOf, type AlarmDefinition, type AlarmMetric } from "./alarm-definition.ts";

/** SystemErrors exists by table and operation only: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
const operations = ["BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "TransactWriteItems", "UpdateItem"];

export interface WatchedTable {
  readonly key: string;
  readonly name: string;
  /** Without an index it has no metrics of one. */
  readonly hasIndexes: boolean;
}

/** Indexes are found by query, not by name: one that is removed takes no alarm with it, and a new one is watched from its first point. */
export function tableAlarms({ key, name, hasIndexes }: WatchedTable): readonly AlarmDefinition[] {
  const metric = (metricName: string, more: Readonly<Record<string, string>> = {}): AlarmMetric => ({
    namespace: "AWS/DynamoDB",
    name: metricName,
    dimensions: { TableName: name, ...more },
    stat: "Sum",
  });
  const common = { beyond: "above", threshold: 0, periodSeconds: 60, periods: 15, datapoints: 3 } as const;
  return [
    {
      ...common,
      key: `${key}-throttles`,
      description: `Requests to the table ${name} are turned away`,
      source: sumOf({ reads: metric("ReadThrottleEvents"), writes: metric("WriteThrottleEvents") }),
    },
    ...(hasIndexes ? (["Read", "Write"] as const) : []).map((direction) => ({
      ...common,
      key: `${key}-index-${direction.toLowerCase()}-throttles`,
      description: `${direction}s of an index of ${name} are turned away`,
      source: {
        kind: "query",
        sql: `SELECT SUM(${direction}ThrottleEvents) FROM SCHEMA("AWS/DynamoDB", GlobalSecondaryIndexName, TableName) WHERE TableName = '${name}'`,
      } as const,
    })),
    {
      ...common,
      key: `${key}-system-errors`,
      description: `DynamoDB itself fails requests to ${name}`,
      source: sumOf(Object.fromEntries(operations.map((Operation) => [`o${operations.indexOf(Operation) + 1}`, metric("SystemErrors", { Operation })]))),
    },
  ];
}
