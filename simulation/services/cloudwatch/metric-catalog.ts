import type { Metric } from "@aws-sdk/client-cloudwatch";
import type { LoadModel } from "../../load/load-model.ts";
import { balancerSeries } from "./balancer-metrics.ts";
import { clusterSeries } from "./cluster-metrics.ts";
import { groupSeries } from "./group-metrics.ts";
import type { MetricSeries } from "./metric-series.ts";
import { redisSeries } from "./redis-metrics.ts";
import { tableSeries } from "./table-metrics.ts";

/** Namespaces whose metrics come with raw samples, so that AWS can compute percentiles. */
const percentileNamespaces: ReadonlySet<string> = new Set(["AWS/ApplicationELB", "AWS/EC2", "AWS/RDS", "CWAgent"]);

/** The series a metric names; `null` when AWS would have none, which it answers with no points and no error. */
export function seriesOf(model: LoadModel, region: string, metric: Metric, nowMs: number): MetricSeries | null {
  const name = metric.MetricName ?? "";
  const namespace = metric.Namespace ?? "";
  const dimensions = new Map((metric.Dimensions ?? []).map((dimension) => [dimension.Name ?? "", dimension.Value ?? ""]));
  switch (namespace) {
    case "AWS/ApplicationELB":
      return balancerSeries(model, region, name, dimensions);
    case "AWS/EC2":
    case "CWAgent":
    case "AWS/AutoScaling":
      return groupSeries(model, region, namespace, name, dimensions);
    case "AWS/DynamoDB":
      return tableSeries(model, region, name, dimensions);
    case "AWS/RDS":
      return clusterSeries(model, region, name, dimensions, nowMs);
    case "AWS/ElastiCache":
      return redisSeries(model, region, name, dimensions, nowMs);
    default:
      return null;
  }
}

/** Whether AWS computes percentiles for the metric, as far as its name tells. */
export function offersPercentiles(namespace: string, series: MetricSeries | null): boolean {
  return series?.percentiles ?? percentileNamespaces.has(namespace);
}
