import type { DescribePoliciesCommandInput, DescribePoliciesCommandOutput, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import type { AccountState } from "../../account/state.ts";
import { groupNamed, groupPage, nextToken } from "./describe.ts";
import { groups, type AutoScalingGroup, type TargetTrackingPolicy } from "./group.ts";
import type { PolicyByHand } from "./set-by-hand.ts";
import type { StepAlarm } from "./step-scaling.ts";

/** The policies that the stacks have, and those that somebody added. */
export function describePolicies(input: DescribePoliciesCommandInput, { state, region }: CallContext): Answer<DescribePoliciesCommandOutput> {
  refuseUnmodelled("DescribePolicies", input, ["AutoScalingGroupName", "PolicyNames", "PolicyTypes", "MaxRecords", "NextToken"]);
  const { AutoScalingGroupName: name, PolicyNames: names = [], PolicyTypes: types = [] } = input;
  const asked = name === undefined ? state.of(groups).in(region) : [groupNamed(state, region, name)];
  const found = asked
    .flatMap((group) => [...group.policies.map((policy) => describe(group, policy)), ...setBesides(group)])
    .filter(({ PolicyName = "", PolicyARN = "" }) => names.length === 0 || names.includes(PolicyName) || names.includes(PolicyARN))
    .filter(({ PolicyType = "" }) => types.length === 0 || types.includes(PolicyType));
  const page = groupPage(found, input);
  return { ScalingPolicies: [...page.items], ...nextToken(page) };
}

function setBesides(group: AutoScalingGroup): readonly ScalingPolicy[] {
  return group.byHand.policies
    .filter(({ target }) => target === undefined)
    .map(({ name, type, alarm, adjustment, leastChange, steps = [], cooldownSeconds, warmUpSeconds }) => ({
      AutoScalingGroupName: group.name,
      PolicyName: name,
      PolicyARN: policyArn(group, name),
      PolicyType: type,
      Enabled: true,
      StepAdjustments: [],
      Alarms: alarm === undefined ? [] : [{ AlarmName: alarmName(group, name), AlarmARN: alarmArn(group, name) }],
      ...(leastChange === undefined ? {} : { MinAdjustmentMagnitude: leastChange }),
      ...(warmUpSeconds === undefined ? {} : { EstimatedInstanceWarmup: warmUpSeconds }),
      ...(steps.length === 0 ? {} : { AdjustmentType: adjustment ?? "ChangeInCapacity", ...adjustmentsOf(type, steps, cooldownSeconds) }),
    }));
}

/** The alarms of somebody's that start such policies, as CloudWatch describes them. */
export function startingAlarms(state: AccountState, region: string): readonly MetricAlarm[] {
  return state
    .of(groups)
    .in(region)
    .flatMap((group) => group.byHand.policies.flatMap(({ name, alarm }) => (alarm === undefined ? [] : { ...alarmOf(group, alarm), ...namesOf(group, name) })));
}

function alarmOf(group: AutoScalingGroup, { metric, comparison, threshold, evaluationMinutes }: StepAlarm): MetricAlarm {
  return {
    ActionsEnabled: true,
    Namespace: "AWS/EC2",
    MetricName: metric,
    Statistic: "Average",
    Dimensions: [{ Name: "AutoScalingGroupName", Value: group.name }],
    Period: 60,
    EvaluationPeriods: evaluationMinutes,
    Threshold: threshold,
    ComparisonOperator: comparison,
  };
}

function namesOf(group: AutoScalingGroup, policy: string): MetricAlarm {
  return { AlarmName: alarmName(group, policy), AlarmArn: alarmArn(group, policy), AlarmActions: [policyArn(group, policy)] };
}

function alarmName(group: AutoScalingGroup, policy: string): string {
  return `${group.name}-${policy}`;
}

function alarmArn(group: AutoScalingGroup, policy: string): string {
  const [, partition = "", , region = "", account = ""] = group.arn.split(":");
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmName(group, policy)}`;
}

function policyArn(group: AutoScalingGroup, policy: string): string {
  return `${group.arn}:policyName/${policy}`;
}

function adjustmentsOf(type: PolicyByHand["type"], steps: NonNullable<PolicyByHand["steps"]>, cooldownSeconds: number | undefined): Partial<ScalingPolicy> {
  if (type === "SimpleScaling")
    return {
      ...(steps[0] === undefined ? {} : { ScalingAdjustment: steps[0].change }),
      ...(cooldownSeconds === undefined ? {} : { Cooldown: cooldownSeconds }),
    };
  return {
    MetricAggregationType: "Average",
    StepAdjustments: steps.map(({ from, until, change }) => ({
      ScalingAdjustment: change,
      ...(from === undefined ? {} : { MetricIntervalLowerBound: from }),
      ...(until === undefined ? {} : { MetricIntervalUpperBound: until }),
    })),
  };
}

function describe(group: AutoScalingGroup, policy: TargetTrackingPolicy): ScalingPolicy {
  return {
    AutoScalingGroupName: group.name,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: "TargetTrackingScaling",
    Enabled: true,
    StepAdjustments: [],
    Alarms: [],
    ...(policy.warmUpSeconds === null ? {} : { EstimatedInstanceWarmup: policy.warmUpSeconds }),
    TargetTrackingConfiguration: {
      TargetValue: policy.targetValue,
      DisableScaleIn: policy.disableScaleIn,
      PredefinedMetricSpecification: {
        PredefinedMetricType: policy.metricType,
        ...(policy.resourceLabel === null ? {} : { ResourceLabel: policy.resourceLabel }),
      },
    },
  };
}
