import { type Metric, metrics, seriesKey } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import type { ResourceRef } from "../../model/resource-ref.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { combine, readSeries, scale, type Series } from "../../sizing/series.ts";
import { knownSizes, ofTodaysSize } from "../../sizing/sizes-before.ts";
import type { RdsInstance } from "./instance.ts";

function keyOf({ region, id }: ResourceRef, metric: Metric, statistic: Statistic, periodSeconds: number = hourSeconds): SeriesKey {
  return seriesKey(metric, region, { DBInstanceIdentifier: id }, statistic, periodSeconds);
}

/** Of hours in which the instance had today's class: percentages are shares of it, and what memory keeps from the volume and from others depends on it, too. */
function read(baseline: Baseline, instance: RdsInstance, metric: Metric, statistic: Statistic, periodSeconds?: number): Series {
  const { ref, instanceClass, sizesBefore } = instance;
  const sized = { whose: `${ref.id} was`, today: instanceClass, before: knownSizes(sizesBefore) };
  return ofTodaysSize(baseline, sized, readSeries(baseline, keyOf(ref, metric, statistic, periodSeconds)));
}

/** Percent of the instance's own class. */
export function cpuPercent(baseline: Baseline, instance: RdsInstance): Quantity {
  return (statistic, periodSeconds) => read(baseline, instance, metrics.rdsCpu, statistic, periodSeconds);
}

/** Connections, the most in each hour. */
export function connections(baseline: Baseline, instance: RdsInstance): Series {
  return read(baseline, instance, metrics.rdsConnections, "Maximum");
}

/** Least bytes of memory that were free in each hour, what the system caches among them. */
export function leastFreeBytes(baseline: Baseline, instance: RdsInstance): Series {
  return read(baseline, instance, metrics.rdsFreeableMemory, "Minimum");
}

/** Gbit/s of the larger direction, by the worst minute of each hour; replication and backups are in it. */
export function networkGbps(baseline: Baseline, instance: RdsInstance): Series {
  const [inward, outward] = [metrics.rdsBytesIn, metrics.rdsBytesOut].map((metric) => read(baseline, instance, metric, "Maximum"));
  return scale(joined("NetworkReceiveThroughput, NetworkTransmitThroughput Maximum", [inward, outward], Math.max), 8 / 1e9);
}

/** Mbit/s to and from the volume; the worst minutes of both directions count as one. */
export function storageMbps(baseline: Baseline, instance: RdsInstance): Series {
  const both = [metrics.rdsReadThroughput, metrics.rdsWriteThroughput].map((metric) => read(baseline, instance, metric, "Maximum"));
  return scale(joined("ReadThroughput + WriteThroughput Maximum", both, sum), 8 / 1e6);
}

/** Reads and writes a second at the volume, likewise. */
export function storageIops(baseline: Baseline, instance: RdsInstance): Series {
  const both = [metrics.rdsReadIops, metrics.rdsWriteIops].map((metric) => read(baseline, instance, metric, "Maximum"));
  return joined("ReadIOPS + WriteIOPS Maximum", both, sum);
}

const sum = (a: number, b: number): number => a + b;

/** Point by point; all must have a point. */
export function joined(name: string, all: readonly (Series | undefined)[], join: (a: number, b: number) => number): Series {
  return all.filter((one) => one !== undefined).reduce((a, b) => combine(name, a, b, join));
}

/** Point by point what several instances did together. */
export function together(all: readonly Series[]): Series {
  return all.reduce((a, b) => combine(a.name, a, b, sum));
}

const hourly: readonly (readonly [Metric, Statistic])[] = [
  [metrics.rdsCpu, "Average"],
  [metrics.rdsCpu, "Maximum"],
  [metrics.rdsConnections, "Maximum"],
  [metrics.rdsFreeableMemory, "Minimum"],
  [metrics.rdsBytesIn, "Maximum"],
  [metrics.rdsBytesOut, "Maximum"],
  [metrics.rdsReadThroughput, "Maximum"],
  [metrics.rdsWriteThroughput, "Maximum"],
  [metrics.rdsReadIops, "Maximum"],
  [metrics.rdsWriteIops, "Maximum"],
];

export function instanceKeys(ref: ResourceRef): readonly SeriesKey[] {
  return hourly.map(([metric, statistic]) => keyOf(ref, metric, statistic));
}

export function fineCpuKeys(refs: readonly ResourceRef[]): readonly SeriesKey[] {
  return refs.flatMap((ref) => (["Average", "Maximum"] as const).map((statistic) => keyOf(ref, metrics.rdsCpu, statistic, fineSeconds)));
}
