import type { MetricQuestion } from "../../account/service.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perMinute, silence, type MetricSeries } from "../../load/metric-series.ts";
import { pageBytes, standaloneField, standaloneLoad } from "./standalone-load.ts";

interface Metric {
  readonly field: number;
  readonly unit: MetricSeries["unit"];
  readonly factor: number;
  /** Gauges of state hardly move from minute to minute; rates do. */
  readonly spread: number;
}

const rate = (field: number, unit: Metric["unit"], factor = 1): Metric => ({ field, unit, factor, spread: sampleSpread });

const metrics: Readonly<Record<string, Metric>> = {
  CPUUtilization: rate(standaloneField.cpu, "Percent", 100),
  DatabaseConnections: rate(standaloneField.connections, "Count"),
  FreeableMemory: { field: standaloneField.freeableBytes, unit: "Bytes", factor: 1, spread: 0.0005 },
  ReadIOPS: rate(standaloneField.readIops, "Count/Second"),
  WriteIOPS: rate(standaloneField.writeIops, "Count/Second"),
  ReadThroughput: rate(standaloneField.readIops, "Bytes/Second", pageBytes),
  WriteThroughput: rate(standaloneField.writeIops, "Bytes/Second", pageBytes),
  NetworkReceiveThroughput: rate(standaloneField.bytesIn, "Bytes/Second"),
  NetworkTransmitThroughput: rate(standaloneField.bytesOut, "Bytes/Second"),
};

/** AWS/RDS by DBInstanceIdentifier of an instance outside of clusters: published each minute that it serves. */
export function standaloneSeries(model: LoadModel, { region, metric: name, dimensions }: MetricQuestion): MetricSeries | null {
  const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  const rows = standaloneLoad(model, region, dimensions.get("DBInstanceIdentifier") ?? "");
  if (metric === undefined || rows === null || dimensions.size !== 1) return null;
  const { field, unit, factor, spread } = metric;
  return {
    unit,
    shape: "normal",
    percentiles: true,
    ceiling: unit === "Percent" ? 100 : Infinity,
    fill(tick, samples) {
      const up = rows.at(tick, standaloneField.up);
      if (Number.isNaN(up) || up === 0) return silence(samples);
      const mean = rows.at(tick, field) * factor;
      perMinute(samples, up, mean, mean * spread);
    },
  };
}
