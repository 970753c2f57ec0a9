import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { MetricQuestion } from "../../account/service.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perEvent, silence, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import type { TickRows } from "../../load/tick-rows.ts";
import { tickMs } from "../../load/tick.ts";
import { demandOf } from "./demand.ts";
import { durationSigma, functionField, functionLoad, secondsBehind, usedMemoryMb } from "./load.ts";
import { isOf, mappingsIn } from "./event-source-mappings.ts";
import { functions, reservedAt, type LambdaFunction } from "./function.ts";

/** A sample each minute in which anything ran. */
const samplesPerTick = 5;

/** AWS/Lambda by FunctionName, and without dimensions for all functions of the region together. */
export function lambdaSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const all = model.state.of(functions).in(region);
  if (dimensions.size === 0)
    return ofRegion(
      metric,
      all.map((lambda) => ({ rows: functionLoad(model, lambda), isShared: (tick: number) => reservedAt(lambda, tick * tickMs) === null })),
    );
  const lambda = all.find(({ name }) => name === dimensions.get("FunctionName"));
  if (lambda === undefined || dimensions.size > 1) return null;
  const rows = functionLoad(model, lambda);
  const calls = (tick: number): number => rows.at(tick, functionField.calls);
  switch (metric) {
    case "Duration":
      return {
        unit: "Milliseconds",
        shape: "log-normal",
        percentiles: true,
        ceiling: longestMs(lambda),
        fill(tick, samples) {
          perEvent(samples, calls(tick), Math.log(rows.at(tick, functionField.seconds) * 1000));
          samples.scale = durationSigma;
        },
      };
    case "Invocations":
      return counter((tick, samples) => perEvent(samples, calls(tick), 1));
    case "Errors":
      return counter((tick, samples) => perMinuteOf(samples, calls(tick), rows.at(tick, functionField.failed)));
    case "Throttles":
      return counter((tick, samples) => perMinuteOf(samples, calls(tick), rows.at(tick, functionField.throttled)));
    case "ConcurrentExecutions":
      return counter((tick, samples) => atOnce(samples, calls(tick), rows.at(tick, functionField.atOnce)));
    case "IteratorAge":
      if (!mappingsIn({ ...model, region }).some((mapping) => isOf(mapping, lambda.name) && mapping.sourceArn.split(":")[2] !== "sqs")) return null;
      return { ...counter((tick, samples) => perEvent(samples, calls(tick), readMs + 1000 * secondsBehind(rows, tick))), unit: "Milliseconds" };
    default:
      return null;
  }
}

/** A record that nothing waits before is this old when its batch is read: Lambda asks each shard every second (https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html). */
const readMs = 1000;

/** No call takes longer than any time-out that the function had. */
function longestMs({ state }: LambdaFunction): number {
  return Math.max(...state.moments().map((atMs) => state.at(atMs)?.running.timeoutSeconds ?? 0)) * 1000;
}

interface OfRegion {
  readonly rows: TickRows;
  /** Runs in what no function has reserved. */
  readonly isShared: (tick: number) => boolean;
}

function ofRegion(metric: string, all: readonly OfRegion[]): MetricSeries | null {
  const sum = (tick: number, field: number, among = all): number => among.reduce((total, { rows }) => total + orZero(rows.at(tick, field)), 0);
  switch (metric) {
    case "Invocations":
      return counter((tick, samples) => perEvent(samples, sum(tick, functionField.calls), 1));
    case "ConcurrentExecutions":
      return counter((tick, samples) => atOnce(samples, sum(tick, functionField.calls), sum(tick, functionField.atOnce)));
    case "UnreservedConcurrentExecutions": {
      return counter((tick, samples) => {
        const shared = all.filter(({ isShared }) => isShared(tick));
        atOnce(samples, sum(tick, functionField.calls, shared), sum(tick, functionField.atOnce, shared));
      });
    }
    default:
      return null;
  }
}

/** LambdaInsights by function_name: one sample a call, of functions that have the extension. */
export function insightsSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const lambda = model.state.of(functions).get(region, dimensions.get("function_name") ?? "");
  if (lambda === undefined || dimensions.size > 1) return null;
  const demand = demandOf(model.scenario, region, lambda.name);
  if (demand.lambdaInsights !== true) return null;
  const rows = functionLoad(model, lambda);
  const each = (unit: StandardUnit, valueAt: (tick: number) => number): MetricSeries => ({
    ...counter((tick, samples) => perEvent(samples, rows.at(tick, functionField.calls), valueAt(tick))),
    unit,
    percentiles: true,
  });
  switch (metric) {
    case "used_memory_max":
      return each("Megabytes", (tick) => Math.min(usedMemoryMb(demand), rows.at(tick, functionField.memoryMb)));
    case "total_memory":
      return each("Megabytes", (tick) => rows.at(tick, functionField.memoryMb));
    case "cpu_total_time":
      return each("Milliseconds", () => (demand.vcpuSecondsPerCall ?? 0.01) * 1000);
    default:
      return null;
  }
}

/** So many in all, published each minute, a zero where there was none; nothing where nothing ran. */
function perMinuteOf(samples: TickSamples, calls: number, amount: number): void {
  if (!(Math.round(calls) > 0) && !(Math.round(amount) > 0)) return silence(samples);
  perEvent(samples, samplesPerTick, orZero(amount) / samplesPerTick);
}

/** Whole executions: one that runs a part of the time was there. */
function atOnce(samples: TickSamples, calls: number, executions: number): void {
  if (!(Math.round(calls) > 0)) return silence(samples);
  perEvent(samples, samplesPerTick, Math.max(1, Math.ceil(executions)));
}

function counter(fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return { unit: "Count", shape: "normal", percentiles: false, ceiling: Infinity, fill };
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
