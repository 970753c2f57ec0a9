import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { readSeries, type Series } from "../../sizing/series.ts";
import { knownSizes, ofTodaysSize } from "../../sizing/sizes-before.ts";
import type { OwnCheck } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import { utilizationCheck } from "../own-checks.ts";
import type { ContainerService } from "./container-service.ts";
import { countText, taskText } from "./task-size.ts";

function key(service: ContainerService, metric: Metric, statistic: Statistic, periodSeconds: number): SeriesKey {
  return seriesKey(metric, service.ref.region, dimensionsOf(service), statistic, periodSeconds);
}

function dimensionsOf({ cluster, name }: ContainerService): Readonly<Record<string, string>> {
  return { ClusterName: cluster, ServiceName: name };
}

/** What a change of the service promised of it: that its tasks hold the load. */
export function serviceChecks(policy: Policy, service: ContainerService): readonly OwnCheck[] {
  const { region, id } = service.ref;
  const of = [dimensionsOf(service)];
  return [
    ...utilizationCheck(policy, { name: `CPU of ${id}`, region, metric: metrics.ecsCpu, of }),
    ...utilizationCheck(policy, { name: `memory of ${id}`, region, metric: metrics.ecsMemory, of }),
  ];
}

/**
 * Of all tasks together, percent of what their definition gives them; each minute counts alike
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html).
 */
export function cpuPercent(baseline: Baseline, service: ContainerService): Quantity {
  return (statistic, periodSeconds) => read(baseline, service, key(service, metrics.ecsCpu, statistic, periodSeconds));
}

export function memoryPercent(baseline: Baseline, service: ContainerService): Quantity {
  return (statistic, periodSeconds) => read(baseline, service, key(service, metrics.ecsMemory, statistic, periodSeconds));
}

/** Without the hours in which its tasks are known to have been of another size or, where that is what is known of it, of another number. */
function read(baseline: Baseline, { ref, task, desiredCount, sizesBefore, countsBefore }: ContainerService, asked: SeriesKey): Series {
  const sized = { whose: `tasks of ${ref.id} were`, today: taskText(task.size), before: knownSizes(sizesBefore) };
  const counted = { whose: `${ref.id} was`, today: countText(desiredCount), before: knownSizes(countsBefore) };
  return ofTodaysSize(baseline, counted, ofTodaysSize(baseline, sized, readSeries(baseline, asked)));
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
