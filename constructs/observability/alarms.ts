import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { AlarmDefinition, AlarmMetric } from "./alarm-definition.ts";
import type { AlarmTopic } from "./alarm-topic.ts";

export interface AlarmsProps {
  readonly names: Names;
  readonly definitions: readonly AlarmDefinition[];
  readonly topic: AlarmTopic;
}

/** The alarms of a region, each of which tells the topic, and one over all of them, which also tells when the region is well again. */
export class Alarms extends Construct {
  /** The ARN of the alarm that sums up all others. */
  readonly compositeArn: string;
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, { names, definitions, topic }: AlarmsProps) {
    super(scope, id);
    const alarms = definitions.map(
      (definition) =>
        new CloudwatchMetricAlarm(this, definition.key, { ...metricAlarm(definition, names), alarmActions: [topic.arn], dependsOn: [topic.policy] }),
    );
    this.arns = alarms.map((alarm) => alarm.arn);
    this.compositeArn = new CloudwatchCompositeAlarm(this, "region", {
      alarmName: names.resource("region"),
      alarmDescription: `TAP ${names.suffix}: something is wrong in ${names.region}`,
      alarmRule: alarms.map((alarm) => `ALARM("${alarm.alarmName}")`).join(" OR "),
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      dependsOn: [topic.policy],
    }).arn;
  }
}

const comparisons: Readonly<Record<AlarmDefinition["beyond"], string>> = {
  above: "GreaterThanThreshold",
  "at-or-above": "GreaterThanOrEqualToThreshold",
  below: "LessThanThreshold",
};

function metricAlarm(definition: AlarmDefinition, names: Names): CloudwatchMetricAlarmConfig {
  return {
    alarmName: names.resource(definition.key),
    alarmDescription: definition.description,
    comparisonOperator: comparisons[definition.beyond],
    threshold: definition.threshold,
    evaluationPeriods: definition.periods,
    datapointsToAlarm: definition.datapoints,
    // Most of these metrics are absent while nothing happens.
    treatMissingData: "notBreaching",
    // A size changes no alarm: docs/decisions/0003.
    ...(definition.fitsClassAtCreation === true ? { lifecycle: { ignoreChanges: ["threshold"] } } : {}),
    ...sourceArguments(definition),
  };
}

function sourceArguments({ source, periodSeconds, description }: AlarmDefinition): Partial<CloudwatchMetricAlarmConfig> {
  switch (source.kind) {
    case "metric": {
      const { namespace, name, dimensions, stat } = source.metric;
      const isPercentile = stat.startsWith("p");
      return {
        namespace,
        metricName: name,
        dimensions: { ...dimensions },
        period: periodSeconds,
        ...(isPercentile ? { extendedStatistic: stat, evaluateLowSampleCountPercentiles: "ignore" } : { statistic: stat }),
      };
    }
    case "formula":
      return {
        metricQuery: [
          { id: "result", expression: source.expression, label: description, returnData: true },
          ...Object.entries(source.metrics).map(([id, metric]) => metricQuery(id, metric, periodSeconds)),
        ],
      };
    case "query":
      return { metricQuery: [{ id: "result", expression: source.sql, label: description, period: periodSeconds, returnData: true }] };
  }
}

function metricQuery(id: string, { namespace, name, dimensions, stat }: AlarmMetric, period: number): CloudwatchMetricAlarmMetricQuery {
  return { id, returnData: false, metric: { namespace, metricName: name, dimensions: { ...dimensions }, stat, period } };
}
