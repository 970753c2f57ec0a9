import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { readSeries, type Series } from "../../sizing/series.ts";
import type { ContainerService } from "./container-service.ts";

function key({ ref, cluster, name }: ContainerService, metric: Metric, statistic: Statistic, periodSeconds: number): SeriesKey {
  return seriesKey(metric, ref.region, { ClusterName: cluster, ServiceName: name }, statistic, periodSeconds);
}

/**
 * Of all tasks together, percent of what their definition gives them; each minute counts alike
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html).
 */
export function cpuPercent(baseline: Baseline, service: ContainerService): Quantity {
  return (statistic, periodSeconds) => readSeries(baseline, key(service, metrics.ecsCpu, statistic, periodSeconds));
}

export function memoryPercent(baseline: Baseline, service: ContainerService): Quantity {
  return (statistic, periodSeconds) => readSeries(baseline, key(service, metrics.ecsMemory, statistic, periodSeconds));
}

/** Tasks that ran in each hour, where the cluster has Container Insights. */
export function runningTasks(baseline: Baseline, service: ContainerService): Series {
  return readSeries(baseline, key(service, metrics.insightsRunningTasks, "Average", hourSeconds));
}

const utilizations = [metrics.ecsCpu, metrics.ecsMemory];

function keysOf(service: ContainerService, periodSeconds: number): readonly SeriesKey[] {
  return utilizations.flatMap((metric) => [key(service, metric, "Average", periodSeconds), key(service, metric, "Maximum", periodSeconds)]);
}

export function serviceKeys(service: ContainerService): readonly SeriesKey[] {
  return [...keysOf(service, hourSeconds), key(service, metrics.insightsRunningTasks, "Average", hourSeconds)];
}

export function fineKeys(service: ContainerService): readonly SeriesKey[] {
  return keysOf(service, fineSeconds);
}
