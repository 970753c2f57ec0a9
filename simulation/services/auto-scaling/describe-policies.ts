import type { DescribePoliciesCommandInput, DescribePoliciesCommandOutput, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { groupNamed, groupPage, nextToken } from "./describe.ts";
import { groups, type AutoScalingGroup, type TargetTrackingPolicy } from "./group.ts";
import type { PolicyByHand } from "./set-by-hand.ts";

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
    .map(({ name, type, adjustment, steps = [], cooldownSeconds, warmUpSeconds }) => ({
      AutoScalingGroupName: group.name,
      PolicyName: name,
      PolicyARN: `${group.arn}:policyName/${name}`,
      PolicyType: type,
      Enabled: true,
      StepAdjustments: [],
      Alarms: [],
      ...(warmUpSeconds === undefined ? {} : { EstimatedInstanceWarmup: warmUpSeconds }),
      ...(steps.length === 0 ? {} : { AdjustmentType: adjustment ?? "ChangeInCapacity", ...adjustmentsOf(type, steps, cooldownSeconds) }),
    }));
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
