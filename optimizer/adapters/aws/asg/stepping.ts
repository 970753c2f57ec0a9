import type { ScalingPolicy as AwsPolicy } from "@aws-sdk/client-auto-scaling";
import { paginateDescribeAlarms, type CloudWatchClient, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { ScalingPolicy, StartingAlarm, Stepping } from "../../../core/levers/asg/group.ts";

/** Names of alarms in one call (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html). */
const alarmsPerCall = 100;

/** The alarms that start a group's policies of steps, by name, of those that act. Those of target tracking are AWS's own, and follow from its target. */
export async function alarmsStarting(client: CloudWatchClient, policies: readonly AwsPolicy[]): Promise<ReadonlyMap<string, MetricAlarm>> {
  const acting = policies.filter((policy) => isStepping(policy) && policy.Enabled !== false);
  const names = [...new Set(acting.flatMap(({ Alarms = [] }) => Alarms.flatMap(({ AlarmName }) => AlarmName ?? [])))].toSorted();
  const found = new Map<string, MetricAlarm>();
  for (let from = 0; from < names.length; from += alarmsPerCall) {
    const AlarmNames = names.slice(from, from + alarmsPerCall);
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNames, AlarmTypes: ["MetricAlarm"] }))
      for (const alarm of MetricAlarms) found.set(alarm.AlarmName ?? "", alarm);
  }
  return found;
}

/** By how much a policy of steps, or of simple scaling, changes the number; nothing of others. */
export function steppingOf(policy: AwsPolicy, alarms: ReadonlyMap<string, MetricAlarm>): Pick<ScalingPolicy, "stepping"> {
  if (!isStepping(policy)) return {};
  const { AdjustmentType = "", MinAdjustmentMagnitude = 0, MetricAggregationType = "Average", Cooldown, Alarms = [] } = policy;
  const isSimple = policy.PolicyType !== "StepScaling";
  const stepping: Stepping = {
    adjustment: AdjustmentType,
    leastChange: MinAdjustmentMagnitude,
    steps: isSimple
      ? [{ from: null, until: null, change: policy.ScalingAdjustment ?? 0 }]
      : (policy.StepAdjustments ?? []).map(({ MetricIntervalLowerBound: from = null, MetricIntervalUpperBound: until = null, ScalingAdjustment = 0 }) => ({
          from,
          until,
          change: ScalingAdjustment,
        })),
    aggregation: isSimple ? "Average" : MetricAggregationType,
    // Without one of its own a policy waits as its group does. To wait for less takes instances away sooner, so that fewer are counted on.
    cooldownSeconds: isSimple ? (Cooldown ?? 0) : 0,
    alarms: Alarms.map(({ AlarmName = "" }) => alarmOf(AlarmName, alarms.get(AlarmName))).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return { stepping };
}

function isStepping({ PolicyType }: AwsPolicy): boolean {
  return PolicyType === "StepScaling" || PolicyType === "SimpleScaling" || PolicyType === undefined;
}

/** One that is gone by now, or is of another kind, watches nothing that is known. */
function alarmOf(name: string, alarm: MetricAlarm | undefined): StartingAlarm {
  const { EvaluationPeriods: periods = 1, Period: periodSeconds = 60 } = alarm ?? {};
  return {
    name,
    watches: alarm === undefined ? null : watchedBy(alarm),
    comparison: alarm?.ComparisonOperator ?? "",
    threshold: alarm?.Threshold ?? 0,
    periodSeconds,
    datapoints: alarm?.DatapointsToAlarm ?? periods,
    periods,
    acts: alarm?.ActionsEnabled !== false,
  };
}

/** Of one group alone: an alarm with other dimensions than that watches something else. */
function watchedBy({ Namespace, MetricName, Statistic, Metrics = [], Dimensions = [] }: MetricAlarm): StartingAlarm["watches"] {
  if (Namespace === undefined || MetricName === undefined || Statistic === undefined || Metrics.length > 0) return null;
  const [only, ...others] = Dimensions;
  const group = others.length === 0 && only?.Name === "AutoScalingGroupName" ? (only.Value ?? null) : null;
  return { namespace: Namespace, metric: MetricName, statistic: Statistic, group };
}
