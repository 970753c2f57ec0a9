import type { AlarmDefinition, AlarmMetric } from "./alarm-definition.ts";

export interface WatchedService {
  readonly clusterName: string;
  readonly serviceName: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html */
export function serviceAlarms({ clusterName, serviceName }: WatchedService): readonly AlarmDefinition[] {
  const metric = (namespace: string, name: string): AlarmMetric => ({
    namespace,
    name,
    dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    stat: "Average",
  });
  const lasting = { beyond: "above", periodSeconds: 300, periods: 3, datapoints: 3 } as const;
  return [
    {
      ...lasting,
      key: "service-cpu",
      description: "The service's tasks use more than 85 % of their CPU: scaling has no more tasks to add, or they come too late",
      source: { kind: "metric", metric: metric("AWS/ECS", "CPUUtilization") },
      threshold: 85,
    },
    {
      ...lasting,
      key: "service-memory",
      description: "The service's tasks use more than 85 % of their memory",
      source: { kind: "metric", metric: metric("AWS/ECS", "MemoryUtilization") },
      threshold: 85,
    },
    {
      key: "service-tasks",
      description: "Fewer tasks run than should, for longer than a replacement takes",
      source: {
        kind: "formula",
        expression: "desired - running",
        metrics: { desired: metric("ECS/ContainerInsights", "DesiredTaskCount"), running: metric("ECS/ContainerInsights", "RunningTaskCount") },
      },
      beyond: "above",
      threshold: 0,
      periodSeconds: 60,
      periods: 15,
      datapoints: 15,
    },
  ];
}
