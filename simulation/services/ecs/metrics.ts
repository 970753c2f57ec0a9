import type { MetricQuestion } from "../../account/service.ts";
import { sampleSpread } from "../../load/known-capacity.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perMinute, type MetricSeries, type TickSamples } from "../../load/metric-series.ts";
import { clusters, ecsServices, keyOf } from "./container-service.ts";
import { serviceField, serviceLoad } from "./load.ts";

/** AWS/ECS and ECS/ContainerInsights by ClusterName and ServiceName: one sample a minute, of all tasks together. */
export function serviceSeries(model: LoadModel, { region, namespace, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const cluster = dimensions.get("ClusterName") ?? "";
  const service = model.state.of(ecsServices).get(region, keyOf(cluster, dimensions.get("ServiceName") ?? ""));
  const rows = service === undefined || dimensions.size !== 2 ? null : serviceLoad(model, service);
  if (rows === null) return null;
  const percent = (field: number): MetricSeries =>
    series("Percent", 100, (tick, samples) => perMinute(samples, 1, rows.at(tick, field) * 100, rows.at(tick, field) * 100 * sampleSpread));
  switch (`${namespace}/${metric}`) {
    case "AWS/ECS/CPUUtilization":
      return percent(serviceField.cpu);
    case "AWS/ECS/MemoryUtilization":
      return percent(serviceField.memory);
    case "ECS/ContainerInsights/RunningTaskCount":
      return model.state.of(clusters).get(region, cluster)?.hasInsights === true
        ? series("Count", Infinity, (tick, samples) => perMinute(samples, 1, rows.at(tick, serviceField.tasks), 0))
        : null;
    default:
      return null;
  }
}

function series(unit: MetricSeries["unit"], ceiling: number, fill: (tick: number, samples: TickSamples) => void): MetricSeries {
  return { unit, shape: "normal", percentiles: false, ceiling, fill };
}
