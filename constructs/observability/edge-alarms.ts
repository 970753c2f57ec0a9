import type { AlarmDefinition, AlarmMetric } from "./alarm-definition.ts";

const namespace = "AWS/ApplicationELB";

export interface WatchedBalancer {
  readonly fullName: string;
  readonly targetGroups: readonly { readonly key: string; readonly fullName: string }[];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function edgeAlarms({ fullName, targetGroups }: WatchedBalancer): readonly AlarmDefinition[] {
  const count = (name: string): AlarmMetric => ({ namespace, name, dimensions: { LoadBalancer: fullName }, stat: "Sum" });
  return [
    {
      key: "alb-5xx",
      description: "More than 1 % of requests end in 5xx, by the load balancer or its targets",
      source: {
        kind: "formula",
        // The balancer's own errors are among no requests: a region without any target would show none otherwise.
        expression: "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))",
        metrics: { target: count("HTTPCode_Target_5XX_Count"), balancer: count("HTTPCode_ELB_5XX_Count"), requests: count("RequestCount") },
      },
      beyond: "above",
      threshold: 1,
      periodSeconds: 60,
      periods: 5,
      datapoints: 3,
    },
    {
      key: "alb-p99",
      description: "One request in a hundred takes longer than a second",
      source: { kind: "metric", metric: { namespace, name: "TargetResponseTime", dimensions: { LoadBalancer: fullName }, stat: "p99" } },
      beyond: "above",
      threshold: 1,
      periodSeconds: 60,
      periods: 15,
      datapoints: 10,
    },
    ...targetGroups.map((group): AlarmDefinition => ({
      key: `alb-${group.key}-unhealthy`,
      description: `A target of ${group.key} stays unhealthy for longer than its replacement takes`,
      source: {
        kind: "metric",
        metric: { namespace, name: "UnHealthyHostCount", dimensions: { LoadBalancer: fullName, TargetGroup: group.fullName }, stat: "Maximum" },
      },
      beyond: "above",
      threshold: 0,
      periodSeconds: 60,
      periods: 15,
      datapoints: 15,
    })),
  ];
}

/** Above what target tracking holds the group at: it has no more instances to add, or they come too late. */
export function fleetAlarms(groupName: string): readonly AlarmDefinition[] {
  return [
    {
      key: "asg-cpu",
      description: "The group's instances use more than 80 % of their CPU",
      source: { kind: "metric", metric: { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: { AutoScalingGroupName: groupName }, stat: "Average" } },
      beyond: "above",
      threshold: 80,
      periodSeconds: 300,
      periods: 3,
      datapoints: 3,
    },
  ];
}
