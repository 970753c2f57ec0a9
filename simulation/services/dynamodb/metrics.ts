import type { MetricQuestion } from "../../account/service.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perEvent, silence, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import type { TickRows } from "../../load/tick-rows.ts";
import { tickMs, tickSeconds, ticksPerHour } from "../../load/tick.ts";
import { indexField, indexLoad, tableField, tableLoad } from "./load.ts";
import { datedCallsIn, demandOf } from "./demand.ts";
import { billingAt, tables, type Table } from "./table.ts";

/** How often an idle table or index publishes a zero: AWS says "regularly" and no more; every four hours here. */
const idleZeroTicks = 4 * ticksPerHour;

/** AWS/DynamoDB by TableName, TableName + GlobalSecondaryIndexName, and TableName + Operation. */
export function tableSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const table = model.state.of(tables).get(region, dimensions.get("TableName") ?? "");
  if (table === undefined) return null;
  const rows = tableLoad(model, table);
  const index = dimensions.get("GlobalSecondaryIndexName");
  const provisioned = provisionedUnits(metric, table, index);
  if (provisioned !== undefined && dimensions.size <= 2) return provisioned;
  if (dimensions.size === 1) return ofTable(metric, rows);
  if (dimensions.size === 2 && index !== undefined) return ofIndex(metric, indexLoad(model, table, index));
  const operation = dimensions.get("Operation");
  if (operation === "GetRecords") return streamReadsOf(metric, table, model, dimensions.get("StreamLabel"));
  if (dimensions.size !== 2 || operation === undefined) return null;
  if (metric === "ThrottledRequests") return throttledRequests(operation, rows);
  if (metric !== "SuccessfulRequestLatency") return null;
  const indexes = [...table.core.indexes.keys()].map((name) => indexLoad(model, table, name));
  return latency(demandOf(model, region, table.core.name).latencyMilliseconds, (tick) => requestsOf(operation, tick, rows, indexes));
}

/** Requests that were throttled, by GetItem and PutItem. */
function throttledRequests(operation: string, rows: TickRows): MetricSeries | null {
  const field = operation === "GetItem" ? tableField.readsThrottled : tableField.writesThrottled;
  return operation === "GetItem" || operation === "PutItem" ? counter((tick, samples) => perEvent(samples, rows.at(tick, field), 1)) : null;
}

/** Calls of the stream as it was before the start, and what they returned; AWS publishes the calls by label, too. */
function streamReadsOf(metric: string, table: Table, model: LoadModel, label: string | undefined): MetricSeries | null {
  const { stream, core, region } = table;
  const { streamReadsPerSecond = 0, streamReads = [], latencyMilliseconds } = demandOf(model, region, core.name);
  const startMs = Date.parse(model.scenario.start);
  const first = stream.at(stream.moments()[0] ?? 0) ?? null;
  if (first === null || (label !== undefined && label !== first.label)) return null;
  const sinceMs = Math.max(core.createdMs, Date.parse(`${first.label}Z`));
  const calls = (tick: number): number =>
    tick * tickMs < sinceMs ? 0 : streamReadsPerSecond * tickSeconds + datedCallsIn(streamReads, tick * tickMs, (tick + 1) * tickMs, startMs);
  switch (metric) {
    case "SuccessfulRequestLatency":
      return latency(latencyMilliseconds, calls);
    case "ReturnedRecordsCount":
      return counter((tick, samples) => perEvent(samples, calls(tick), 1));
    default:
      return null;
  }
}

/** Published while the table is provisioned. */
function provisionedUnits(metric: string, { core }: Table, index: string | undefined): MetricSeries | undefined {
  const reads = metric === "ProvisionedReadCapacityUnits";
  if (!reads && metric !== "ProvisionedWriteCapacityUnits") return undefined;
  return counter((tick, samples) => {
    const atMs = tick * tickMs;
    const now = index === undefined ? billingAt(core, atMs) : core.indexes.get(index)?.at(atMs);
    const units = (reads ? now?.readCapacityUnits : now?.writeCapacityUnits) ?? 0;
    return units === 0 || atMs < core.createdMs ? silence(samples) : perEvent(samples, 1, units);
  });
}

function ofTable(metric: string, rows: TickRows): MetricSeries | null {
  switch (metric) {
    case "ConsumedReadCapacityUnits":
      return consumed(rows, tableField.reads, tableField.readUnits);
    case "ConsumedWriteCapacityUnits":
      return consumed(rows, tableField.writes, tableField.writeUnits);
    case "ReadThrottleEvents":
      return counter((tick, samples) => perEvent(samples, rows.at(tick, tableField.readsThrottled), 1));
    case "WriteThrottleEvents":
      return counter((tick, samples) => perEvent(samples, rows.at(tick, tableField.writesThrottled), 1));
    default:
      return null;
  }
}

function ofIndex(metric: string, rows: TickRows): MetricSeries | null {
  switch (metric) {
    case "ConsumedReadCapacityUnits":
      return consumed(rows, indexField.reads, indexField.units);
    case "ConsumedWriteCapacityUnits":
      return consumed(rows, indexField.writeUnits, indexField.writeUnits);
    case "ReadThrottleEvents":
    case "ReadMaxOnDemandThroughputThrottleEvents":
      return counter((tick, samples) => perEvent(samples, rows.at(tick, indexField.throttled), 1));
    case "WriteThrottleEvents":
      return counter((_, samples) => silence(samples));
    case "OnlineIndexPercentageProgress":
      return counter((tick, samples) => (rows.at(tick, indexField.making) > 0 ? perEvent(samples, 1, 50) : silence(samples)));
    default:
      return null;
  }
}

/** One sample per request; when idle a zero now and then, so that SampleCount proves nothing. Absent once the resource is gone. */
function consumed(rows: TickRows, requests: number, units: number): MetricSeries {
  return counter((tick, samples) => {
    const made = rows.at(tick, requests);
    if (Number.isNaN(made)) return silence(samples);
    const count = Math.ceil(made);
    if (count > 0) return perEvent(samples, count, rows.at(tick, units) / count);
    if (tick % idleZeroTicks === 0) return perEvent(samples, 1, 0);
    return silence(samples);
  });
}

/** Reads by GetItem, writes by PutItem, index reads by Query. */
function requestsOf(operation: string, tick: number, rows: TickRows, indexes: readonly TickRows[]): number {
  switch (operation) {
    case "GetItem":
      return rows.at(tick, tableField.reads);
    case "PutItem":
      return rows.at(tick, tableField.writes);
    case "Query":
      return indexes.reduce((sum, index) => sum + (Number.isNaN(index.at(tick, indexField.reads)) ? 0 : index.at(tick, indexField.reads)), 0);
    default:
      return 0;
  }
}

function latency(milliseconds: number, requestsIn: (tick: number) => number): MetricSeries {
  return {
    unit: "Milliseconds",
    shape: "log-normal",
    percentiles: true,
    ceiling: Infinity,
    fill(tick, samples) {
      perEvent(samples, requestsIn(tick), Math.log(milliseconds));
      samples.scale = 0.3;
    },
  };
}

function counter(fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return { unit: "Count", shape: "normal", percentiles: false, ceiling: Infinity, fill };
}
