import { sumOf, type AlarmDefinition, type AlarmMetric } from "./alarm-definition.ts";

export interface WatchedFunction {
  readonly key: string;
  readonly name: string;
  /** Whether it reads a stream, and so can fall behind. */
  readonly readsStream: boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function functionAlarms({ key, name, readsStream }: WatchedFunction): readonly AlarmDefinition[] {
  const metric = (metricName: string, stat: string): AlarmMetric => ({ namespace: "AWS/Lambda", name: metricName, dimensions: { FunctionName: name }, stat });
  const common = { beyond: "above", threshold: 0, periodSeconds: 300, periods: 3, datapoints: 2 } as const;
  return [
    { ...common, key: `${key}-errors`, description: `The function ${key} fails`, source: { kind: "metric", metric: metric("Errors", "Sum") } },
    {
      ...common,
      key: `${key}-throttles`,
      description: `Calls of the function ${key} are turned away`,
      source: { kind: "metric", metric: metric("Throttles", "Sum") },
    },
    ...(readsStream
      ? [
          {
            ...common,
            key: `${key}-behind`,
            description: `The function ${key} reads changes that are more than ten minutes old`,
            source: { kind: "metric", metric: metric("IteratorAge", "Maximum") },
            // Milliseconds.
            threshold: 600_000,
          } as const,
        ]
      : []),
  ];
}

/** One event that nobody could handle is one too many: somebody has to look at it. */
export function failureAlarm(queueName: string): AlarmDefinition {
  return {
    key: "function-failures",
    description: "Events wait that no function could handle",
    source: sumOf({
      waiting: { namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: queueName }, stat: "Maximum" },
    }),
    beyond: "above",
    threshold: 0,
    periodSeconds: 300,
    periods: 1,
    datapoints: 1,
  };
}
