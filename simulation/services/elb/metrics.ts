import type { MetricQuestion } from "../../account/service.ts";
import type { LoadModel } from "../../load/load-model.ts";
import { perEvent, perMinute, silence, type MetricSeries } from "../../load/metric-series.ts";
import { application } from "../../shared/application.ts";
import { loadBalancers } from "../../shared/load-balancer.ts";
import { balancerField, balancerLoad } from "./load.ts";
import { targetGroups } from "./target-group.ts";

/** AWS/ApplicationELB: counts are published only when there is something to count, nothing at all without traffic. */
export function balancerSeries(model: LoadModel, { region, metric, dimensions }: MetricQuestion): MetricSeries | null {
  const fullName = dimensions.get("LoadBalancer");
  if (fullName === undefined) return null;
  const rows = balancerLoad(model, region, fullName);
  if (rows === null) return null;
  const count = (field: number): MetricSeries => ({
    unit: "Count",
    shape: "normal",
    percentiles: true,
    ceiling: Infinity,
    fill: (tick, samples) => perEvent(samples, rows.at(tick, field), 1),
  });
  if (dimensions.size === 2 && dimensions.has("TargetGroup")) return hostSeries(model, region, fullName, metric, dimensions.get("TargetGroup") ?? "");
  if (dimensions.size !== 1) return null;
  switch (metric) {
    case "RequestCount":
      return count(balancerField.requests);
    case "HTTPCode_Target_5XX_Count":
      return count(balancerField.target5xx);
    case "HTTPCode_ELB_5XX_Count":
      return count(balancerField.balancer5xx);
    case "RejectedConnectionCount":
      return { ...count(balancerField.requests), fill: (_, samples) => silence(samples) };
    case "TargetResponseTime":
      return {
        unit: "Seconds",
        shape: "log-normal",
        percentiles: true,
        ceiling: application.of(model.scenario, region)?.timeoutSeconds ?? Infinity,
        fill(tick, samples) {
          perEvent(samples, rows.at(tick, balancerField.answered), rows.at(tick, balancerField.latencyLocation));
          samples.scale = rows.at(tick, balancerField.latencyScale);
        },
      };
    default:
      return null;
  }
}

/** Every target group of a load balancer holds all instances of its Auto Scaling group. */
function hostSeries(model: LoadModel, region: string, fullName: string, metric: string, targetGroup: string): MetricSeries | null {
  const rows = balancerLoad(model, region, fullName);
  const balancer = model.state
    .of(loadBalancers)
    .in(region)
    .find((candidate) => candidate.fullName === fullName);
  const group = model.state
    .of(targetGroups)
    .in(region)
    .find((candidate) => candidate.fullName === targetGroup);
  if (rows === null || group === undefined || balancer?.targetGroupArns.includes(group.arn) !== true) return null;
  const hosts = (healthy: boolean): MetricSeries => ({
    unit: "Count",
    shape: "normal",
    percentiles: false,
    ceiling: Infinity,
    fill(tick, samples) {
      const instances = rows.at(tick, balancerField.healthyHosts);
      if (Number.isNaN(instances)) return silence(samples);
      return perMinute(samples, 1, healthy ? instances : 0, 0);
    },
  });
  switch (metric) {
    case "HealthyHostCount":
      return hosts(true);
    case "UnHealthyHostCount":
      return hosts(false);
    default:
      return null;
  }
}
