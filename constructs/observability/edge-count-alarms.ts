import { sumOf, type AlarmDefinition, type AlarmMetric } from "./alarm-definition.ts";
import type { WatchedBalancer } from "./edge-alarms.ts";

/** Where the alarms of a load balancer begin, in counts: for traffic too thin for rates. */
export interface EdgeCounts {
  readonly unhealthyHosts: Pick<AlarmDefinition, "beyond" | "threshold">;
  /** 5xx answers in five minutes that do not raise it yet. */
  readonly serverErrors: number;
}

const namespace = "AWS/ApplicationELB";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function edgeCountAlarms({ fullName, targetGroups }: WatchedBalancer, { unhealthyHosts, serverErrors }: EdgeCounts): readonly AlarmDefinition[] {
  const count = (name: string): AlarmMetric => ({ namespace, name, dimensions: { LoadBalancer: fullName }, stat: "Sum" });
  return [
    {
      key: "alb-5xx",
      description: `More than ${serverErrors} answers of 5xx in five minutes, by the load balancer or its targets`,
      source: sumOf({ target: count("HTTPCode_Target_5XX_Count"), balancer: count("HTTPCode_ELB_5XX_Count") }),
      beyond: "above",
      threshold: serverErrors,
      periodSeconds: 300,
      periods: 1,
      datapoints: 1,
    },
    ...targetGroups.map((group): AlarmDefinition => ({
      key: `alb-${group.key}-unhealthy`,
      description: `Hosts of ${group.key} stay unhealthy: ${unhealthyHosts.beyond.replaceAll("-", " ")} ${unhealthyHosts.threshold}`,
      source: {
        kind: "metric",
        metric: { namespace, name: "UnHealthyHostCount", dimensions: { LoadBalancer: fullName, TargetGroup: group.fullName }, stat: "Maximum" },
      },
      ...unhealthyHosts,
      periodSeconds: 60,
      periods: 5,
      datapoints: 5,
    })),
  ];
}
