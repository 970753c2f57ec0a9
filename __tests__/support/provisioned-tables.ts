import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { DynamoTable } from "../../optimizer/core/levers/dynamodb/table.ts";
import type { Signal } from "./courses.ts";
import { aTable, primary, type World } from "./world.ts";

/** A provisioned table without indexes, for so many units a second. */
export function aProvisionedTable(read = 100, write = 100, overrides: Parameters<typeof aTable>[0] = {}): DynamoTable {
  return aTable({ name: "orders", billingMode: "PROVISIONED", capacity: { table: { read, write }, indexes: {} }, indexes: [], ...overrides });
}

/** What it is provisioned for and what is consumed of it, in units a second; a part `table/index` is an index. */
export function capacitySees(
  world: World,
  part: string,
  { reads, writes, provisioned = 100 }: { readonly reads: number | Signal; readonly writes: number | Signal; readonly provisioned?: number | Signal },
  region = primary,
): World {
  const hourly =
    (units: number | Signal): Signal =>
    (hour, statistic) =>
      (typeof units === "number" ? units : units(hour, statistic)) * 3600;
  return world
    .sees(metrics.dynamoReads, part, hourly(reads), region)
    .sees(metrics.dynamoWrites, part, hourly(writes), region)
    .sees(metrics.dynamoProvisionedReads, part, provisioned, region)
    .sees(metrics.dynamoProvisionedWrites, part, provisioned, region);
}
